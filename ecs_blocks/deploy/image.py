"""The images of a deploy: a tag becomes the digest that it stands for now, and that is what runs.

A tag can be moved; what was looked at here would then not be what ECS pulls.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.image_manifest import MEDIA_TYPES, platforms_of
from ecs_blocks.deploy.preflight.ask import find, pages
from ecs_blocks.deploy.preflight.finding import (
    Finding,
    Gap,
    Kind,
    fact,
    problem,
    skipped,
)
from ecs_blocks.deploy.preflight.template import items, part, text, texts
from ecs_blocks.naming import DEPLOYED, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws

_ECR: Final = re.compile(
    r"(?P<url>(?P<registry>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z.]+"
    r"/(?P<repository>[^:@]+))(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
"""A private repository, by its usual host, FIPS's or dual-stack's."""

_ARCHITECTURES: Final = {"X86_64": "amd64", "ARM64": "arm64"}
_ABSENT: Final = ("RepositoryNotFoundException", "ImageNotFoundException")
_ROOT: Final = "ROOT"
_SHOWN: Final = 5
_LOOKED_AT: Final = 5000


class Reference(Struct, frozen=True):
    """An image in a private ECR repository. ``url`` is the repository's."""

    url: str
    registry_id: str
    region: str
    repository: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """How it is called in a sentence: ``hoge:1.8.2``."""
        end = f"@{self.digest[:19]}…" if self.digest else f":{self.tag}"
        return f"{self.repository}{end}"


class Wanted(Struct, frozen=True):
    """An image that the template's tasks run.

    ``parameter`` is the template's parameter that gives it, empty where it is written out.
    ``platforms`` are those that the tasks need (``linux/arm64``), by their task definitions.
    ``container`` is the first that runs it, behind its task definition: ``HogeTask.app``. ``keep``
    leaves a tag as it is: what runs by a tag goes on running by it.
    """

    parameter: str
    image: str
    platforms: Mapping[str, str]
    keep: bool = False
    container: str = ""


class Image(Struct, frozen=True):
    """An image that was looked up: as it was ``given``, as it ``runs``, and what was found out.

    ``digest`` is empty where it could not be known; then it runs as it was given.
    """

    parameter: str
    given: str
    runs: str
    digest: str
    findings: tuple[Finding, ...]


def reference_of(image: str) -> Reference | None:
    """The parts of *image*; None where it is not in a private ECR repository."""
    found = _ECR.fullmatch(image)
    if found is None:
        return None
    digest = found["digest"] or ""
    tag = found["tag"] or ("" if digest else "latest")
    return Reference(
        found["url"], found["registry"], found["region"], found["repository"], tag, digest
    )


