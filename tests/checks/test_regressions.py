"""One thing is changed in a clean template, and what it takes to see it.

Each row is a small regression that a linter may or may not see; ``seen`` is every id that reports
it, of our own checks (EB…) or of AWS's validator.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest

from ecs_blocks.checks.catalogue import ALL
from ecs_blocks.checks.model import Platform, Template
from ecs_blocks.checks.run import Verdict, judge
from tests.checks.templates import CLEAN, PARAMETERS, PRIVATE, PUBLIC, with_values

if TYPE_CHECKING:
    from collections.abc import Callable

    Change: TypeAlias = Callable[[dict[str, Any]], None]
    Seen: TypeAlias = Callable[[dict[str, Any]], set[str]]

pytestmark = pytest.mark.slow

START: Final = "ExecutionRole.Properties.Policies.1.PolicyDocument.Statement"
BALANCER: Final = "LoadBalancer.Properties.LoadBalancerAttributes"
CONTAINER: Final = "Task.Properties.ContainerDefinitions.0"
DATA: Final = "LaunchTemplate.Properties.LaunchTemplateData"
BY_HAND: Final = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/ecs/web:*"
TRACKING: Final = "RequestScaling.Properties.TargetTrackingScalingPolicyConfiguration"
AWS_POLICY: Final = "arn:${AWS::Partition}:iam::aws:policy/service-role/"


def put(path: str, value: Any) -> Change:
    """Set what stands at *path* under Resources."""

    def change(template: dict[str, Any]) -> None:
        parent, key = _parent(template, path)
        parent[key] = value

    return change


def drop(path: str) -> Change:
    """Take away what stands at *path* under Resources."""

    def change(template: dict[str, Any]) -> None:
        parent, key = _parent(template, path)
        del parent[key]

    return change


def both(*changes: Change) -> Change:
    """Change several places at once."""

    def change(template: dict[str, Any]) -> None:
        for one in changes:
            one(template)

    return change


def _parent(template: dict[str, Any], path: str) -> tuple[Any, Any]:
    *above, last = path.split(".")
    parent: Any = template["Resources"]
    for step in above:
        parent = parent[int(step)] if isinstance(parent, list) else parent[step]
    return parent, int(last) if isinstance(parent, list) else last


def attribute(key: str) -> str:
    """The path of the load balancer's attribute *key*."""
    attributes = CLEAN["Resources"]["LoadBalancer"]["Properties"]["LoadBalancerAttributes"]
    [index] = [place for place, one in enumerate(attributes) if one["Key"] == key]
    return f"{BALANCER}.{index}"


def ingress(**rule: Any) -> Change:
    """Add a rule to the security group of the load balancer."""

    def change(template: dict[str, Any]) -> None:
        group = template["Resources"]["BalancerSecurityGroup"]["Properties"]
        group["SecurityGroupIngress"].append({"Description": "a rule", **rule})

    return change


