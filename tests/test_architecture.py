"""Arrows point down only, a verb imports what it needs, and files stay readable."""

from __future__ import annotations

import ast
import pydoc
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

import ecs_blocks
from tests.project import REPOSITORY, project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

PACKAGE: Final = REPOSITORY / "ecs_blocks"
FILES: Final = sorted(PACKAGE.rglob("*.py"))
PUBLIC: Final[list[str]] = vars(ecs_blocks)["__all__"]
STUBS: Final = sorted(PACKAGE.rglob("*.pyi"))
STACKS: Final = sorted((REPOSITORY / "stacks").rglob("*.py"))
FILES_TO_READ: Final = [*FILES, *STUBS, *STACKS]

FLOORS: Final = {
    "errors": 0,
    "fargate": 0,
    "whole_file": 0,
    "naming": 1,
    "values": 1,
    "parameter_types": 2,
    "environment": 3,
    "priorities": 3,
    "templates": 4,
    "policies": 5,
    "blocks": 6,
    "checks": 6,
    "grafana": 7,
    "review": 7,
    "deploy": 8,
    "cli": 9,
}
"""What may import what: only lower floors, and one's own part. Types count like anything else."""

ONLY_UNDER: Final = {
    "boto3": {"deploy"},
    "botocore": {"deploy"},
    "rich": {"review", "deploy"},
    "cloudformation_validate": {"checks", "review"},
    "detect_secrets": {"checks"},
    "click": {"cli"},
    "igraph": {"review"},
    "jinja2": {"review"},
    "markupsafe": {"review"},
}
MAX_LINES: Final = 320


