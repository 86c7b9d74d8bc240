"""Write docs/reference from the declarations (``make docs``); a test compares the two."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from block_pages import blocks_page, functions_page, markdown

import ecs_blocks as eb
from ecs_blocks.checks.catalogue import ALL
from ecs_blocks.cli import ecs_blocks_command
from ecs_blocks.deploy.errors import EXIT_CODES
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.deploy_settings import SETTINGS, DeploySettings
from ecs_blocks.environment.fields import MISSING, SameAs
from ecs_blocks.environment.files import ALWAYS_LOCKED
from ecs_blocks.environment.role_settings import ROLE_SETTINGS
from ecs_blocks.naming import key_of
from ecs_blocks.review.show.machine import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Check
    from ecs_blocks.environment.fields import Field

FOLDER: Final = Path(__file__).parent / "reference"
_NOTE: Final = "<!-- Written by `make docs` from the code; change it there. -->\n"
_KINDS: Final = (
    ("a web service", "WebService", "WebServiceEnvironment"),
    (
        "the same, behind a load balancer that it shares",
        "WebService",
        "SharedWebServiceEnvironment",
    ),
    ("a service behind a Network Load Balancer", "NetworkService", "NetworkServiceEnvironment"),
    ("a service without a load balancer", "BackgroundService", "BackgroundServiceEnvironment"),
    ("a worker on a queue", "QueueWorker", "QueueWorkerEnvironment"),
    ("a job by the clock", "ScheduledJob", "ScheduledJobEnvironment"),
    ("a task on every instance", "Daemon", "DaemonEnvironment"),
    ("a cluster", "Cluster", "ClusterEnvironment"),
    ("a load balancer that services share", "SharedLoadBalancer", "SharedLoadBalancerEnvironment"),
)
"""What there is to make, of which block, with the values of which class."""
_ALSO: Final = (
    eb.InstancesEnvironment,
    eb.SpotInstancesEnvironment,
    eb.ManagedInstancesEnvironment,
    eb.OffHours,
)


def pages() -> dict[str, str]:
    """Every page of the reference: its path below docs/reference, and its text."""
    found = {
        "README.md": _index(),
        "environment.md": _environments(),
        "blocks.md": blocks_page(),
        "functions.md": functions_page(),
        "cli.md": _cli(),
        "checks.md": _checks(),
    }
    found |= {f"checks/{check.id}.md": _check(check) for check in ALL}
    written = {name: f"{_NOTE}\n{text.rstrip()}\n" for name, text in found.items()}
    return written | {"review.schema.json": f"{json.dumps(schema(), indent=2)}\n"}


def _index() -> str:
    return """# Reference

