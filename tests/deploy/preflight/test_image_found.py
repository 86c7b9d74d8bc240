"""Images in ECR: tags become digests, and the platform has to fit.

Trap 27: a moving tag, of which nobody knows what runs, is fed as its digest.
Trap 29: a first deploy whose repository or image is not there yet is told before it begins.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.image import Wanted, find_image
from tests.deploy.preflight.scripted import DENIED, refused

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

URL = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team/hoge"
DIGEST = f"sha256:{'a' * 64}"
CONFIG = f"sha256:{'c' * 64}"


RULES = "ecr.DescribePullThroughCacheRules"


@pytest.fixture(autouse=True)
def _no_cache(server: Scripted) -> None:
    server.on(RULES, {"pullThroughCacheRules": []})


def index(*platforms: str) -> str:
    entries = [
        {"digest": DIGEST, "platform": {"os": one.split("/")[0], "architecture": one.split("/")[1]}}
        for one in platforms
    ]
    return json.dumps({"schemaVersion": 2, "manifests": entries})


def single(kind: str = "application/vnd.oci.image.config.v1+json") -> str:
    return json.dumps({"schemaVersion": 2, "config": {"mediaType": kind, "digest": CONFIG}})


def image(manifest: str) -> dict[str, Any]:
    found = {"imageId": {"imageDigest": DIGEST, "imageTag": "1.8.2"}, "imageManifest": manifest}
    return {"images": [found], "failures": []}


def wanted(
    image: str = f"{URL}:1.8.2", platform: str = "linux/amd64", *, keep: bool = False
) -> Wanted:
    return Wanted("Image", image, {"Task": platform}, keep)


def said(server: Scripted, of: Wanted, running: str = "") -> tuple[str, list[str]]:
    found = find_image(server.aws, of, running)
    return found.runs, [f"{one.kind}: {one}" for one in found.findings]


PINNED = f"{URL}@{DIGEST}"
NAME = "team/hoge:1.8.2"


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (index("linux/amd64"), f"fact: {NAME}: is {DIGEST}, for linux/amd64"),
        (
            index("linux/amd64", "linux/arm64", "unknown/unknown"),
            f"fact: {NAME}: is {DIGEST}, for linux/amd64, linux/arm64",
        ),
        (
            json.dumps({"schemaVersion": 1, "architecture": "amd64"}),
            f"fact: {NAME}: is {DIGEST}, for linux/amd64",
        ),
        (
            index("linux/arm64"),
            f"problem: {NAME}: it is built for linux/arm64, but Task runs on linux/amd64",
        ),
        (
            single("application/vnd.cncf.helm.config.v1+json"),
            f"problem: {NAME}: this is no container image: it holds something else",
        ),
    ],
)
def test_a_tag_becomes_the_digest_of_an_image_that_fits(
    server: Scripted, manifest: str, expected: str
) -> None:
    server.on("ecr.BatchGetImage", image(manifest))

    assert said(server, wanted()) == (PINNED, [expected])
    [asked] = server.parameters("ecr.BatchGetImage")
    assert asked.pop("acceptedMediaTypes")
    assert asked == {
        "registryId": "123456789012",
        "repositoryName": "team/hoge",
        "imageIds": [{"imageTag": "1.8.2"}],
    }


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [
        ("amd64", f"fact: {NAME}: is {DIGEST}, for linux/amd64"),
        ("arm64", f"problem: {NAME}: it is built for linux/arm64, but Task runs on linux/amd64"),
    ],
)
def test_a_single_images_platform_is_read_from_its_config(
    server: Scripted, architecture: str, expected: str
) -> None:
    server.on("ecr.BatchGetImage", image(single()))
    server.on("ecr.GetDownloadUrlForLayer", {"downloadUrl": f"{server.url}/config?signature=x"})
    content = {"os": "linux", "architecture": architecture}
    server.blobs["/config?signature=x"] = json.dumps(content).encode()

    assert said(server, wanted()) == (PINNED, [expected])
    assert [one["layerDigest"] for one in server.parameters("ecr.GetDownloadUrlForLayer")] == [
        CONFIG
    ]


@pytest.mark.parametrize(
    ("answer", "blob", "why"),
    [
        (DENIED, b"", "the permission ecr:GetDownloadUrlForLayer is missing"),
        ("/gone", None, "ECR's bucket answered 404 for the image's config"),
        ("/config", b"no JSON", "ECR's description of the image cannot be read"),
        ("/config", b"{}", "ECR's description of the image cannot be read"),
        (
            "http://127.0.0.1:9/",
            None,
            "the image's config cannot be fetched from ECR's bucket (no connection)",
        ),
    ],
)
def test_a_platform_that_cannot_be_read_is_told_and_the_digest_runs_all_the_same(
    server: Scripted, answer: Any, blob: bytes | None, why: str
) -> None:
    server.on("ecr.BatchGetImage", image(single()))
    if isinstance(answer, str):
        url = answer if answer.startswith("http") else f"{server.url}{answer}"
        server.on("ecr.GetDownloadUrlForLayer", {"downloadUrl": url})
    if blob is not None:
        server.blobs["/config"] = blob

    assert said(server, wanted()) == (
        PINNED,
        [
            f"skipped: {NAME}'s architecture: not checked: {why}",
            f"fact: {NAME}: is {DIGEST}",
        ],
    )


@pytest.mark.parametrize("manifest", ["", "[]", "{}", index("unknown/unknown"), '{"config": {}}'])
def test_a_manifest_that_says_nothing_is_no_problem(server: Scripted, manifest: str) -> None:
    server.on("ecr.BatchGetImage", image(manifest))
    why = "ECR's description of the image cannot be read"

    assert said(server, wanted())[1][0] == (f"skipped: {NAME}'s architecture: not checked: {why}")


def test_an_image_whose_platform_does_not_matter_is_only_pinned(server: Scripted) -> None:
    server.on("ecr.BatchGetImage", image(index("linux/s390x")))

    assert said(server, wanted(platform="")) == (
        PINNED,
        [f"fact: {NAME}: is {DIGEST}, for linux/s390x"],
    )


def test_the_image_that_runs_already_is_told(server: Scripted) -> None:
    server.on("ecr.BatchGetImage", image(index("linux/amd64")))

    assert said(server, wanted(), running=PINNED) == (
        PINNED,
        [
            f"fact: {NAME}: the same image as was deployed last",
            f"fact: {NAME}: is {DIGEST}, for linux/amd64",
        ],
    )


def test_what_runs_by_a_tag_goes_on_running_by_it(server: Scripted) -> None:
    server.on("ecr.BatchGetImage", image(index("linux/amd64")))

    assert said(server, wanted(keep=True))[0] == f"{URL}:1.8.2"


def test_an_image_of_another_region_is_asked_for_there(server: Scripted) -> None:
    server.on("ecr.BatchGetImage", image(index("linux/amd64")))
    there = URL.replace("ap-northeast-1", "us-east-1")

    assert said(server, wanted(f"{there}:1.8.2"))[0] == f"{there}@{DIGEST}"
    assert server.regions == {"us-east-1"}


def test_an_image_from_elsewhere_is_left_as_it_is(server: Scripted) -> None:
    assert said(server, wanted("public.ecr.aws/nginx/nginx:1.27")) == (
        "public.ecr.aws/nginx/nginx:1.27",
        [
            "skipped: public.ecr.aws/nginx/nginx:1.27: not verified: it is not in a private ECR "
            "repository"
        ],
    )
    assert server.asked == []


MISSING = {"images": [], "failures": [{"failureCode": "ImageNotFound"}]}


def pushed(*tags: str) -> dict[str, Any]:
    day = dt.datetime(2026, 11, 1, 9, 30, tzinfo=dt.UTC)
    return {
        "imageDetails": [
            {"imageTags": [tag], "imagePushedAt": day + dt.timedelta(days=number)}
            for number, tag in enumerate(tags)
        ]
    }


HERE = f"problem: {NAME}: there is no such image in account 123456789012, ap-northeast-1"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (
            pushed("1.8.1", "deployed-hoge-prod.Image"),
            f"{HERE}; did you mean 1.8.1?; pushed last: 1.8.1 (2026-11-01 09:30 UTC)",
        ),
        (
            pushed("a", "b", "1.8.1", "c", "d", "e"),
            f"{HERE}; did you mean 1.8.1?; pushed last: e (2026-11-06 09:30 UTC), d (2026-11-05 "
            "09:30 UTC), c (2026-11-04 09:30 UTC), 1.8.1 (2026-11-03 09:30 UTC), b (2026-11-02 "
            "09:30 UTC)",
        ),
        (pushed(), f"{HERE}; nothing was pushed there yet"),
        (DENIED, HERE),
    ],
)
def test_a_missing_image_is_a_problem_that_names_the_latest_ones(
    server: Scripted, listed: Any, expected: str
) -> None:
    server.on("ecr.BatchGetImage", MISSING)
    server.on("ecr.DescribeImages", listed)

    assert said(server, wanted()) == (f"{URL}:1.8.2", [expected])


def test_a_missing_repository_is_a_problem(server: Scripted) -> None:
    server.on("ecr.BatchGetImage", refused("RepositoryNotFoundException"))

    assert said(server, wanted())[1] == [
        f"problem: {NAME}: there is no repository team/hoge in account 123456789012, ap-northeast-1"
    ]


FETCHED = (
    f"fact: {NAME}: not there yet; the pull-through cache fetches it from ghcr.io when it is pulled"
)
ABSENT = (
    f"problem: {NAME}: there is no repository team/hoge in account 123456789012, ap-northeast-1"
)
UNKNOWN = (
    "; whether a pull-through cache would fetch it is not known: the permission "
    "ecr:DescribePullThroughCacheRules is missing"
)


def rules(*prefixes: str) -> dict[str, Any]:
    found = [{"ecrRepositoryPrefix": p, "upstreamRegistryUrl": f"{p}.io"} for p in prefixes]
    return {"pullThroughCacheRules": found}


CACHE: dict[str, Any] = {
    "pullThroughCacheRules": [
        {"ecrRepositoryPrefix": "team", "upstreamRegistryUrl": "ghcr.io"},
        {"ecrRepositoryPrefix": "ROOT", "upstreamRegistryUrl": "quay.io"},
    ]
}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (CACHE, FETCHED),
        (rules("tea", "hoge", "team/hoge"), ABSENT),
        (rules("ROOT"), FETCHED.replace("ghcr.io", "ROOT.io")),
        (DENIED, ABSENT + UNKNOWN),
    ],
)
@pytest.mark.parametrize("missing", ["repository", "image"])
def test_what_a_pull_through_cache_fetches_is_not_called_missing(
    server: Scripted, missing: str, answer: Any, expected: str
) -> None:
    """A prefix ends at a slash; the longest one counts, and ROOT is everything's."""
    absent: Any = refused("RepositoryNotFoundException")
    if missing == "image":
        absent = {"images": [], "failures": [{"failureCode": "ImageNotFound"}]}
        expected = expected.replace("no repository team/hoge", "no such image")
    server.on("ecr.BatchGetImage", absent)
    server.on(RULES, answer)

    assert said(server, wanted())[1] == [expected]
    assert server.parameters(RULES) == [{"registryId": "123456789012"}]


