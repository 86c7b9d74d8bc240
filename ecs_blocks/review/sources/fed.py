"""What a file feeds to a template: parameters, tags, lookups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from ecs_blocks.review.sources.rendering import lookup_text
from ecs_blocks.templates.read import parameters_in, read_tree
from ecs_blocks.templates.resolve import scalar_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Fed(Struct, frozen=True, kw_only=True):
    """What is fed to a stack; lookups as a person writes them."""

    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    lookups: dict[str, str] = field(default_factory=dict)


def read_fed(path: Path) -> Fed:
    """What the file at *path* gives: a render's, Git sync's, or one of the AWS CLI's forms.

    Raises:
        InputError: it cannot be read, or has none of the forms.
    """
    tree = read_tree(path)
    parts = tree if isinstance(tree, dict) else {}
    sections = {key.lower(): value for key, value in parts.items() if isinstance(value, dict)}
    parameters = sections.get("parameters")
    if parameters is None:
        parameters = parameters_in(tree, path)
    lookups = {
        str(key): lookup_text(str(kind), _texts(arguments))
        for key, lookup in sections.get("lookups", {}).items()
        if isinstance(lookup, dict)
        for kind, arguments in lookup.items()
        if isinstance(arguments, dict)
    }
    return Fed(
        parameters=_texts(parameters), tags=_texts(sections.get("tags", {})), lookups=lookups
    )


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as CloudFormation takes them; a list, which nothing takes, as its text."""
    return {str(key): "" if value is None else scalar_text(value) for key, value in values.items()}
