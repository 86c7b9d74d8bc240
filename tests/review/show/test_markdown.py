"""A review as a comment on GitHub: within its limit, and nothing in it is anybody's markup."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from msgspec import structs

from ecs_blocks.review.model import (
    Action,
    Consequence,
    ParameterChange,
    PropertyChange,
    ResourceChange,
    Review,
    StackReview,
    Weight,
)
from ecs_blocks.review.show.markdown import MARK, MAX_CHARACTERS, code, markdown, prose
from tests.review.show.reviews import BESIDE, calm, review, stack, still

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
EVIL = (
    "a|b",
    "`code`",
    "```\nfence\n```",
    "<img src=x onerror=alert(1)>",
    "<!-- gone -->",
    "</details>",
    "@octocat and @org/team",
    "![x](https://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "https://evil.example www.evil.example",
    "**bold** _it_ ~~no~~ # head",
    "fixes #12, octocat/hello#13, GH-14 and gh-15; merged in !16",
    "\\| \\` \\<b>",
    "$x$",
    "line\n\n# head\n- item",
    "&lt;b&gt; &amp;",
    "\x1b[31m\u202e",
)


def plain(text: str) -> str:
    """The text that a reader sees of *text* as markdown; fails where it is more than text."""
    [opening, inline, closing] = GITHUB.parse(text)

    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert {one.type for one in inline.children or ()} <= {"text", "text_special"}
    return "".join(one.content for one in inline.children or ())


def visible(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


@pytest.mark.parametrize("text", EVIL)
def test_prose_reads_as_it_is_written(text: str) -> None:
    seen = plain(f"x {prose(text)} x").replace("\u200b", "")

    assert " ".join(seen.split()) == " ".join(f"x {visible(text)} x".split())


@pytest.mark.parametrize("text", EVIL)
def test_prose_mentions_and_links_nobody(text: str) -> None:
    made = prose(text)

    for forbidden in ("@octocat", "@org", "://", "www.", "<"):
        assert forbidden not in made
    assert re.findall(r"(?i)(?:[#!]|gh-)[0-9]", plain(f"x {made}")) == []


@pytest.mark.parametrize("text", [*EVIL, "", "`", "``x`", "a`"])
def test_code_reads_as_it_is_written(text: str) -> None:
    [_, inline, _] = GITHUB.parse(f"x {code(text)} x")
    [_, span, _] = inline.children or []

    assert span.type == "code_inline"
    assert span.content == (visible(text) or '""')


@pytest.mark.parametrize("text", EVIL)
def test_a_cell_stays_one_cell(text: str) -> None:
    rows = ["| a | b |", "|---|---|", f"| {prose(text)} | {code(text, cell=True)} |"]
    cells = [token for token in GITHUB.parse("\n".join(rows)) if token.type == "td_open"]

    assert len(cells) == 2


def html_of(made: Review) -> str:
    rendered: str = GITHUB.render(markdown(made))
    return rendered


@pytest.mark.parametrize("text", EVIL)
def test_a_whole_comment_with_it_everywhere(text: str) -> None:
    change = ResourceChange(
        logical_id=text,
        type=text,
        action=Action.MODIFY,
        why=text,
        line=text,
        properties=(PropertyChange(path=text, before=text, after={"k": text}),),
    )
    made = stack(
        app=text,
        headline=text,
        consequences=(
            Consequence(kind="data", weight=Weight.APPROVAL, text=text, details=(text,)),
        ),
        changes=(change,),
        parameters=(ParameterChange(name=text, before=text, after=text, place=text),),
        unknowns=(text,),
    )

    whole = html_of(review(made, still(text, text), base=text, head=text, notes=(text,)))

    assert whole.count("<details") == whole.count("</details>") == 3
    assert whole.count("<table>") == 1
    assert "<img" not in whole
    assert "<a " not in whole
    assert "@octocat" not in re.sub(r"<code>[^<]*</code>", "", whole)


def test_summary_then_the_weightiest_open() -> None:
    shown = markdown(review(calm(), stack(), still("cluster", "dev")))

    assert shown.startswith(
        f"{MARK}\n### 🛑 ecs-blocks review: 3 stacks: 1 needs approval, 1 calm,"
    )
    assert "| 🛑 needs approval | hoge/prod | rolling, 2→2 tasks, peak 4; the table" in shown
    assert shown.index("<details open><summary>🛑 <b>hoge/prod</b>") < shown.index(
        "<details><summary>🟢 <b>hoge/dev</b>"
    )
    assert "Unchanged: cluster (dev)" in shown
    assert "- `ImageTag`: `1.8.2` → `1.8.3` `stacks/hoge/environment.yaml:12`" in shown
    assert "- `Password`: changes; its value is hidden" in shown
    assert "<sub>digest `sha256:4567`</sub>" in shown


def test_a_picture_of_each_changed_stack() -> None:
    shown = markdown(
        review(stack(), still("a", "b")), lambda one: f"flowchart TB\n  {one.environment}"
    )

    assert shown.count("```mermaid\nflowchart TB\n  prod\n```\n") == 1


@pytest.mark.parametrize("text", [None, "", "x\n```\ny"])
def test_a_picture_that_cannot_be_shown(text: str | None) -> None:
    assert "mermaid" not in markdown(review(stack()), lambda _: text)


def test_environments_beside_each_other() -> None:
    shown = markdown(review(stack(), environments=(BESIDE,)))

    assert "| hoge | stg | prod |\n|---|---|---|\n| JavaOpts | `-Xmx256m` | `-Xmx1500m` |" in shown
    assert '| WafArn |  | `""` |' in shown
    assert "Port" not in shown


def test_environments_of_an_app_that_does_not_change() -> None:
    other = structs.replace(BESIDE, app="kaki")

    assert "kaki" not in markdown(review(stack(), environments=(BESIDE, other)))
    assert "kaki" in markdown(review(base="", digest="", environments=(BESIDE, other)))


def test_environments_alone() -> None:
    shown = markdown(review(base="", digest="", environments=(BESIDE,)))

    assert shown.startswith(f"{MARK}\n### Environments beside each other, in the work tree\n")
    assert "<details" not in shown
    assert "- 1 parameter with the same value in all\n" in shown
    assert "- only prod has HogeWaf (AWS::WAFv2::WebACL)\n" in shown


def many(number: int, **settings: object) -> list[StackReview]:
    return [calm(f"e{n:03}", **settings) for n in range(number)]


@pytest.mark.slow
@pytest.mark.parametrize("stacks", [1, 40, 400, 4000])
def test_the_limit_of_a_comment_holds(stacks: int) -> None:
    shown = markdown(
        review(*many(stacks), stack(), environments=(BESIDE,) * stacks),
        lambda _: "flowchart TB\n" + "n1 --> n2\n" * 300,
    )

    assert len(shown) <= MAX_CHARACTERS
    assert len(shown.encode("utf-16-le")) // 2 <= MAX_CHARACTERS
    assert shown.count("<details") == shown.count("</details>")
    assert "the table HogeTable is deleted, with its data" in shown
    assert shown.endswith("<sub>digest `sha256:4567`</sub>\n")
    assert ("Left out, as a comment has at most 65,536 characters: " in shown) == (stacks > 1)


def test_pictures_go_before_what_will_happen() -> None:
    shown = markdown(review(*many(60), stack()), lambda _: "flowchart TB\n" + "n1 --> n2\n" * 300)

    assert shown.count("rolling, 1→1 tasks\n") == 60
    assert "pictures" in shown.split("Left out")[1]
    assert "--format html --out review.html" in shown


def test_a_flood_of_consequences_hides_neither_the_first_nor_that_there_are_more() -> None:
    many = tuple(
        Consequence(
            kind="data",
            weight=Weight.APPROVAL,
            text=f"table T{n} is deleted {'x' * 5_000}",
            details=tuple(f"detail {m}" for m in range(500)),
        )
        for n in range(500)
    )
    flood = tuple(f"fact {n}" for n in range(500))

    shown = markdown(review(stack(consequences=many, facts=flood, unknowns=flood), calm()))

    assert len(shown) <= MAX_CHARACTERS
    assert "**needs approval**: table T0 is deleted" in shown
    assert "  - and 492 more details\n" in shown
    assert "- and 460 more consequences\n" in shown
    assert shown.count("- and 460 more lines\n") == 2
    assert "Left out" not in shown


def test_one_section_that_is_too_long_hides_no_other() -> None:
    huge = tuple(PropertyChange(path=f"P{n}", before="x" * 70, after="y" * 70) for n in range(2000))
    change = ResourceChange(
        logical_id="R", type="AWS::SNS::Topic", action=Action.MODIFY, properties=huge
    )

    shown = markdown(review(stack(changes=(change,)), calm()))

    assert "P1999" not in shown
    assert "`ContainerDefinitions[app].Image`" in shown
    assert "Left out, as a comment has at most 65,536 characters: 1 list of resources." in shown