- [Keys of environment.yaml and platform.yaml](environment.md)
- [Blocks](blocks.md)
- [Functions, and the stack](functions.md)
- [Checks](checks.md)
- [Commands and exit codes](cli.md)
- [JSON Schema of a review](review.schema.json), version 1: what `review --format json` writes
"""


def _environments() -> str:
    parts = [
        "# Keys of environment.yaml and platform.yaml\n",
        "Later wins: platform.yaml's `default`, its environment, environment.yaml's `default`, its "
        "environment, `--set`. What stands under `locked:` in platform.yaml, and "
        f"{_words(sorted(ALWAYS_LOCKED))} always, an app cannot set.\n",
        "A value may be looked up at deploy time: `!StackOutput cluster.AlarmTopicArn` is an "
        "output of the app `cluster` in the same environment, `!Ssm /platform/vpc-id` an SSM "
        "parameter; `!Vpc Name=platform`, `!Subnets Tier=private, Network=platform` and "
        "`!SecurityGroup Name=database` are [found by their tags]"
        "(../how-to/find-a-network-by-its-tags.md). A lookup stands for a whole value, never for "
        "an item of a list.\n",
    ]
    parts += [*_kinds(), ""]
    for environment in _environment_classes():
        parts.append(f"## {environment.__name__}\n")
        parts.append(_summary(environment) + "\n")
        parts.append("| key | is | default | meaning |\n|---|---|---|---|")
        fields = fields_of(environment).values()
        parts += [_field_row(field) for field in fields if field.settable]
        parts.append("")
    return "\n".join([*parts, *_deploy_settings(), "", *_role_settings()])


def _environment_classes() -> list[type[eb.Environment]]:
    named = [getattr(eb, f"{on}{name}", None) for *_, name in _KINDS for on in ("", "Fargate")]
    return [*filter(None, named), *_ALSO]


def _kinds() -> Iterator[str]:
    yield (
        "A script takes one of these classes, or derives its own from it: "
        "`class Shop(eb.FargateWebServiceEnvironment)`.\n"
    )
    yield "| to make | of the block | on Fargate | on instances of the cluster |\n|---|---|---|---|"
    for what, block, name in _KINDS:
        fargate = (
            f"[`Fargate{name}`](#fargate{name.lower()})" if hasattr(eb, f"Fargate{name}") else ""
        )
        where = f"[`{name}`](#{name.lower()})"
        if block in ("Cluster", "SharedLoadBalancer"):
            fargate = where
        if block == "Cluster":
            where = ", ".join(f"[`{one.__name__}`](#{one.__name__.lower()})" for one in _ALSO[:3])
        yield f"| {what} | [`{block}`](blocks.md#{block.lower()}) | {fargate} | {where} |"
    yield "\n`class Shop(eb.OffHours, …)` adds what switches a service off at night."


def _deploy_settings() -> Iterator[str]:
    yield "## deploy: in platform.yaml\n"
    yield (
        "How each environment is deployed: `default` and environments, each with any of these. "
        "Nothing has to be given.\n"
    )
    yield "| key | is | default | meaning |\n|---|---|---|---|"
    for setting in SETTINGS:
        default = getattr(DeploySettings(), setting.field)
        shown = f"`{default}`" if default else "none"
        what = f"{setting.what}, like `{setting.example}`"
        yield f"| `{setting.key}` | {what} | {shown} | {setting.help} |"


def _role_settings() -> Iterator[str]:
    yield "## roles: in platform.yaml\n"
    yield (
        "What every role of every stack gets that has none of its own, the same in all "
        "environments.\n"
    )
    yield "| key | is | meaning |\n|---|---|---|"
    for setting in ROLE_SETTINGS:
        yield f"| `{setting.key}` | {setting.what}, like `{setting.example}` | {setting.help} |"


def _field_row(field: Field) -> str:
    spec = field.spec
    allowed = field.type.name
    if spec.choices:
        allowed = "one of " + ", ".join(str(choice) for choice in spec.choices)
    elif spec.ge is not None or spec.le is not None:
        low = f"{spec.ge:g}" if spec.ge is not None else ""
        high = f" to {spec.le:g}" if spec.le is not None else " or more"
        allowed += f", {low}{high}"
    if isinstance(spec.default, SameAs):
        default = f"as `{key_of(spec.default.field)}`"
    elif spec.default is MISSING:
        default = "**needed**"
    else:
        default = f"`{spec.default!r}`" if spec.default != "" else "empty"
    return f"| `{field.key}` | {allowed} | {default} | {spec.help} |"


def _cli() -> str:
    parts = ["# Commands and exit codes\n"]
    context = click.Context(ecs_blocks_command, info_name="ecs-blocks")
    for name in ecs_blocks_command.list_commands(context):
        command = ecs_blocks_command.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=f"ecs-blocks {name}", terminal_width=88)
        parts.append(f"## ecs-blocks {name}\n\n```\n{command.get_help(inner)}\n```\n")
    parts.append("`python -m stacks.render` is `ecs-blocks render` for the folder it stands in.\n")
    parts.append("## Exit codes\n")
    parts.append("| code | means |\n|---|---|")
    parts += [f"| {int(code)} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    return "\n".join(parts)


def _checks() -> str:
    lines = [
        "# Checks\n",
        "What `ecs-blocks check` looks for beside the rules of AWS's cloudformation-validate and "
        "your own Guard rules in `stacks/policies/*.guard`. Each is about what a template says "
        "once an environment's values stand in it; where a value is known only when "
        "CloudFormation runs, the check counts as *not checked*.\n",
        "Three more have no page: EB001, a finding that is suppressed without a reason; EB002, a "
        "line of an app's files that looks like a credential; EB003, a template that cannot be "
        "read.\n",
        "| id | severity | finds | in |\n|---|---|---|---|",
    ]
    for check in ALL:
        types = ", ".join(t.removeprefix("AWS::") for t in check.types)
        lines.append(
            f"| [{check.id}](checks/{check.id}.md) | {check.severity} | {check.title} | {types} |"
        )
    return "\n".join(lines)


def _check(check: Check) -> str:
    module = importlib.import_module(check.judge.__module__)
    types = ", ".join(f"`{name}`" for name in check.types)
    return (
        f"# {check.id}: {check.title}\n\n"
        f"{check.severity}, about {types}\n\n"
        f"{markdown(inspect.getdoc(module) or '')}\n\n"
        f"**To mend it:** {check.fix}.\n\n"
        f"**To keep it:** [suppress it](../../how-to/suppress-a-finding.md) with the reason.\n"
    )


def _summary(thing: type) -> str:
    return markdown(inspect.getdoc(thing) or "")


def _words(items: list[str]) -> str:
    quoted = [f"`{item}`" for item in items]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def stale() -> Iterator[str]:
    """The pages that differ from what the code says, or should not be there."""
    wanted = pages()
    for name, text in wanted.items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield name
    for path in FOLDER.rglob("*.md"):
        if path.relative_to(FOLDER).as_posix() not in wanted:
            yield path.relative_to(FOLDER).as_posix()


def main() -> None:
    """Write every page, and remove those that are no longer."""
    wanted = pages()
    for path in FOLDER.rglob("*.md"):
        if path.relative_to(FOLDER).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(wanted)} pages in {FOLDER}\n")


if __name__ == "__main__":
    main()
