"""What gets nearer to the world, or loses a guard: addresses, TLS, sign-in, containers, rollbacks.

Sources: Elastic Load Balancing User Guides, "Security policies"; AWS Security Hub, controls for
ECS, ELB, EC2, RDS and S3; AWS CloudFormation Template Reference of each type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.facts.tls_policies import WEAK
from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.impact.container_exposure import containers
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.guards import Guard, among, judged, off, on, present
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.reading import at, switched
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_BALANCER: Final = ("AWS::ElasticLoadBalancingV2::LoadBalancer",)
_LISTENER: Final = ("AWS::ElasticLoadBalancingV2::Listener",)
_ROUTES: Final = (*_LISTENER, "AWS::ElasticLoadBalancingV2::ListenerRule")
_SERVICE: Final = ("AWS::ECS::Service",)
_BUCKET: Final = ("AWS::S3::Bucket",)
_BLOCKS: Final = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)
_OLDEST: Final = {"1.0": 0.0, "1.1": 1.0}
_SIGN_IN: Final = frozenset({"authenticate-oidc", "authenticate-cognito", "jwt-validation"})


def _tls(value: Any) -> float | None:
    """How old a TLS version a policy still allows; ELB's default where none is named is 2016-08."""
    if value is None:
        return _OLDEST["1.0"]
    if is_intrinsic(value):
        return None
    name = text(value)
    if name in WEAK:
        return _OLDEST[WEAK[name]]
    return 3 if "TLS13-1-3" in name else 2


_GUARDS: Final = (
    Guard(
        types=_BALANCER,
        path="Scheme",
        safety=among({"internet-facing": 0, "internal": 1}, 0),
        kind="exposure",
        weaker="the load balancer faces the internet; it was internal",
        stronger="the load balancer is internal: nothing on the internet reaches it any more",
        better=Weight.NOTICE,
        fresh="the load balancer faces the internet",
    ),
    Guard(
        types=_SERVICE,
        path="NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
        safety=off(),
        kind="exposure",
        weaker="tasks get public IP addresses",
        stronger="tasks get no public IP addresses any more",
        fresh="tasks get public IP addresses",
    ),
    Guard(
        types=_SERVICE,
        path="EnableExecuteCommand",
        safety=off(),
        kind="exposure",
        weaker="ECS Exec is turned on: whoever may use it has a shell in the containers",
        # EnableExecuteCommand "doesn't trigger a new service deployment" (API, UpdateService)
        stronger="ECS Exec is turned off for tasks that start from now on; those that run stay "
        "open until they are replaced (ecs-blocks redeploy)",
        better=Weight.NOTICE,
        fresh="ECS Exec is on: whoever may use it has a shell in the containers",
    ),
    Guard(
        types=_SERVICE,
        path="AvailabilityZoneRebalancing",
        safety=on(default=True),
        kind="configuration",
        weight=Weight.NOTICE,
        weaker="tasks are no longer spread again over the Availability Zones",
        stronger="tasks are spread again over the Availability Zones when they have become uneven",
    ),
    Guard(
        types=_LISTENER,
        path="SslPolicy",
        alike="Protocol",
        safety=_tls,
        kind="exposure",
        weaker="the TLS policy grows weaker: {old} → {new}",
        stronger="the TLS policy grows stronger: {old} → {new}; old clients may be turned away",
        better=Weight.NOTICE,
    ),
    Guard(
        types=_LISTENER,
        path="Protocol",
        safety=among({"HTTP": 0, "TCP": 0, "HTTPS": 1, "TLS": 1}, 0),
        kind="exposure",
        weaker="connections are no longer encrypted: {old} → {new}",
        stronger="connections are encrypted: {old} → {new}",
    ),
    Guard(
        types=_LISTENER,
        path="MutualAuthentication.Mode",
        safety=among({"off": 0, "passthrough": 1, "verify": 2}, 0),
        kind="exposure",
        weaker="client certificates are no longer checked: {old} → {new}",
        stronger="client certificates are checked: {old} → {new}",
    ),
    *(
        Guard(
            types=_BALANCER,
            path=f"LoadBalancerAttributes[{key}]",
            safety=on(),
            kind="exposure",
            weight=weight,
            weaker=weaker,
            stronger=stronger,
        )
        for key, weight, weaker, stronger in (
            (
                "routing.http.drop_invalid_header_fields.enabled",
                Weight.APPROVAL,
                "invalid HTTP headers reach the tasks",
                "invalid HTTP headers are dropped",
            ),
            (
                "access_logs.s3.enabled",
                Weight.NOTICE,
                "requests are no longer logged (access logs)",
                "requests are logged (access logs)",
            ),
            (
                "connection_logs.s3.enabled",
                Weight.NOTICE,
                "connections are no longer logged",
                "connections are logged",
            ),
        )
    ),
    Guard(
        types=_BUCKET,
        path="AccessControl",
        safety=among(
            {"PublicReadWrite": 0, "PublicRead": 1, "AuthenticatedRead": 2, "Private": 3}, 3
        ),
        kind="exposure",
        weaker="the bucket's ACL opens it: {old} → {new}",
        stronger="the bucket's ACL closes it: {old} → {new}",
    ),
    Guard(
        types=("AWS::RDS::DBInstance",),
        path="PubliclyAccessible",
        safety=off(),
        kind="exposure",
        weaker="the database gets a public address",
        stronger="the database has no public address any more",
        fresh="the database has a public address",
    ),
    Guard(
        types=("AWS::Lambda::Url",),
        path="AuthType",
        safety=among({"NONE": 0, "AWS_IAM": 1}, 0),
        kind="exposure",
        weaker="anyone may call the function's URL",
        stronger="the function's URL asks for IAM credentials",
        fresh="anyone may call the function's URL",
    ),
    Guard(
        types=("AWS::EC2::LaunchTemplate",),
        path="LaunchTemplateData.MetadataOptions.HttpTokens",
        safety=among({"optional": 0, "required": 1}, 0),
        kind="exposure",
        weaker="instances answer to IMDSv1 again: what can make requests there gets credentials",
        stronger="instances ask for IMDSv2",
    ),
    Guard(
        types=("AWS::ECR::Repository",),
        path="ImageScanningConfiguration.ScanOnPush",
        safety=on(),
        kind="exposure",
        weight=Weight.NOTICE,
        weaker="images are no longer scanned when they are pushed",
        stronger="images are scanned when they are pushed",
    ),
    Guard(
        types=("AWS::IAM::Role",),
        path="PermissionsBoundary",
        safety=present,
        kind="permission",
        weaker="its permissions boundary is removed",
        stronger="it gets a permissions boundary",
    ),
)


