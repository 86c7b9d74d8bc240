"""What a person approves."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session

from ecs_blocks.deploy.cloudformation.changes import Change, ParameterChange, PropertyChange
from ecs_blocks.deploy.show.plan_text import Group, render, summary, verdict

REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge"
BALANCER = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/hoge/50dc6c"
DEFINITION = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/hoge:41"


def modified(name: str, type_: str, *properties: PropertyChange, **more: Any) -> Change:
    given = {"replacement": "False", "scope": ("Properties",), **more}
    return Change("Modify", name, f"AWS::{type_}", properties=properties, **given)


def replaced(name: str, type_: str, *properties: PropertyChange, **more: Any) -> Change:
    given = {"replacement": "True", "policy_action": "ReplaceAndDelete", **more}
    return modified(name, type_, *properties, **given)


REVISION = replaced(
    "HogeTaskDefinition",
    "ECS::TaskDefinition",
    PropertyChange(
        "ContainerDefinitions.0.Image",
        f"{REPOSITORY}:1.8.2",
        f"{REPOSITORY}:1.8.3",
        "Always",
        "parameter Image",
    ),
)
ROLLOUT = modified(
    "HogeService",
    "ECS::Service",
    PropertyChange("TaskDefinition", DEFINITION, cause="HogeTaskDefinition", dynamic=True),
)
CHANGES = (
    REVISION,
    ROLLOUT,
    replaced(
        "HogeLoadBalancer",
        "ElasticLoadBalancingV2::LoadBalancer",
        PropertyChange("Scheme", "internal", "internet-facing", "Always"),
        physical_id=BALANCER,
    ),
    modified(
        "HogeListener",
        "ElasticLoadBalancingV2::Listener",
        PropertyChange("Port", "80", "443", "Conditionally", "HogeLoadBalancer", dynamic=True),
        replacement="Conditional",
    ),
    Change("Remove", "OldTable", "AWS::DynamoDB::Table", "hoge", path=("Data",)),
    Change("Add", "HogeWaf", "AWS::WAFv2::WebACL"),
    Change("Import", "HogeZone", "AWS::Route53::HostedZone", "Z123"),
    modified(
        "HogeAlarm",
        "CloudWatch::Alarm",
        PropertyChange("Threshold", "80", "90", cause="parameter CpuThreshold"),
    ),
    modified("HogeLogs", "Logs::LogGroup", PropertyChange("Tags", "a", "b"), scope=("Tags",)),
    Change("Foo", "HogeFoo", "AWS::New::Thing"),
)

WIDE = """\
!! REPLACED
   HogeLoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer): a new one is made, the old one is
   deleted
      now: loadbalancer/app/hoge/50dc6c
      Scheme: internal → internet-facing (replaces it)

!! REMOVED
   Data/OldTable (AWS::DynamoDB::Table): is deleted
      now: hoge

!! DECIDED DURING DEPLOY
   HogeListener (AWS::ElasticLoadBalancingV2::Listener): may be replaced, decided during deploy
      Port: 80 → 443 (may replace it; because of HogeLoadBalancer)
   HogeFoo (AWS::New::Thing): Foo: not known to this version of ecs_blocks

+ ADDED
   HogeWaf (AWS::WAFv2::WebACL): is created
   HogeZone (AWS::Route53::HostedZone): exists already, and becomes part of the stack

~ CHANGED
   HogeAlarm (AWS::CloudWatch::Alarm): is changed
      Threshold: 80 → 90 (because of parameter CpuThreshold)
   HogeLogs (AWS::Logs::LogGroup): only its tags change
      Tags: a → b

AS WITH EVERY DEPLOY
   HogeTaskDefinition (AWS::ECS::TaskDefinition): new revision
      ContainerDefinitions.0.Image (because of parameter Image)
        - 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge:1.8.2
        + 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge:1.8.3
   HogeService (AWS::ECS::Service): rolls out the new revision
      TaskDefinition (because of HogeTaskDefinition)
        - arn:aws:ecs:ap-northeast-1:123456789012:task-definition/hoge:41
        + decided during deploy

2 changed, 1 added, 1 taken over, 1 new revision, 1 rollout, 1 replaced: HogeLoadBalancer; 1
removed: Data/OldTable; 2 decided during deploy: HogeListener, HogeFoo
"""
NARROW_ASCII = """\
!! REPLACED
   HogeLoadBalancer
   (AWS::ElasticLoadBalancingV2::LoadBalancer): a new one is
   made, the old one is deleted
      now: loadbalancer/app/hoge/50dc6c
      Scheme: internal -> internet-facing (replaces it)

