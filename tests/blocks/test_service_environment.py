"""What environment.yaml may say of a service, and what only several values together show.

Trap 13: a strategy without any weight; ECS refuses it.
Trap 19: a size that Fargate does not have.
Trap 20: a reservation above the hard limit.
Trap 22: a retention that CloudWatch does not have.
Trap 44: deletion protection is a value, on by default.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.log_group import RETENTION_DAYS
from ecs_blocks.blocks.task_environment import image_reference
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import MISSING, Lookup, SameAs
from tests.blocks.helpers import CERTIFICATE, REPOSITORY

ANYWHERE: dict[str, Any] = {
    "region": eb.Region("ap-northeast-1"),
    "certificate_arn": CERTIFICATE,
    "image_repository_url": REPOSITORY,
    "image_tag": "1.2.3",
    "service_desired_count": 1,
    "service_max_count": 1,
}
ON_INSTANCES = ANYWHERE | {"task_memory": 512, "task_max_memory": 990}
ON_FARGATE = ANYWHERE | {
    "task_cpu": 256,
    "task_max_memory": 512,
    "fargate_weight": 1,
    "fargate_spot_weight": 0,
}


def problems(
    kind: type[eb.ServiceEnvironment], values: dict[str, Any], images: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    env = kind(app="web", images=images or (REPOSITORY,), values=values)
    return list(env.problems())


@pytest.mark.parametrize(
    ("tag", "image"),
    [
        pytest.param("1.2.3", f"{REPOSITORY}:1.2.3", id="a tag"),
        pytest.param("sha256:" + "0" * 64, f"{REPOSITORY}@sha256:" + "0" * 64, id="a digest"),
        pytest.param(
            "", Lookup("RunningImage", (("Repository", REPOSITORY),)), id="what runs already"
        ),
    ],
)
def test_the_image_is_the_repository_with_its_tag(tag: str, image: object) -> None:
    assert image_reference({"image_repository_url": REPOSITORY, "image_tag": tag}) == image


KEYS = {
    "AccountId": MISSING,
    "Region": MISSING,
    "VpcId": MISSING,
    "PublicSubnetIds": MISSING,
    "PrivateSubnetIds": MISSING,
    "HostedZoneId": MISSING,
    "HostedZoneName": MISSING,
    "CertificateArn": MISSING,
    "AccessLogBucket": MISSING,
    "AlarmTopicArn": MISSING,
    "KeyArn": MISSING,
    "ClusterName": MISSING,
    "ImageRepositoryUrl": MISSING,
    "ImageTag": "",
    "TaskCpu": 256,
    "TaskMaxMemory": MISSING,
    "ServiceDesiredCount": 1,
    "ServiceMaxCount": SameAs("service_desired_count"),
    "ScalingSuspended": False,
    "ScalingCpuPercent": 70,
    "ScalingMemoryPercent": 80,
    "ScalingRequestsPerMinute": 6000,
    "LogRetentionDays": 30,
    "DeregistrationDelaySeconds": 60,
    "HealthCheckGracePeriodSeconds": 60,
    "DeletionProtection": True,
    "LoadBalancerIpAddressType": "ipv4",
    "AlarmsEnabled": True,
    "AlarmCpuPercent": 85,
    "AlarmMemoryPercent": 85,
    "AlarmTargetErrors": 10,
    "AlarmBalancerErrors": 10,
    "AlarmTargetConnectionErrors": 10,
    "AlarmRejectedConnections": 0,
    "AlarmResponseTimeSeconds": 1.0,
}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        pytest.param(eb.WebServiceEnvironment, {"TaskMemory": MISSING}, id="on instances"),
        pytest.param(
            eb.FargateWebServiceEnvironment,
            {"FargateBase": 1, "FargateWeight": 1, "FargateSpotWeight": 0},
            id="on Fargate",
        ),
    ],
)
def test_the_keys_and_their_defaults_are_a_contract(
    kind: type[eb.Environment], more: dict[str, Any]
) -> None:
    found = {field.key: field.spec.default for field in fields_of(kind).values() if field.settable}

    assert found == KEYS | more


def test_trap_22_only_retentions_that_cloudwatch_has() -> None:
    field = fields_of(eb.WebServiceEnvironment)["log_retention_days"]

    assert field.spec.choices == RETENTION_DAYS


def test_trap_44_what_differs_between_environments_is_a_parameter() -> None:
    fields = fields_of(eb.WebServiceEnvironment)

    shapes = [field.key for field in fields.values() if field.is_shape]

    assert shapes == []


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        pytest.param(eb.WebServiceEnvironment, ON_INSTANCES, id="on instances"),
        pytest.param(
            eb.WebServiceEnvironment, ON_INSTANCES | {"task_memory": 990}, id="all reserved"
        ),
        pytest.param(eb.FargateWebServiceEnvironment, ON_FARGATE, id="on Fargate"),
        pytest.param(
            eb.FargateWebServiceEnvironment,
            ON_FARGATE | {"fargate_weight": 0, "fargate_spot_weight": 1},
            id="Spot beyond the base",
        ),
        pytest.param(
            eb.FargateWebServiceEnvironment, ON_FARGATE | {"service_max_count": 10}, id="scaling"
        ),
        pytest.param(
            eb.WebServiceEnvironment,
            ON_INSTANCES | {"service_desired_count": 0, "service_max_count": 0},
            id="stopped",
        ),
        pytest.param(
            eb.WebServiceEnvironment,
            ON_INSTANCES | {"service_desired_count": 0, "service_max_count": eb.ref("Count")},
            id="stopped, perhaps",
        ),
        pytest.param(
            eb.WebServiceEnvironment,
            ON_INSTANCES | {"certificate_arn": eb.ref("Certificate")},
            id="a certificate that is looked up",
        ),
    ],
)
def test_values_that_go_together(kind: type[eb.ServiceEnvironment], values: dict[str, Any]) -> None:
    assert problems(kind, values) == []


BAD = [
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"task_memory": 991},
        [("task_memory", "991 MiB set aside are more than the 990 MiB of TaskMaxMemory")],
        id="trap 20: more reserved than allowed",
    ),
    pytest.param(
        eb.FargateWebServiceEnvironment,
        ON_FARGATE | {"task_max_memory": 990},
        [
            (
                "task_max_memory",
                "990 MiB does not go with 256 CPU units on Fargate; the nearest: 512 and 1024",
            )
        ],
        id="trap 19: no such memory",
    ),
    pytest.param(
        eb.FargateWebServiceEnvironment,
        ON_FARGATE | {"task_cpu": 300},
        [
            (
                "task_cpu",
                "Fargate has no 300 CPU units; it has 256, 512, 1024, 2048, 4096, 8192, 16384, "
                "32768",
            )
        ],
        id="trap 19: no such CPU",
    ),
    pytest.param(
        eb.FargateWebServiceEnvironment,
        ON_FARGATE | {"fargate_weight": 0},
        [("fargate_weight", "FargateWeight and FargateSpotWeight cannot both be 0")],
        id="trap 13: no weight",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"service_desired_count": 3},
        [
            (
                "service_max_count",
                "at most 1 tasks are fewer than the 3 of ServiceDesiredCount",
            )
        ],
        id="fewer than the least",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"image_repository_url": REPOSITORY + "-image"},
        [
            (
                "image_repository_url",
                f"{REPOSITORY}-image does not stand under images; add it there",
            )
        ],
        id="an image of nobody",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"image_repository_url": REPOSITORY + "s"},
        [
            (
                "image_repository_url",
                f"{REPOSITORY}s does not stand under images; did you mean {REPOSITORY}?",
            )
        ],
        id="an image that is misspelt",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"image_repository_url": "registry.example.com/web"},
        [
            (
                "image_repository_url",
                f"registry.example.com/web does not stand under images; did you mean {REPOSITORY}?",
            )
        ],
        id="the right name in another registry",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"image_repository_url": REPOSITORY.replace("/web", "/accounting")},
        [
            (
                "image_repository_url",
                "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/accounting does not stand "
                "under images; add it there",
            )
        ],
        id="another name in the right registry",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"region": eb.Region("us-east-1")},
        [("certificate_arn", "the certificate is not in us-east-1, where the balancer is")],
        id="a certificate of another region",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"service_desired_count": 0},
        [
            (
                "service_desired_count",
                "0 stops a service only with a ServiceMaxCount of 0 too; scaling cannot start it",
            )
        ],
        id="scaling from nothing",
    ),
    pytest.param(
        eb.WebServiceEnvironment,
        ON_INSTANCES | {"image_repository_url": eb.ref("Url"), "image_tag": eb.ref("Tag")},
        [
            (
                "image_repository_url",
                "it cannot be looked up; write one of those under images",
            ),
            ("image_tag", "it cannot be looked up; CI gives it with --set ImageTag=…"),
        ],
        id="looked up",
    ),
]


@pytest.mark.parametrize(("kind", "values", "found"), BAD)
def test_values_that_do_not_go_together(
    kind: type[eb.ServiceEnvironment], values: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert problems(kind, values) == found


def test_a_service_s_environment_is_one_of_the_two() -> None:
    kind: Any = eb.ServiceEnvironment

    with pytest.raises(TypeError) as refused:
        kind(app="web", images=(), values={})

    assert "abstract" in str(refused.value)