def exposures(subject: Subject) -> Iterator[Finding]:
    """A finding for each thing that gets nearer to the world, or further from it."""
    yield from judged(subject, _GUARDS)
    for _, old, new in subject.modified(*_BUCKET):
        yield from _public_access(old, new)
    for _, old, new in subject.modified(*_ROUTES):
        yield from _route(old, new)
    for _, old, new in subject.modified("AWS::ECS::TaskDefinition"):
        yield from containers(old, new)


def _public_access(old: Resource, new: Resource) -> Iterator[Finding]:
    """A bucket's switches against public access: one sentence for all that go one way."""
    path = "PublicAccessBlockConfiguration"
    on = {key: [switched(one, f"{path}.{key}") for one in (old, new)] for key in _BLOCKS}
    lost = [key for key, found in on.items() if found == [True, False]]
    won = [key for key, found in on.items() if found == [False, True]]
    for keys, words, weight in (
        (lost, "no longer blocked", Weight.APPROVAL),
        (won, "blocked", Weight.CALM),
    ):
        if keys:
            yield Finding(
                kind="exposure",
                weight=weight,
                text=f"{new.id}: public access to the bucket is {words} ({listed(keys)})",
                covers=tuple((new.id, f"{path}.{key}") for key in keys),
            )


def _route(old: Resource, new: Resource) -> Iterator[Finding]:
    """A listener or a rule: whether one has to sign in, and whether HTTP is sent on to HTTPS."""
    path = "DefaultActions" if new.type in _LISTENER else "Actions"
    before, after = (_action_types(one, path) for one in (old, new))
    if before is None or after is None:
        return
    lost, won = before & _SIGN_IN - after, after & _SIGN_IN - before
    if lost and not after & _SIGN_IN:
        yield Finding(
            kind="exposure",
            weight=Weight.APPROVAL,
            text=f"{new.id}: requests pass without signing in ({', '.join(sorted(lost))} removed)",
            covers=((new.id, path),),
        )
    elif won and not before & _SIGN_IN:
        yield Finding(
            kind="exposure",
            weight=Weight.NOTICE,
            text=f"{new.id}: requests have to be signed in ({', '.join(sorted(won))})",
            covers=((new.id, path),),
        )
    plain = at(new, "Protocol") == "HTTP"
    if plain and "redirect" in before and "redirect" not in after and "forward" in after:
        yield Finding(
            kind="exposure",
            weight=Weight.APPROVAL,
            text=f"{new.id}: plain HTTP is answered instead of being sent on to HTTPS",
            covers=((new.id, path),),
        )


def _action_types(route: Resource, path: str) -> frozenset[str] | None:
    found = at(route, path)
    if is_intrinsic(found) or any(is_intrinsic(one) for one in as_items(found)):
        return None
    return frozenset(text(one.get("Type")) for one in as_items(found) if isinstance(one, dict))
