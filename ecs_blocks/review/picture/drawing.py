"""Two templates and what differs between them become one graph: what was, and what will be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.security_rules import GROUP
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.difference.secret import shown
from ecs_blocks.review.model import Action
from ecs_blocks.review.picture.graph import Edge, Graph, Mark, Node, mark_of
from ecs_blocks.review.picture.kinds import BACKWARDS, BESIDE, MARGINAL, PART_OF, WATCHERS, kind_of
from ecs_blocks.review.picture.titles import title_of
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ecs_blocks.review.model import StackReview
    from ecs_blocks.review.side import Pair, Side

_SILENT: Final = ("AWS::ApplicationAutoScaling::", GROUP)
"""What these refer to they measure or let in; nothing flows to it that is not drawn elsewhere."""


def draw(pair: Pair, review: StackReview) -> Graph:
    """The stack with what is removed still in it, every resource marked with what happens to it."""
    resources = _resources(pair, review)
    marks = {change.logical_id: mark_of(change) for change in review.changes}
    is_new = bool(resources) and all(marks.get(name) is Mark.ADDED for name in resources)
    marks = {} if is_new else marks
    refers = {name: tuple(_refers(body, name, resources)) for name, body in resources.items()}
    users = _users_of_groups(resources, refers)
    owners = {name: _owner(name, resources, users) for name in resources}
    parts: dict[str, list[str]] = {name: [] for name in resources}
    for name, owner in owners.items():
        if name != owner:
            parts[owner].append(name)
    nodes = [
        _node(name, resources[name], parts[name], marks, review.stack_name)
        for name in resources
        if owners[name] == name
    ]
    edges = dict.fromkeys(_edges(resources, refers, owners))
    title = f"{review.app} in {review.environment}" if review.environment else review.app
    return Graph(title=title, nodes=tuple(nodes), edges=tuple(edges), is_new=is_new)


def _resources(pair: Pair, review: StackReview) -> dict[str, Mapping[str, Any]]:
    """Those that will be, and those that the change removes."""
    removed = {change.logical_id for change in review.changes if change.action is Action.REMOVE}
    before = _section(pair.before)
    gone = {name: body for name, body in before.items() if name in removed}
    return {**gone, **_section(pair.after)}


def _section(side: Side | None) -> dict[str, Mapping[str, Any]]:
    found = mapping(side.shown().get("Resources")) if side is not None else {}
    return {str(name): body for name, body in found.items() if isinstance(body, dict)}


def _type(name: str, resources: Mapping[str, Mapping[str, Any]]) -> str:
    return str(resources[name].get("Type", ""))


def _properties(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(body.get("Properties"))


def _refers(body: Mapping[str, Any], own: str, among: Iterable[str]) -> Iterable[str]:
    inside = dict.fromkeys(referred_names(_properties(body)))
    return (name for name in inside if name in among and name != own)


def _owner(name: str, resources: Mapping[str, Mapping[str, Any]], users: Mapping[str, str]) -> str:
    """Whose box *name* is drawn in: its own, or that of what it is a part of, and so on up."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        name = users.get(name) or _whole(name, resources) or name
    return name


def _whole(name: str, resources: Mapping[str, Mapping[str, Any]]) -> str | None:
    """What *name* is a part of by its type; of several, a service."""
    key = PART_OF.get(_type(name, resources))
    if key is None:
        return None
    inside = referred_names(_properties(resources[name]).get(key))
    linked = [other for other in inside if other in resources and other != name]
    services = [other for other in linked if _type(other, resources) == SERVICE]
    return next(iter([*services, *linked]), None)


def _users_of_groups(
    resources: Mapping[str, Mapping[str, Any]], refers: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """For each security group that one resource alone uses: that resource, whose part it is."""
    users: dict[str, set[str]] = {}
    for name, targets in refers.items():
        if not _type(name, resources).startswith(GROUP):
            for target in targets:
                if _type(target, resources) == GROUP:
                    users.setdefault(target, set()).add(name)
    return {group: next(iter(names)) for group, names in users.items() if len(names) == 1}


def _node(
    name: str,
    body: Mapping[str, Any],
    parts: Sequence[str],
    marks: Mapping[str, Mark],
    stack_name: str,
) -> Node:
    type_name = str(body.get("Type", ""))
    kind = kind_of(type_name)
    own = marks.get(name, Mark.NONE)
    changed = [mark for part in parts if (mark := marks.get(part, Mark.NONE)) is not Mark.NONE]
    # a part that goes or comes changes the box; it does not make the box go or come
    mark = Mark.CHANGED if own is Mark.NONE and changed else own
    return Node(
        key=name,
        title=title_of(name, type_name, shown(_properties(body), "", ()), stack_name),
        kind=kind.label,
        area=kind.area,
        ids=(name, *parts),
        mark=mark,
        note=_note(len(changed), len(parts)) if mark is not own else "",
    )


def _note(changed: int, parts: int) -> str:
    return f"{changed} of its {parts} parts" if parts > 1 else "its one part"


def _edges(
    resources: Mapping[str, Mapping[str, Any]],
    refers: Mapping[str, tuple[str, ...]],
    owners: Mapping[str, str],
) -> Iterable[Edge]:
    for name, targets in refers.items():
        if _type(name, resources).startswith(_SILENT):
            continue
        for target in targets:
            source, end = owners[name], owners[target]
            if source == end:
                continue
            pair = (_type(source, resources), _type(end, resources))
            if pair in BESIDE or pair[1] in MARGINAL:
                continue
            watched = pair[0] in WATCHERS and pair[1] not in ("AWS::SNS::Topic", *WATCHERS)
            if watched or pair in BACKWARDS:
                source, end = end, source
            yield Edge(source, end)
