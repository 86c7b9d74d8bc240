"""What is replaced because of what it refers to, and what only changes with it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.review.model import Fate, Replacement
from tests.review.stacks import body, changes, side

LB: Final = "ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "ElasticLoadBalancingV2::Listener"
RULE: Final = "ElasticLoadBalancingV2::ListenerRule"


def stack(scheme: Any = "internal", /, **more: Any) -> dict[str, Any]:
    """A balancer with all that stands behind it."""
    return {
        "Balancer": body(LB, Scheme=scheme),
        "Listener": body(LISTENER, LoadBalancerArn={"Ref": "Balancer"}, Port=443),
        "Rule": body(RULE, ListenerArn={"Ref": "Listener"}, Priority=1),
        "Record": body(
            "Route53::RecordSet",
            Name="hoge.example.com",
            AliasTarget={
                "DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]},
                "HostedZoneId": {"Fn::GetAtt": ["Balancer", "CanonicalHostedZoneID"]},
            },
        ),
        "Topic": body("SNS::Topic"),
        **more,
    }


def test_a_chain_is_followed_to_its_end() -> None:
    found = changes(side(stack("internal")), side(stack("internet-facing")))

    assert {name: one.replacement for name, one in found.items()} == {
        "Balancer": Replacement.YES,
        "Listener": Replacement.YES,
        "Rule": Replacement.YES,
        "Record": Replacement.NO,
    }
    assert found["Listener"].why == (
        "LoadBalancerArn of AWS::ElasticLoadBalancingV2::Listener cannot be changed in place, and "
        "Balancer, to which it refers, is replaced"
    )


def test_the_zone_of_every_balancer_is_the_same() -> None:
    found = changes(side(stack("internal")), side(stack("internet-facing")))

    assert [row.path for row in found["Record"].properties] == ["AliasTarget.DNSName"]


def test_what_may_be_replaced_is_followed_as_that() -> None:
    declared = {"Scheme": {"Type": "String"}}
    after = side(stack({"Ref": "Scheme"}), Parameters=declared, lookups={"Scheme": "!Ssm /scheme"})
    found = changes(side(stack("internal")), after)

    assert {name: one.replacement for name, one in found.items()} == {
        "Balancer": Replacement.MAYBE,
        "Listener": Replacement.MAYBE,
        "Rule": Replacement.MAYBE,
        "Record": Replacement.NO,
    }
    assert found["Balancer"].why == (
        "only if Scheme changes; !Ssm /scheme is looked up when it is deployed"
    )


def test_what_is_only_changed_keeps_its_ref() -> None:
    before, after = stack(), stack()
    before["Balancer"]["Properties"]["IpAddressType"] = "ipv4"

    assert list(changes(side(before), side(after))) == ["Balancer"]


def test_a_new_revision_is_what_the_service_is_given() -> None:
    def resources(cpu: int) -> dict[str, Any]:
        return {
            "Task": body("ECS::TaskDefinition", Cpu=cpu),
            "Service": body("ECS::Service", TaskDefinition={"Ref": "Task"}, Cluster="c"),
        }

    found = changes(side(resources(256)), side(resources(512)))

    assert found["Task"].replacement is Replacement.YES
    assert found["Service"].replacement is Replacement.NO
    assert [row.path for row in found["Service"].properties] == ["TaskDefinition"]


def group(version: Any, policy: dict[str, Any] | None = None) -> dict[str, Any]:
    """A launch template, and a group that follows its newest version."""
    settings = {"UpdatePolicy": policy} if policy else {}
    return {
        "Template": body("EC2::LaunchTemplate", LaunchTemplateData={"ImageId": version}),
        "Group": {
            **body(
                "AutoScaling::AutoScalingGroup",
                LaunchTemplate={
                    "LaunchTemplateId": {"Ref": "Template"},
                    "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
                },
            ),
            **settings,
        },
    }


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, Replacement.NO),
        ({"AutoScalingRollingUpdate": {"MinInstancesInService": 1}}, Replacement.NO),
        ({"AutoScalingReplacingUpdate": {"WillReplace": False}}, Replacement.NO),
        ({"AutoScalingReplacingUpdate": {"WillReplace": True}}, Replacement.YES),
        ({"AutoScalingReplacingUpdate": {"WillReplace": {"Ref": "Open"}}}, Replacement.MAYBE),
    ],
)
def test_a_new_version_of_a_launch_template_reaches_the_group(
    policy: dict[str, Any] | None, expected: Replacement
) -> None:
    found = changes(side(group("ami-1", policy)), side(group("ami-2", policy)))

    assert found["Template"].replacement is Replacement.NO
    assert found["Group"].replacement is expected
    assert [row.path for row in found["Group"].properties] == ["LaunchTemplate.Version"]


def test_an_attribute_that_is_a_property_changes_with_it() -> None:
    def resources(value: str) -> dict[str, Any]:
        return {
            "Name": body("SSM::Parameter", Value=value),
            "Group": body("Logs::LogGroup", LogGroupName={"Fn::GetAtt": ["Name", "Value"]}),
            "Other": body("Logs::LogGroup", LogGroupName={"Ref": "Name"}),
        }

    found = changes(side(resources("one")), side(resources("two")))

    assert {name: one.replacement for name, one in found.items()} == {
        "Name": Replacement.NO,
        "Group": Replacement.YES,
    }


def test_a_custom_resource_may_give_anything_back() -> None:
    def resources(value: str) -> dict[str, Any]:
        return {
            "Custom": {"Type": "Custom::Zone", "Properties": {"Value": value}},
            "Group": body("Logs::LogGroup", LogGroupName={"Fn::GetAtt": ["Custom", "Name"]}),
        }

    found = changes(side(resources("one")), side(resources("two")))

    assert {name: one.replacement for name, one in found.items()} == {
        "Custom": Replacement.MAYBE,
        "Group": Replacement.MAYBE,
    }


def test_another_resource_is_another_value() -> None:
    def resources(name: str) -> dict[str, Any]:
        rest = {key: value for key, value in stack().items() if key != "Balancer"}
        rest["Listener"] = body(LISTENER, LoadBalancerArn={"Ref": name}, Port=443)
        return {**rest, "Balancer": body(LB), "Second": body(LB)}

    found = changes(side(resources("Balancer")), side(resources("Second")))

    assert found["Listener"].replacement is Replacement.YES


def test_a_name_and_a_ref_to_what_has_this_name_are_one_value() -> None:
    def resources(value: Any) -> dict[str, Any]:
        return {
            "Group": body("Logs::LogGroup", LogGroupName="/ecs/hoge"),
            "Filter": body("Logs::MetricFilter", LogGroupName=value),
        }

    found = changes(side(resources("/ecs/hoge")), side(resources({"Ref": "Group"})))

    assert found["Filter"].replacement is Replacement.NO


def test_circles_and_what_refers_to_itself_end() -> None:
    def resources(name: str) -> dict[str, Any]:
        return {
            "One": body("EC2::SecurityGroup", GroupName=name, VpcId={"Ref": "Two"}),
            "Two": body("EC2::SecurityGroup", GroupName="two", VpcId={"Ref": "One"}),
            "Own": body("EC2::SecurityGroup", GroupName={"Ref": "Own"}),
        }

    found = changes(side(resources("a")), side(resources("b")))

    assert {name: one.replacement for name, one in found.items()} == {
        "One": Replacement.YES,
        "Two": Replacement.YES,
    }


FATES: Final = [
    ("Logs::LogGroup", {}, {}, Fate.DELETED),
    ("Logs::LogGroup", {"DeletionPolicy": "Retain"}, {}, Fate.RETAINED),
    ("Logs::LogGroup", {"DeletionPolicy": "RetainExceptOnCreate"}, {}, Fate.RETAINED),
    ("RDS::DBInstance", {"DeletionPolicy": "Delete"}, {}, Fate.DELETED),
    ("RDS::DBInstance", {"DeletionPolicy": "Snapshot"}, {}, Fate.SNAPSHOT),
    ("RDS::DBInstance", {}, {}, Fate.SNAPSHOT),
    ("RDS::DBInstance", {}, {"DBClusterIdentifier": "c"}, Fate.DELETED),
    ("RDS::DBCluster", {}, {}, Fate.SNAPSHOT),
    ("Logs::LogGroup", {"UpdateReplacePolicy": "Retain"}, {}, Fate.DELETED),
]


@pytest.mark.parametrize(("type_", "policies", "properties", "fate"), FATES, ids=str)
def test_what_becomes_of_what_is_removed(
    type_: str, policies: dict[str, str], properties: dict[str, str], fate: Fate
) -> None:
    """Template reference, DeletionPolicy: of the template that the stack has."""
    old = side({"It": {**body(type_, **properties), **policies}})

    assert changes(old, side({}))["It"].fate is fate


@pytest.mark.parametrize(
    ("policies", "fate"),
    [
        ({}, Fate.DELETED),
        ({"DeletionPolicy": "Retain"}, Fate.DELETED),
        ({"UpdateReplacePolicy": "Retain"}, Fate.RETAINED),
        ({"UpdateReplacePolicy": "Snapshot"}, Fate.SNAPSHOT),
    ],
    ids=str,
)
def test_what_becomes_of_what_is_replaced(policies: dict[str, str], fate: Fate) -> None:
    """Template reference, UpdateReplacePolicy: of the template that is deployed."""
    old = side(
        {"It": {**body("EFS::FileSystem", Encrypted=False), "UpdateReplacePolicy": "Retain"}}
    )
    new = side({"It": {**body("EFS::FileSystem", Encrypted=True), **policies}})

    assert changes(old, new)["It"].fate is fate


def test_another_type_under_one_logical_id_is_refused() -> None:
    found = changes(side({"It": body("SQS::Queue")}), side({"It": body("SNS::Topic")}))["It"]

    assert (found.type, found.replacement) == ("AWS::SNS::Topic", Replacement.YES)
    assert found.why == (
        "AWS::SQS::Queue becomes AWS::SNS::Topic under the same logical id, which CloudFormation "
        "refuses (update of resource type is not permitted); give the new one another logical id"
    )


def test_what_is_new_and_what_goes_away() -> None:
    old, new = side({"Gone": body("SQS::Queue", A=1)}), side({"New": body("SQS::Queue", B=2)})
    found = changes(old, new)

    assert [(one.action, one.fate) for one in found.values()] == [
        ("add", None),
        ("remove", Fate.DELETED),
    ]
    rows = [(row.path, row.before, row.after) for one in found.values() for row in one.properties]
    assert rows == [("B", None, "2"), ("A", "1", None)]
