"""The two files a repository is made of: platform.yaml, and each app's environment.yaml.

Here they are taken apart (which keys stand at the top, which environments there are) without
knowing what an app declares; ``load`` then reads the values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ecs_blocks.environment.credentials import WAY_OUT, credential_in
from ecs_blocks.environment.deploy_settings import DEFAULT, DeploySettings, read_deploy_settings
from ecs_blocks.environment.nodes import Mapping, Scalar, Sequence, describe, is_empty, shortened
from ecs_blocks.environment.role_settings import RoleSettings, read_role_settings
from ecs_blocks.environment.source import read
from ecs_blocks.errors import Problem
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.environment.nodes import Node

PLATFORM_KEYS: Final = ("stack_name", "locked", "deploy", "roles", "tags", "parameters")
MAX_TAGS: Final = 48
"""AWS takes 50 of a resource; two are ``Application`` and ``Environment``."""
DEFAULT_STACK_NAME: Final = "{app}-{environment}"
ALWAYS_LOCKED: Final = frozenset(
    {"AccountId", "Region", "VpcId", "PublicSubnetIds", "PrivateSubnetIds"}
)
_ENVIRONMENT: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_REPOSITORY: Final = re.compile(
    r"[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+"
)
_TAG: Final = re.compile(r"(?:[\w.:/=+@-](?:[\w .:/=+@-]*[\w.:/=+@-])?)?")
_STACK_NAME: Final = re.compile(
    r"(?:[A-Za-z]|\{app\}|\{environment\})(?:[A-Za-z0-9-]|\{app\}|\{environment\})*"
)


class Section(Struct, frozen=True):
    """The values of ``default`` or of one environment in one file, not yet read."""

    file: str
    where: str
    at: Scalar
    values: Mapping | None

    def problem(self, at: Node, key: str, message: str) -> Problem:
        """A problem of *key* in this section."""
        where = f"{self.where}.{shortened(key)}" if key else self.where
        return Problem(self.file, at.line, at.column, where, message)


class PlatformFile(Struct, frozen=True):
    """platform.yaml: what the environments fix, owned by the infrastructure team."""

    file: str
    default: Section | None
    environments: dict[str, Section]
    stack_name: str
    locked: frozenset[str]
    tags: dict[str, str]
    deploy: dict[str, DeploySettings]
    roles: RoleSettings = RoleSettings()

    @classmethod
    def empty(cls, file: str) -> PlatformFile:
        """What stands for a platform.yaml that cannot be read."""
        return cls(file, None, {}, DEFAULT_STACK_NAME, ALWAYS_LOCKED, {}, {})

    def deploy_settings(self, environment: str) -> DeploySettings:
        """How *environment* is deployed."""
        return self.deploy.get(environment, DeploySettings())


class AppFile(Struct, frozen=True):
    """One app's environment.yaml; ``places`` are those of the images: ``environment.yaml:2``."""

    app: str
    file: str
    default: Section | None
    environments: dict[str, Section]
    images: tuple[str, ...]
    places: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls, app: str, file: str) -> AppFile:
        """What stands for an environment.yaml that cannot be read."""
        return cls(app, file, None, {}, ())


def read_platform(path: Path, file: str) -> tuple[PlatformFile, list[Problem]]:
    """Read platform.yaml at *path*."""
    if not path.is_file():
        message = "there is no such file; it gives each environment its account, region and network"
        return PlatformFile.empty(file), [Problem(file, 0, 0, "", message)]
    top, problems = _top(path, file, PLATFORM_KEYS)
    if top is None:
        return PlatformFile.empty(file), problems
    default, environments = _parameters(top, file, problems)
    for name, section in environments.items():
        if not _ENVIRONMENT.fullmatch(name):
            message = "an environment's name is lower case letters, digits and hyphens"
            problems.append(section.problem(section.at, "", message))
        elif name == "template":
            message = "the name is taken: the template's own file is called so"
            problems.append(section.problem(section.at, "", message))
    locked = {text for text, _ in _texts(top.get("locked"), file, "locked", problems)}
    platform = PlatformFile(
        file,
        default,
        environments,
        _stack_name(top.get("stack_name"), file, problems),
        ALWAYS_LOCKED | locked,
        _tags(top.get("tags"), file, problems),
        read_deploy_settings(
            top.get("deploy"), file, path.parent, _accounts(default, environments), problems
        ),
        read_role_settings(top.get("roles"), file, problems),
    )
    return platform, problems


