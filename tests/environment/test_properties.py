"""Whatever stands in environment.yaml is either what the template gets, or refused with a place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ecs_blocks.environment.nodes import Mapping, Node, Scalar, Sequence
from ecs_blocks.environment.source import parse
from ecs_blocks.errors import InputError
from ecs_blocks.templates.render import Project, render_app
from tests.environment.kinds import KINDS
from tests.project import project
from tests.properties import MODEST, TEXTS, WORDS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

KEYS: Final = ("Words", "Code", "Count", "Days", "Ratio", "Load", "Switch", "Colour", "Names")
FITTING: Final = {
    "Words": TEXTS,
    "Code": st.from_regex(r"[A-Z][0-9]", fullmatch=True),
    "Count": st.integers(0, 1_048_576),
    "Days": st.sampled_from([1, 30, 365]),
    "Ratio": st.floats(0.25, 1e6).map(lambda number: round(number, 3)),
    "Load": st.floats(-1e3, 1.5).map(lambda number: round(number, 3)),
    "Switch": st.booleans(),
    "Colour": st.sampled_from(["blue", "green"]),
    "Names": st.lists(st.text("abc-", min_size=1, max_size=5), max_size=4, unique=True),
}
ANYTHING: Final = st.one_of(
    TEXTS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dates().map(lambda day: dt.date(max(day.year, 1000), day.month, 1)),
    st.lists(TEXTS, max_size=4),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)
VALUES: Final = st.fixed_dictionaries(
    {}, optional={key: st.one_of(FITTING[key], ANYTHING) for key in KEYS}
)


@pytest.fixture(name="root", scope="module")
def fixture_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one project; every example writes its own environment.yaml there."""
    return project(tmp_path_factory.mktemp("properties"), "", script=KINDS).stacks


def rendered(root: Path, content: bytes) -> dict[str, Any] | InputError:
    """The properties of the one resource with dev's values put in, or why there are none."""
    (root / "hoge" / "environment.yaml").write_bytes(content)
    try:
        (dev,) = render_app(Project.open(root), "hoge", {}).environments
    except InputError as error:
        return error
    properties: dict[str, Any] = dev.resolved()["Resources"]["All"]["Properties"]
    return properties


def is_same(written: object, arrived: object) -> bool:
    """Whether a value *arrived* in the template as it was *written*, by YAML's own types."""
    if isinstance(written, bool):
        return arrived == ("true" if written else "false")
    if isinstance(written, (int, float)):
        return isinstance(arrived, (int, float)) and written == arrived
    return written == arrived


@MODEST
@given(values=VALUES, unicode=st.booleans(), flow=st.booleans())
@example(values={"Words": "\x7f"}, unicode=False, flow=False)
@example(values={"Names": [""]}, unicode=False, flow=False)
def test_a_value_arrives_as_it_was_written_or_is_refused_where_it_stands(
    root: Path, values: dict[str, Any], *, unicode: bool, flow: bool
) -> None:
    content = yaml.safe_dump(
        {"parameters": {"dev": values}},
        allow_unicode=unicode,
        default_flow_style=flow,
        encoding="utf-8",
    )
    assume("\x85" not in content.decode())  # PyYAML writes it in a way that YAML reads as a blank
    result = rendered(root, content)

    if isinstance(result, InputError):
        places = [(p.file, p.line > 0, p.column > 0) for p in result.problems]
        assert set(places) == {("stacks/hoge/environment.yaml", True, True)}
    else:
        arrived = {key: result[key.lower()] for key in values}
        assert [key for key in values if not is_same(values[key], arrived[key])] == []


@MODEST
@given(values=st.fixed_dictionaries({}, optional=dict(FITTING)))
def test_what_fits_is_never_refused(root: Path, values: dict[str, Any]) -> None:
    if "Words" in values:
        values["Words"] = "".join(c for c in values["Words"] if c.isprintable())
    content = yaml.safe_dump({"parameters": {"dev": values}}, encoding="utf-8")
    result = rendered(root, content)

    assert not isinstance(result, InputError), result
    assert [key for key in values if not is_same(values[key], result[key.lower()])] == []


@MODEST
@given(
    key=st.one_of(st.sampled_from(KEYS), TEXTS),
    words=st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=8),
)
def test_any_line_is_read_or_refused_at_a_place(root: Path, key: str, words: list[str]) -> None:
    line = f"    {key}: {''.join(words)}\n".encode("utf-8", "surrogatepass")
    result = rendered(root, b"parameters:\n  dev:\n" + line)

    if isinstance(result, InputError):
        assert {problem.file for problem in result.problems} == {"stacks/hoge/environment.yaml"}
        assert [str(p) for p in result.problems if p.line < 1 or p.column < 1] == []
        assert not [p for p in result.problems if "\n" in str(p)]


def inside(node: Node, lines: int) -> bool:
    """Whether *node* and all in it stand somewhere in a file of so many *lines*."""
    match node:
        case Scalar():
            below: list[Node] = []
        case Sequence(items=items):
            below = list(items)
        case Mapping(pairs=pairs):
            below = [part for pair in pairs for part in pair]
    return 1 <= node.line <= lines + 1 and all(inside(part, lines) for part in below)


@MODEST
@given(
    content=st.one_of(
        st.binary(max_size=60),
        TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.lists(WORDS, max_size=40).map(lambda words: "".join(words).encode()),
    )
)
@example(content=b"\xff\xfe")
@example(content=b"\xef\xbb\xbf")
@example(content=b"? ")
@example(content=b"*a")
@example(content=b"%YAML 1.1")
@example(content=b'"\\ud800"')
@example(content=b"a: \x85b")
def test_any_bytes_are_a_tree_or_problems(content: bytes) -> None:
    node, problems = parse(content, "f.yaml")
    lines = len(content) + 1

    assert [str(p) for p in problems if "\n" in str(p) or not 0 <= p.line <= lines] == []
    assert node is None or inside(node, lines)
