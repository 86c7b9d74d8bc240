"""A review on a terminal, in a log, in a file."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
from msgspec import structs

from ecs_blocks.cli.review_lines import as_text, print_lines
from ecs_blocks.deploy.show.safe_text import width
from ecs_blocks.review.model import (
    Action,
    Cause,
    Consequence,
    ParameterChange,
    PropertyChange,
    Replacement,
    ResourceChange,
    Status,
    Weight,
)
from ecs_blocks.review.show.text import Line, Tone, lines
from tests.review.show.reviews import BESIDE, CHANGED, calm, review, stack, still

if TYPE_CHECKING:
    from ecs_blocks.review.model import Review

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def text(made: Review, columns: int = 100, **settings: Any) -> str:
    return as_text(lines(made), columns, **settings)


ALL = review(
    calm("dev"), stack("prod"), still("cluster", "dev"), still("cluster", "prod"), notes=("a note",)
)

SHOWN = """\
main (3f2a1c9) → the work tree
note: a note

4 stacks: 1 needs approval, 1 calm, 2 unchanged
!! hoge/prod rolling, 2→2 tasks, peak 4; the table is deleted
·  hoge/dev  rolling, 1→1 tasks
   unchanged: cluster (dev, prod)

hoge/prod (hoge-prod), changed: needs approval
  !! the table HogeTable is deleted, with its data
     there is no snapshot
  ·  rolling, 2→2 tasks, peak 4, no downtime expected
     because ImageTag 1.8.2 → 1.8.3 (stacks/hoge/environment.yaml:12)
  - HogeTable (AWS::DynamoDB::Table) leaves the stack and is deleted
  ~ HogeTaskDefinition (AWS::ECS::TaskDefinition) gets a new revision  stacks/hoge/stack.py:15
      ContainerDefinitions[app].Image: a:1.8.2 → a:1.8.3
  = Password: changes; its value is hidden
  ? not known: whether the image exists; a deploy asks ECR
  # template bytes: 48,000 of 51,200 (94 %, before 47,000)
  < a later rollback: not reversible
    the data of HogeTable do not come back