def read_app(
    path: Path, app: str, file: str, platform: PlatformFile
) -> tuple[AppFile, list[Problem]]:
    """Read the environment.yaml of *app* at *path*."""
    if not path.is_file():
        message = f"there is no such file; {app} needs one beside its stack.py"
        if path.with_suffix(".yml").is_file():
            message = "there is no such file; rename environment.yml"
        return AppFile.empty(app, file), [Problem(file, 0, 0, "", message)]
    top, problems = _top(path, file, ("images", "parameters"))
    if top is None:
        return AppFile.empty(app, file), problems
    default, environments = _parameters(top, file, problems)
    known = platform.environments
    for name, section in list(environments.items()):
        if known and name not in known:
            way = nearest(name, [*known, DEFAULT]) or f"; there are: {', '.join(known)}"
            message = f"unknown environment in {platform.file}{way}"
            problems.append(section.problem(section.at, "", message))
            del environments[name]
    images = _texts(top.get("images"), file, "images", problems)
    for number, (image, node) in enumerate(images):
        message = ""
        if image in [other for other, _ in images[:number]]:
            message = f'"{shortened(image)}" stands in the list twice'
        elif len(image) > 512:
            message = "a repository's URL is not that long"
        elif kind := credential_in("", image):
            message = f"this looks like {kind}; {WAY_OUT}"
        elif not _REPOSITORY.fullmatch(image):
            message = (
                f'"{shortened(image)}" is not a repository; write it without a tag, like '
                "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge"
            )
        if message:
            problems.append(Problem(file, node.line, node.column, "images", message))
    repositories = tuple(image for image, _ in images)
    places = {image: f"{file}:{node.line}" for image, node in images}
    return AppFile(app, file, default, environments, repositories, places), problems


def _top(path: Path, file: str, known: tuple[str, ...]) -> tuple[Mapping | None, list[Problem]]:
    node, problems = read(path, file)
    if node is None or (isinstance(node, Scalar) and node.kind == "null"):
        if not problems:
            message = f"the file is empty; it holds {' and '.join(known[-2:])}"
            problems.append(Problem(file, 0, 0, "", message))
        return None, problems
    if not isinstance(node, Mapping):
        message = f"the file has to hold a mapping ({', '.join(known)}), not {describe(node)}"
        problems.append(Problem(file, node.line, node.column, "", message))
        return None, problems
    for key, _ in node.pairs:
        if key.text not in known:
            way = nearest(key.text, known) or f"; there are: {', '.join(known)}"
            problems.append(
                Problem(file, key.line, key.column, shortened(key.text), f"unknown key{way}")
            )
    return node, problems


def _parameters(
    top: Mapping, file: str, problems: list[Problem]
) -> tuple[Section | None, dict[str, Section]]:
    node = top.get("parameters")
    if node is None:
        message = "missing; it holds default and one mapping for each environment"
        problems.append(Problem(file, top.line, top.column, "parameters", message))
        return None, {}
    if not isinstance(node, Mapping):
        message = f"expected a mapping of environments, got {describe(node)}"
        problems.append(Problem(file, node.line, node.column, "parameters", message))
        return None, {}
    sections = {}
    for key, value in node.pairs:
        where = f"parameters.{key.text}"
        if not isinstance(value, Mapping) and not is_empty(value):
            message = f"expected a mapping of values, got {describe(value)}"
            problems.append(Problem(file, value.line, value.column, where, message))
        values = value if isinstance(value, Mapping) else None
        sections[key.text] = Section(file, where, key, values)
    default = sections.pop(DEFAULT, None)
    if not sections:
        message = "there is no environment; beside default, each key is one"
        problems.append(Problem(file, node.line, node.column, "parameters", message))
    return default, sections


