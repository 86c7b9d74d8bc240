"""Guard rules: what they judge, and what they cannot judge before CloudFormation runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.checks.engine import Engine
from ecs_blocks.checks.run import NotChecked
from tests.checks.helpers import resource

if TYPE_CHECKING:
    from pathlib import Path

RULES: Final = """\
let groups = Resources.*[ Type == 'AWS::Logs::LogGroup' ]
rule YEAR when %groups !empty {
  %groups.Properties.RetentionInDays >= 365 <<kept for a year>>
  %groups.Properties.RetentionInDays != 7 <<not a week>>
}
rule OWNED when %groups !empty {
  %groups.Properties.Tags[*].Value != 'nobody' <<somebody owns it>>
}
"""
DAYS: Final = {"Ref": "Days"}


@pytest.fixture(name="engine", scope="module")
def fixture_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The validator with the rules above; to load it takes half a second."""
    path: Path = tmp_path_factory.mktemp("policies") / "rules.guard"
    path.write_text(RULES, encoding="utf-8")
    return Engine([path])


GOOD: Final = {"RetentionInDays": 365, "Tags": [{"Key": "Owner", "Value": "us"}]}


@pytest.mark.parametrize(
    ("changed", "found", "not_checked"),
    [
        pytest.param({}, [], [], id="good"),
        pytest.param(
            {"RetentionInDays": 30}, [("YEAR", "RetentionInDays")], [], id="a value at fault"
        ),
        pytest.param({"RetentionInDays": DAYS}, [], [("YEAR", "RetentionInDays")], id="a Ref"),
        pytest.param(
            {"RetentionInDays": {"Fn::If": ["Long", 400, 30]}},
            [],
            [("YEAR", "RetentionInDays")],
            id="undecided",
        ),
        pytest.param({"Tags": DAYS}, [], [("OWNED", "Tags")], id="a list that is not known"),
        pytest.param(
            {"Tags": [DAYS, {"Key": "Owner", "Value": "nobody"}]},
            [("OWNED", "Tags.1.Value")],
            [("OWNED", "Tags.0")],
            id="an item that is not known hides no other",
        ),
    ],
)
def test_guard_does_not_judge_what_only_cloudformation_knows(
    engine: Engine,
    changed: dict[str, Any],
    found: list[tuple[str, str]],
    not_checked: list[tuple[str, str]],
) -> None:
    template = {"Resources": {"Group": resource("AWS::Logs::LogGroup", **GOOD | changed)}}
    verdict = engine.judge({"Resources": {}}, template, {}, {})
    ours = [f for f in verdict.findings if f.id in {"YEAR", "OWNED"}]

    assert [(f.id, f.property) for f in ours] == found
    assert verdict.not_checked == tuple(NotChecked(id_, "Group", p) for id_, p in not_checked)


def test_a_property_that_is_not_there_is_a_finding(engine: Engine) -> None:
    template = {"Resources": {"Group": resource("AWS::Logs::LogGroup", Tags=GOOD["Tags"])}}
    verdict = engine.judge({"Resources": {}}, template, {}, {})

    assert {f.id for f in verdict.findings if f.resource == "Group"} == {"YEAR"}
    assert verdict.not_checked == ()


ARN: Final = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0a1b2c3d/0a1b"


@pytest.mark.parametrize(
    ("listener", "found"),
    [
        pytest.param(ARN, ["Rule"], id="written in the template"),
        pytest.param({"Ref": "Listener"}, [], id="the value of a parameter"),
        pytest.param({"Fn::Sub": "${Listener}"}, [], id="made from it"),
    ],
)
def test_a_parameter_s_value_is_no_hardcoded_arn(
    engine: Engine, listener: object, found: list[str]
) -> None:
    rule = resource(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        ListenerArn=listener,
        Priority=1,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )
    template = {"Parameters": {"Listener": {"Type": "String"}}, "Resources": {"Rule": rule}}

    verdict = engine.judge(template, template, {"Listener": ARN}, {})

    assert [one.resource for one in verdict.findings if one.id == "W9002"] == found
