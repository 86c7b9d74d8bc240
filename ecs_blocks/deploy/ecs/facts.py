"""What is known of a stopped task beyond AWS's text, for the sentences about it: names only.

Values of variables and secrets never get in here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs.names import cleaned, last

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

_IMAGE: Final = re.compile(
    r"(?:failed to resolve ref(?:erence)?|manifest for|image) \"?([\w./@:-]+)"
)
_SECRET: Final = re.compile(r"arn:[\w-]+:secretsmanager:[\w-]*:[^:\s]*:secret:([\w/+=.@-]+)")
_PARAMETER: Final = re.compile(r"arn:[\w-]+:ssm:[\w-]*:[^:\s]*:parameter(/[\w/.-]+)")
_INVALID: Final = re.compile(r"invalid (?:ssm )?parameters: ?\[?([\w/., -]+)", re.IGNORECASE)
_KEY: Final = re.compile(r"json key ([\w.-]*\w)")
_ASKED_FOR: Final = re.compile(
    r"KeyError: ['\"]([A-Z][A-Z0-9_]{2,})['\"]"
    r"|(?i:environment variables?|env vars?)[^A-Za-z\n]{0,6}([A-Z][A-Z0-9_]{2,})\b"
)
_CODES: Final = re.compile(r"codes: \[([\d, ]+)\]")
_DIGEST: Final = re.compile(r"(@sha256:[0-9a-f]{12})[0-9a-f]+")
_PROGRAM: Final = re.compile(r"[\w./-]+")


def container(definition: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    """A container's part of the task definition; empty where that is not known."""
    found = (definition or {}).get("containerDefinitions", ())
    return next((one for one in found if one.get("name") == name), {})


def exposed(definition: Mapping[str, Any] | None) -> set[str]:
    """The names of the containers with a port."""
    found = (definition or {}).get("containerDefinitions", ())
    return {str(one.get("name")) for one in found if one.get("portMappings")}


def revision(definition: Mapping[str, Any] | None) -> str:
    """``hoge:42``."""
    return last(str((definition or {}).get("taskDefinitionArn", "")))


def attachment_reasons(task: Mapping[str, Any]) -> Iterator[str]:
    """Why a volume or a network interface could not be attached."""
    for attachment in task.get("attachments", ()):
        for detail in attachment.get("details", ()):
            if detail.get("name") == "statusReason" and detail.get("value"):
                yield str(detail["value"])


def ran_s(task: Mapping[str, Any]) -> float | None:
    """How many seconds the task ran; None if it never did. Both times are AWS's."""
    started: dt.datetime | None = task.get("startedAt")
    ends = ("executionStoppedAt", "stoppingAt", "stoppedAt")
    stopped: dt.datetime | None = next((task[end] for end in ends if task.get(end)), None)
    if started is None or stopped is None:
        return None
    return max(0.0, (stopped - started).total_seconds())


def facts(
    text: str,
    task: Mapping[str, Any],
    failed: Mapping[str, Any] | None,
    definition: Mapping[str, Any] | None,
    health: str,
) -> dict[str, str]:
    """The names that sentences about a task are filled with."""
    name = str((failed or {}).get("name", ""))
    wanted = container(definition, name)
    memory = wanted.get("memory") or (definition or {}).get("memory") or task.get("memory")
    logs = (wanted.get("logConfiguration") or {}).get("options") or {}
    role = last(str((definition or {}).get("executionRoleArn", "")))
    machine = (definition or {}).get("runtimePlatform") or {}
    arm = machine.get("cpuArchitecture") == "ARM64"
    image = str(wanted.get("image") or (failed or {}).get("image") or "")
    named = _IMAGE.search(text)
    return {
        "text": cleaned(text),
        "container": name or "the container",
        "image": _DIGEST.sub(
            r"\1…", image or (named.group(1).rstrip(":") if named else "the image")
        ),
        "role": f"execution role {role}" if role else "the execution role",
        "memory": f" of {memory} MiB" if memory else "",
        "platform": "linux/arm64" if arm else "linux/amd64",
        "log_group": str(logs.get("awslogs-group", "of the container")),
        "secret": _secret(text, wanted),
        "health": f": {cleaned(health)}" if health else "",
        "health_hint": _health_hint(health, wanted),
        "check_hint": _check_hint(wanted.get("healthCheck") or {}),
    }


def _secret(text: str, wanted: Mapping[str, Any]) -> str:
    """The secret or parameter that a text is about."""
    for pattern in (_SECRET, _PARAMETER, _INVALID):
        found = pattern.search(text)
        if found:
            return f"secret {found.group(1).strip(' .,')}"
    secrets = wanted.get("secrets") or ()
    key = _KEY.search(text)
    if key:
        secrets = [s for s in secrets if f":{key.group(1)}:" in str(s.get("valueFrom"))] or secrets
    names = [str(s.get("name")) for s in secrets]
    if len(names) == 1:
        return f"secret {names[0]}"
    return f"one of the secrets {', '.join(names)}" if 0 < len(names) < 6 else "a secret"


def _health_hint(health: str, wanted: Mapping[str, Any]) -> str:
    ports = [str(m.get("containerPort")) for m in wanted.get("portMappings") or ()]
    port = f"port {ports[0]}" if ports else "the port"
    found = _CODES.search(health)
    code = found.group(1).split(",")[0].strip() if found else ""
    if code == "404":
        return "the path of the health check is not one that the program answers: correct it"
    if code.startswith("3"):
        return "the path of the health check redirects: give it a path that answers 200 itself"
    if code in ("401", "403"):
        return "the path of the health check wants a login: let it be open"
    if code.startswith("5"):
        return "the program answers with an error: its log lines say why (often the database)"
    if code:
        return f"let the path of the health check answer 200, or allow {code} in the check"
    return (
        f"let the program listen on 0.0.0.0, {port}, let its security group accept the load "
        "balancer, and give it longer to start (the health check's grace period)"
    )


def _check_hint(check: Mapping[str, Any]) -> str:
    words = [str(word) for word in check.get("command") or ()]
    words = words[1:] if words and words[0] in ("CMD", "CMD-SHELL") else words
    program = _PROGRAM.match(words[0]) if words else None
    runs = f"the check runs {program.group()}: it has to be in the image; " if program else ""
    return (
        f"{runs}a program that starts slowly needs a longer startPeriod "
        f"(now {check.get('startPeriod') or 0} s)"
    )


def missing_name(
    name: str,
    lines: Sequence[str],
    definition: Mapping[str, Any] | None,
    previous: Mapping[str, Any] | None,
) -> str:
    """A hint at a variable that the container misses, or an empty text."""
    if definition is None:
        return ""
    has = _variables(container(definition, name))
    text = "\n".join(lines)
    if previous is not None:
        gone = sorted(_variables(container(previous, name)) - has)
        told = [one for one in gone if re.search(rf"\b{re.escape(one)}\b", text)]
        if told:
            are = "is" if len(told) == 1 else "are"
            both = f"in {revision(previous)} but not in {revision(definition)}"
            return f"{', '.join(told)} {are} {both}"
    for found in _ASKED_FOR.finditer(text):
        asked = found.group(1) or found.group(2)
        if asked not in has:
            return f"the program asks for {asked}, which {revision(definition)} does not set"
    return ""


def _variables(wanted: Mapping[str, Any]) -> set[str]:
    both = (*(wanted.get("environment") or ()), *(wanted.get("secrets") or ()))
    return {str(one.get("name")) for one in both}
