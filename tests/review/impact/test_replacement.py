"""What the replacement of each kind of resource means, and what cannot be made at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import lines, stack, target, task, told, web
from tests.review.stacks import body

RETAIN = {"UpdateReplacePolicy": "Retain"}


def one(type_: str, /, **properties: Any) -> dict[str, Any]:
    return {"It": body(type_, **properties)}


@pytest.mark.parametrize(
    ("type_", "before", "after", "expected"),
    [
        (
            "ElasticLoadBalancingV2::LoadBalancer",
            {"Scheme": "internal"},
            {"Scheme": "internet-facing"},
            "approval address: It: the load balancer is replaced: new DNS name and addresses",
        ),
        (
            "ElasticLoadBalancingV2::TargetGroup",
            {"Port": 80},
            {"Port": 81},
            "notice replacement: It: the target group is replaced: the new one is empty until "
            "tasks have registered with it",
        ),
        (
            "ElasticLoadBalancingV2::Listener",
            {"LoadBalancerArn": "a"},
            {"LoadBalancerArn": "b"},
            "notice replacement: It: the listener is replaced",
        ),
        (
            "Logs::LogGroup",
            {"LogGroupName": "a"},
            {"LogGroupName": "b"},
            "approval data: It: the log group is replaced: the new one is empty; the old one is "
            "deleted, with all logs in it",
        ),
        (
            "EFS::FileSystem",
            {"Encrypted": False},
            {"Encrypted": True},
            "approval data: It: the file system is replaced: the new one is empty; the old one is "
            "deleted, with all its files",
        ),
        (
            "DynamoDB::Table",
            {"TableName": "a"},
            {"TableName": "b"},
            "approval data: It: the DynamoDB table is replaced: the new one is empty; the old one "
            "is deleted, with all items",
        ),
        (
            "ECR::Repository",
            {"RepositoryName": "a"},
            {"RepositoryName": "b"},
            "approval data: It: the image repository is replaced: the new one is empty; the old "
            "one is deleted only if it is empty, else it stays in the account",
        ),
        (
            "SecretsManager::Secret",
            {"Name": "a"},
            {"Name": "b"},
            "approval data: It: the secret is replaced: the new one is empty; the old one is "
            "deleted, with its value",
        ),
        (
            "SQS::Queue",
            {"QueueName": "a"},
            {"QueueName": "b"},
            "approval data: It: the queue is replaced: new URL; the new one is empty; the old one "
            "is deleted, with the messages in it",
        ),
        (
            "SNS::Topic",
            {"TopicName": "a"},
            {"TopicName": "b"},
            "approval replacement: It: the topic is replaced: subscriptions that are not in this "
            "stack are lost",
        ),
        (
            "IAM::Role",
            {"RoleName": "a"},
            {"RoleName": "b"},
            "notice replacement: It: the role is replaced: policies elsewhere that name the old "
            "ARN do not mean the new one",
        ),
        (
            "EC2::SecurityGroup",
            {"GroupDescription": "a", "VpcId": "v"},
            {"GroupDescription": "b", "VpcId": "v"},
            "notice replacement: It: the security group is replaced: rules in other stacks that "
            "name the old one do not mean the new one",
        ),
        (
            "CertificateManager::Certificate",
            {"DomainName": "a.example.com"},
            {"DomainName": "b.example.com"},
            "notice replacement: It: the certificate is replaced: the new one has to be validated: "
            "the deploy waits for that",
        ),
        (
            "Route53::RecordSet",
            {"Name": "a.example.com", "Type": "A"},
            {"Name": "b.example.com", "Type": "A"},
            "approval address: It: the DNS record is replaced: the name a.example.com leads "
            "nowhere any more; b.example.com does",
        ),
        (
            "ECS::Cluster",
            {"ClusterName": "a"},
            {"ClusterName": "b"},
            "approval replacement: It: the cluster is replaced: every service in it has to move; "
            "those of other stacks do not, and while one is in the old cluster that cannot be "
            "deleted: it stays in the account, in no stack",
        ),
        (
            "CloudWatch::Alarm",
            {"AlarmName": "a"},
            {"AlarmName": "b"},
            "calm replacement: It: the alarm is replaced: the state begins anew",
        ),
        (
            "ECS::Service",
            {"ServiceName": "a", "DesiredCount": 2},
            {"ServiceName": "b", "DesiredCount": 2},
            "approval replacement: It: the service is replaced: a new service starts with 2 tasks, "
            "then the old one and its tasks go",
        ),
        (
            "ServiceDiscovery::Service",
            {"Name": "a"},
            {"Name": "b"},
            "approval address: It: the name in Cloud Map is replaced: new name",
        ),
        (
            "WAFv2::WebACLAssociation",
            {"ResourceArn": "r", "WebACLArn": "a"},
            {"ResourceArn": "r", "WebACLArn": "b"},
            "notice replacement: It: the web ACL's association is replaced: requests may pass "
            "unfiltered for a moment",
        ),
        # of a type whose schema says delete_then_create
        (
            "EC2::SubnetRouteTableAssociation",
            {"SubnetId": "s", "RouteTableId": "a"},
            {"SubnetId": "t", "RouteTableId": "a"},
            "approval replacement: It: the EC2 subnet route table association is replaced: "
            "whatever it holds is not taken over; the old one is deleted before the new one is "
            "made",
        ),
        # a type without a sentence of its own
        (
            "Athena::WorkGroup",
            {"Name": "a"},
            {"Name": "b"},
            "approval replacement: It: the Athena work group is replaced: whatever it holds is not "
            "taken over",
        ),
    ],
)
def test_what_is_replaced(
    type_: str, before: dict[str, Any], after: dict[str, Any], expected: str
) -> None:
    assert expected in lines(one(type_, **before), one(type_, **after))


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({}, "the old one is deleted, with all logs in it"),
        (RETAIN, "the old one stays in the account, with all logs in it"),
    ],
)
def test_what_becomes_of_the_old_one(policy: dict[str, str], words: str) -> None:
    sides = [{"It": {**body("Logs::LogGroup", LogGroupName=name), **policy}} for name in ("a", "b")]

    assert lines(sides[0], sides[1]) == [
        f"approval data: It: the log group is replaced: the new one is empty; {words}"
    ]


def test_a_new_revision_of_a_task_definition_is_no_replacement_to_a_reader() -> None:
    before, after = (stack(web(), task(Family=name)) for name in ("a", "b"))

    assert [line for line in lines(before, after) if "is replaced" in line] == []


def test_a_scaled_service_that_is_replaced_starts_with_one_task() -> None:
    before, after = (
        stack(web(None, ServiceName=name), None, Target=target(3, 9)) for name in ("a", "b")
    )

    assert (
        "approval replacement: Web: the service is replaced: a new service starts with 1 task, "
        "until Application Auto Scaling raises it, then the old one and its tasks go"
    ) in lines(before, after)


def test_what_follows_a_replaced_balancer_is_one_line() -> None:
    def sides(scheme: str) -> dict[str, Any]:
        return {
            "Balancer": body("ElasticLoadBalancingV2::LoadBalancer", Scheme=scheme),
            "Listener": body(
                "ElasticLoadBalancingV2::Listener", LoadBalancerArn={"Ref": "Balancer"}, Port=443
            ),
            "Rule": body(
                "ElasticLoadBalancingV2::ListenerRule", ListenerArn={"Ref": "Listener"}, Priority=1
            ),
            "Record": body(
                "Route53::RecordSet",
                Name="hoge.example.com",
                Type="A",
                AliasTarget={"DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]}},
            ),
        }

    found = told(sides("internal"), sides("internet-facing"))

    assert [line.text for line in found if line.kind == "replacement"] == [
        "because of Balancer, Listener and Rule are replaced too"
    ]
    address = next(line for line in found if line.kind == "address")
    assert "Record of this stack follows, once resolvers forget the old address" in address.details


def test_calm_ones_of_a_type_are_one_line() -> None:
    def sides(prefix: str) -> dict[str, Any]:
        return {n: body("CloudWatch::Alarm", AlarmName=f"{prefix}-{n}") for n in ("A", "B", "C")}

    assert lines(sides("x"), sides("y")) == [
        "calm replacement: 3 alarms are replaced: A, B and C; the state begins anew"
    ]


@pytest.mark.parametrize(
    ("type_", "before", "after", "fails"),
    [
        ("ECS::Service", {"ServiceName": "s", "Cluster": "a"}, {"ServiceName": "s"}, True),
        ("ECS::Service", {"Cluster": "a"}, {"Cluster": "b"}, False),
        (
            "ElasticLoadBalancingV2::TargetGroup",
            {"Name": "t", "Port": 80},
            {"Name": "t", "Port": 81},
            True,
        ),
        (
            "ElasticLoadBalancingV2::TargetGroup",
            {"Name": "t", "Port": 80},
            {"Name": "u", "Port": 81},
            False,
        ),
        ("SNS::Topic", {"TopicName": "t"}, {"TopicName": "t", "FifoTopic": True}, True),
        ("SNS::Topic", {}, {"FifoTopic": True}, False),
        # the schema says: delete, then create
        (
            "Logs::MetricFilter",
            {"FilterName": "f", "LogGroupName": "a"},
            {"FilterName": "f", "LogGroupName": "b"},
            False,
        ),
    ],
)
def test_a_fixed_name_is_taken_by_the_old_one(
    type_: str, before: dict[str, Any], after: dict[str, Any], *, fails: bool
) -> None:
    found = lines(one(type_, **before), one(type_, **after), "blocked")
    failing = [line for line in found if "the deploy fails, for its name" in line]

    assert [line.partition(" ")[0] for line in failing] == ["approval"] * fails


def test_a_name_that_follows_a_new_resource_is_not_taken() -> None:
    def sides(cluster: str) -> dict[str, Any]:
        name = {"Fn::Sub": "ec2-${Cluster}"}
        return {
            "Cluster": body("ECS::Cluster", ClusterName=cluster),
            "Provider": body("ECS::CapacityProvider", Name=name),
        }

    assert "the deploy fails" not in str(lines(sides("one"), sides("two")))


RULE = "ElasticLoadBalancingV2::ListenerRule"
LISTENER = "ElasticLoadBalancingV2::Listener"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            body(LISTENER, LoadBalancerArn="lb", Port=443),
            body(LISTENER, LoadBalancerArn="lb", Port="443", Protocol="HTTPS"),
            "New: the deploy fails: it is made before Old is deleted, and port 443 of the load "
            "balancer is taken until Old is deleted; keep the logical id Old, or deploy the "
            "removal first",
        ),
        (
            body(RULE, ListenerArn="l", Priority=5),
            body(RULE, ListenerArn="l", Priority=5, Actions=[]),
            "New: the deploy fails: it is made before Old is deleted, and priority 5 of the "
            "listener is taken until Old is deleted; keep the logical id Old, or deploy the "
            "removal first",
        ),
        (
            body("Logs::LogGroup", LogGroupName="/ecs/hoge"),
            body("Logs::LogGroup", LogGroupName="/ecs/hoge", RetentionInDays=7),
            "New: the deploy fails: it is made before Old is deleted, and its name /ecs/hoge is "
            "taken until Old is deleted; keep the logical id Old, or deploy the removal first",
        ),
        (
            body(LISTENER, LoadBalancerArn="lb", Port=443),
            body(LISTENER, LoadBalancerArn="lb", Port=8443),
            "",
        ),
        (body(RULE, ListenerArn="l", Priority=5), body(RULE, ListenerArn="m", Priority=5), ""),
        (body("Logs::LogGroup"), body("Logs::LogGroup"), ""),
    ],
)
def test_a_place_is_taken_under_another_logical_id(
    old: dict[str, Any], new: dict[str, Any], expected: str
) -> None:
    found = [line.text for line in told({"Old": old}, {"New": new}) if "deploy fails" in line.text]

    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(("used", "fails"), [("Group", True), ("Other", False)])
def test_a_load_balancer_moves_to_no_other_vpc(used: str, *, fails: bool) -> None:
    def sides(vpc: str) -> dict[str, Any]:
        groups = [{"Fn::GetAtt": [used, "GroupId"]}]
        return {
            "Balancer": body("ElasticLoadBalancingV2::LoadBalancer", SecurityGroups=groups),
            "Group": body("EC2::SecurityGroup", VpcId=vpc),
            "Other": body("EC2::SecurityGroup", VpcId="vpc-1"),
        }

    expected = (
        "approval blocked: Balancer: the deploy fails: Group moves to another VPC (vpc-1 → "
        "vpc-2), and a load balancer cannot; give the load balancer another logical id, or make a "
        "stack of another name"
    )
    assert (expected in lines(sides("vpc-1"), sides("vpc-2"))) is fails


def test_an_email_address_that_changes_is_noticed() -> None:
    def sides(to: str) -> dict[str, Any]:
        return {"It": body("SNS::Subscription", Protocol="email", Endpoint=to)}

    assert lines(sides("a@example.com"), sides("b@example.com")) == [
        "notice replacement: It: the subscription is replaced: an e-mail subscriber is told "
        "nothing until it has confirmed"
    ]


def test_two_rules_swap_their_priorities() -> None:
    def sides(first: int, second: int) -> dict[str, Any]:
        return {
            "A": body(RULE, ListenerArn="l", Priority=first),
            "B": body(RULE, ListenerArn="l", Priority=second),
        }

    swapped = lines(sides(1, 2), sides(2, 1), "replacement")

    assert (
        "approval replacement: A: the deploy may fail: it takes priority 2, which B has until it "
        "is changed too; change them in two deploys"
    ) in swapped
    assert lines(sides(1, 2), sides(1, 3), "replacement") == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, "INFREQUENT_ACCESS", "STANDARD → INFREQUENT_ACCESS"),
        ("INFREQUENT_ACCESS", "STANDARD", "INFREQUENT_ACCESS → STANDARD"),
        (None, "STANDARD", None),
    ],
)
def test_what_aws_changes_nowhere(before: str | None, after: str, said: str | None) -> None:
    """Template reference, LogGroupClass: "Update requires: Updates are not supported"."""
    sides = [one("Logs::LogGroup", **({"LogGroupClass": c} if c else {})) for c in (before, after)]

    assert lines(sides[0], sides[1], "blocked") == [
        f"approval blocked: It: the deploy fails: LogGroupClass cannot be changed ({words}), only "
        "a new resource can have it"
        for words in filter(None, [said])
    ]


def test_another_type_under_the_same_logical_id() -> None:
    assert lines(one("SQS::Queue"), one("SNS::Topic")) == [
        "approval blocked: It: the deploy fails: AWS::SQS::Queue cannot become "
        "AWS::SNS::Topic; give the new one another logical id"
    ]


LEAVES = "approval address: It: the load balancer leaves subnet-a: its address there is gone"


@pytest.mark.parametrize(
    ("type_", "after", "expected"),
    [
        ("network", {"Subnets": ["subnet-b", "subnet-c"]}, [LEAVES]),
        ("network", {"SubnetMappings": [{"SubnetId": "subnet-b"}]}, [LEAVES]),
        ("network", {"Subnets": ["subnet-a", "subnet-b", "subnet-c"]}, []),
        ("network", {"Subnets": ["subnet-b", {"Ref": "Another"}]}, []),
        ("application", {"Subnets": ["subnet-b", "subnet-c"]}, []),
    ],
)
def test_a_network_load_balancer_leaves_a_subnet(
    type_: str, after: dict[str, Any], expected: list[str]
) -> None:
    balancer = "ElasticLoadBalancingV2::LoadBalancer"
    before = {"Subnets": ["subnet-a", "subnet-b"]}
    sides = [one(balancer, Type=type_, **subnets) for subnets in (before, after)]

    assert lines(sides[0], sides[1], "address") == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            {"AliasTarget": {"DNSName": {"Fn::GetAtt": ["A", "DNSName"]}}},
            {"AliasTarget": {"DNSName": {"Fn::GetAtt": ["B", "DNSName"]}}},
            ["notice address: It: the name hoge.example.com leads elsewhere: A → B"],
        ),
        (
            {"ResourceRecords": ["192.0.2.1"]},
            {"ResourceRecords": ["192.0.2.2"]},
            [
                "notice address: It: the name hoge.example.com leads elsewhere: 192.0.2.1 → "
                "192.0.2.2"
            ],
        ),
        ({"TTL": 60}, {"TTL": 300}, []),
    ],
)
def test_a_name_leads_elsewhere(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    name = {"Name": "hoge.example.com", "Type": "A"}
    sides = [one("Route53::RecordSet", **name, **properties) for properties in (before, after)]

    assert lines(sides[0], sides[1], "address") == expected


def test_both_records_of_a_name_are_one_line() -> None:
    def records(name: str) -> dict[str, Any]:
        return {
            f"{type_}It": body("Route53::RecordSet", Name=name, Type=type_) for type_ in ADDRESS
        }

    assert lines(records("hoge.example.com"), records("hoge.example.org")) == [
        "approval address: 2 DNS records are replaced: AIt and AAAAIt; the name hoge.example.com "
        "leads nowhere any more; hoge.example.org does"
    ]


def test_several_names_that_are_taken_are_one_line() -> None:
    def sides(prefix: str) -> dict[str, Any]:
        return {f"{prefix}{n}": body("CloudWatch::Alarm", AlarmName=f"x-{n}") for n in ("A", "B")}

    found = [one for one in told(sides("Old"), sides("New")) if one.kind == "blocked"]

    assert [one.text for one in found] == [
        "the deploy fails: 2 alarms (NewA and NewB) are made before OldA and OldB are deleted, "
        "which still have their names; keep the logical ids, or deploy the removal first"
    ]
    assert found[0].details == (
        "NewA: its name x-A is taken until OldA is deleted",
        "NewB: its name x-B is taken until OldB is deleted",
    )


ADDRESS = ("A", "AAAA")
FOLDER = (
    "the access point is replaced: tasks mount the new one from their next start; tasks see the "
    "folder /pages instead of /data, whose files stay there, unseen"
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"RootDirectory": {"Path": "/data"}}, {"RootDirectory": {"Path": "/pages"}}, FOLDER),
        ({}, {"RootDirectory": {"Path": "/pages"}}, FOLDER.replace("/data", "/")),
    ],
)
def test_tasks_see_another_folder(
    before: dict[str, Any], after: dict[str, Any], expected: str
) -> None:
    point = "EFS::AccessPoint"

    assert lines(one(point, **before), one(point, **after)) == [
        f"approval replacement: It: {expected}"
    ]


def test_an_access_point_to_the_same_folder() -> None:
    before, after = (
        one("EFS::AccessPoint", PosixUser={"Uid": uid, "Gid": "1"}) for uid in ("1", "2")
    )

    assert lines(before, after) == [
        "notice replacement: It: the access point is replaced: tasks mount the new one from their "
        "next start"
    ]