def images_of(template: Mapping[str, Any], resolved: Mapping[str, Any]) -> list[Wanted]:
    """The images of the tasks in *resolved*, which is *template* with its values put in."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    first: dict[tuple[str, str], str] = {}
    for name, resource in resolved.get("Resources", {}).items():
        if resource.get("Type") != "AWS::ECS::TaskDefinition":
            continue
        properties = part(resource, "Properties")
        parameters = _parameters(part(template, "Resources", name, "Properties"))
        for container in items(properties.get("ContainerDefinitions")):
            if image := text(container.get("Image")):
                container_name = text(container.get("Name"))
                key = (parameters.get(container_name, ""), image)
                found.setdefault(key, {})[name] = _needed(properties)
                first.setdefault(key, f"{name}.{container_name}")
    return [
        Wanted(parameter, image, needed, container=first[parameter, image])
        for (parameter, image), needed in found.items()
    ]


def _parameters(properties: Mapping[str, Any]) -> dict[str, str]:
    """The parameter of each container's image, by the container's name."""
    found = {}
    for container in items(properties.get("ContainerDefinitions")):
        match container:
            case {"Name": str() as name, "Image": {"Ref": str() as parameter}}:
                found[name] = parameter
    return found


def _needed(properties: Mapping[str, Any]) -> str:
    """The platform that a task runs on; empty where the instances decide it."""
    wanted = part(properties, "RuntimePlatform")
    if not wanted and "FARGATE" not in texts(properties.get("RequiresCompatibilities")):
        return ""
    system = str(wanted.get("OperatingSystemFamily", "LINUX")).partition("_")[0].lower()
    architecture = str(wanted.get("CpuArchitecture", "X86_64"))
    return f"{system}/{_ARCHITECTURES.get(architecture, architecture)}"


def find_image(aws: Aws, wanted: Wanted, running: str) -> Image:
    """Look *wanted* up in ECR. *running* is what the stack runs now, or empty.

    Raises:
        DeployError: there are no valid credentials.
    """
    reference = reference_of(wanted.image)
    if reference is None:
        note = "not verified: it is not in a private ECR repository"
        return _image(wanted, Finding(Kind.SKIPPED, wanted.image, note))
    client = aws.client("ecr", reference.region)
    place = {"registryId": reference.registry_id, "repositoryName": reference.repository}
    image_id = (
        {"imageDigest": reference.digest} if reference.digest else {"imageTag": reference.tag}
    )
    answer = find(
        "ecr:BatchGetImage",
        client.batch_get_image,
        _ABSENT,
        imageIds=[image_id],
        acceptedMediaTypes=list(MEDIA_TYPES),
        **place,
    )
    if answer is None:
        return _image(wanted, _missing(client, reference, _no_repository(reference)))
    if isinstance(answer, Gap):
        return _by_description(client, place, image_id, wanted, reference, answer)
    if not answer.get("images"):
        finding = _not_there(client, place, reference, answer)
        if finding.kind is Kind.PROBLEM:
            finding = _missing(client, reference, finding)
        return _image(wanted, finding)
    [found, *_] = answer["images"]
    digest = str(found["imageId"]["imageDigest"])
    platforms = platforms_of(client, place, str(found.get("imageManifest", "")))
    findings = list(_platform_findings(wanted, reference, platforms))
    if not any(one.kind is Kind.PROBLEM for one in findings):
        findings += _facts(reference, digest, platforms, running)
    return _image(wanted, *findings, reference=reference, digest=digest)


def _image(
    wanted: Wanted, *findings: Finding, reference: Reference | None = None, digest: str = ""
) -> Image:
    pinned = reference is not None and digest and wanted.parameter and not wanted.keep
    runs = f"{reference.url}@{digest}" if reference and pinned else wanted.image
    return Image(wanted.parameter, wanted.image, runs, digest, findings)


def _missing(client: Any, reference: Reference, refusal: Finding) -> Finding:
    """What it means that ECR does not have an image: *refusal*, unless a rule fetches it.

    Of the pull-through cache rules the one with the longest prefix counts; ROOT is the prefix of
    everything. Source: Amazon ECR API reference, DescribePullThroughCacheRules.
    """
    rules = find(
        "ecr:DescribePullThroughCacheRules",
        pages(client, "describe_pull_through_cache_rules", "pullThroughCacheRules"),
        ("PullThroughCacheRuleNotFoundException",),
        registryId=reference.registry_id,
    )
    if isinstance(rules, Gap):
        unknown = f"whether a pull-through cache would fetch it is not known: {rules.why}"
        return structs.replace(refusal, message=f"{refusal.message}; {unknown}")
    by_prefix = {str(rule["ecrRepositoryPrefix"]): rule for rule in rules or ()}
    fitting = [prefix for prefix in by_prefix if reference.repository.startswith(f"{prefix}/")]
    prefix = max(fitting, key=len, default=_ROOT)
    if prefix not in by_prefix:
        return refusal
    upstream = by_prefix[prefix].get("upstreamRegistryUrl", "its upstream")
    message = f"not there yet; the pull-through cache fetches it from {upstream} when it is pulled"
    return fact(reference.name, message)


def _no_repository(reference: Reference) -> Finding:
    message = (
        f"there is no repository {reference.repository} in account {reference.registry_id}, "
        f"{reference.region}"
    )
    return problem(reference.name, message, "deploy the stack that makes the repository first")


def _by_description(  # noqa: PLR0917 - what is known of one image so far
    client: Any,
    place: Mapping[str, str],
    image_id: Mapping[str, str],
    wanted: Wanted,
    reference: Reference,
    gap: Gap,
) -> Image:
    """The digest alone, where the image itself may not be read."""
    answer = find(
        "ecr:DescribeImages", client.describe_images, _ABSENT, imageIds=[image_id], **place
    )
    if answer is None:
        gone = problem(reference.name, "there is no such image in ECR")
        return _image(wanted, _missing(client, reference, gone))
    if isinstance(answer, Gap) or not answer.get("imageDetails"):
        return _image(wanted, skipped(reference.name, gap))
    digest = str(answer["imageDetails"][0]["imageDigest"])
    finding = skipped(f"{reference.name}'s architecture", gap)
    return _image(wanted, finding, reference=reference, digest=digest)


def _not_there(
    client: Any, place: Mapping[str, str], reference: Reference, answer: Mapping[str, Any]
) -> Finding:
    failure: Mapping[str, str] = next(iter(answer.get("failures", ())), {})
    code = str(failure.get("failureCode", "ImageNotFound"))
    if code != "ImageNotFound":
        why = Gap(f"ECR says {code}: {failure.get('failureReason', '')}".removesuffix(": "))
        return skipped(reference.name, why)
    listed = find(
        "ecr:DescribeImages",
        pages(client, "describe_images", "imageDetails"),
        _ABSENT,
        filter={"tagStatus": "TAGGED"},
        PaginationConfig={"MaxItems": _LOOKED_AT},
        **place,
    )
    message = f"there is no such image in account {reference.registry_id}, {reference.region}"
    hint = "push it first"
    if isinstance(listed, list):
        tags = _latest(listed)
        message += nearest(reference.tag, tags) if reference.tag else ""
        shown = ", ".join(f"{tag} ({at})" for tag, at in list(tags.items())[:_SHOWN])
        message += f"; pushed last: {shown}" if shown else "; nothing was pushed there yet"
        hint += ", or give one that is there with --set ImageTag=…" if shown else ""
    return problem(reference.name, message, hint)


def _latest(listed: list[dict[str, Any]]) -> dict[str, str]:
    """Tags and when they were pushed, the latest first."""
    begin = dt.datetime.fromtimestamp(0, dt.UTC)
    ordered = sorted(listed, key=lambda one: one.get("imagePushedAt") or begin, reverse=True)
    found = {}
    for one in ordered:
        at = (one.get("imagePushedAt") or begin).astimezone(dt.UTC)
        for tag in given_tags(one):
            found[tag] = f"{at:%Y-%m-%d %H:%M} UTC"
    return found


def given_tags(details: Mapping[str, Any]) -> list[str]:
    """The tags of an image that somebody gave it, not the marks of deploys."""
    tags = map(str, details.get("imageTags", ()))
    return [tag for tag in tags if not tag.startswith(DEPLOYED)]


def _platform_findings(
    wanted: Wanted, reference: Reference, platforms: tuple[str, ...] | Gap | None
) -> Iterator[Finding]:
    if platforms is None:
        yield problem(reference.name, "this is no container image: it holds something else")
    elif isinstance(platforms, Gap):
        yield skipped(f"{reference.name}'s architecture", platforms)
    else:
        for task, needed in wanted.platforms.items():
            if needed and needed not in platforms:
                message = f"it is built for {', '.join(platforms)}, but {task} runs on {needed}"
                hint = f"build it for {needed}: docker buildx build --platform {needed}"
                yield problem(reference.name, message, hint)


def _facts(
    reference: Reference, digest: str, platforms: tuple[str, ...] | Gap | None, running: str
) -> Iterator[Finding]:
    if running == f"{reference.url}@{digest}":
        yield fact(reference.name, "the same image as was deployed last")
    built = f", for {', '.join(platforms)}" if isinstance(platforms, tuple) else ""
    yield fact(reference.name, f"is {digest}{built}")
