"""A review as markdown for a comment on a pull request.

GitHub takes 65,536 characters. What goes over is left out in whole sections, the least important of
the calmest stacks first, and what is missing is said. No value can become markup, mention a person
or link anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.review.impact.phrases import count, listed
from ecs_blocks.review.model import Action, Weight
from ecs_blocks.review.show.words import (
    MEANING,
    by_weight,
    is_tight,
    lead,
    name_of,
    parameter_values,
    property_values,
    reasons,
    tally,
    unchanged,
    used,
    verdict,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.model import EnvironmentsSideBySide, PropertyChange, Review, StackReview

MAX_CHARACTERS: Final = 65_536
"""Of a comment. Here UTF-8 bytes are counted, of which there are never fewer."""
_ROOM_FOR_THE_END: Final = 1_000
_MAX_ROWS_BYTES: Final = 24_000
_MAX_CONSEQUENCES: Final = 40
_MAX_DETAILS: Final = 8
_MAX_CHARACTERS_OF_ONE: Final = 1_000
"""However much there is to say of a stack, the weightiest of it has room."""
MARK: Final = "<!-- ecs-blocks review -->"
"""The first line, by which a job finds its comment again."""
_SIGNS: Final = {Weight.APPROVAL: "🛑", Weight.NOTICE: "⚠️", Weight.CALM: "🟢"}
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&|~$#!]")
_GAP: Final = "\u200b"
"""A blank without width: between ``@`` and a name, there is no mention.

