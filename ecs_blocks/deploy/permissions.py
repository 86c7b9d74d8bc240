"""The IAM policy of whoever deploys: what ecs_blocks calls itself, and nothing else.

A test holds it against the calls in the code, both ways. What CloudFormation does on behalf of a
deploy is not in it: that belongs to the role under ``ServiceRoleArn``. Without such a role
CloudFormation takes the caller's rights, who then needs those on every resource of a template too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.upload import FOLDER
from ecs_blocks.deploy.image import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.deploy.place import Place


class Grant(Struct, frozen=True, kw_only=True):
    """Actions of one service that go together.

    ``resource`` is the end of an ARN in the deployer's account and region, in which ``{stacks}`` is
    the pattern of the environment's stacks; or ``*`` where IAM knows no narrower one or the action
    only reads. ``purpose`` says what they are for.
    """

    sid: str
    service: str
    actions: tuple[str, ...]
    purpose: str
    resource: str = "*"


GRANTS: Final = (
    Grant(
        sid="Stacks",
        service="cloudformation",
        actions=(
            *("CreateChangeSet", "ExecuteChangeSet", "DeleteChangeSet", "CancelUpdateStack"),
            *("ContinueUpdateRollback", "RollbackStack", "DeleteStack", "SetStackPolicy"),
            "UpdateTerminationProtection",
        ),
        purpose="plan, execute, cancel, recover and delete stacks of this environment",
        resource="stack/{stacks}/*",
    ),
    Grant(
        sid="StackStates",
        service="cloudformation",
        actions=(
            *("DescribeStacks", "DescribeStackEvents", "ListStackResources", "GetTemplate"),
            *("DescribeChangeSet", "ListChangeSets", "GetStackPolicy"),
        ),
        purpose="watch stacks, nested ones too; outputs of other stacks that are looked up",
        resource="stack/*",
    ),
    Grant(
        sid="StackReads",
        service="cloudformation",
        actions=(
            *("DescribeEvents", "ListHookResults", "GetHookResult", "ListExports", "ListImports"),
        ),
        purpose="why a change set is refused; who imports a value before a stack is deleted",
    ),
    Grant(
        sid="Drift",
        service="cloudformation",
        actions=(
            *("DescribeStackResourceDrifts", "DetectStackDrift"),
            *("DescribeStackDriftDetectionStatus", "DetectStackResourceDrift"),
            "BatchDescribeTypeConfigurations",
        ),
        purpose="what was changed by hand; to look for it, each resource has to be readable too",
    ),
    Grant(
        sid="Services",
        service="ecs",
        actions=(
            *("DescribeClusters", "DescribeServices", "DescribeServiceDeployments"),
            *("DescribeServiceRevisions", "ListServiceDeployments", "DescribeTaskDefinition"),
            *("ListTasks", "DescribeTasks", "ListTaskDefinitions", "ListAccountSettings"),
        ),
        purpose="watch deployments, explain tasks that fail, prove that the new ones serve",
    ),
    Grant(
        sid="Pauses",
        service="ecs",
        actions=("ContinueServiceDeployment",),
        purpose="answer a deployment that waits at a pause hook",
        resource="service-deployment/*",
    ),
    Grant(
        sid="Redeploys",
        service="ecs",
        actions=("UpdateService",),
        purpose="ecs-blocks redeploy, on services that stacks of this environment have named",
        resource="service/*/{stacks}-*",
    ),
    Grant(
        sid="RunTasks",
        service="ecs",
        actions=("RunTask",),
        purpose="steps before a deploy, and ecs-blocks run",
        resource="task-definition/*",
    ),
    Grant(
        sid="StopTasks",
        service="ecs",
        actions=("StopTask",),
        purpose="end a task that was begun by a step or by ecs-blocks run",
        resource="task/*",
    ),
    Grant(
        sid="TaskDefinitions",
        service="ecs",
        actions=("RegisterTaskDefinition", "DeregisterTaskDefinition", "TagResource"),
        purpose="a revision with the new image for a step, and taken away again",
    ),
    Grant(
        sid="Balancers",
        service="elasticloadbalancing",
        actions=(
            *("DescribeTargetHealth", "DescribeTargetGroups", "DescribeLoadBalancers"),
            *("DescribeRules", "DescribeListeners", "DescribeAccountLimits"),
            "DescribeLoadBalancerAttributes",
        ),
        purpose=(
            "the health of targets; names, priorities, weights, quotas and protection that are "
            "in use"
        ),
    ),
    Grant(
        sid="Logs",
        service="logs",
        actions=("GetLogEvents", "FilterLogEvents", "DescribeLogGroups"),
        purpose="the last lines of a container that failed, and ecs-blocks logs",
    ),
    Grant(
        sid="Images",
        service="ecr",
        actions=(
            *("DescribeRepositories", "DescribeImages", "BatchGetImage"),
            *("GetDownloadUrlForLayer", "DescribePullThroughCacheRules"),
        ),
        purpose="that an image is there, its digest, and for which machine it was built",
    ),
    Grant(
        sid="Alarms",
        service="cloudwatch",
        actions=("DescribeAlarms", "GetMetricStatistics"),
        purpose="that alarms which roll back exist and do not ring; how much Fargate is used",
    ),
    Grant(
        sid="Scaling",
        service="application-autoscaling",
        actions=("DescribeScalableTargets",),
        purpose="whether somebody suspended the scaling of a service by hand",
    ),
    Grant(
        sid="Quotas",
        service="servicequotas",
        actions=("GetServiceQuota",),
        purpose="whether Fargate has room for the tasks of a deploy",
    ),
    Grant(
        sid="Parameters",
        service="ssm",
        actions=("GetParameters",),
        purpose="!Ssm lookups, and that the parameters which tasks read exist",
        resource="parameter/*",
    ),
    Grant(
        sid="Secrets",
        service="secretsmanager",
        actions=("DescribeSecret",),
        purpose="that the secrets which tasks read exist; their values are never asked for",
        resource="secret:*",
    ),
    Grant(
        sid="Keys",
        service="kms",
        actions=("DescribeKey",),
        purpose="that a key exists and is enabled",
        resource="key/*",
    ),
    Grant(
        sid="Certificates",
        service="acm",
        actions=("DescribeCertificate",),
        purpose="that a certificate is issued for the name it is used with",
        resource="certificate/*",
    ),
    Grant(
        sid="Zones",
        service="route53",
        actions=("GetHostedZone", "ListResourceRecordSets"),
        purpose="that the zone exists and the name is free",
    ),
    Grant(
        sid="Network",
        service="ec2",
        actions=("DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups"),
        purpose="that the network exists; !Vpc, !Subnets and !SecurityGroup lookups",
    ),
    Grant(
        sid="Roles",
        service="iam",
        actions=("GetRole",),
        purpose="that roles exist, or that their names are free",
    ),
)
"""What every verb but ``account-setup`` and ``exec`` calls."""

MARKS: Final = Grant(
    sid="DeployedMarks",
    service="ecr",
    actions=("PutImage",),
    purpose="a tag on the image that runs, so that no lifecycle rule expires it",
)
"""In the repositories of the apps alone; IAM cannot narrow it to certain tags."""

BUCKETS: Final = ("ListBucket",)
OBJECTS: Final = ("GetObject", "PutObject")
"""What is done with the buckets under ``Records`` and ``TemplateBucket``, and in them."""

SETUP: Final = Grant(
    sid="AccountSetup",
    service="*",
    actions=("iam:CreateServiceLinkedRole", "ecs:PutAccountSettingDefault"),
    purpose="ecs-blocks account-setup, once for an account; not for a deployer",
)


def policy(place: Place, stacks: str = "*", images: Iterable[str] = ()) -> dict[str, Any]:
    """The policy document for who deploys to the environment of *place*.

    *stacks* is how the names of its stacks look like: ``*-prod``. Only those may be changed.
    *images* are repositories as ``images:`` in environment.yaml names them: in those that are in
    ECR what runs may be marked, in no others.
    """
    statements = [*_statements(place, stacks)]
    partition = place.pseudo["AWS::Partition"]
    repositories = {
        f"arn:{partition}:ecr:{one.region}:{one.registry_id}:repository/{one.repository}"
        for one in map(reference_of, images)
        if one is not None
    }
    if repositories:
        statements.append(statement(place, MARKS) | {"Resource": sorted(repositories)})
    return {"Version": "2012-10-17", "Statement": statements}


def statement(place: Place, grant: Grant, stacks: str = "*") -> dict[str, Any]:
    """The statement of a policy that gives *grant* in the account and region of *place*."""
    partition = place.pseudo["AWS::Partition"]
    resource = grant.resource.replace("{stacks}", stacks)
    arn = f"arn:{partition}:{grant.service}:{place.region}:{place.account_id}:{resource}"
    return {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": [f"{grant.service}:{action}" for action in grant.actions],
        "Resource": "*" if grant.resource == "*" else arn,
    }


def _statements(place: Place, stacks: str) -> Iterator[dict[str, Any]]:
    partition = place.pseudo["AWS::Partition"]
    for grant in GRANTS:
        yield statement(place, grant, stacks)
    service_role = place.settings.service_role_arn
    passed = {"ecs-tasks": f"arn:{partition}:iam::{place.account_id}:role/*"}
    if service_role:
        passed["cloudformation"] = service_role
    for service, role in passed.items():
        yield {
            "Sid": "PassTo" + "".join(part.capitalize() for part in service.split("-")),
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role,
            "Condition": {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}},
        }
    yield {
        # whoever may use Parameter Store may decrypt with the account's own key: its policy says so
        "Sid": "NoSecretValues",
        "Effect": "Deny",
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:ViaService": f"ssm.{place.region}.amazonaws.com"}},
    }
    folders = _folders(place)
    arns = [f"arn:{partition}:s3:::{folder}" for folder in folders]
    buckets = sorted({arn.partition("/")[0] for arn in arns})
    for sid, actions, resources in (("Buckets", BUCKETS, buckets), ("Objects", OBJECTS, arns)):
        if resources:
            yield {
                "Sid": sid,
                "Effect": "Allow",
                "Action": [f"s3:{action}" for action in actions],
                "Resource": resources,
            }


def _folders(place: Place) -> list[str]:
    """Of which objects it is: ``bucket/prefix/*``."""
    settings = place.settings
    found = [f"{settings.template_bucket}/{FOLDER}/*"] if settings.template_bucket else []
    if settings.records.startswith("s3://"):
        found.append(f"{settings.records.removeprefix('s3://').rstrip('/')}/*")
    return sorted(found)