def part(path: Path) -> str:
    """Which part of the package a file belongs to: ``blocks``, ``values``."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def short(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A file as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports anywhere; of ecs_blocks itself, what it takes of it."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            module = node.module or ""
            yield from (
                f"{module}.{alias.name}" if module == "ecs_blocks" else module
                for alias in node.names
            )


def faults(paths: Iterable[Path], find: Callable[[Path], Iterable[str]]) -> dict[str, list[str]]:
    """What *find* has against each of *paths*; nothing of those that are as they should be."""
    found = {short(path): sorted(find(path)) for path in paths}
    return {path: named for path, named in found.items() if named}


def test_every_part_stands_on_a_floor() -> None:
    assert {part(path) for path in FILES} == {*FLOORS, "__init__"}


def upward(path: Path) -> set[str]:
    """The parts on its own floor, or above, that a file imports."""
    own = part(path)
    names = {name.split(".")[1] for name in imports(path) if name.startswith("ecs_blocks.")}
    return {name for name in names - {own} if FLOORS.get(name, -1) >= FLOORS[own]}


def test_arrows_point_down_only() -> None:
    assert faults([path for path in FILES if path.name != "__init__.py"], upward) == {}


def misplaced(path: Path) -> set[str]:
    """The heavy libraries that a file imports and should not."""
    own = part(path)
    tops = {name.partition(".")[0] for name in imports(path)}
    return {name for name in tops & set(ONLY_UNDER) if own not in ONLY_UNDER[name]}


def test_what_is_heavy_is_imported_only_where_it_belongs() -> None:
    assert faults(FILES, misplaced) == {}


def test_the_rules_find_what_breaks_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    wrong = tmp_path / "values.py"
    wrong.write_text("import boto3\nfrom ecs_blocks.blocks import x\ndef shout(): ...\n")

    assert upward(wrong) == {"blocks"}
    assert misplaced(wrong) == {"boto3"}
    assert list(undocumented(tree(wrong))) == ["the module", "shout"]


def test_only_what_tells_the_version_imports_the_package_itself() -> None:
    users = {part(path) for path in FILES if "ecs_blocks" in imports(path)}

    assert users <= {"checks", "cli"}


def loaded_by(code: str, folder: Path) -> set[str]:
    """The modules that a process has loaded once *code* has run in *folder*."""
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines())


def test_a_render_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    project(tmp_path)
    code = (
        "from ecs_blocks.cli.render import render\n"
        "render(['hoge', '--out', 'build'], standalone_mode=False)"
    )
    loaded = loaded_by(code, tmp_path)
    heavy = {
        *("boto3", "botocore", "rich", "cloudformation_validate", "detect_secrets"),
        *("ecs_blocks.checks", "ecs_blocks.review", "ecs_blocks.deploy", "ecs_blocks.cli.check"),
        *("pydantic", "jsonschema", "multiprocessing", "asyncio", "concurrent.futures"),
    }

    assert "troposphere" in loaded
    assert loaded & heavy == set()
    assert (tmp_path / "build" / "hoge" / "template.yaml").is_file()


def test_help_loads_no_verb(tmp_path: Path) -> None:
    code = (
        "import ecs_blocks.cli\n"
        "ecs_blocks.cli.ecs_blocks_command(['--help'], standalone_mode=False)"
    )
    loaded = loaded_by(code, tmp_path)

    assert loaded & {"troposphere", "yaml", "ecs_blocks.cli.render", "ecs_blocks.blocks"} == set()


def test_events_load_no_history_of_stopped_tasks(tmp_path: Path) -> None:
    loaded = loaded_by("import ecs_blocks.cli.events", tmp_path)

    assert "ecs_blocks.deploy.cloudformation.events" in loaded
    assert [name for name in loaded if "stopped" in name or "task_history" in name] == []


def test_grafana_loads_no_resources_of_ecs(tmp_path: Path) -> None:
    loaded = loaded_by("import ecs_blocks.cli.grafana", tmp_path)

    assert "ecs_blocks.grafana.dashboard" in loaded
    assert loaded & {"troposphere.ecs", "troposphere.ec2", "ecs_blocks.blocks.service"} == set()


def test_a_file_is_read_in_one_sitting() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES_TO_READ}

    assert {short(path): count for path, count in lines.items() if count > MAX_LINES} == {}


def undocumented(module: ast.Module) -> Iterator[str]:
    """Public classes, functions and methods without a docstring."""
    if module.body and ast.get_docstring(module) is None:
        yield "the module"
    parents: list[tuple[str, ast.Module | ast.ClassDef]] = [("", module)]
    while parents:
        prefix, parent = parents.pop()
        for node in parent.body:
            if not isinstance(node, (ast.ClassDef, ast.FunctionDef)) or node.name.startswith("_"):
                continue
            overload = any(
                isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list
            )
            if ast.get_docstring(node) is None and not overload:
                yield f"{prefix}{node.name}"
            if isinstance(node, ast.ClassDef):
                parents.append((f"{prefix}{node.name}.", node))


def test_everything_public_says_what_it_is() -> None:
    assert faults([*FILES, *STACKS], lambda path: undocumented(tree(path))) == {}


def typed_names() -> dict[str, str]:
    """What a type checker sees as the names of the package, and the module of each."""
    return {
        alias.asname or alias.name: node.module or ""
        for node in tree(PACKAGE / "__init__.pyi").body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_a_type_checker_sees_every_public_name_and_no_other() -> None:
    assert sorted(PUBLIC) == PUBLIC
    assert sorted(typed_names()) == PUBLIC


@pytest.mark.parametrize(("name", "module"), sorted(typed_names().items()))
def test_a_public_name_is_there_and_is_what_its_stub_says(name: str, module: str) -> None:
    found = getattr(ecs_blocks, name)

    assert found is getattr(sys.modules[module], name)


def test_data_is_structs() -> None:
    """A dataclass costs a render 0.6 ms; docs/explanation/structs.md."""
    assert [short(path) for path in FILES if "dataclasses" in imports(path)] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_help_can_describe_a_public_name(name: str) -> None:
    """A struct evaluates its annotations there: what they name has to be imported."""
    assert pydoc.render_doc(getattr(ecs_blocks, name))


def test_a_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"^module 'ecs_blocks' has no attribute 'Nowhere'$"):
        getattr(ecs_blocks, "Nowhere")  # noqa: B009 - a type checker would refuse the attribute
