"""What differs between two revisions of a task definition, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.texts import text_of
from ecs_blocks.review.impact.masking import HIDDEN_CHANGE, hides_change, shown_change, shown_value
from ecs_blocks.review.impact.phrases import changed, listed, plain, spoken
from ecs_blocks.review.impact.reading import at, differs, keyed, named
from ecs_blocks.review.impact.subject import within
from ecs_blocks.review.side import LATER, RUNNING
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_CONTAINERS: Final = "ContainerDefinitions"
_HANDLED: Final = frozenset(
    {"Name", "Image", "Environment", "Secrets", "Cpu", "Memory", "MemoryReservation"}
)
_PARTS: Final = {
    "Command": "the command",
    "EntryPoint": "the entry point",
    "PortMappings": "the ports",
    "HealthCheck": "the health check",
    "LogConfiguration": "the log configuration",
    "User": "the user",
    "Privileged": "privileged mode",
    "ReadonlyRootFilesystem": "the read-only root file system",
    "StopTimeout": "the time to stop",
    "StartTimeout": "the time to start",
    "Essential": "whether the task ends with it",
    "DependsOn": "what it waits for",
    "MountPoints": "the mounted volumes",
    "EnvironmentFiles": "the environment files",
    "RestartPolicy": "the restart policy",
    "LinuxParameters": "the Linux parameters",
    "Ulimits": "the ulimits",
    "WorkingDirectory": "the working directory",
    "RepositoryCredentials": "the registry credentials",
    "ResourceRequirements": "the GPUs",
    "DockerLabels": "the labels",
    "SystemControls": "the kernel parameters",
}
_SIZES: Final = {
    "Cpu": ("CPU", "units"),
    "Memory": ("memory", "MiB"),
    "MemoryReservation": ("memory reservation", "MiB"),
}
_OF_THE_TASK: Final = {
    "NetworkMode": "the network mode",
    "TaskRoleArn": "the task role",
    "ExecutionRoleArn": "the execution role",
    "RuntimePlatform": "the platform",
    "Volumes": "the volumes",
    "EphemeralStorage": "the ephemeral storage",
    "RequiresCompatibilities": "where it may run",
    "PlacementConstraints": "the placement constraints",
    "ProxyConfiguration": "the proxy",
    "PidMode": "the process namespace",
    "IpcMode": "the IPC namespace",
    "EnableFaultInjection": "fault injection",
    "Family": "the family",
}
_CHIP: Final = "RuntimePlatform.CpuArchitecture"
_TAGGED: Final = re.compile(r"(?P<name>.*?[^/:])(?::(?P<tag>[\w.-]+))?(?:@sha256:(?P<digest>\w+))?")


class Topic(Struct, frozen=True):
    """One thing that differs: in a few words, in a sentence, and the property's path.

    ``routine``: it differs with every deploy, as the image does.
    """

    short: str
    sentence: str
    path: str
    routine: bool = False


def topics(subject: Subject, before: Resource, after: Resource) -> list[Topic]:
    """All that differs between two revisions, the image first."""
    found: list[Topic] = []
    old, new = (at(one, _CONTAINERS) for one in (before, after))
    if is_intrinsic(old) or is_intrinsic(new):
        if differs(old, new):
            found.append(Topic("the containers change", "the containers change", _CONTAINERS))
    else:
        found.extend(_containers(named(old), named(new)))
    hidden = list(_hidden(subject, after))
    covered = {one.path for one in found}
    found.extend(one for one in hidden if one.path not in covered)
    found.extend(_of_task(before, after))
    return sorted(found, key=lambda one: not one.routine)


def _containers(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Topic]:
    for name in {**old, **new}:
        path = f"{_CONTAINERS}[{name}]"
        if name not in old:
            image = spoken(new[name].get("Image"))
            yield Topic(f"container {name} is added", f"container {name} is added: {image}", path)
        elif name not in new:
            yield Topic(f"container {name} is removed", f"container {name} is removed", path)
        else:
            yield from _container(name, old[name], new[name], alone=len(new) == 1)


def _container(
    name: str, old: dict[str, Any], new: dict[str, Any], *, alone: bool
) -> Iterator[Topic]:
    path = f"{_CONTAINERS}[{name}]"
    of = "" if alone else f" of {name}"
    if differs(old.get("Image"), new.get("Image")):
        yield _image(name, of, old.get("Image"), new.get("Image"))
    yield from _variables(name, path, old, new)
    yield from _secrets(name, path, old, new)
    for key, (noun, unit) in _SIZES.items():
        if differs(old.get(key), new.get(key)):
            words = f"{noun}{of} {changed(old.get(key), new.get(key), unit)}"
            yield Topic(words, words, f"{path}.{key}")
    for key in sorted({*old, *new} - _HANDLED):
        if differs(old.get(key), new.get(key)):
            noun = _PARTS.get(key, key)
            detail = _small(key, old.get(key), new.get(key))
            sentence = f"{name}: {noun} {_change(noun)}{detail}"
            yield Topic(f"{noun}{of} {_change(noun)}", sentence, f"{path}.{key}")


def _image(name: str, of: str, old: Any, new: Any) -> Topic:
    path = f"{_CONTAINERS}[{name}].Image"
    before, after = (_parts(one) for one in (old, new))
    if before is None and after is None:
        words = changed(old, new)
    elif before is None or after is None:
        # One side is looked up when it is deployed: often the image that runs.
        words = " → ".join(
            _looked_up(value) if found is None else _version(found)
            for value, found in ((old, before), (new, after))
        )
    elif before["name"] != after["name"]:
        names = [one["name"].rpartition("/")[2] for one in (before, after)]
        if names[0] == names[1]:  # in another registry
            names = [before["name"], after["name"]]
        words = f"{names[0]}:{_version(before)} → {names[1]}:{_version(after)}"
    else:
        words = f"{_version(before)} → {_version(after)}"
    sentence = f"{name}: image {changed(old, new)}"
    return Topic(f"image{of} {words}", sentence, path, routine=True)


def _parts(image: Any) -> re.Match[str] | None:
    """Name, tag and digest; None for an image that is known during the deploy only."""
    written = None if isinstance(image, dict) and LATER in image else text_of(plain(image))
    return _TAGGED.fullmatch(written) if written else None


def _looked_up(image: Any) -> str:
    """An image that is known during the deploy only; of the one that runs not the whole name."""
    words = spoken(image)
    return "the running one" if words.startswith(RUNNING) else words


def _version(image: re.Match[str]) -> str:
    digest = image["digest"]
    written = f"sha256:{digest[:12]}" if digest else ""
    return " ".join(filter(None, (image["tag"], written))) or "latest"


def _variables(
    container: str, path: str, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Topic]:
    before, after = keyed(old.get("Environment")), keyed(new.get("Environment"))
    for name in {**before, **after}:
        place = f"{path}.Environment[{name}]"
        if name not in before:
            sentence = f"{container}: variable {name} is added: {shown_value(name, after[name])}"
            yield Topic(f"{name} is added", sentence, place)
        elif name not in after:
            yield Topic(f"{name} is removed", f"{container}: variable {name} is removed", place)
        elif differs(before[name], after[name]):
            words = shown_change(name, before[name], after[name])
            yield Topic(f"{name} changes", f"{container}: variable {name} {words}", place)


def _secrets(
    container: str, path: str, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Topic]:
    before, after = (
        {name: item.get("ValueFrom") for name, item in named(one.get("Secrets")).items()}
        for one in (old, new)
    )
    for name in {**before, **after}:
        place = f"{path}.Secrets[{name}]"
        if name not in before:
            words = f"secret {name} is added"
            yield Topic(words, f"{container}: {words}, from {spoken(after[name])}", place)
        elif name not in after:
            yield Topic(
                f"secret {name} is removed", f"{container}: secret {name} is removed", place
            )
        elif differs(before[name], after[name]):
            words = f"secret {name} comes from elsewhere"
            yield Topic(words, f"{container}: {words}: {changed(before[name], after[name])}", place)


def _hidden(subject: Subject, task: Resource) -> Iterator[Topic]:
    """What differs in a value that is shown on neither side."""
    change = subject.by_id.get(task.id)
    for one in change.properties if change else ():
        if one.hidden and within(one.path, _CONTAINERS) and not one.noise:
            found = re.search(r"\.Environment\[([^\]]+)\]", one.path)
            name = found.group(1) if found else one.path.removeprefix(f"{_CONTAINERS}")
            place = one.path[: found.end()] if found else one.path
            yield Topic(f"{name} changes", f"{name} {HIDDEN_CHANGE}", place)


def _of_task(before: Resource, after: Resource) -> Iterator[Topic]:
    chips = [at(one, _CHIP) or "X86_64" for one in (before, after)]
    if differs(*chips):
        words = f"CPU architecture {changed(*chips)}"
        yield Topic(words, f"{words}: the images have to be made for it", _CHIP)
    for key, noun in _OF_THE_TASK.items():
        old, new = (_without_chip(at(one, key)) for one in (before, after))
        if differs(old, new):
            detail = _small(key, old, new)
            words = f"{noun} {_change(noun)}"
            yield Topic(words, f"{words}{detail}", key)
    for key in ("Cpu", "Memory"):
        old, new = at(before, key), at(after, key)
        if differs(old, new):
            noun, unit = _SIZES[key]
            words = f"task {noun} {changed(old, new, unit)}"
            yield Topic(words, words, key)


def _without_chip(platform: Any) -> Any:
    """A platform without the architecture, which is told of by itself; anything else as it is."""
    if not isinstance(platform, dict) or "CpuArchitecture" not in platform:
        return platform
    return {key: one for key, one in platform.items() if key != "CpuArchitecture"} or None


def _change(noun: str) -> str:
    return "change" if noun.endswith("s") else "changes"


def _small(key: str, old: Any, new: Any) -> str:
    """Both values where they are short enough to be read in a sentence, and may be shown."""
    if hides_change(key, old, new):
        whole = not isinstance(old, dict | list) and not isinstance(new, dict | list)
        return " (its value is hidden)" if whole else " (a value in it is hidden)"
    if isinstance(old, dict | list) or isinstance(new, dict | list):
        names = _names(key, old, new)
        return f": {names}" if names else ""
    return f": {changed(old, new)}"


def _names(key: str, old: Any, new: Any) -> str:
    """What is added and removed, for lists of ports and of words."""
    if key == "PortMappings":
        before, after = (_ports(one) for one in (old, new))
        return changed(before or None, after or None)
    if key == "EphemeralStorage":
        sizes = [one.get("SizeInGiB") if isinstance(one, dict) else 20 for one in (old, new)]
        return changed(sizes[0], sizes[1], "GiB")
    if key == "RequiresCompatibilities" and isinstance(old, list) and isinstance(new, list):
        return changed(old, new)
    if key in ("Command", "EntryPoint"):
        words = [
            " ".join(map(spoken, one)) if isinstance(one, list) else None for one in (old, new)
        ]
        return changed(words[0], words[1])
    return ""


def _ports(value: Any) -> str:
    found = [one.get("ContainerPort") for one in as_items(value) if isinstance(one, dict)]
    return listed(map(spoken, found))