def _texts(
    node: Node | None, file: str, where: str, problems: list[Problem]
) -> list[tuple[str, Node]]:
    if node is None:
        return []
    if not isinstance(node, Sequence):
        message = f"expected a list, got {describe(node)}"
        problems.append(Problem(file, node.line, node.column, where, message))
        return []
    texts: list[tuple[str, Node]] = []
    for item in node.items:
        if isinstance(item, Scalar) and item.kind == "str" and item.tag is None:
            texts.append((item.text, item))
        else:
            message = f"expected text, got {describe(item)}"
            problems.append(Problem(file, item.line, item.column, where, message))
    return texts


def _stack_name(node: Node | None, file: str, problems: list[Problem]) -> str:
    if node is None:
        return DEFAULT_STACK_NAME
    text = node.text if isinstance(node, Scalar) else ""
    if "{app}" in text and "{environment}" in text and _STACK_NAME.fullmatch(text):
        return text
    message = (
        f"got {describe(node)}; it has to hold {{app}} and {{environment}}, with letters, digits "
        'and hyphens around them, like "{app}-{environment}"'
    )
    problems.append(Problem(file, node.line, node.column, "stack_name", message))
    return DEFAULT_STACK_NAME


def _accounts(default: Section | None, environments: dict[str, Section]) -> dict[str, str | None]:
    """The account of each environment; None where it is not simply written."""
    found: dict[str, str | None] = {}
    for name, section in environments.items():
        written = (s.values.get("AccountId") for s in (section, default) if s and s.values)
        node = next((node for node in written if node), None)
        is_text = isinstance(node, Scalar) and node.kind == "str" and node.tag is None
        found[name] = node.text if is_text and isinstance(node, Scalar) else None
    return found


def _tags(node: Node | None, file: str, problems: list[Problem]) -> dict[str, str]:
    if node is None:
        return {}
    tags = {}
    for key, value in node.pairs if isinstance(node, Mapping) else ():
        message = _tag_problem(key.text, value)
        if message:
            where = f"tags.{shortened(key.text)}"
            problems.append(Problem(file, value.line, value.column, where, message))
        elif isinstance(value, Scalar):
            tags[key.text] = value.text
    if len(tags) > MAX_TAGS:
        message = (
            f"{len(tags)} tags; AWS takes 50 of a resource, and ecs_blocks sets Application and "
            f"Environment: leave {MAX_TAGS} or fewer"
        )
        problems.append(Problem(file, node.line, node.column, "tags", message))
    if not isinstance(node, Mapping):
        message = f"expected a mapping of tags, got {describe(node)}"
        problems.append(Problem(file, node.line, node.column, "tags", message))
    return tags


def _tag_problem(key: str, value: Node) -> str | None:
    """What is wrong with a tag. Source: IAM and other services' "Tag naming limits"."""
    if not isinstance(value, Scalar) or value.kind != "str":
        return f"expected text of at most 256 characters, got {describe(value)}"
    if len(value.text) > 256:
        return f"expected text of at most 256 characters, got {describe(value)}"
    if not 1 <= len(key) <= 128:
        return f"a tag's key has 1 to 128 characters; this one has {len(key)}"
    if kind := credential_in(key, value.text):
        return f"this looks like {kind}; a tag is no place for it"
    if not (_TAG.fullmatch(key) and _TAG.fullmatch(value.text)):
        return "a tag holds letters, digits, spaces and _ . : / = + - @"
    if key in ("Application", "Environment"):
        return f"ecs_blocks sets the tag {key} itself"
    if key.lower().startswith("aws:"):
        return "a tag's key cannot begin with aws:"
    return None
