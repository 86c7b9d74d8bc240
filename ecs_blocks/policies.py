"""IAM documents as functions: who may become a role, and what it may then do.

Every trust names the account (and, where the service says it, the kind of source), so that the
service cannot be made to act for somebody else (the confused deputy, trap 43).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import awacs.aws
import awacs.ecr
import awacs.kms
import awacs.logs
import awacs.secretsmanager
import awacs.ssm
import awacs.sts
from awacs.aws import (
    Action,
    Allow,
    ArnLike,
    Condition,
    Deny,
    Principal,
    Statement,
    StringEquals,
)
from troposphere import iam

from ecs_blocks.values import ACCOUNT_ID, PARTITION, REGION, get_att, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ecs_blocks.values import KeyArn, SecretArn, SsmParameterName, Value


def document(*statements: Any) -> Any:
    """A policy document of *statements*."""
    return awacs.aws.PolicyDocument(Version="2012-10-17", Statement=list(statements))


def trust(service: str, *, source: str | None = None) -> Any:
    """Let *service* (``ecs-tasks``) become the role, for this account.

    *source* is the service part of the ARN it acts for (``ecs``): only that in this region then.
    """
    conditions: list[Any] = [StringEquals({"aws:SourceAccount": ACCOUNT_ID})]
    if source is not None:
        arns = text("arn:", PARTITION, f":{source}:", REGION, ":", ACCOUNT_ID, ":*")
        conditions.append(ArnLike({"aws:SourceArn": arns}))
    return _assumed_by(service, Condition=Condition(conditions))


def trust_of_instances() -> Any:
    """Let EC2 give the role to an instance. EC2 sends no source, so none can be asked for."""
    return _assumed_by("ec2")


def trust_of_ecs() -> Any:
    """Let ECS itself become the role, for what it does around a service: weights, hooks.

    AWS's own samples ask for no source here, so none is asked for.
    """
    return _assumed_by("ecs")


def _assumed_by(service: str, **condition: Any) -> Any:
    who = Principal("Service", [f"{service}.amazonaws.com"])
    return document(
        Statement(Effect=Allow, Principal=who, Action=[awacs.sts.AssumeRole], **condition)
    )


def allow(actions: Sequence[Any], resources: Sequence[Any], sid: str = "", **extra: Any) -> Any:
    """Allow *actions* (``s3:GetObject``) on *resources*; *extra* is Condition or Principal."""
    if sid:
        extra["Sid"] = sid
    return Statement(Effect=Allow, Action=_actions(actions), Resource=list(resources), **extra)


def deny_without_tls(actions: Sequence[Any], resources: Sequence[Any]) -> Any:
    """Deny *actions* to whoever does not come over TLS."""
    return Statement(
        Sid="DenyWithoutTls",
        Effect=Deny,
        Principal=Principal("*"),
        Action=_actions(actions),
        Resource=list(resources),
        Condition=Condition(awacs.aws.Bool({"aws:SecureTransport": "false"})),
    )


def _actions(actions: Sequence[Any]) -> list[Any]:
    """As awacs wants them; its own need no change."""
    return [Action(*one.split(":", 1)) if isinstance(one, str) else one for one in actions]


def policy(name: str, *statements: Any) -> Any:
    """An inline policy of a role."""
    return iam.Policy(PolicyName=name, PolicyDocument=document(*statements))


def write_logs(group: Any) -> Any:
    """Write into *group*, a log group of the same template, and no other."""
    actions = [awacs.logs.CreateLogStream, awacs.logs.PutLogEvents]
    return allow(actions, [get_att(group, "Arn")])


def pull_images(repositories: Sequence[Value[str]]) -> Any:
    """Pull from these *repositories* (their ARNs)."""
    actions = [
        awacs.ecr.BatchCheckLayerAvailability,
        awacs.ecr.BatchGetImage,
        awacs.ecr.GetDownloadUrlForLayer,
    ]
    return allow(actions, repositories)


def log_in_to_ecr() -> Any:
    """Get a token for ECR. The action knows no resources, so it stands alone."""
    return allow([awacs.ecr.GetAuthorizationToken], ["*"])


def read_parameters(names: Sequence[Value[SsmParameterName]]) -> Any:
    """Read these SSM parameters of this account and region."""
    return allow([awacs.ssm.GetParameters], once(parameter_arn(name) for name in names))


def read_secrets(arns: Sequence[Value[SecretArn]]) -> Any:
    """Read these Secrets Manager secrets."""
    return allow([awacs.secretsmanager.GetSecretValue], once(arns))


def decrypt(keys: Sequence[Value[KeyArn]]) -> Any:
    """Decrypt what these KMS keys encrypted."""
    return allow([awacs.kms.Decrypt], once(keys))


def invoke(functions: Sequence[Value[str]]) -> Any:
    """Call these Lambda functions."""
    return allow(["lambda:InvokeFunction"], once(functions))


def parameter_arn(name: Value[SsmParameterName]) -> Value[str]:
    """The ARN of an SSM parameter; its *name* begins with a slash."""
    return text("arn:", PARTITION, ":ssm:", REGION, ":", ACCOUNT_ID, ":parameter", name)


def once(values: Iterable[Value[str]]) -> list[Value[str]]:
    """Every value once, in order: two variables may come from one secret."""
    found: dict[str, Value[str]] = {}
    for value in values:
        found.setdefault(repr(value), value)
    return list(found.values())