AS WITH EVERY DEPLOY
   HogeTaskDefinition (AWS::ECS::TaskDefinition): new
   revision
      ContainerDefinitions.0.Image (because of parameter
      Image)
        - ...dkr.ecr.ap-northeast-1.amazonaws.com/hoge:1.8.2
        + ...dkr.ecr.ap-northeast-1.amazonaws.com/hoge:1.8.3

1 new revision, 1 replaced: HogeLoadBalancer
"""


def test_where_aws_tells_no_values_the_parameter_does() -> None:
    causes = "parameter Level, parameter DbPassword, parameter Other"
    one = PropertyChange("ContainerDefinitions", cause=causes)
    told = Change(
        "Modify", "Task", "AWS::ECS::TaskDefinition", replacement="True", properties=(one,)
    )
    given = (
        ParameterChange("Level", "info", "debug"),
        ParameterChange("DbPassword", None, None),
    )

    assert render([told], given).splitlines()[1:4] == [
        "   Task (AWS::ECS::TaskDefinition): new revision",
        "      ContainerDefinitions, by parameter Level: info → debug",
        "      ContainerDefinitions, by parameter DbPassword: changes, the value is hidden",
    ]


def test_what_aws_tells_is_not_told_by_parameters_again() -> None:
    one = PropertyChange("DisplayName", "a", "b", cause="parameter Title")
    told = Change("Modify", "Topic", "AWS::SNS::Topic", replacement="False", properties=(one,))

    assert "DisplayName: a → b (because of parameter Title)" in render(
        [told], (ParameterChange("Title", "a", "b"),)
    )


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("Target",), "Target: stays, like App.Name, which it takes"),
        (("Target", "Alarm"), "Target, Alarm: stay, like App.Name, which they take"),
    ],
)
def test_what_only_follows_is_told_last_and_in_one_line(names: tuple[str, ...], told: str) -> None:
    one = PropertyChange("ResourceId", cause="App.Name", dynamic=True, recreation="Always")
    changes = [
        Change(
            *("Modify", name, "AWS::ApplicationAutoScaling::ScalableTarget", "id", "False"),
            properties=(one,),
            follows=("App.Name",),
        )
        for name in names
    ]

    assert render(changes).splitlines() == [
        "AS WITH EVERY DEPLOY",
        f"   {told}",
        "",
        f"{len(names)} unchanged in the end",
    ]


def test_what_is_lost_stands_first_and_every_deploys_news_last() -> None:
    assert render(CHANGES) == WIDE


def test_a_narrow_terminal_without_unicode_shows_the_same() -> None:
    assert render((REVISION, CHANGES[2]), columns=60, encoding="ascii") == NARROW_ASCII


def test_nothing_is_nothing() -> None:
    assert render(()) == "nothing changes\n"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((REVISION, ROLLOUT), "1 new revision, 1 rollout"),
        ((REVISION, REVISION, ROLLOUT, ROLLOUT), "2 new revisions, 2 rollouts"),
        ((CHANGES[2],), "1 replaced: HogeLoadBalancer"),
        ((CHANGES[4], CHANGES[2]), "1 replaced: HogeLoadBalancer; 1 removed: Data/OldTable"),
    ],
)
def test_the_summary_counts_and_names_what_is_lost(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert summary(changes) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (replaced("A", "S3::Bucket", policy_action="ReplaceAndRetain"), "stays in AWS outside"),
        (replaced("A", "RDS::DBInstance", policy_action="ReplaceAndSnapshot"), "after a snapshot"),
        (replaced("A", "S3::Bucket", policy_action="ReplaceAndBurn"), "made (ReplaceAndBurn)"),
        (replaced("A", "S3::Bucket", replacement="Perhaps"), "replacement Perhaps: not known"),
        (replaced("A", "ECS::TaskDefinition", replacement="Conditional"), "new revision"),
        (Change("Remove", "A", "B", policy_action="Retain"), "leaves the stack and stays in AWS"),
        (Change("Remove", "A", "B", policy_action="Snapshot"), "is deleted after a snapshot"),
        (Change("Remove", "A", "B", policy_action="Burn"), "is removed (Burn)"),
        (Change("Dynamic", "A", "B"), "what happens to it is decided during deploy"),
        (Change("SyncWithActual", "A", "B"), "stays as it is"),
        (modified("A", "B", scope=("Metadata",)), "only its metadata in the template changes"),
        (modified("A", "B", scope=("Tags", "Properties")), "is changed"),
        (modified("A", "ECS::Service"), "is changed"),
        (modified("A", "ECS::Service", PropertyChange("DesiredCount", "1", "2")), "is changed"),
    ],
)
def test_a_verdict_is_in_words(change: Change, expected: str) -> None:
    assert expected in verdict(change).text


def test_a_service_that_takes_more_than_the_revision_is_changed() -> None:
    more = PropertyChange("DeploymentConfiguration.MinimumHealthyPercent", "100", "0")
    both = modified("A", "ECS::Service", *ROLLOUT.properties, more)

    assert verdict(both).group is Group.CHANGED


def actions() -> list[str]:
    return list(Session().get_service_model("cloudformation").shape_for("ChangeAction").enum)


@pytest.mark.parametrize("action", [*actions(), "Unheard"])
@pytest.mark.parametrize("replacement", ["", "True", "False", "Conditional"])
@pytest.mark.parametrize("type_", ["AWS::S3::Bucket", "AWS::ECS::TaskDefinition"])
def test_what_needs_approval_is_loud(action: str, replacement: str, type_: str) -> None:
    change = Change(action, "A", type_, replacement=replacement)
    is_loud = verdict(change).group.is_loud

    assert is_loud == (not change.is_calm and action != "SyncWithActual")
    assert ("not known" in verdict(change).text) == (action == "Unheard")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (PropertyChange("A", "1", "2"), "A: 1 → 2"),
        (PropertyChange("A", None, "2"), "A: (not told) → 2"),
        (PropertyChange("A", "1", None), "A: 1 → (not told)"),
        (PropertyChange("A", "1", None, dynamic=True), "A: 1 → decided during deploy"),
        (PropertyChange("A", dynamic=True), "A: decided during deploy"),
        (PropertyChange("A"), "A: changes, AWS does not tell how"),
        (
            PropertyChange("A", "1", "{{changeSet:KNOWN_AFTER_APPLY}}"),
            "A: 1 → decided during deploy",
        ),
        (PropertyChange("A", "1", "2", "Always"), "A: 1 → 2"),
        (PropertyChange("A", "1", "2...", truncated=True), "A: 1 → 2... (AWS cut the values)"),
        (PropertyChange("A", "1", "2", cause="B"), "A: 1 → 2 (because of B)"),
        (PropertyChange("DbPassword", "1", "2"), "DbPassword: changes, the value is hidden"),
        (PropertyChange("A", '{"token":"a"}', '{"token":"b"}'), "A: changes, the value is hidden"),
        (PropertyChange("A", "a\nb", "a b"), r"A: a\nb → a b"),
        (PropertyChange("A", "a", "a"), "A: changes in what is invisible"),
        (PropertyChange("A", "[bold]1[/bold]", "\x1b[2J2"), "A: [bold]1[/bold] → 2"),
    ],
)
def test_a_property_tells_what_was_and_will_be(one: PropertyChange, expected: str) -> None:
    lines = render((modified("X", "Y::Z", one),)).splitlines()

    assert lines[2] == f"      {expected}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("x" * 60 + "1", "x" * 60 + "2", ["- …" + "x" * 46 + "1", "+ …" + "x" * 46 + "2"]),
        ("1" + "x" * 60, "2" + "x" * 60, ["- 1" + "x" * 48 + "…", "+ 2" + "x" * 48 + "…"]),
        ("x" * 60, "short", ["- " + "x" * 49 + "…", "+ short"]),
    ],
)
def test_a_long_value_is_cut_around_what_differs(
    before: str, after: str, expected: list[str]
) -> None:
    one = PropertyChange("A", before, after)
    lines = render((modified("X", "Y::Z", one),), columns=60).splitlines()

    assert lines[3:5] == [f"        {line}" for line in expected]


def test_colour_adds_nothing_but_colour() -> None:
    coloured = render(CHANGES, colour=True)

    assert "\x1b[1;31m!! REPLACED\x1b[0m" in coloured
    assert render(CHANGES) == coloured.replace("\x1b[1;31m", "").replace("\x1b[0m", "").replace(
        "\x1b[1m", ""
    ).replace("\x1b[2m", "")