SEEN: Final = {
    "no-container-insights": (drop("Cluster.Properties.ClusterSettings"), {"EB101"}),
    "insights-enabled-not-enhanced": (
        put("Cluster.Properties.ClusterSettings.0.Value", "enabled"),
        {"EB101"},
    ),
    "no-exec-config": (drop("Cluster.Properties.Configuration"), {"EB103"}),
    "log-no-kms": (drop("LogGroup.Properties.KmsKeyId"), {"EB211"}),
    "log-no-retention": (drop("LogGroup.Properties.RetentionInDays"), {"EB212"}),
    "log-delete": (
        both(
            put("LogGroup.DeletionPolicy", "Delete"), put("LogGroup.UpdateReplacePolicy", "Delete")
        ),
        {"EB214"},
    ),
    "log-deletionpolicy-only": (drop("LogGroup.UpdateReplacePolicy"), {"EB214", "W3011"}),
    "ecr-mutable": (put("Repository.Properties.ImageTagMutability", "MUTABLE"), {"EB201"}),
    "ecr-aes256": (
        put("Repository.Properties.EncryptionConfiguration.EncryptionType", "AES256"),
        {"EB202"},
    ),
    "ecr-no-scan": (drop("Repository.Properties.ImageScanningConfiguration"), {"EB203"}),
    "lb-no-drop-headers": (
        drop(attribute("routing.http.drop_invalid_header_fields.enabled")),
        {"EB501"},
    ),
    "lb-no-access-logs": (
        put(f"{attribute('access_logs.s3.enabled')}.Value", "false"),
        {"EB502"},
    ),
    "lb-no-deletion-protection": (drop(attribute("deletion_protection.enabled")), {"EB504"}),
    "lb-no-connection-logs": (
        put(f"{attribute('connection_logs.s3.enabled')}.Value", "false"),
        {"EB503"},
    ),
    "lb-drop-headers-as-bool": (
        put(
            f"{attribute('routing.http.drop_invalid_header_fields.enabled')}.Value",
            True,  # noqa: FBT003 - the value is the regression
        ),
        {"W9003"},
    ),
    "listener-http-forward": (
        both(
            put("Listener.Properties.Protocol", "HTTP"),
            put("Listener.Properties.Port", 80),
            drop("Listener.Properties.SslPolicy"),
            drop("Listener.Properties.Certificates"),
            put(
                "Listener.Properties.DefaultActions",
                [{"Type": "forward", "TargetGroupArn": {"Ref": "TargetGroup"}}],
            ),
        ),
        {"EB508", "EB527", "W2001"},
    ),
    "listener-no-sslpolicy": (drop("Listener.Properties.SslPolicy"), {"EB510"}),
    "listener-tls13-1-0": (
        put("Listener.Properties.SslPolicy", "ELBSecurityPolicy-TLS13-1-0-2021-06"),
        {"EB510"},
    ),
    "listener-2016-08": (
        put("Listener.Properties.SslPolicy", "ELBSecurityPolicy-2016-08"),
        {"EB510"},
    ),
    "listener-sslpolicy-typo": (
        put("Listener.Properties.SslPolicy", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-9"),
        {"EB510"},
    ),
    "sg-no-description": (
        drop("BalancerSecurityGroup.Properties.SecurityGroupIngress.0.Description"),
        {"EB518"},
    ),
    "sg-cidr-all-protocols": (
        ingress(IpProtocol="-1", CidrIp="0.0.0.0/0"),
        {"EB519", "W2508"},
    ),
    "sg-ssh-open": (
        ingress(IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"),
        {"EB521", "W2508"},
    ),
    "sg-no-egress-rules": (
        drop("TaskSecurityGroup.Properties.SecurityGroupEgress"),
        {"EB520"},
    ),
    "td-rootfs-writable": (drop(f"{CONTAINER}.ReadonlyRootFilesystem"), {"EB302"}),
    "td-root-user": (drop(f"{CONTAINER}.User"), {"EB303"}),
    "td-privileged": (put(f"{CONTAINER}.Privileged", value=True), {"EB301"}),
    "td-no-logs": (drop(f"{CONTAINER}.LogConfiguration"), {"EB306"}),
    "td-env-secret": (
        put(f"{CONTAINER}.Environment", [{"Name": "DB_PASSWORD", "Value": "hunter2-Tr0ub4dor"}]),
        {"EB307"},
    ),
    "td-host-pid": (put("Task.Properties.PidMode", "host"), {"EB304"}),
    "svc-public-ip": (
        put(
            "Service.Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", "ENABLED"
        ),
        {"EB401", "EB415"},
    ),
    "svc-no-breaker": (
        drop("Service.Properties.DeploymentConfiguration.DeploymentCircuitBreaker"),
        {"EB402"},
    ),
    "svc-exec-enabled": (
        put("Service.Properties.EnableExecuteCommand", value=True),
        {"EB403", "EB417"},
    ),
    "svc-exec-no-task-role": (
        both(
            put("Service.Properties.EnableExecuteCommand", value=True),
            drop("Task.Properties.TaskRoleArn"),
        ),
        {"EB403", "EB417"},
    ),
    "td-host-port": (
        put(f"{CONTAINER}.PortMappings", [{"ContainerPort": 8080, "HostPort": 80}]),
        {"EB315"},
    ),
    "td-container-above-task": (put("Task.Properties.Memory", "256"), {"EB316"}),
    "td-unknown-volume": (put(f"{CONTAINER}.MountPoints.0.SourceVolume", "temp"), {"EB317"}),
    "td-start-period": (put(f"{CONTAINER}.HealthCheck.StartPeriod", 600), {"EB318"}),
    "tg-timeout-above-interval": (
        put("TargetGroup.Properties.HealthCheckTimeoutSeconds", 15),
        {"EB524"},
    ),
    "rule-priority-twice": (
        put("Second", CLEAN["Resources"]["ListenerRule"]),
        {"EB525"},
    ),
    "lb-log-bucket-no-policy": (
        both(drop("AccessLogsPolicy"), drop("LoadBalancer.DependsOn")),
        {"EB233", "EB526"},
    ),
    "lb-before-log-policy": (drop("LoadBalancer.DependsOn"), {"EB526"}),
    "lb-label-reversed": (
        put(
            f"{TRACKING}.PredefinedMetricSpecification.ResourceLabel",
            {"Fn::Sub": "${TargetGroup.TargetGroupFullName}/${LoadBalancer.LoadBalancerFullName}"},
        ),
        {"EB714"},
    ),
    "scaling-by-name": (
        both(
            put("Service.Properties.ServiceName", "web"),
            put("ScalableTarget.Properties.ResourceId", {"Fn::Sub": "service/${Cluster}/web"}),
        ),
        {"EB715"},
    ),
    "sg-lb-other-port": (
        both(
            put("BalancerSecurityGroup.Properties.SecurityGroupIngress.0.FromPort", 80),
            put("BalancerSecurityGroup.Properties.SecurityGroupIngress.0.ToPort", 80),
        ),
        {"EB527"},
    ),
    "sg-task-other-port": (
        both(
            put("TaskSecurityGroup.Properties.SecurityGroupIngress.0.FromPort", 80),
            put("TaskSecurityGroup.Properties.SecurityGroupIngress.0.ToPort", 80),
        ),
        {"EB418"},
    ),
    "alarm-fraction": (put("CpuAlarm.Properties.Threshold", 0.9), {"EB709"}),
    "sns-no-kms": (drop("Topic.Properties.KmsMasterKeyId"), {"EB221"}),
    "sns-no-tls-policy": (
        drop("TopicPolicy.Properties.PolicyDocument.Statement.1"),
        {"EB223"},
    ),
    "scaling-suspended": (
        put("ScalableTarget.Properties.SuspendedState", {"DynamicScalingOutSuspended": True}),
        {"EB716"},
    ),
    "alarm-no-action": (drop("CpuAlarm.Properties.AlarmActions"), {"EB701"}),
    "role-managed-policy": (
        put(
            "ExecutionRole.Properties.ManagedPolicyArns",
            [{"Fn::Sub": f"{AWS_POLICY}AmazonECSTaskExecutionRolePolicy"}],
        ),
        {"EB601"},
    ),
    "role-ecr-star": (put(f"{START}.0.Resource", "*"), {"EB603"}),
    "role-logs-star": (put(f"{START}.1.Resource", "*"), {"EB604"}),
    "role-secrets-star": (put(f"{START}.2.Resource", "*"), {"EB606"}),
    "role-logs-sub-wildcard": (put(f"{START}.1.Resource", {"Fn::Sub": BY_HAND}), {"EB605"}),
    "role-trust-no-conditions": (
        drop("TaskRole.Properties.AssumeRolePolicyDocument.Statement.0.Condition"),
        {"EB608"},
    ),
    "lt-imdsv1": (put(f"{DATA}.MetadataOptions.HttpTokens", "optional"), {"EB104"}),
    "lt-hop2": (put(f"{DATA}.MetadataOptions.HttpPutResponseHopLimit", 2), {"EB106"}),
    "lt-ebs-plain": (put(f"{DATA}.BlockDeviceMappings.0.Ebs.Encrypted", value=False), {"EB107"}),
    "lt-no-bdm": (drop(f"{DATA}.BlockDeviceMappings"), {"EB107"}),
    "lt-no-monitoring": (drop(f"{DATA}.Monitoring"), {"EB108"}),
    "asg-no-notifications": (drop("Instances.Properties.NotificationConfigurations"), {"EB111"}),
    "asg-no-cooldown": (drop("Instances.Properties.Cooldown"), {"EB112"}),
    "asg-no-hcgrace": (drop("Instances.Properties.HealthCheckGracePeriod"), {"EB113"}),
    "tg-dynamic-hcport": (drop("TargetGroup.Properties.HealthCheckPort"), {"EB515"}),
}

FILTER: Final = "ImageTagMutabilityExclusionFilter"
HARMLESS: Final = {
    "ecr-immutable-with-exclusion": both(
        put("Repository.Properties.ImageTagMutability", "IMMUTABLE_WITH_EXCLUSION"),
        put(
            f"Repository.Properties.{FILTER}s",
            [{f"{FILTER}Type": "WILDCARD", f"{FILTER}Value": "latest"}],
        ),
    ),
    "ecr-kms-dsse": put("Repository.Properties.EncryptionConfiguration.EncryptionType", "KMS_DSSE"),
    "sg-prefix-list": both(
        drop("BalancerSecurityGroup.Properties.SecurityGroupIngress.0.CidrIp"),
        put(
            "BalancerSecurityGroup.Properties.SecurityGroupIngress.0.SourcePrefixListId",
            "pl-0123456789abcdef0",
        ),
    ),
    "td-env": put(f"{CONTAINER}.Environment", [{"Name": "GREETING", "Value": "hello"}]),
}


def own(template: dict[str, Any]) -> Verdict:
    platform = Platform(frozenset(PUBLIC), frozenset(PRIVATE))
    return judge(Template(with_values(template), platform), ALL)


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Every id that reports something: ours, and the validator's from a warning upwards."""
    validator = pytest.importorskip("cloudformation_validate")
    engine = validator.CompositeEngine()
    config = validator.ValidateConfig(
        severity_level=validator.Severity.WARN, parameter_overrides=PARAMETERS
    )

    def ids(template: dict[str, Any]) -> set[str]:
        content = validator.TemplateContent(json.dumps(template), "clean.json")
        theirs = {one.rule_id for one in engine.validate_template(content, config).diagnostics}
        return theirs | {finding.id for finding in own(template).findings}

    return ids


def changed(change: Change) -> dict[str, Any]:
    template = copy.deepcopy(CLEAN)
    change(template)
    return template


def test_clean_template_has_nothing(seen: Seen) -> None:
    assert seen(CLEAN) == set()


@pytest.mark.parametrize("name", SEEN)
def test_regression_is_seen(name: str, seen: Seen) -> None:
    change, ids = SEEN[name]

    assert seen(changed(change)) == ids


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_stricter_or_harmless_is_not_seen(name: str, seen: Seen) -> None:
    assert seen(changed(HARMLESS[name])) == set()
