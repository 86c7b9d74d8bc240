"""An app with one value of every kind, and the verdict on one line of its environment.yaml."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.project import project

if TYPE_CHECKING:
    from pathlib import Path

KINDS: Final = '''\
"""hoge: every kind of value in one resource."""

from typing import Literal

from troposphere.cloudformation import CustomResource

import ecs_blocks as eb


class Hoge(eb.Environment):
    """A field of every kind."""

    words: eb.Param[str] = eb.param(default="")
    code: eb.Param[str] = eb.param(default="A1", pattern="[A-Z][0-9]")
    count: eb.Param[int] = eb.param(default=1, ge=0, le=1_048_576)
    days: eb.Param[int] = eb.param(default=30, choices=(1, 30, 365))
    ratio: eb.Param[float] = eb.param(default=1.0, ge=0.25)
    load: eb.Param[float] = eb.param(default=0.5, le=1.5)
    switch: eb.Param[bool] = eb.param(default=True)
    colour: eb.Param[Literal["blue", "green"]] = eb.param(default="blue")
    names: eb.Param[list[str]] = eb.param(default=[])
    account: eb.Param[eb.AccountId] = eb.param(default=eb.AccountId("111122223333"))
    bucket: eb.Param[eb.BucketName] = eb.param(default=eb.BucketName("logs"))
    domain: eb.Param[eb.DomainName] = eb.param(default=eb.DomainName("example.com"))
    subnets: eb.Param[list[eb.SubnetId]] = eb.param(
        default=[eb.SubnetId("subnet-0a1b2c3d"), eb.SubnetId("subnet-0a1b2c3e")], min_items=2
    )
    secret: eb.Param[eb.SecretArn] = eb.param(default=eb.SecretArn("arn:of-nothing"))
    topic: eb.Param[eb.TopicArn] = eb.param(default=eb.TopicArn("arn:of-nothing"))


FIELDS = tuple(name for name in vars(Hoge)["__annotations__"])


def stack(env: Hoge) -> eb.Stack:
    """One resource that uses every field."""
    stack = eb.Stack(env, description=__doc__)
    values = {name: getattr(env, name) for name in FIELDS}
    stack.add_resource(CustomResource("All", ServiceToken="arn:of-nothing", **values))
    return stack
'''

LINE: Final = 3
"""Where the line under test stands in the file."""


def problems_of(folder: Path, line: str) -> list[str]:
    """What is said of *line*, a ``Key: value`` of dev; each without the file's name."""
    made = project(folder, f"parameters:\n  dev:\n    {line}\n", script=KINDS)
    start = "stacks/hoge/environment.yaml:"
    return [problem.removeprefix(start) for problem in made.refusal()]


def parameters_of(folder: Path, line: str) -> dict[str, str]:
    """What dev's file says of the parameters when *line* is one of its values."""
    made = project(folder, f"parameters:\n  dev:\n    {line}\n", script=KINDS)
    found: dict[str, str] = json.loads(made.rendered()["hoge/dev.json"])["Parameters"]
    return found
