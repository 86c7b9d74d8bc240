"""Running checks: findings, what is not checked, and what is suppressed with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.run import Finding, NotChecked, judge, suppressions
from tests.checks.helpers import resource

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(part: Resource, _template: Template) -> Iterator[Fault]:
    for path, item in part.items("Parts"):
        if part.get(path) == "bad":
            yield Fault(path, f"{item} is bad")


CHECK = Check(
    id="EB999",
    title="parts are good",
    types=("AWS::Test::Thing",),
    severity=Severity.WARNING,
    fix="use a good part",
    judge=_judge,
)


def thing(*parts: Any, suppress: Any = None) -> dict[str, Any]:
    found = resource("AWS::Test::Thing", Parts=list(parts))
    if suppress is not None:
        found["Metadata"] = {"ecs_blocks": {"suppress": suppress}}
    return found


def template(**resources: Any) -> Template:
    return Template({"Resources": resources})


def test_a_finding_says_it_all() -> None:
    verdict = judge(template(Thing=thing("good", "bad")), [CHECK])

    assert verdict.findings == (
        Finding(
            id="EB999",
            severity=Severity.WARNING,
            resource="Thing",
            property="Parts.1",
            message="bad is bad",
            fix="use a good part",
            suppressed=None,
        ),
    )
    assert verdict.not_checked == ()


def test_only_resources_of_the_checks_types_are_judged() -> None:
    verdict = judge(template(Thing=thing(), Topic=resource("AWS::SNS::Topic")), [CHECK, CHECK])

    assert verdict.judged == 2
    assert verdict.findings == ()


def test_what_is_unknown_is_not_checked_and_never_passed() -> None:
    verdict = judge(template(Thing=thing({"Ref": "Part"})), [CHECK])

    assert verdict.findings == ()
    assert verdict.not_checked == (NotChecked("EB999", "Thing", "Parts.0"),)


def test_what_was_found_before_the_unknown_stays_found() -> None:
    verdict = judge(template(Thing=thing("bad", {"Ref": "Part"}, "bad")), [CHECK])

    assert [finding.property for finding in verdict.findings] == ["Parts.0"]
    assert [unknown.property for unknown in verdict.not_checked] == ["Parts.1"]


def test_one_unknown_resource_does_not_hide_the_next() -> None:
    resources = {"First": thing({"Ref": "Part"}), "Second": thing("bad")}
    verdict = judge(template(**resources), [CHECK])

    assert [finding.resource for finding in verdict.findings] == ["Second"]
    assert [unknown.resource for unknown in verdict.not_checked] == ["First"]


def test_a_reason_suppresses() -> None:
    suppress = {"EB999": "the vendor ships it like that"}
    (finding,) = judge(template(Thing=thing("bad", suppress=suppress)), [CHECK]).findings

    assert finding.suppressed == "the vendor ships it like that"


def test_a_reason_suppresses_its_own_check_on_its_own_resource_only() -> None:
    suppress = {"EB998": "something else is right here"}
    resources = {"Thing": thing("bad", suppress=suppress), "Other": thing("bad")}
    findings = judge(template(**resources), [CHECK]).findings

    assert [(one.resource, one.suppressed) for one in findings] == [
        ("Thing", None),
        ("Other", None),
    ]


@pytest.mark.parametrize("reason", ["", "  ", "because", None])
def test_a_suppression_without_a_reason_is_a_finding_itself(reason: str | None) -> None:
    findings = judge(template(Thing=thing("bad", suppress={"EB999": reason})), [CHECK]).findings

    assert [(one.id, one.severity) for one in findings] == [
        ("EB999", Severity.WARNING),
        ("EB001", Severity.ERROR),
    ]
    assert findings[1].property == "Metadata.ecs_blocks.suppress.EB999"


def test_a_suppression_without_a_reason_suppresses_nothing() -> None:
    findings = judge(template(Thing=thing("bad", suppress={"EB999": ""})), [CHECK]).findings

    assert findings[0].suppressed is None


@pytest.mark.parametrize(
    "metadata",
    [None, "text", [], {"ecs_blocks": "text"}, {"ecs_blocks": {"suppress": ["EB999"]}}, {}],
)
def test_odd_metadata_suppresses_nothing(metadata: Any) -> None:
    assert suppressions({"Metadata": metadata}) == {}


def test_nothing_to_judge() -> None:
    verdict = judge(Template({}), [CHECK])

    assert (verdict.findings, verdict.not_checked, verdict.judged) == ((), (), 0)
