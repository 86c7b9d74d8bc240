"""Service-linked roles, settings of ECS, and quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight import account, quotas
from tests.deploy.preflight.scripted import DENIED, refused
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

ELB = "ElasticLoadBalancingV2"
BALANCER = f"{ELB}::LoadBalancer"
ROLE = {"Path": "/", "RoleName": "r", "RoleId": "AROA", "Arn": "arn:aws:iam::123456789012:role/r"}
STACK: dict[str, Any] = {
    "Service": ("ECS::Service", {}),
    "Balancer": (BALANCER, {}),
    "Target": ("ApplicationAutoScaling::ScalableTarget", {}),
    "Instances": ("AutoScaling::AutoScalingGroup", {}),
}


def settings(**values: str) -> dict[str, Any]:
    return {"settings": [{"name": name, "value": value} for name, value in values.items()]}


def test_each_role_that_new_resources_need_is_looked_for(server: Scripted) -> None:
    server.on("ecs.ListAccountSettings", settings())
    server.on("iam.GetRole", {"Role": ROLE})

    assert found(account.check, server.aws, subject(STACK)) == []
    assert [one["RoleName"] for one in server.parameters("iam.GetRole")] == [
        "AWSServiceRoleForECS",
        "AWSServiceRoleForElasticLoadBalancing",
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
        "AWSServiceRoleForAutoScaling",
    ]


def test_without_the_role_of_ecs_a_first_deploy_fails(server: Scripted) -> None:
    server.on("ecs.ListAccountSettings", settings())
    server.on("iam.GetRole", refused("NoSuchEntity"))
    findings = list(account.check(server.aws, subject(STACK)))

    assert [f"{one.kind}: {one}" for one in findings] == [
        "problem: service-linked role of ECS: AWSServiceRoleForECS does not exist; the first "
        "deploy of an account fails without",
        "warning: service-linked role of Elastic Load Balancing: "
        "AWSServiceRoleForElasticLoadBalancing does not exist; the deploy makes it, where it may",
        "warning: service-linked role of the scaling of services: "
        "AWSServiceRoleForApplicationAutoScaling_ECSService does not exist; the deploy makes it, "
        "where it may",
        "warning: service-linked role of Auto Scaling groups: AWSServiceRoleForAutoScaling does "
        "not exist; the deploy makes it, where it may",
    ]
    assert {one.hint for one in findings} == {"ecs-blocks account-setup --env prod"}


def test_a_stack_that_has_a_service_was_made_with_the_roles(server: Scripted) -> None:
    server.on("ecs.ListAccountSettings", settings())
    of = subject(STACK, has={name: (kind, name) for name, (kind, _) in STACK.items()})

    assert found(account.check, server.aws, of) == []
    assert [name for name, _ in server.asked] == ["ecs.ListAccountSettings"]


def test_a_template_without_ecs_asks_nothing(server: Scripted) -> None:
    of = subject({"Repository": ("ECR::Repository", {})})

    assert found(account.check, server.aws, of) == []
    assert server.asked == []


def test_missing_permissions_are_named(server: Scripted) -> None:
    assert found(account.check, server.aws, subject({"Service": ("ECS::Service", {})})) == [
        "skipped: service-linked role of ECS: not checked: the permission iam:GetRole is missing",
        "skipped: settings of ECS: not checked: the permission ecs:ListAccountSettings is missing",
    ]


TASK = "ECS::TaskDefinition"
ON_EC2 = {"Task": (TASK, {"NetworkMode": "awsvpc", "RequiresCompatibilities": ["EC2"]})}
ON_ANY = {"Task": (TASK, {"NetworkMode": "awsvpc"})}
ON_FARGATE = {"Task": (TASK, {"NetworkMode": "awsvpc", "RequiresCompatibilities": ["FARGATE"]})}
ON_BRIDGE = {"Task": (TASK, {"NetworkMode": "bridge", "RequiresCompatibilities": ["EC2"]})}
PROVIDER: dict[str, Any] = {"Provider": ("ECS::CapacityProvider", {})}
TRUNKING = (
    "warning: settings of ECS: awsvpcTrunking is disabled: an instance takes only as many tasks "
    "as it has network interfaces to spare"
)
SEEING = {"ClusterSettings": [{"Name": "containerInsights", "Value": "enhanced"}]}


@pytest.mark.parametrize(
    ("values", "resources", "expected"),
    [
        ({}, ON_EC2, []),
        ({"awsvpcTrunking": "enabled"}, ON_EC2, []),
        ({"awsvpcTrunking": "disabled"}, ON_EC2, [TRUNKING]),
        ({"awsvpcTrunking": "disabled"}, ON_ANY, [TRUNKING]),
        ({"awsvpcTrunking": "disabled"}, PROVIDER, [TRUNKING]),
        ({"awsvpcTrunking": "disabled"}, ON_FARGATE, []),
        ({"awsvpcTrunking": "disabled"}, ON_BRIDGE, []),
        ({"serviceLongArnFormat": "enabled"}, {}, []),
        (
            {"serviceLongArnFormat": "disabled", "taskLongArnFormat": "disabled"},
            {},
            [
                "problem: settings of ECS: serviceLongArnFormat, taskLongArnFormat is disabled; "
                "ECS refuses tags then"
            ],
        ),
        ({"containerInsights": "disabled"}, {"Cluster": ("ECS::Cluster", SEEING)}, []),
        ({"containerInsights": "disabled"}, {}, []),
        (
            {"containerInsights": "disabled"},
            {"Cluster": ("ECS::Cluster", {})},
            [
                "warning: settings of ECS: containerInsights is disabled, and the cluster does "
                "not say it either"
            ],
        ),
    ],
)
def test_settings_matter_where_the_template_goes_by_them(
    server: Scripted, values: dict[str, str], resources: Any, expected: list[str]
) -> None:
    server.on("ecs.ListAccountSettings", settings(**values))
    whole = {"Service": ("ECS::Service", {}), **resources}
    of = subject(whole, has={"Service": ("ECS::Service", "s"), "Cluster": ("ECS::Cluster", "c")})

    assert found(account.check, server.aws, of) == expected
    asked = server.parameters("ecs.ListAccountSettings")
    assert asked == [{"effectiveSettings": True}]


LISTENER = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/shared/1a/2b"
SHARED = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/shared/1a"
RULE = {
    "ListenerArn": LISTENER,
    "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}],
}
ON_SHARED: dict[str, Any] = {
    "Group": (f"{ELB}::TargetGroup", {}),
    "Rule": (f"{ELB}::ListenerRule", RULE),
}
OWN: dict[str, Any] = {"Balancer": (BALANCER, {}), "Nlb": (BALANCER, {"Type": "network"})}


def limits(**values: int) -> dict[str, Any]:
    return {
        "Limits": [
            {"Name": name.replace("_", "-"), "Max": str(value)} for name, value in values.items()
        ]
    }


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (43, []),
        (44, "warning"),
        (49, "warning"),
        (50, "problem"),
    ],
)
def test_load_balancers_are_counted_against_the_regions_quota(
    server: Scripted, there: int, expected: Any
) -> None:
    server.on("elbv2.DescribeAccountLimits", limits(application_load_balancers=50))
    balancers = [{"Type": "application"}] * there + [{"Type": "network"}] * 9
    server.on("elbv2.DescribeLoadBalancers", {"LoadBalancers": balancers})

    message = (
        f"{expected}: application load balancers in the region: {there} are there and 1 more "
        "would be made; the quota is 50"
    )
    assert found(quotas.check, server.aws, subject(OWN)) == ([message] if expected else [])


@pytest.mark.parametrize(("there", "expected"), [(88, []), (89, "warning"), (100, "problem")])
def test_target_groups_are_counted_against_their_balancers_quota(
    server: Scripted, there: int, expected: Any
) -> None:
    server.on(
        "elbv2.DescribeAccountLimits", limits(target_groups_per_application_load_balancer=100)
    )
    server.on("elbv2.DescribeTargetGroups", {"TargetGroups": [{"Port": 80}] * there})

    message = (
        f"{expected}: target groups of {SHARED}: {there} are there and 1 more would be made; the "
        "quota is 100"
    )
    assert found(quotas.check, server.aws, subject(ON_SHARED)) == ([message] if expected else [])
    assert server.parameters("elbv2.DescribeTargetGroups") == [{"LoadBalancerArn": SHARED}]


def test_a_stack_that_makes_none_of_them_asks_nothing(server: Scripted) -> None:
    whole = {**OWN, **ON_SHARED}
    of = subject(whole, has={name: (kind, name) for name, (kind, _) in whole.items()})

    assert found(quotas.check, server.aws, of) == []
    assert server.asked == []


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        (
            "DescribeAccountLimits",
            "skipped: quotas of load balancers: not checked: the permission "
            "elasticloadbalancing:DescribeAccountLimits is missing",
        ),
        (
            "DescribeLoadBalancers",
            "skipped: application load balancers in the region: not checked: the permission "
            "elasticloadbalancing:DescribeLoadBalancers is missing",
        ),
        (
            "DescribeTargetGroups",
            f"skipped: target groups of {SHARED}: not checked: the permission "
            "elasticloadbalancing:DescribeTargetGroups is missing",
        ),
    ],
)
def test_a_quota_that_may_not_be_counted_is_told(
    server: Scripted, denied: str, expected: str
) -> None:
    answers = {
        "DescribeAccountLimits": limits(
            application_load_balancers=50, target_groups_per_application_load_balancer=100
        ),
        "DescribeLoadBalancers": {"LoadBalancers": []},
        "DescribeTargetGroups": {"TargetGroups": []},
    }
    for operation, answer in answers.items():
        server.on(f"elbv2.{operation}", DENIED if operation == denied else answer)

    assert found(quotas.check, server.aws, subject({**OWN, **ON_SHARED})) == [expected]
