"""What a rendered stack takes for granted: everything that it names and does not make itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.image import images_of
from ecs_blocks.deploy.local.registry import NeededImage
from ecs_blocks.deploy.preflight.certificates import certificates_of
from ecs_blocks.deploy.preflight.keys import keys_of
from ecs_blocks.deploy.preflight.network import subnets_of
from ecs_blocks.deploy.preflight.secrets import ParameterName, SecretName, parsed, secrets_of
from ecs_blocks.deploy.preflight.subject import Subject
from ecs_blocks.deploy.preflight.template import items, part, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.templates.render import RenderedEnvironment

DEFAULT_PORT: Final = 80
LOGS_TO: Final = frozenset({"access_logs.s3.bucket", "connection_logs.s3.bucket"})

_REFERENCE: Final = re.compile(r"\{\{resolve:([^{}]+)\}\}")
_SECRET_REFERENCE: Final = re.compile(
    r"secretsmanager:(?P<arn>arn:[a-z-]+:secretsmanager:[^:]+:[0-9]+:secret:[^:]+)"
    r"(?::SecretString(?::(?P<key>[^:]*))?)?(?::.*)?"
)
_SSM_REFERENCE: Final = re.compile(r"ssm:([^:]+)(?::[0-9]+)?")


class Needs(Struct, frozen=True):
    """What has to be there. ``subnets`` are lists of the ids that are used together.

    ``zones`` are the names of hosted zones by id, ``secrets`` the JSON keys that are read of each
    secret by its ARN, none for the whole. ``parameters`` are of SSM and secret;
    ``plain_parameters`` are those that CloudFormation puts into the template.
    """

    vpcs: tuple[str, ...]
    subnets: tuple[tuple[str, ...], ...]
    zones: Mapping[str, str]
    certificates: tuple[str, ...]
    keys: tuple[str, ...]
    topics: tuple[str, ...]
    buckets: tuple[str, ...]
    clusters: tuple[str, ...]
    secrets: Mapping[str, tuple[str, ...]]
    parameters: tuple[str, ...]
    plain_parameters: tuple[str, ...]
    images: tuple[NeededImage, ...]


def needs_of(rendered: RenderedEnvironment, others: Iterable[RenderedEnvironment] = ()) -> Needs:
    """What *rendered* needs, without what the templates of *others* make."""
    template = rendered.resolved()
    account_id, region = rendered.pseudo["AWS::AccountId"], rendered.pseudo["AWS::Region"]
    subject = Subject(
        environment=rendered.name,
        account_id=account_id,
        stack_name=rendered.stack_name,
        template=template,
        resources={},
        images=(),
    )
    of_containers = [parsed(value, account_id, region) for value in secrets_of(subject)]
    references = tuple(_references(template))
    made = {name for one in others for name in _clusters_made(one)}
    return Needs(
        vpcs=_vpcs(rendered),
        subnets=_subnets(rendered, subject),
        zones=_zones(rendered, subject),
        certificates=tuple(sorted(arn for arn in certificates_of(subject) if arn)),
        keys=tuple(key for key in sorted(keys_of(subject)) if ":key/" in key),
        topics=_topics(template, account_id, region),
        buckets=_buckets(subject),
        clusters=tuple(sorted(_clusters(subject) - made)),
        secrets=_secrets(subject, region, references),
        parameters=tuple(one.names[0] for one in of_containers if isinstance(one, ParameterName)),
        plain_parameters=tuple(
            sorted({found[1] for found in map(_SSM_REFERENCE.fullmatch, references) if found})
        ),
        images=_images(rendered, template),
    )


def _of_type(rendered: RenderedEnvironment, kind: str) -> Iterator[str]:
    """The values of the template's parameters of a type, each of a list."""
    for name, declaration in rendered.template.get("Parameters", {}).items():
        if declaration["Type"] == kind and name in rendered.parameters:
            yield from rendered.parameters[name].split(",")