hoge/dev (hoge-dev), changed: calm
"""


def test_the_summary_first_then_the_weightiest_stack() -> None:
    shown = text(ALL)

    assert shown.startswith(SHOWN), shown


@pytest.mark.parametrize("columns", [40, 80, 100, 120])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    shown = text(ALL, columns)

    assert max(width(line) for line in shown.splitlines()) <= columns
    assert "not reversible" in " ".join(shown.split())


def test_colour_is_never_the_only_signal() -> None:
    painted = text(ALL, is_painted=True)

    assert "\x1b[31m" in painted
    assert _COLOUR.sub("", painted) == text(ALL)
    assert {line.sign[:2] for line in lines(ALL) if line.tone is Tone.ALARM} == {"!!"}


def test_what_a_value_holds_cannot_steer_the_terminal() -> None:
    evil = "\x1b]0;title\x07\x1b[2J\u202eabc\nroot@host"
    made = stack(
        headline=evil,
        consequences=(Consequence(kind="data", weight=Weight.NOTICE, text=evil, details=(evil,)),),
        changes=(
            ResourceChange(
                logical_id=evil,
                type=evil,
                action=Action.MODIFY,
                properties=(PropertyChange(path=evil, before=evil, after=evil),),
                line=evil,
            ),
        ),
        unknowns=(evil,),
    )

    shown = text(review(made, base=evil, notes=(evil,)))

    assert all(line.isprintable() for line in shown.splitlines())
    assert "title" not in shown


def test_much_is_cut_and_said() -> None:
    many = tuple(
        ResourceChange(
            logical_id=f"R{n:02}",
            type="AWS::SNS::Topic",
            action=Action.MODIFY,
            properties=tuple(PropertyChange(path=f"P{m}", before=m, after=n) for m in range(7)),
        )
        for n in range(20)
    )

    shown = text(review(stack(changes=(*many, CHANGED))))

    assert shown.index("HogeTaskDefinition") < shown.index("R00")  # replaced goes before changed
    assert "and 9 more resources; --format html or json shows all" in shown
    assert shown.count("and 2 more properties; --format") == 11
    assert "R11" not in shown


def test_what_differs_at_the_end_of_much_is_seen() -> None:
    """Also where the value is not a text alone, like the definition of a state machine."""
    before, after = (
        {"Fn::Sub": f"{'x' * 300} ${{Role}} {end}"} for end in ("retries: 2", "retries: 0")
    )
    one = PropertyChange(path="Definition", before=before, after=after)
    changed = structs.replace(CHANGED, replacement=Replacement.NO, properties=(one,))

    shown = text(review(calm(changes=(changed,))))
    assert "Definition: …xx ${Role} retries: 2 → …xx ${Role} retries: 0\n" in shown


def test_a_consequence_of_much_says_how_much() -> None:
    told = Consequence(
        kind="data",
        weight=Weight.APPROVAL,
        text="it is deleted",
        details=tuple(f"detail {n}" for n in range(9_000)),
    )

    shown = text(review(stack(consequences=(told,))))

    assert "detail 11" in shown
    assert "detail 12" not in shown
    assert "and 8,988 more details; --format html or json" in shown


def test_a_new_stack_is_not_a_list_of_all_that_it_has() -> None:
    added = tuple(
        ResourceChange(logical_id=f"R{n}", type="AWS::SNS::Topic", action=Action.ADD)
        for n in range(27)
    )

    shown = text(review(calm(changes=added)))
    values = tuple(ParameterChange(name=f"P{n}", before=None, after="1") for n in range(3))
    new = text(review(calm(changes=added, parameters=values, status=Status.NEW)))

    assert "  + 27 resources are added\n" in shown
    assert "R3" not in shown
    assert "  = 3 parameters, all new; --format html or json shows them\n" in new
    assert "P1" not in new


def test_nothing_but_noise_is_one_line() -> None:
    noise = structs.replace(CHANGED, properties=CHANGED.properties[1:], replacement=Replacement.NO)

    shown = text(review(calm(changes=(noise,))))

    told = "  ~ HogeTaskDefinition with nothing but other tags, order, metadata or policies\n"
    assert told in shown


LONG = "-Xmx1500m -Xms1500m"


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        # told already, and too long to be read twice
        (
            Cause(kind="parameter", name="JavaOpts", after=LONG, place="a.yaml:1"),
            "JavaOpts changes",
        ),
        (Cause(kind="parameter", name="JavaOpts", after=LONG), ""),
        (Cause(kind="parameter", name="JavaOpts", after=f"{LONG} -Xss1m"), "JavaOpts unset → "),
        (Cause(kind="parameter", name="Number", before="1", after="2"), "Number 1 → 2"),
        (Cause(kind="parameter", name="Size", before="2", after="4", place="a:1"), "Size changes"),
        # that the template changes is said by every line
        (Cause(kind="template", name="Web"), ""),
        (Cause(kind="template", name="Web", place="stack.py:15"), "by stack.py:15"),
    ],
)
def test_why_is_not_what_was_said_before(cause: Cause, expected: str) -> None:
    made = Consequence(
        kind="rollout",
        weight=Weight.CALM,
        text="rolling, 1→2 tasks; memory 2 → 4 MiB",
        details=(f"app: variable JAVA_OPTS unset → {LONG}",),
        causes=(cause,),
    )
    shown = text(review(calm(consequences=(made,))))
    after = shown[shown.index("app: variable") :].splitlines()[1]

    assert expected in after if expected else "because" not in after and "by" not in after


def test_what_is_not_known_of_several_environments_is_told_once() -> None:
    asked = ("whether the image is there", "how many tasks run now")
    shown = text(review(*(calm(name, unknowns=asked) for name in ("dev", "stg", "prod"))))

    assert shown.count("  ? not known: how many tasks run now\n") == 1
    assert shown.count("  ? not known: the same as in hoge/dev, above\n") == 2


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        (Replacement.YES, "gets a new revision"),
        (Replacement.MAYBE, "may get a new revision, decided during deploy"),
        (Replacement.NO, "changes"),
    ],
)
def test_a_task_definition_is_not_replaced_but_revised(
    replacement: Replacement, expected: str
) -> None:
    changed = structs.replace(CHANGED, replacement=replacement, line="")

    assert f"(AWS::ECS::TaskDefinition) {expected}\n" in text(review(calm(changes=(changed,))))


def test_nothing_changes() -> None:
    shown = text(review(still("hoge", "dev"), still("hoge", "prod")))

    assert shown == (
        "main (3f2a1c9) → the work tree\n\n2 stacks: 2 unchanged\n   unchanged: hoge (dev, prod)\n"
    )


def test_what_stands_in_the_way_of_a_stack_that_does_not_change_is_told() -> None:
    blocked = Consequence(
        kind="blocked", weight=Weight.APPROVAL, text="the deploy would be refused: it is stuck"
    )
    made = structs.replace(
        still("hoge", "prod"), consequences=(blocked,), facts=("the last operation failed",)
    )

    shown = text(review(made, still("hoge", "dev")))

    assert "2 stacks: 1 needs approval, 1 unchanged" in shown
    assert "   unchanged: hoge (dev)\n" in shown
    assert shown.endswith(
        "hoge/prod (hoge-prod), unchanged: needs approval\n"
        "  !! the deploy would be refused: it is stuck\n"
        "  i the last operation failed\n"
    )


def test_environments_beside_each_other() -> None:
    shown = text(review(base="", head="the work tree", environments=(BESIDE,)))

    assert shown == (
        "\nhoge: stg, prod beside each other\n"
        "  ~ JavaOpts\n"
        "      stg:  -Xmx256m\n"
        "      prod: -Xmx1500m\n"
        "  ~ WafArn\n"
        "      stg:  not declared\n"
        '      prod: ""\n'
        "  = 1 parameter has the same value in all\n"
        "  ~ only prod has HogeWaf (AWS::WAFv2::WebACL)\n"
    )


@pytest.mark.parametrize(("columns", "expected"), [("30", 40), ("80", 80), ("500", 120)])
def test_the_width_of_the_terminal(
    columns: str,
    expected: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    print_lines([Line("word " * 100)])

    rows = capsys.readouterr().out.splitlines()
    assert expected - 5 < max(map(len, rows)) <= expected


@pytest.mark.parametrize(
    ("variables", "is_painted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_when_there_are_colours(
    variables: dict[str, str],
    is_painted: bool,  # noqa: FBT001 - a table
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(click, "echo", lambda text, **_: print(text, end=""))  # noqa: T201

    print_lines([Line("title", tone=Tone.TITLE)])

    assert ("\x1b[1m" in capsys.readouterr().out) is is_painted


def test_another_type_is_neither_noise_nor_a_replacement() -> None:
    """CloudFormation refuses it: what was there stays as it is."""
    refused = ResourceChange(
        logical_id="It",
        type="AWS::SQS::Queue",
        action=Action.MODIFY,
        replacement=Replacement.YES,
        was="AWS::SNS::Topic",
    )
    shown = text(review(stack(changes=(refused,))))

    assert "~ It (AWS::SQS::Queue) cannot be made of AWS::SNS::Topic: the deploy fails" in shown
    assert "nothing but" not in shown
