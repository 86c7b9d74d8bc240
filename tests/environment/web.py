"""A web service like hoge: its script, its environment.yaml, and a platform that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.project import REPOSITORY, project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

SCRIPT: Final = '''\
"""hoge: the accounting API."""

import ecs_blocks as eb


class Hoge(eb.WebServiceEnvironment):
    """One value more than every web service takes."""

    java_opts: eb.Param[str] = eb.param(default="", help="JVM options")


def stack(env: Hoge) -> eb.Stack:
    """One web service."""
    stack = eb.Stack(env, description=__doc__)
    service = eb.WebService.standard(env, port=8080, variables={"JAVA_OPTS": env.java_opts})
    stack.add("Hoge", service)
    return stack
'''
ON_FARGATE: Final = SCRIPT.replace("eb.WebServiceEnvironment", "eb.FargateWebServiceEnvironment")

REPOSITORY_URL: Final = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge"
ENVIRONMENT: Final = f"""\
images:
- {REPOSITORY_URL}
parameters:
  default:
    TaskMemory: 512
    TaskMaxMemory: 1024
    ClusterName: main
    ImageRepositoryUrl: {REPOSITORY_URL}
  dev:
"""
"""What follows is a value of dev; its line is ``LINE``."""

LINE: Final = ENVIRONMENT.count("\n") + 1
FILE: Final = "stacks/hoge/environment.yaml"


def web(folder: Path, *lines: str, script: str = SCRIPT) -> Project:
    """A project with one web service; each of *lines* is one more value of dev."""
    environment = ENVIRONMENT + "".join(f"    {line}\n" for line in lines)
    if script == ON_FARGATE:
        environment = environment.replace("    TaskMemory: 512\n", "    TaskCpu: 512\n")
    platform = (REPOSITORY / "stacks" / "platform.yaml").read_text()
    made = project(folder, environment, script=script, platform=platform)
    made.app("cluster")
    return made
