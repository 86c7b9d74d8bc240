"""Some things cannot be used from another account or another region than the stack's.

A role for a task must be of the same account ("Cross-account pass role is not allowed"). A
certificate must be of the same account and region ("CertificateNotFound"). Load balancers,
listeners and target groups that refer to each other are of one region; so are an alarm and its
topic ("Invalid region … specified"), and a key and what it encrypts. ARNs like that come from an
environment that was copied.

Use the ARN of the one in this account and region. Only ARNs written out are judged, against the
account and the region that platform.yaml gives the environment.

Source: AWS Identity and Access Management User Guide, "Grant a user permissions to pass a role to
an AWS service"; Elastic Load Balancing, "SSL certificates for your Application Load Balancer";
Amazon CloudWatch API Reference, PutMetricAlarm; AWS KMS Developer Guide, "Multi-Region keys in AWS
KMS".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.balancers import LISTENER, LISTENER_RULE, actions, target_groups
from ecs_blocks.checks.views.metrics_used import ALARM
from ecs_blocks.checks.views.parts import Part, each, parts, whole
from ecs_blocks.checks.views.tasks import SERVICE, TASK_DEFINITION
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTENER_CERTIFICATE: Final = "AWS::ElasticLoadBalancingV2::ListenerCertificate"
_SINGLE: Final = {
    TASK_DEFINITION: ("ExecutionRoleArn", "TaskRoleArn"),
    LISTENER: ("LoadBalancerArn",),
    LISTENER_RULE: ("ListenerArn",),
    _LISTENER_CERTIFICATE: ("ListenerArn",),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::ECR::Repository": ("EncryptionConfiguration.KmsKey",),
}
_LISTS: Final = {
    ALARM: ("AlarmActions", "OKActions", "InsufficientDataActions"),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmActions", "OKActions", "InsufficientDataActions"),
}
_CERTIFIED: Final = (LISTENER, _LISTENER_CERTIFICATE)
_ROUTES: Final = (LISTENER, LISTENER_RULE)
_SAME_ACCOUNT: Final = frozenset({"acm", "iam"})
_SAME_REGION: Final = frozenset({"acm", "elasticloadbalancing", "kms", "sns"})


def _judge(user: Resource, template: Template) -> Iterator[Fault]:
    yield from each(_arns(user), lambda arn: _arn(arn, template))


def _arns(user: Resource) -> Iterator[Part]:
    """Every place where an ARN of this account or region belongs."""
    for path in _SINGLE.get(user.type, ()):
        yield Part(path, _written(user, path))
    for path in _LISTS.get(user.type, ()):
        yield from parts(user, path) if not is_intrinsic(user.raw(path)) else ()
    for item in _items(user):
        if not is_intrinsic(item.value):
            key = "TargetGroupArn" if user.type == SERVICE else "CertificateArn"
            yield Part(item.at(key), item.raw(key))
    for action in actions(user) if user.type in _ROUTES else ():
        for path, value in target_groups(action):
            yield Part(path, value)


def _items(user: Resource) -> Iterator[Part]:
    if user.type == SERVICE:
        yield from parts(user, "LoadBalancers")
    elif user.type in _CERTIFIED:
        yield from parts(user, "Certificates")


def _written(user: Resource, path: str) -> Any:
    head, _, key = path.rpartition(".")
    above = whole(user).get(head) if head else user.properties
    return above.get(key) if isinstance(above, dict) else None


def _arn(one: Part, template: Template) -> Iterator[Fault]:
    found = one.value.split(":", 5) if isinstance(one.value, str) else []
    if len(found) < 6 or found[0] != "arn":
        return
    service, region, account = found[2:5]
    platform = template.platform
    for kind, given, own, services in (
        ("region", region, platform.region, _SAME_REGION),
        ("account", account, platform.account_id, _SAME_ACCOUNT),
    ):
        if not given or given == "aws" or service not in services:
            continue
        if not own:
            raise Unknown(one.path)
        if given != own:
            yield Fault(one.path, f"the ARN is of the {kind} {given}, and this stack of {own}")


CHECK = Check(
    id="EB614",
    title="ARN of another account or region",
    types=(*_SINGLE, *_LISTS, SERVICE),
    severity=Severity.ERROR,
    fix="use the ARN of the one in the account and region of the stack",
    judge=_judge,
)