GitHub looks for mentions and issues in what it has rendered, where no backslash is left.
"""
_RUNS_ON: Final = re.compile(r"@(?=\w)|:(?=//)|\bwww(?=\.)|[#!](?=\d)|\bgh-(?=\d)", re.IGNORECASE)


class _Part(Struct, frozen=True):
    """A section: the lower the *rank*, the later it is left out. ``what`` counts it if it is."""

    rank: int
    stack: int
    what: str
    text: Callable[[], str]


def markdown(review: Review, picture: Callable[[StackReview], str | None] = lambda _: None) -> str:
    """*review* as a comment; *picture* gives the Mermaid text of a stack."""
    changed = by_weight(review.stacks)
    head = "\n".join(_head(review, changed) if review.stacks else _head_beside(review))
    parts = [part for n, stack in enumerate(changed) for part in _parts(n, stack, picture)]
    parts += [
        _Part(4, len(changed) + n, "table of parameters", partial(_beside, one, bool(changed)))
        for n, one in enumerate(_environments(review, changed))
    ]
    chosen, missing = _fitting(parts, MAX_CHARACTERS - _ROOM_FOR_THE_END - _bytes(head))
    body = [head]
    for n, stack in enumerate(changed):
        own = [text for part, text in chosen if part.stack == n]
        if own:
            body += [_opening(stack), *own, "</details>\n"]
    body += [text for part, text in chosen if part.stack >= len(changed)]
    if missing:
        body.append(f"{_left_out(missing)}\n")
    if review.digest:
        body.append(f"<sub>digest {code(review.digest)}</sub>\n")
    return "\n".join(body)


def _environments(review: Review, changed: list[StackReview]) -> Iterator[EnvironmentsSideBySide]:
    """Those of the apps that change; all, where nothing but they is asked for."""
    apps = {stack.app for stack in changed}
    yield from (one for one in review.environments if not review.stacks or one.app in apps)


def prose(text: str) -> str:
    """*text* as it reads, with nothing in it that is markup, a mention or a link."""
    visible = "".join(c if c.isprintable() else " " for c in text)
    apart = _RUNS_ON.sub(lambda found: found[0] + _GAP, visible)
    return _MARKUP.sub(_escaped, apart)


def code(text: str, *, cell: bool = False) -> str:
    """*text* as code; in the *cell* of a table a bar is escaped even there."""
    visible = "".join(c if c.isprintable() else " " for c in text) or '""'
    longest = max((len(run) for run in re.findall("`+", visible)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in (visible[0], visible[-1]) or visible[0] == visible[-1] == " " else ""
    visible = visible.replace("|", r"\|") if cell else visible
    return f"{fence}{pad}{visible}{pad}{fence}"


def _escaped(found: re.Match[str]) -> str:
    names = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
    return names.get(found[0], f"\\{found[0]}")


def _head(review: Review, changed: list[StackReview]) -> Iterator[str]:
    yield MARK
    yield f"### {_SIGNS[review.weight]} ecs-blocks review: {prose(tally(review))}\n"
    yield f"{prose(review.base)} → {prose(review.head)}\n"
    for note in review.notes:
        yield f"> {prose(note)}\n"
    if changed:
        yield "| | stack | what happens |\n|---|---|---|"
        yield from _rows(changed)
        yield ""
    if still := unchanged(review.stacks):
        yield f"Unchanged: {prose(_cut(still, 4_000))}\n"


def _head_beside(review: Review) -> Iterator[str]:
    yield MARK
    yield f"### Environments beside each other, in {prose(review.head)}\n"
    yield from (f"> {prose(note)}\n" for note in review.notes)


def _rows(changed: list[StackReview]) -> Iterator[str]:
    room = _MAX_ROWS_BYTES
    for n, stack in enumerate(changed):
        meaning = f"{_SIGNS[stack.weight]} {MEANING[stack.weight]}"
        row = f"| {meaning} | {prose(name_of(stack))} | {prose(_cut(stack.headline, 400))} |"
        room -= _bytes(row)
        if room < 0:
            yield f"| | … | {len(changed) - n} more stacks |"
            return
        yield row


def _parts(
    n: int, stack: StackReview, picture: Callable[[StackReview], str | None]
) -> Iterator[_Part]:
    yield _Part(0, n, "stack", lambda: "\n".join(_consequences(stack)))
    if stack.changes or stack.outputs:
        yield _Part(1, n, "list of resources", lambda: "\n".join(_resources(stack)))
        yield _Part(2, n, "picture", lambda: _picture(picture(stack)))
    if stack.parameters or stack.headroom:
        yield _Part(3, n, "list of parameters and limits", lambda: "\n".join(_figures(stack)))


def _fitting(parts: list[_Part], room: int) -> tuple[list[tuple[_Part, str]], list[_Part]]:
    """The parts that fit, and those that do not; a stack without its first part has none."""
    chosen: list[tuple[_Part, str]] = []
    missing: list[_Part] = []
    gone: set[int] = set()
    for part in sorted(parts, key=lambda one: (one.rank, one.stack)):
        text = part.text() if room > 0 and part.stack not in gone else None
        if text == "":
            continue
        size = 0 if text is None else _bytes(text) + 600 * (part.rank == 0)
        if text is None or size > room:
            missing.append(part)
            gone |= {part.stack} if part.rank == 0 else set()
            continue
        room -= size
        chosen.append((part, text))
    return sorted(chosen, key=lambda one: (one[0].stack, one[0].rank)), missing


def _left_out(missing: list[_Part]) -> str:
    counted = {what: sum(one.what == what for one in missing) for what in _ORDER}
    told = listed(
        count(number, what, _PLURALS.get(what, "")) for what, number in counted.items() if number
    )
    return (
        f"Left out, as a comment has at most {MAX_CHARACTERS:,} characters: {told}. All of it is "
        "in the page: `ecs-blocks review --format html --out review.html`."
    )


_PLURALS: Final = {
    "list of resources": "lists of resources",
    "list of parameters and limits": "lists of parameters and limits",
    "table of parameters": "tables of parameters",
}
_ORDER: Final = ("stack", "picture", *_PLURALS)


def _opening(stack: StackReview) -> str:
    is_open = " open" if stack.weight is Weight.APPROVAL else ""
    told = prose(_cut(lead(stack), 200))
    title = f"{_SIGNS[stack.weight]} <b>{prose(name_of(stack))}</b>{': ' if told else ''}{told}"
    return f"<details{is_open}><summary>{_plain(title)}</summary>\n"


def _plain(title: str) -> str:
    """Without the backslashes of markdown, which is not read within a tag of HTML."""
    return re.sub(r"\\(?=[\\`*_\[\]|~$#!])", "", title)


def _consequences(stack: StackReview) -> Iterator[str]:
    for one in stack.consequences[:_MAX_CONSEQUENCES]:
        yield f"- {_SIGNS[one.weight]} **{MEANING[one.weight]}**: {_short(one.text)}"
        yield from (f"  - {_short(detail)}" for detail in one.details[:_MAX_DETAILS])
        yield from _more(len(one.details) - _MAX_DETAILS, "detail")
        yield from (
            f"  - {_short(reason)}" for reason in reasons(one.causes, whole(one))[:_MAX_DETAILS]
        )
    yield from _more(len(stack.consequences) - _MAX_CONSEQUENCES, "consequence", indent=0)
    for sign, texts in (("📍", stack.facts), ("❔ not known:", stack.unknowns)):
        yield from (f"- {sign} {_short(text)}" for text in texts[:_MAX_CONSEQUENCES])
        yield from _more(len(texts) - _MAX_CONSEQUENCES, "line", indent=0)
    if stack.rollback is not None:
        yield f"- ↩️ a later rollback: **{stack.rollback.reversal}**"
        yield from (f"  - {_short(reason)}" for reason in stack.rollback.reasons[:_MAX_DETAILS])
        yield from _more(len(stack.rollback.reasons) - _MAX_DETAILS, "reason")
    yield ""


def _resources(stack: StackReview) -> Iterator[str]:
    real = [one for one in stack.changes if not one.is_noise]
    noise = len(stack.changes) - len(real)
    yield f"<details><summary>{count(len(real), 'resource')}</summary>\n"
    for one in real:
        line = f" {code(one.line)}" if one.line else ""
        what = f"{code(one.logical_id)} {prose(one.type)} {prose(verdict(one))}"
        yield f"- {what}{line}"
        if one.action is Action.MODIFY:
            yield from (f"  - {_property(each)}" for each in one.properties if each.noise is None)
    yield from (f"- output {_property(one)}" for one in stack.outputs)
    if noise:
        names = count(noise, "resource")
        yield f"- {names} with nothing but other tags, order, metadata or policies"
    yield "</details>\n"


def _property(one: PropertyChange) -> str:
    return f"{code(one.path)}: {property_values(one, code)}"


def _picture(text: str | None) -> str:
    if not text or "```" in text:
        return ""
    return f"<details><summary>picture</summary>\n\n```mermaid\n{text.strip()}\n```\n</details>\n"


def _figures(stack: StackReview) -> Iterator[str]:
    yield "<details><summary>parameters and limits</summary>\n"
    for one in stack.parameters:
        place = f" {code(one.place)}" if one.place else ""
        yield f"- {code(one.name)}: {parameter_values(one, code)}{place}"
    for headroom in stack.headroom:
        mark = "⚠️ " if is_tight(headroom) else ""
        yield f"- {mark}{prose(used(headroom))}"
    yield "</details>\n"


def _beside(one: EnvironmentsSideBySide, is_folded: bool) -> str:  # noqa: FBT001 - by partial
    """What differs; folded, and nothing where nothing does, where it stands below changes."""
    names = list(one.parameters[0].values) if one.parameters else []
    rows = [row for row in one.parameters if row.differs]
    if is_folded and not rows and not one.resources:
        return ""
    table = [
        f"| {prose(one.app)} | {' | '.join(map(prose, names))} |",
        f"|---{'|---' * len(names)}|",
    ]
    for row in rows:
        cells = (row.values.get(name) for name in names)
        shown = (("" if v is None else code(_cut(v, 200), cell=True)) for v in cells)
        table.append(f"| {prose(row.name)} | {' | '.join(shown)} |")
    same = len(one.parameters) - len(rows)
    sentences = [prose(sentence) for sentence in one.resources]
    sentences += [f"{count(same, 'parameter')} with the same value in all"] if same else []
    sentences += [] if one.resources else ["the template is the same in all"]
    body = [*table, "", *(f"- {sentence}" for sentence in sentences), ""]
    if not is_folded:
        return "\n".join(body)
    summary = f"{_plain(prose(one.app))}: environments beside each other"
    return "\n".join([f"<details><summary>{summary}</summary>\n", *body, "</details>\n"])


def _short(text: str) -> str:
    return prose(_cut(text, _MAX_CHARACTERS_OF_ONE))


def _more(number: int, noun: str, *, indent: int = 2) -> Iterator[str]:
    if number > 0:
        yield f"{' ' * indent}- and {count(number, f'more {noun}')}"


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace")) + 1
