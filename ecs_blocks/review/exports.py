"""What a changed output means for the stacks that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.review.impact.phrases import listed, verb
from ecs_blocks.review.model import Consequence, PropertyChange, Weight
from ecs_blocks.templates.resolve import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.side import Side

_EXPORT: Final = "Export"


def told(outputs: Iterable[PropertyChange], subject: Subject) -> Iterator[Consequence]:
    """A consequence for each output that goes away, and each export that is another one.

    CloudFormation refuses to delete or to change an export that a stack imports. Source: AWS
    CloudFormation User Guide, "Get exported outputs from a deployed CloudFormation stack".
    """
    before = subject.pair.before
    if before is None:
        return
    for one in outputs:
        name, _, part = one.path.partition(".")
        if one.after is None and not part:
            text = f"the output {name} goes away"
            if isinstance(one.before, dict) and _EXPORT in one.before:
                yield _of_export(one, subject, name, text)
            else:
                user = f"!StackOutput {before.stack_name}.{name}"
                text = f"{text}: what looks it up ({user}) cannot be deployed any more"
                yield _told(one, subject, text)
        elif part.startswith(_EXPORT) and one.before is not None:
            yield _of_export(one, subject, name, f"the export of {name} {_becomes(one)}")
        elif part == "Value" and _is_exported(name, before):
            text = f"the exported value of {name} becomes another one"
            yield _of_export(one, subject, name, text)


def _of_export(one: PropertyChange, subject: Subject, name: str, text: str) -> Consequence:
    """With who imports it, as far as the account was asked."""
    live = subject.pair.live
    importers = live.importers.get(name) if live is not None else None
    if importers is None:
        return _told(one, subject, f"{text}: {_IMPORTED}")
    if not importers:
        calm = _told(one, subject, f"{text}; no stack imports it")
        return structs.replace(calm, weight=Weight.CALM)
    who = f"{listed(importers)} {verb(importers, 'imports', 'import')} it"
    refused = _told(one, subject, f"{text}: the deploy fails, for {who}")
    return structs.replace(refused, kind="blocked", weight=Weight.APPROVAL)


_IMPORTED: Final = "the deploy fails where a stack imports it (aws cloudformation list-imports)"


def _becomes(one: PropertyChange) -> str:
    return "goes away" if one.after is None else "is renamed"


def _is_exported(name: str, side: Side) -> bool:
    return _EXPORT in mapping(mapping(side.unrolled.get("Outputs")).get(name))


def _told(one: PropertyChange, subject: Subject, text: str) -> Consequence:
    """With the first causes: what another resource makes of it is followed to its beginning."""
    causes = (
        cause
        for near in one.causes
        for cause in (subject.causes(near.name) if near.kind == "resource" else ()) or (near,)
    )
    return Consequence(
        kind="configuration",
        weight=Weight.NOTICE,
        text=text,
        causes=tuple(dict.fromkeys(causes)),
    )
