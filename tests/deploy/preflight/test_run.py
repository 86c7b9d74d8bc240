"""The whole pre-flight of the shipped stacks."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.aws import Identity
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.lookups import resolve
from ecs_blocks.deploy.place import place_of
from ecs_blocks.deploy.preflight.finding import Finding, Kind, Report
from ecs_blocks.deploy.preflight.run import preflight
from ecs_blocks.deploy.preflight.subject import Subject
from ecs_blocks.deploy.preparing import inspected, prepare
from ecs_blocks.deploy.target import Target
from ecs_blocks.templates.render import Project, render_app
from tests.deploy.preflight.lookups_world import KEY, outputs, stacks
from tests.deploy.preflight.scripted import refused
from tests.project import REPOSITORY

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

DIGEST = f"sha256:{'a' * 64}"
CERTIFICATE = (
    "arn:aws:acm:ap-northeast-1:123456789012:certificate/0c0d1a2b-0003-4000-8000-000000000003"
)


@cache
def target(app: str) -> Target:
    project = Project.open(REPOSITORY / "stacks")
    values = {"ImageTag": "1.8.2", "DeletionProtection": "false"}
    rendered = render_app(project, app, values)
    prod = next(one for one in rendered.environments if one.name == "prod")
    return Target(place_of(project, app, "prod"), prod, text="")


def looked_up(server: Scripted) -> None:
    """What a deploy cannot do without."""
    topic = "arn:aws:sns:ap-northeast-1:123456789012:alarms"
    stacks(server, cluster_prod=outputs(KeyArn=KEY, AlarmTopicArn=topic, AccessLogBucket="logs"))


def subnets(asked: dict[str, Any]) -> dict[str, Any]:
    names = [value for key, value in asked.items() if key.startswith("Filter.1.Value")]
    return {
        "Subnets": [
            {
                "SubnetId": name,
                "VpcId": "vpc-0c0d1a2b3c4d5e6f7",
                "AvailabilityZone": f"zone {name[-1]}",
                "AvailableIpAddressCount": 200,
            }
            for name in names
        ]
    }


def account_that_is_ready(server: Scripted, architecture: str = "amd64") -> None:
    """An account in which hoge and fuga can be made."""
    looked_up(server)
    manifest = json.dumps(
        {"manifests": [{"platform": {"os": "linux", "architecture": architecture}}]}
    )
    image = {"imageId": {"imageDigest": DIGEST}, "imageManifest": manifest}
    server.on("ecr.BatchGetImage", {"images": [image]})
    server.on("kms.DescribeKey", {"KeyMetadata": {"KeyId": "k", "KeyState": "Enabled"}})
    server.on(
        "ssm.GetParameters", lambda asked: {"Parameters": [{"Name": n} for n in asked["Names"]]}
    )
    server.on("logs.DescribeLogGroups", {"logGroups": []})
    server.on("cloudwatch.DescribeAlarms", {"MetricAlarms": [], "CompositeAlarms": []})
    described = {
        "DomainName": "*.example.com",
        "SubjectAlternativeNames": ["*.example.com"],
        "Status": "ISSUED",
        "NotAfter": dt.datetime(2027, 6, 1, tzinfo=dt.UTC),
    }
    server.on("acm.DescribeCertificate", {"Certificate": described})
    zone = {
        "Id": "/hostedzone/Z0PROD123456789ABCDEF",
        "Name": "example.com.",
        "CallerReference": "c",
    }
    server.on("route53.GetHostedZone", {"HostedZone": zone})
    nothing = {"ResourceRecordSets": [], "IsTruncated": False, "MaxItems": "20"}
    server.on("route53.ListResourceRecordSets", nothing)
    server.on("ec2.DescribeVpcs", {"Vpcs": [{"VpcId": "vpc-0c0d1a2b3c4d5e6f7"}]})
    server.on("ec2.DescribeSubnets", subnets)
    cluster = {
        "clusterName": "default",
        "clusterArn": "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default",
        "status": "ACTIVE",
        "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
    }
    server.on("ecs.DescribeClusters", {"clusters": [cluster]})
    arn = "arn:aws:iam::123456789012:role/r"
    role = {"Path": "/", "RoleName": "r", "RoleId": "AROA", "Arn": arn}
    server.on("iam.GetRole", {"Role": role})
    trunking = {"name": "awsvpcTrunking", "value": "enabled"}
    server.on("ecs.ListAccountSettings", {"settings": [trunking]})
    quota = {"Name": "application-load-balancers", "Max": "50"}
    server.on("elbv2.DescribeAccountLimits", {"Limits": [quota]})
    server.on("elbv2.DescribeLoadBalancers", {"LoadBalancers": []})


def report(server: Scripted, app: str) -> Report:
    resolved = resolve(server.aws, target(app).place, target(app).rendered)
    server.asked.clear()
    return preflight(server.aws, Subject.of(target(app), resolved))


@pytest.mark.slow
@pytest.mark.parametrize(("app", "architecture"), [("hoge", "amd64"), ("fuga", "arm64")])
def test_a_shipped_service_may_be_made_in_an_account_that_is_ready(
    server: Scripted, app: str, architecture: str
) -> None:
    account_that_is_ready(server, architecture)
    found = report(server, app)

    assert (found.problems, found.warnings, found.skipped) == ((), (), ())
    assert found.refusal(f"{app}-prod") is None
    assert [str(one) for one in found.facts] == [
        f"{app}-image:1.8.2: is {DIGEST}, for linux/{architecture}",
        f"certificate {CERTIFICATE}: issued for *.example.com until 2027-06-01",
        "hosted zone Z0PROD123456789ABCDEF: is example.com",
        "cluster default: ACTIVE",
    ]


def test_a_preflight_asks_fifteen_questions(server: Scripted) -> None:
    account_that_is_ready(server)
    report(server, "hoge")

    assert sorted(name for name, _ in server.asked) == [
        "acm.DescribeCertificate",
        "cloudwatch.DescribeAlarms",
        "ec2.DescribeSubnets",
        "ec2.DescribeVpcs",
        "ecs.DescribeClusters",
        "ecs.ListAccountSettings",
        "elbv2.DescribeAccountLimits",
        "elbv2.DescribeLoadBalancers",
        "iam.GetRole",
        "iam.GetRole",
        "iam.GetRole",
        "kms.DescribeKey",
        "logs.DescribeLogGroups",
        "route53.GetHostedZone",
        "route53.ListResourceRecordSets",
    ]


@pytest.mark.parametrize("app", ["hoge", "fuga", "cluster"])
def test_without_any_permission_nothing_is_known_and_nothing_is_refused(
    server: Scripted, app: str
) -> None:
    looked_up(server)
    found = report(server, app)

    assert (found.problems, found.warnings, found.facts) == ((), (), ())
    assert found.skipped
    assert all("the permission " in one.message for one in found.skipped)


def test_one_missing_permission_is_one_line(server: Scripted) -> None:
    account_that_is_ready(server)
    del server.answers["iam.GetRole"]

    assert [str(one) for one in report(server, "hoge").skipped] == [
        "service-linked role of ECS, service-linked role of Elastic Load Balancing, service-linked "
        "role of the scaling of services: not checked: the permission iam:GetRole is missing"
    ]


def test_all_problems_are_told_in_one_refusal(server: Scripted) -> None:
    account_that_is_ready(server, "arm64")
    server.on("kms.DescribeKey", {"KeyMetadata": {"KeyId": "k", "KeyState": "Disabled"}})
    server.on("logs.DescribeLogGroups", {"logGroups": [{"logGroupName": "/ecs/hoge-prod"}]})
    server.on("ecs.DescribeClusters", {"clusters": []})
    error = report(server, "hoge").refusal("hoge-prod")

    assert error is not None
    assert error.exit_code == 15
    assert error.message.splitlines() == [
        "hoge-prod: 4 problems would make the deploy fail; nothing was changed",
        "  hoge-image:1.8.2: it is built for linux/arm64, but HogeTaskDefinition runs on "
        "linux/amd64",
        f"  KMS key {KEY}: the key is Disabled; it is for HogeLogGroup",
        "  HogeLogGroup: there is a log group /ecs/hoge-prod already, outside this stack",
        "  cluster default: there is no such cluster; it is for HogeService",
    ]
    assert error.hint.splitlines() == [
        "build it for linux/amd64: docker buildx build --platform linux/amd64",
        f"  aws kms enable-key --key-id {KEY} --region ap-northeast-1",
        "  if its lines are not needed any more: aws logs delete-log-group --log-group-name "
        "/ecs/hoge-prod --region ap-northeast-1",
        "  deploy the stack that makes it first, say: ecs-blocks deploy cluster --env prod",
    ]


def unprepared(server: Scripted, app: str = "hoge") -> DeployError:
    """Why a deploy of a shipped stack is not even planned."""
    one = target(app)
    who = Identity("123456789012", "arn:aws:iam::123456789012:user/ci")
    with pytest.raises(DeployError) as error:
        prepare(server.aws, one, one.place.settings, who)
    return error.value


def test_what_is_missing_hides_nothing_that_is_wrong_besides(server: Scripted) -> None:
    account_that_is_ready(server, "arm64")
    stacks(server)
    server.on("logs.DescribeLogGroups", {"logGroups": [{"logGroupName": "/ecs/hoge-prod"}]})
    server.on("ecs.DescribeClusters", {"clusters": []})
    error = unprepared(server)

    assert error.exit_code == 15
    assert error.message.split("\n  ") == [
        "hoge-prod: not every value is known; nothing was changed",
        "AccessLogBucket, AlarmTopicArn, KeyArn: the stack cluster-prod does not exist",
        "hoge-image:1.8.2: it is built for linux/arm64, but HogeTaskDefinition runs on linux/amd64",
        "HogeLogGroup: there is a log group /ecs/hoge-prod already, outside this stack",
        "cluster default: there is no such cluster; it is for HogeService",
    ]
    assert error.hint.splitlines()[0] == (
        "deploy cluster first: ecs-blocks deploy cluster --env prod"
    )


def test_what_does_not_fit_is_told_together_with_what_the_pre_flight_finds(
    server: Scripted,
) -> None:
    account_that_is_ready(server)
    server.on("ecs.DescribeClusters", {"clusters": []})
    one = target("hoge")
    who = Identity("123456789012", "arn:aws:iam::123456789012:user/ci")
    found = prepare(server.aws, one, one.place.settings, who)
    content = structs.replace(found.content, tags={"aws:mine": "x"})
    with pytest.raises(DeployError) as error:
        inspected(server.aws, structs.replace(found, content=content), None)

    assert error.value.exit_code == 2
    assert error.value.message.splitlines() == [
        "hoge-prod: 2 problems would make the deploy fail; nothing was changed",
        "  CloudFormation would refuse: the tag aws:mine: names that begin with aws: are AWS's own",
        "  cluster default: there is no such cluster; it is for HogeService",
    ]


def test_what_hangs_on_a_missing_value_is_not_looked_at(server: Scripted) -> None:
    account_that_is_ready(server)
    stacks(server)

    assert len(unprepared(server).message.splitlines()) == 2
    assert "kms.DescribeKey" not in [name for name, _ in server.asked]


def test_where_nothing_else_can_be_asked_what_is_missing_is_told(server: Scripted) -> None:
    account_that_is_ready(server)
    stacks(server)
    server.on("logs.DescribeLogGroups", refused("ExpiredTokenException", "the token is over"))

    assert "the stack cluster-prod does not exist" in unprepared(server).message


def test_without_credentials_it_ends_at_once(server: Scripted) -> None:
    looked_up(server)
    resolved = resolve(server.aws, target("hoge").place, target("hoge").rendered)
    server.asked.clear()
    server.on("kms.DescribeKey", refused("ExpiredTokenException", "the token is over"))

    with pytest.raises(DeployError) as error:
        preflight(server.aws, Subject.of(target("hoge"), resolved))

    assert error.value.exit_code == 14
    assert [name for name, _ in server.asked] == ["kms.DescribeKey"]


def test_what_is_found_twice_is_told_once() -> None:
    twice = [Finding(Kind.WARNING, "a", "b"), Finding(Kind.WARNING, "a", "b", "")]

    assert Report.of(twice).warnings == (Finding(Kind.WARNING, "a", "b"),)


def test_one_problem_is_one_problem() -> None:
    error = Report.of([Finding(Kind.PROBLEM, "a", "b")]).refusal("hoge-prod")

    assert str(error) == (
        "hoge-prod: 1 problem would make the deploy fail; nothing was changed\n  a: b"
    )
