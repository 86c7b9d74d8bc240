"""Containers that may do more to the machine that they run on, and task roles of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed, spoken
from ecs_blocks.review.impact.reading import at, differs, named
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource

_CONTAINERS: Final = "ContainerDefinitions"
_ROOT: Final = frozenset({"", "0", "root"})
_HOST: Final = {
    "NetworkMode": "its containers use the network of the instance",
    "PidMode": "its containers see the processes of the instance",
    "IpcMode": "its containers share memory with the instance",
}


def containers(old: Resource, new: Resource) -> Iterator[Finding]:
    """A finding for each power that a container of the task definition *new* gains."""
    for key, words in _HOST.items():
        if at(new, key) == "host" and differs(at(old, key), "host"):
            yield _finding(new, words, key)
    yield from _volumes(old, new)
    before, after = (at(one, _CONTAINERS) for one in (old, new))
    if is_intrinsic(before) or is_intrinsic(after):
        return
    earlier = named(before)
    for name, container in named(after).items():
        path = f"{_CONTAINERS}[{name}]"
        for words, key in _powers(name, earlier.get(name, {}), container):
            yield _finding(new, words, f"{path}.{key}")


def _volumes(old: Resource, new: Resource) -> Iterator[Finding]:
    """A finding for each file system that is read and written without encryption from now on."""
    for name in named(at(new, "Volumes")):
        path = f"Volumes[{name}].EFSVolumeConfiguration.TransitEncryption"
        before, after = (at(one, path) for one in (old, new))
        if text(before) == "ENABLED" and not is_intrinsic(after) and text(after) != "ENABLED":
            yield _finding(new, f"volume {name} is no longer encrypted in transit", path)


def _powers(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if _is_on(new, "Privileged") and not _is_on(old, "Privileged"):
        yield f"container {name} is privileged: it may do all that the instance may", "Privileged"
    if old and _is_root(new) and not _is_root(old):
        yield f"container {name} runs as root", "User"
    if _is_on(old, "ReadonlyRootFilesystem") and not _is_on(new, "ReadonlyRootFilesystem"):
        yield f"container {name} may write to its root file system", "ReadonlyRootFilesystem"
    kernel = [_capabilities(one) for one in (old, new)]
    added = sorted(kernel[1] - kernel[0])
    if added:
        verb = "capability" if len(added) == 1 else "capabilities"
        yield f"container {name} gets the Linux {verb} {listed(added)}", "LinuxParameters"


def _is_on(container: dict[str, Any], key: str) -> bool:
    return text(container.get(key)).lower() == "true"


def _is_root(container: dict[str, Any]) -> bool:
    user = container.get("User")
    return not is_intrinsic(user) and text(user).partition(":")[0] in _ROOT


def _capabilities(container: dict[str, Any]) -> set[str]:
    parameters = container.get("LinuxParameters")
    found = parameters.get("Capabilities") if isinstance(parameters, dict) else None
    return {spoken(one) for one in as_items(found.get("Add"))} if isinstance(found, dict) else set()


def _finding(task: Resource, words: str, path: str) -> Finding:
    return Finding(
        kind="exposure",
        weight=Weight.APPROVAL,
        text=f"{task.id}: {words}",
        covers=((task.id, path),),
    )