def _vpcs(rendered: RenderedEnvironment) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_of_type(rendered, "AWS::EC2::VPC::Id")))


def _subnets(rendered: RenderedEnvironment, subject: Subject) -> tuple[tuple[str, ...], ...]:
    by_user: dict[str, list[str]] = {}
    for subnet, users in subnets_of(subject).items():
        for user in users:
            by_user.setdefault(user, []).append(subnet)
    used = {tuple(own) for own in by_user.values()}
    of_platform = {rendered.public_subnet_ids, rendered.private_subnet_ids} - {()}
    return tuple(sorted(used | of_platform))


def _zones(rendered: RenderedEnvironment, subject: Subject) -> dict[str, str]:
    """Hosted zones; of one whose name is not given, a record's name tells it."""
    named = rendered.parameters.get("HostedZoneName", "")
    zones = {}
    for _, properties in subject.of_type("AWS::Route53::RecordSet"):
        zone_id, name = text(properties.get("HostedZoneId")), text(properties.get("Name"))
        if zone_id:
            zones[zone_id] = named or name.partition(".")[2] or name
    return zones


def _topics(template: Mapping[str, Any], account_id: str, region: str) -> tuple[str, ...]:
    topic = re.compile(rf"arn:[a-z-]+:sns:{region}:{account_id}:([A-Za-z0-9_-]+)")
    found = map(topic.fullmatch, _leaves(template.get("Resources", {})))
    return tuple(sorted({one[1] for one in found if one}))


def _references(template: Mapping[str, Any]) -> Iterator[str]:
    """What CloudFormation puts in the place of ``{{resolve:…}}``, each without its braces."""
    for leaf in _leaves(template.get("Resources", {})):
        yield from _REFERENCE.findall(leaf)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value


def _buckets(subject: Subject) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                name
                for _, properties in subject.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer")
                for one in items(properties.get("LoadBalancerAttributes"))
                if one.get("Key") in LOGS_TO and (name := text(one.get("Value")))
            }
        )
    )


def _clusters(subject: Subject) -> set[str]:
    own = {text(p.get("ClusterName")) for _, p in subject.of_type("AWS::ECS::Cluster")}
    used = {text(p.get("Cluster", "default")) for _, p in subject.of_type("AWS::ECS::Service")}
    return used - own - {""}


def _clusters_made(rendered: RenderedEnvironment) -> Iterator[str]:
    for resource in rendered.resolved().get("Resources", {}).values():
        if resource.get("Type") == "AWS::ECS::Cluster":
            yield text(part(resource, "Properties").get("ClusterName"))


def _secrets(
    subject: Subject, region: str, references: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The keys that containers and the template itself read of each secret, by its ARN."""
    found: dict[str, dict[str, None]] = {}
    for value in secrets_of(subject):
        name = parsed(value, subject.account_id, region)
        if isinstance(name, SecretName):
            key = value.removeprefix(name.arn).removeprefix(":").partition(":")[0]
            found.setdefault(name.arn, {})[key] = None
    for reference in references:
        if one := _SECRET_REFERENCE.fullmatch(reference):
            found.setdefault(one["arn"], {})[one["key"] or ""] = None
    return {arn: tuple(key for key in keys if key) for arn, keys in found.items()}


def _images(rendered: RenderedEnvironment, template: Mapping[str, Any]) -> tuple[NeededImage, ...]:
    found = {}
    ports = dict(_ports(template))
    for wanted in images_of(rendered.template, template):
        found[wanted.image] = NeededImage(wanted.image, ports.get(wanted.image, DEFAULT_PORT))
    return tuple(found.values())


def _ports(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The first port of each container, by its image."""
    for resource in template.get("Resources", {}).values():
        if resource.get("Type") == "AWS::ECS::TaskDefinition":
            for container in items(part(resource, "Properties").get("ContainerDefinitions")):
                for mapping in items(container.get("PortMappings"))[:1]:
                    yield text(container.get("Image")), int(mapping["ContainerPort"])