def test_an_image_that_ecr_cannot_give_is_not_called_missing(server: Scripted) -> None:
    failure = {"failureCode": "UpstreamUnavailable", "failureReason": "try later"}
    server.on("ecr.BatchGetImage", {"images": [], "failures": [failure]})

    assert said(server, wanted())[1] == [
        f"skipped: {NAME}: not checked: ECR says UpstreamUnavailable: try later"
    ]


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        (
            {"imageDetails": [{"imageDigest": DIGEST}]},
            (
                PINNED,
                [
                    f"skipped: {NAME}'s architecture: not checked: the permission "
                    "ecr:BatchGetImage is missing"
                ],
            ),
        ),
        (
            refused("ImageNotFoundException"),
            (f"{URL}:1.8.2", [f"problem: {NAME}: there is no such image in ECR"]),
        ),
        (
            DENIED,
            (
                f"{URL}:1.8.2",
                [f"skipped: {NAME}: not checked: the permission ecr:BatchGetImage is missing"],
            ),
        ),
    ],
)
def test_without_the_permission_to_read_an_image_its_description_is_enough_for_the_digest(
    server: Scripted, described: Any, expected: tuple[str, list[str]]
) -> None:
    server.on("ecr.DescribeImages", described)

    assert said(server, wanted()) == expected
