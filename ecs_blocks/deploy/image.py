"""The images of a deploy: a tag becomes the digest that it stands for now, and that is what runs.

A tag can be moved; what was looked at here would then not be what ECS pulls.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.image_manifest import (
    NO_IMAGE,
    NO_REPOSITORY,
    Absent,
    Platforms,
    Revision,
    read_image,
)
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
    r"(?P<url>(?P<registry>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z]+(?:-[a-z0-9]+)+)\."
    r"(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn)|c2s\.ic\.gov|"
    r"sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
    r"/(?P<repository>[^:@]+))(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
# Source: ECR User Guide, "Making requests to …"; awslabs/amazon-ecr-credential-helper.
"""A private repository, by its usual host, FIPS's or dual-stack's, in any partition of AWS."""
_LIKE_ECR: Final = re.compile(r"[0-9]{12}\.dkr[.-]ecr[.-]")
_NOT_ECR: Final = "this begins like an image in ECR, but its host or its digest is none of ECR's"

_ARCHITECTURES: Final = {"X86_64": "amd64", "ARM64": "arm64"}
_ABSENT: Final = (NO_REPOSITORY, "ImageNotFoundException")
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

    @property
    def place(self) -> dict[str, str]:
        """Its repository, as ECR takes it."""
        return {"registryId": self.registry_id, "repositoryName": self.repository}

    @property
    def image_id(self) -> dict[str, str]:
        """The image in it, as ECR takes it."""
        return {"imageDigest": self.digest} if self.digest else {"imageTag": self.tag}


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

    ``digest`` is empty where it could not be known; then it runs as it was given. ``revision`` is
    the commit that it was built from, as far as that is known without further calls.
    """

    parameter: str
    given: str
    runs: str
    digest: str
    findings: tuple[Finding, ...]
    revision: Revision = ""


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
    found: dict[tuple[str, str], Wanted] = {}
    for name, resource in resolved.get("Resources", {}).items():
        if resource.get("Type") != "AWS::ECS::TaskDefinition":
            continue
        properties = part(resource, "Properties")
        parameters = _parameters(part(template, "Resources", name, "Properties"))
        for container in items(properties.get("ContainerDefinitions")):
            if image := text(container.get("Image")):
                own = text(container.get("Name"))
                parameter = parameters.get(own, "")
                new = Wanted(parameter, image, {}, container=f"{name}.{own}")
                wanted = found.get((parameter, image), new)
                platforms = {**wanted.platforms, name: _needed(properties)}
                found[parameter, image] = structs.replace(wanted, platforms=platforms)
    return list(found.values())


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
    if reference is None and _LIKE_ECR.match(wanted.image):
        hint = "write it like 123456789012.dkr.ecr.eu-west-1.amazonaws.com/hoge:1.8.2"
        return _image(wanted, problem(wanted.image, _NOT_ECR, hint))
    if reference is None:
        note = "not verified: it is not in a private ECR repository"
        return _image(wanted, Finding(Kind.SKIPPED, wanted.image, note))
    client = aws.client("ecr", reference.region)
    found = read_image(client, reference.place, reference.image_id)
    if isinstance(found, Gap):
        return _by_description(client, wanted, reference, found)
    if isinstance(found, Absent):
        finding = _not_there(client, reference, found)
        if finding.kind is Kind.PROBLEM:
            finding = _missing(client, reference, finding)
        return _image(wanted, finding)
    findings = list(_platform_findings(wanted, reference, found.platforms))
    if not any(one.kind is Kind.PROBLEM for one in findings):
        findings += _facts(reference, found.digest, found.platforms, running)
    return _image(
        wanted, *findings, reference=reference, digest=found.digest, revision=found.revision
    )


def _image(
    wanted: Wanted,
    *findings: Finding,
    reference: Reference | None = None,
    digest: str = "",
    revision: Revision = "",
) -> Image:
    pinned = reference is not None and digest and wanted.parameter and not wanted.keep
    runs = f"{reference.url}@{digest}" if reference and pinned else wanted.image
    return Image(wanted.parameter, wanted.image, runs, digest, findings, revision)


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


def _by_description(client: Any, wanted: Wanted, reference: Reference, gap: Gap) -> Image:
    """The digest alone, where the image itself may not be read."""
    answer = find(
        "ecr:DescribeImages",
        client.describe_images,
        _ABSENT,
        imageIds=[reference.image_id],
        **reference.place,
    )
    if answer is None:
        gone = problem(reference.name, "there is no such image in ECR")
        return _image(wanted, _missing(client, reference, gone))
    if isinstance(answer, Gap) or not answer.get("imageDetails"):
        return _image(wanted, skipped(reference.name, gap))
    digest = str(answer["imageDetails"][0]["imageDigest"])
    finding = skipped(f"{reference.name}'s architecture", gap)
    return _image(wanted, finding, reference=reference, digest=digest, revision=gap)


def _not_there(client: Any, reference: Reference, absent: Absent) -> Finding:
    where = f"in account {reference.registry_id}, {reference.region}"
    if absent.code == NO_REPOSITORY:
        message = f"there is no repository {reference.repository} {where}"
        return problem(reference.name, message, "deploy the stack that makes the repository first")
    if absent.code != NO_IMAGE:
        return skipped(reference.name, absent.gap)
    listed = find(
        "ecr:DescribeImages",
        pages(client, "describe_images", "imageDetails"),
        _ABSENT,
        filter={"tagStatus": "TAGGED"},
        PaginationConfig={"MaxItems": _LOOKED_AT},
        **reference.place,
    )
    message = f"there is no such image {where}"
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
    wanted: Wanted, reference: Reference, platforms: Platforms
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
    reference: Reference, digest: str, platforms: Platforms, running: str
) -> Iterator[Finding]:
    if running == f"{reference.url}@{digest}":
        yield fact(reference.name, "the same image as was deployed last")
    built = f", for {', '.join(platforms)}" if isinstance(platforms, tuple) else ""
    yield fact(reference.name, f"is {digest}{built}")
