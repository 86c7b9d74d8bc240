"""Images in a template: which they are, where, and for which platform."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.deploy.image import Reference, Wanted, find_image, images_of, reference_of
from ecs_blocks.deploy.preflight.finding import Kind

URL = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team/hoge"
DIGEST = f"sha256:{'a' * 64}"
LIKE_ECR = [
    "123456789012.dkr.ecr.ap-northeast-1.evil.com/hoge:1",
    "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com.evil.com/hoge:1",
    "123456789012.dkr.ecr.-x.amazonaws.com/hoge:1",
    f"{URL}@sha256:short",
]


def reference(url: str, region: str = "ap-northeast-1", tag: str = "", digest: str = "") -> Any:
    return Reference(url, "123456789012", region, "team/hoge", tag, digest)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (f"{URL}:1.8.2", reference(URL, tag="1.8.2")),
        (URL, reference(URL, tag="latest")),
        (f"{URL}@{DIGEST}", reference(URL, digest=DIGEST)),
        (f"{URL}:1.8.2@{DIGEST}", reference(URL, tag="1.8.2", digest=DIGEST)),
        (
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/hoge:1",
            reference(
                "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/hoge",
                "us-gov-west-1",
                tag="1",
            ),
        ),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/hoge:1",
            reference(
                "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/hoge", "cn-north-1", tag="1"
            ),
        ),
        (
            "123456789012.dkr-ecr.us-west-2.on.aws/team/hoge:1",
            reference("123456789012.dkr-ecr.us-west-2.on.aws/team/hoge", "us-west-2", tag="1"),
        ),
        *(
            (
                f"123456789012.{host}/team/hoge:1",
                reference(f"123456789012.{host}/team/hoge", region, tag="1"),
            )
            for host, region in (
                ("dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
                ("dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1"),
                ("dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
                ("dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
            )
        ),
        *((image, None) for image in LIKE_ECR),
        ("public.ecr.aws/nginx/nginx:1.27", None),
        ("nginx", None),
        ("docker.io/library/nginx:1", None),
    ],
)
def test_an_image_of_ecr_is_taken_apart(image: str, expected: Reference | None) -> None:
    assert reference_of(image) == expected


@pytest.mark.parametrize("image", LIKE_ECR)
def test_what_only_looks_like_an_image_of_ecr_is_refused_without_a_call(image: str) -> None:
    """ECS would pull it from elsewhere than the digest was looked up in."""
    nobody: Any = None
    [finding] = find_image(nobody, Wanted("Image", image, {}), "").findings

    assert finding.kind is Kind.PROBLEM
    assert str(finding) == (
        f"{image}: this begins like an image in ECR, but its host or its digest is none of ECR's"
    )


def task(image: object, **properties: Any) -> dict[str, Any]:
    container = {"Name": "app", "Image": image}
    return {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"ContainerDefinitions": [container], **properties},
    }


ARM = {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, ""),
        ({"RequiresCompatibilities": ["EC2"]}, ""),
        ({"RequiresCompatibilities": ["FARGATE"]}, "linux/amd64"),
        ({"RuntimePlatform": ARM}, "linux/arm64"),
        ({"RuntimePlatform": {"OperatingSystemFamily": "LINUX"}}, "linux/amd64"),
        (
            {"RuntimePlatform": {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}},
            "windows/amd64",
        ),
    ],
)
def test_a_task_says_for_which_platform_its_image_has_to_be(
    properties: dict[str, Any], expected: str
) -> None:
    resolved = {"Resources": {"Task": task("a:1", **properties)}}
    template = {"Resources": {"Task": task({"Ref": "Image"}, **properties)}}

    assert images_of(template, resolved) == [
        Wanted("Image", "a:1", {"Task": expected}, container="Task.app")
    ]


def test_an_image_of_two_tasks_is_one_and_a_written_one_has_no_parameter() -> None:
    both = {"A": task({"Ref": "Image"}), "B": task({"Ref": "Image"}, RuntimePlatform=ARM)}
    template = {
        "Resources": {**both, "C": task("side:2"), "Group": {"Type": "AWS::Logs::LogGroup"}}
    }
    resolved = {
        "Resources": {
            "A": task("a:1"),
            "B": task("a:1", RuntimePlatform=ARM),
            "C": task("side:2"),
            "D": task({"Fn::Sub": "${Unknown}"}),
        }
    }

    assert images_of(template, resolved) == [
        Wanted("Image", "a:1", {"A": "", "B": "linux/arm64"}, container="A.app"),
        Wanted("", "side:2", {"C": ""}, container="C.app"),
    ]
