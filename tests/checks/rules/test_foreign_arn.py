"""EB614."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.cache import Cache
from ecs_blocks.checks.inspector import Inspector, Subject
from ecs_blocks.checks.model import Platform
from ecs_blocks.checks.rules.foreign_arn import CHECK
from tests.checks.helpers import resource, verdict

HERE = Platform(account_id="123456789012", region="eu-west-1")
NOWHERE = Platform()


def arn(service: str, *, region: str = "eu-west-1", account: str = "123456789012") -> str:
    return f"arn:aws:{service}:{region}:{account}:thing"


def role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/web"


def task(name: str, value: Any) -> dict[str, Any]:
    return {"Task": resource("AWS::ECS::TaskDefinition", **{name: value})}


def certificate(value: Any, kind: str = "Listener") -> dict[str, Any]:
    certificates = [{"CertificateArn": value}]
    return {"Listener": resource(f"AWS::ElasticLoadBalancingV2::{kind}", Certificates=certificates)}


def alarm(*values: Any, key: str = "AlarmActions") -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", **{key: list(values)})}


def targets(value: Any) -> dict[str, Any]:
    return {"Service": resource("AWS::ECS::Service", LoadBalancers=[{"TargetGroupArn": value}])}


def action(value: Any) -> dict[str, Any]:
    actions = [{"Type": "forward", "TargetGroupArn": value}]
    return {"Rule": resource("AWS::ElasticLoadBalancingV2::ListenerRule", Actions=actions)}


def log_group(value: Any) -> dict[str, Any]:
    return {"Log": resource("AWS::Logs::LogGroup", KmsKeyId=value)}


def repository(value: Any) -> dict[str, Any]:
    return {"Images": resource("AWS::ECR::Repository", EncryptionConfiguration={"KmsKey": value})}


ELB = "elasticloadbalancing"
CERTIFICATE = ["Listener.Certificates.0.CertificateArn"]
OUTSIDE = {"Ref": "Outside"}
GOOD = [
    pytest.param(task("TaskRoleArn", role("123456789012")), id="own role"),
    pytest.param(task("TaskRoleArn", OUTSIDE), id="a role that is not written out"),
    pytest.param(task("ExecutionRoleArn", "web"), id="no ARN"),
    pytest.param(certificate(arn("acm")), id="own certificate"),
    pytest.param(certificate("arn:aws:iam::123456789012:server-certificate/x"), id="kept in IAM"),
    pytest.param({"Listener": resource("X", Certificates=OUTSIDE)}, id="another type"),
    pytest.param(alarm(arn("sns"), OUTSIDE), id="own topic"),
    pytest.param(alarm(arn("sns", account="210987654321")), id="topic of another account"),
    pytest.param(alarm(arn("ssm", region="us-east-1")), id="action that is no topic"),
    pytest.param({"Alarm": resource("AWS::CloudWatch::Alarm", OKActions=OUTSIDE)}, id="list"),
    pytest.param(log_group(arn("kms", account="210987654321")), id="key of another account"),
    pytest.param(targets(arn(ELB)), id="own target group"),
    pytest.param({"Images": resource("AWS::ECR::Repository")}, id="no key"),
]
BAD = [
    pytest.param(task("TaskRoleArn", role("210987654321")), ["Task.TaskRoleArn"], id="task role"),
    pytest.param(
        task("ExecutionRoleArn", role("210987654321")), ["Task.ExecutionRoleArn"], id="execution"
    ),
    pytest.param(certificate(arn("acm", region="us-east-1")), CERTIFICATE, id="region"),
    pytest.param(certificate(arn("acm", account="210987654321")), CERTIFICATE, id="account"),
    pytest.param(
        certificate(arn("acm", region="us-east-1"), "ListenerCertificate"),
        CERTIFICATE,
        id="further certificate",
    ),
    pytest.param(
        alarm(OUTSIDE, arn("sns", region="us-east-1"), key="OKActions"),
        ["Alarm.OKActions.1"],
        id="topic",
    ),
    pytest.param(log_group(arn("kms", region="us-east-1")), ["Log.KmsKeyId"], id="key"),
    pytest.param(
        repository(arn("kms", region="us-east-1")),
        ["Images.EncryptionConfiguration.KmsKey"],
        id="key of images",
    ),
    pytest.param(
        targets(arn(ELB, region="us-east-1")),
        ["Service.LoadBalancers.0.TargetGroupArn"],
        id="target group",
    ),
    pytest.param(
        action(arn(ELB, region="us-east-1")), ["Rule.Actions.0.TargetGroupArn"], id="action"
    ),
]
UNKNOWN = [
    pytest.param(task("TaskRoleArn", role("210987654321")), ["Task.TaskRoleArn"], id="role"),
    pytest.param(certificate(arn("acm")), CERTIFICATE, id="certificate"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources, HERE) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources, HERE) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_a_template_on_its_own_has_no_account(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources, NOWHERE) == ([], places)


@pytest.mark.slow
def test_the_account_is_that_of_the_environment() -> None:
    pytest.importorskip("cloudformation_validate")
    template = {"Resources": task("TaskRoleArn", role("210987654321"))}
    pseudo = {"AWS::AccountId": "123456789012", "AWS::Region": "eu-west-1"}

    found = Inspector(Cache(None)).verdict(Subject("t.yaml", "dev", template, {}, pseudo))

    assert "EB614" in {finding.id for finding in found.findings}
