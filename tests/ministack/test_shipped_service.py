"""hoge (instances) and fuga (Fargate) of each environment, as ECS, Logs, EC2 and IAM tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.shipped import LOG_DAYS, PRIVATE_SUBNETS, REGION

if TYPE_CHECKING:
    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack

BOTH = pytest.mark.parametrize("app", ["hoge", "fuga"])
REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"

# What stacks/hoge/environment.yaml says: reservation and hard limit of memory, variables.
HOGE = {
    "dev": (512, 990, {"JAVA_OPTS": "-Xmx256m"}),
    "stg": (512, 990, {"JAVA_OPTS": "-Xmx256m"}),
    "prod": (1990, 1990, {"JAVA_OPTS": "-Xmx1500m -Xms1500m"}),
}
# What stacks/fuga/environment.yaml says: CPU and memory of the task, variables.
FUGA = {
    "dev": ("256", "512", {"DATABASE_HOST": "fuga-db.dev.example.com"}),
    "stg": ("256", "512", {"DATABASE_HOST": "fuga-db.stg.example.com"}),
    "prod": ("1024", "2048", {"DATABASE_HOST": "fuga-db.example.com"}),
}
# How fuga spreads: what is never on Spot, then the weights of Fargate and of Fargate Spot.
SPREAD = {"dev": (0, 1, 3), "stg": (1, 1, 0), "prod": (1, 1, 0)}


def container_of(task: Any) -> Any:
    [container] = task["containerDefinitions"]
    return container


def variables(container: Any) -> dict[str, str]:
    return {item["name"]: item["value"] for item in container["environment"]}


def group_of(deployed: Deployed, group_id: str) -> Any:
    found = deployed.ask("ec2", "describe_security_groups", GroupIds=[group_id])
    return found["SecurityGroups"][0]


def allowed(deployed: Deployed, app: str, role: str) -> dict[str, list[str]]:
    """Give what a role may do, by resource."""
    name = deployed.id_of(app, role)
    policies = deployed.ask("iam", "list_role_policies", RoleName=name)["PolicyNames"]
    found: dict[str, list[str]] = {}
    for policy in policies:
        document = deployed.ask("iam", "get_role_policy", RoleName=name, PolicyName=policy)
        for statement in document["PolicyDocument"]["Statement"]:
            for resource in statement["Resource"]:
                found.setdefault(resource, []).extend(statement["Action"])
    return found


def test_hoge_runs_on_instances_with_the_declared_memory(deployed: Deployed) -> None:
    task = deployed.task_definition("hoge")
    container = container_of(task)
    reservation, limit, environment = HOGE[deployed.environment]

    assert (task["family"], task["revision"]) == (f"hoge-{deployed.environment}", 1)
    assert (task["requiresCompatibilities"], task["networkMode"]) == (["EC2"], "awsvpc")
    assert task["runtimePlatform"]["cpuArchitecture"] == "X86_64"
    assert container["cpu"] == 256
    assert (container["memoryReservation"], container["memory"]) == (reservation, limit)
    assert variables(container) == environment


def test_fuga_runs_on_graviton_fargate_with_the_declared_size(deployed: Deployed) -> None:
    task = deployed.task_definition("fuga")
    cpu, memory, environment = FUGA[deployed.environment]

    assert (task["family"], task["revision"]) == (f"fuga-{deployed.environment}", 1)
    assert (task["requiresCompatibilities"], task["networkMode"]) == (["FARGATE"], "awsvpc")
    assert task["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    assert (task["cpu"], task["memory"]) == (cpu, memory)
    assert variables(container_of(task)) == environment


def test_fuga_is_given_its_secret_by_name(deployed: Deployed) -> None:
    arn = f"arn:aws:ssm:{REGION}:{deployed.account}:parameter/fuga/database-password"

    assert container_of(deployed.task_definition("fuga"))["secrets"] == [
        {"name": "DATABASE_PASSWORD", "valueFrom": arn}
    ]


@BOTH
def test_container_runs_the_image_on_its_port_without_rights(deployed: Deployed, app: str) -> None:
    container = container_of(deployed.task_definition(app))
    [port] = container["portMappings"]

    assert (container["name"], container["image"]) == ("app", f"{REGISTRY}/{app}-image:1.0.0")
    assert (port["containerPort"], port["protocol"]) == (8080, "tcp")
    assert (container["user"], container["readonlyRootFilesystem"]) == ("1000:1000", True)
    assert container["linuxParameters"]["capabilities"]["drop"] == ["ALL"]


@BOTH
def test_container_logs_into_its_group_which_is_kept_as_declared(
    deployed: Deployed, app: str
) -> None:
    name = f"/ecs/{app}-{deployed.environment}"
    logging = container_of(deployed.task_definition(app))["logConfiguration"]
    found = deployed.ask("logs", "describe_log_groups", logGroupNamePrefix=name)["logGroups"]

    assert (logging["logDriver"], logging["options"]["awslogs-group"]) == ("awslogs", name)
    assert logging["options"]["awslogs-region"] == REGION
    assert [(item["logGroupName"], item["retentionInDays"]) for item in found] == [
        (name, LOG_DAYS[deployed.environment])
    ]
    assert found[0]["kmsKeyId"] == deployed.stacks["cluster"].outputs["KeyArn"]


def test_hoge_takes_the_capacity_of_the_cluster(deployed: Deployed) -> None:
    assert deployed.service("hoge")["capacityProviderStrategy"] == [
        {"capacityProvider": f"ec2-{deployed.cluster}", "weight": 1}
    ]


def test_fuga_spreads_over_fargate_and_spot_as_declared(deployed: Deployed) -> None:
    strategy = {
        item["capacityProvider"]: item
        for item in deployed.service("fuga")["capacityProviderStrategy"]
    }
    base, weight, spot_weight = SPREAD[deployed.environment]
    fargate, spot = strategy["FARGATE"], strategy["FARGATE_SPOT"]

    assert (fargate["base"], fargate["weight"], spot["weight"]) == (base, weight, spot_weight)


@BOTH
def test_service_runs_behind_the_balancer_in_private_subnets(deployed: Deployed, app: str) -> None:
    service = deployed.service(app)

    assert service["loadBalancers"] == [
        {
            "targetGroupArn": deployed.id_of(app, "TargetGroup"),
            "containerName": "app",
            "containerPort": 8080,
        }
    ]
    assert service["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": PRIVATE_SUBNETS[deployed.environment],
        "securityGroups": [deployed.id_of(app, "SecurityGroup")],
        "assignPublicIp": "DISABLED",
    }


@BOTH
def test_failed_deployment_rolls_back_and_nobody_logs_in(deployed: Deployed, app: str) -> None:
    service = deployed.service(app)

    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {
        "enable": True,
        "rollback": True,
    }
    assert service["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert service["enableExecuteCommand"] is False
    assert service["propagateTags"] == "SERVICE"


@pytest.mark.parametrize(("app", "egress"), [("hoge", {443: 2}), ("fuga", {443: 2, 5432: 1})])
def test_tasks_take_from_the_balancer_alone_and_send_where_named(
    deployed: Deployed, app: str, egress: dict[int, int]
) -> None:
    task = group_of(deployed, deployed.id_of(app, "SecurityGroup"))
    [ingress] = task["IpPermissions"]
    ports = [rule["FromPort"] for rule in task["IpPermissionsEgress"]]

    assert (ingress["FromPort"], ingress["ToPort"]) == (8080, 8080)
    assert (ingress["IpRanges"], ingress["Ipv6Ranges"]) == ([], [])
    assert [pair["GroupId"] for pair in ingress["UserIdGroupPairs"]] == [
        deployed.id_of(app, "LoadBalancerSecurityGroup")
    ]
    assert {port: ports.count(port) for port in ports} == egress


@BOTH
def test_roles_are_for_tasks_of_this_account(deployed: Deployed, app: str) -> None:
    task = deployed.task_definition(app)
    roles = {
        role["Arn"]: role["AssumeRolePolicyDocument"]["Statement"]
        for role in deployed.ask("iam", "list_roles")["Roles"]
    }

    for arn in (task["executionRoleArn"], task["taskRoleArn"]):
        [statement] = roles[arn]
        assert statement["Principal"] == {"Service": ["ecs-tasks.amazonaws.com"]}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": deployed.account}


@pytest.mark.parametrize(
    ("app", "secrets"),
    [("hoge", {}), ("fuga", {"parameter/fuga/database-password": ["ssm:GetParameters"]})],
)
def test_execution_role_may_start_this_task_and_no_other(
    deployed: Deployed, app: str, secrets: dict[str, list[str]]
) -> None:
    prefix, stack = f"{REGION}:{deployed.account}", f"{app}-{deployed.environment}"

    assert allowed(deployed, app, "ExecutionRole") == {
        f"arn:aws:logs:{prefix}:log-group:/ecs/{stack}:*": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
        # The registry is prod's, wherever the task runs.
        f"arn:aws:ecr:{REGION}:123456789012:repository/{app}-image": [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ],
        "*": ["ecr:GetAuthorizationToken"],
        **{f"arn:aws:ssm:{prefix}:{name}": actions for name, actions in secrets.items()},
    }


@BOTH
def test_application_itself_may_do_nothing(deployed: Deployed, app: str) -> None:
    role = {"RoleName": deployed.id_of(app, "TaskRole")}

    assert allowed(deployed, app, "TaskRole") == {}
    assert deployed.ask("iam", "list_attached_role_policies", **role)["AttachedPolicies"] == []
