"""A load balancer with logs is not made before it may write into their bucket.

Elastic Load Balancing tries it when the logs are switched on. Without a bucket policy that allows
``s3:PutObject`` the deploy fails: "Access Denied for bucket … Please check S3bucket permission".
Nothing in the load balancer refers to the policy either, so CloudFormation is free to make the
policy second, and then it fails for the same reason.

Allow ``logdelivery.elasticloadbalancing.amazonaws.com`` to put objects in an
``AWS::S3::BucketPolicy`` for the bucket, and add that to ``DependsOn`` of the load balancer.
Buckets of other stacks are not judged.

Source: Elastic Load Balancing, "Enable access logs for your Application Load Balancer"; aws/aws-cdk
issues 5758 and 8113.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, attributes
from ecs_blocks.checks.views.balancers import LOAD_BALANCER, is_switched_on
from ecs_blocks.checks.views.iam_statements import statements_of
from ecs_blocks.checks.views.parts import each, elsewhere
from ecs_blocks.checks.views.references import made_before
from ecs_blocks.checks.views.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "LoadBalancerAttributes"
_LOGS: Final = ("access_logs.s3", "connection_logs.s3", "health_check_logs.s3")
_PUT: Final = "s3:PutObject"


def _judge(balancer: Resource, template: Template) -> Iterator[Fault]:
    used = attributes(balancer, _PLACE)
    buckets = [_bucket(used.get(f"{log}.bucket"), template) for log in _LOGS]
    judged: set[str] = set()

    def log(index: int) -> Iterator[Fault]:
        bucket = buckets[index]
        if bucket is None or bucket.id in judged:
            return
        if is_switched_on(balancer, f"{_LOGS[index]}.enabled"):
            judged.add(bucket.id)
            with elsewhere(_PLACE):
                yield from _permission(balancer, bucket, template)

    yield from each(range(len(_LOGS)), log)


def _bucket(value: Any, template: Template) -> Resource | None:
    """The bucket of this template that *value* names."""
    for bucket in template.of_type("AWS::S3::Bucket"):
        if _is(value, bucket, template):
            return bucket
    return None


def _is(value: Any, bucket: Resource, template: Template) -> bool:
    name = text_of(bucket.raw("BucketName"))
    return template.target(value) is bucket or (bool(name) and text_of(value) == name)


def _permission(balancer: Resource, bucket: Resource, template: Template) -> Iterator[Fault]:
    policies = [
        policy
        for policy in template.of_type("AWS::S3::BucketPolicy")
        if _is(policy.raw("Bucket"), bucket, template)
    ]
    if not policies:
        yield Fault(_PLACE, f"{bucket.id} has no bucket policy, so no log can be written")
        return
    allowing = {policy.id for policy in policies if _allows(policy)}
    if not allowing:
        yield Fault(_PLACE, f"no policy of {bucket.id} allows {_PUT}, so no log can be written")
    elif not allowing & made_before(template, balancer.id):
        yield Fault("DependsOn", f"the load balancer may be made before {min(allowing)}")


def _allows(policy: Resource) -> bool:
    document = policy.get("PolicyDocument", {})
    if isinstance(document, str):
        return True  # JSON in a text is not read
    return any(
        "NotAction" in one.body or one.granting(_PUT) is not None
        for one in statements_of("PolicyDocument", document)
    )


CHECK = Check(
    id="EB526",
    title="load balancer may not write its logs",
    types=(LOAD_BALANCER,),
    severity=Severity.ERROR,
    fix="allow s3:PutObject in a BucketPolicy, and add it to DependsOn of the load balancer",
    judge=_judge,
)
