"""What a changed output means for the stacks that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.review.model import Consequence, PropertyChange, Weight

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
            exported = isinstance(one.before, dict) and _EXPORT in one.before
            yield _told(
                one, subject, f"the output {name} goes away: {_GONE[exported].format(before, name)}"
            )
        elif part.startswith(_EXPORT) and one.before is not None:
            yield _told(one, subject, f"the export of {name} {_becomes(one)}: {_IMPORTED}")
        elif part == "Value" and _is_exported(name, before):
            yield _told(
                one, subject, f"the exported value of {name} becomes another one: {_IMPORTED}"
            )


_IMPORTED: Final = "the deploy fails where a stack imports it (aws cloudformation list-imports)"
_GONE: Final = {
    True: _IMPORTED,
    False: "what looks it up (!StackOutput {0.stack_name}.{1}) cannot be deployed any more",
}


def _becomes(one: PropertyChange) -> str:
    return "goes away" if one.after is None else "is renamed"


def _is_exported(name: str, side: Side) -> bool:
    outputs = side.template.get("Outputs")
    output = outputs.get(name) if isinstance(outputs, dict) else None
    return isinstance(output, dict) and _EXPORT in output


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
