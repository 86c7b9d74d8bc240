"""What is said before somebody goes back to a record whose images or secrets may be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.records.flags import flags
from tests.deploy.records.examples import ACCOUNT, IMAGE, record

if TYPE_CHECKING:
    from ecs_blocks.deploy.records.record import Record
    from tests.deploy.records.services import Services

DIGEST: Final = "sha256:" + "9c" * 32
SHOWN: Final = "hoge@sha256:9c9c9c9c9c9c (Image)"
SECRET: Final = f"arn:aws:secretsmanager:ap-northeast-1:{ACCOUNT}:secret:hoge/db-a1b2c3"
PARAMETER: Final = f"arn:aws:ssm:ap-northeast-1:{ACCOUNT}:parameter/hoge/token"
NO_RIGHT: Final = "User: x is not authorized to perform: it"


def error(kind: str, message: str = "") -> tuple[int, dict[str, Any]]:
    return 400, {"__type": kind, "message": message}


def of(*secrets: str, image: str = "") -> Record:
    """A record whose containers read these."""
    containers = [{"Secrets": [{"Name": "A", "ValueFrom": one} for one in secrets]}]
    task = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"ContainerDefinitions": containers},
    }
    images = {"Image": image} if image else {}
    return record(template={"Resources": {"Task": task}}, parameters={}, images=images)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, {"imageDetails": [{"imageDigest": DIGEST}]}), []),
        (
            error("ImageNotFoundException"),
            [f"the image {SHOWN} is no longer in ECR: its tasks cannot start"],
        ),
        (
            (200, {"imageDetails": []}),
            [f"the image {SHOWN} is no longer in ECR: its tasks cannot start"],
        ),
        (
            error("RepositoryNotFoundException"),
            [f"the image {SHOWN}: the repository hoge is no longer there"],
        ),
        (
            error("AccessDeniedException", NO_RIGHT),
            [f"the image {SHOWN} is not checked: permission is missing: {NO_RIGHT}"],
        ),
        (
            error("ThrottlingException", "Rate exceeded"),
            [f"the image {SHOWN} is not checked: AWS could not be reached: Rate exceeded"],
        ),
    ],
)
def test_an_image_is_looked_for_by_its_digest(
    services: Services, answer: tuple[int, dict[str, Any]], expected: list[str]
) -> None:
    asked: list[dict[str, Any]] = []

    def describe(request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked.append(request)
        return answer

    services.answers["DescribeImages"] = describe
    found = flags(of(image=IMAGE), services.aws())

    assert found == expected
    assert asked == [
        {
            "registryId": ACCOUNT,
            "repositoryName": "hoge",
            "imageIds": [{"imageDigest": DIGEST}],
        }
    ]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (
            IMAGE.replace("ap-northeast-1", "us-east-1"),
            f"the image {SHOWN} is not checked: it is in us-east-1",
        ),
        (
            f"public.ecr.aws/nginx/nginx@{DIGEST}",
            "the image nginx@sha256:9c9c9c9c9c9c (Image) is not checked: it is not in ECR",
        ),
        (
            IMAGE.replace(f"@{DIGEST}", ":1.8.3"),
            "the image hoge:1.8.3 (Image) is not checked: it is a tag, which may have been moved",
        ),
    ],
)
def test_what_cannot_be_looked_for_is_said(services: Services, image: str, expected: str) -> None:
    assert flags(of(image=image), services.aws()) == [expected]
    assert services.requests == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, {"Name": "hoge/db"}), []),
        (
            (200, {"Name": "hoge/db", "DeletedDate": 1_795_000_000}),
            [
                "the secret hoge/db-a1b2c3 is being deleted: tasks that read it cannot start; "
                f"aws secretsmanager restore-secret --secret-id {SECRET}"
            ],
        ),
        (
            error("ResourceNotFoundException"),
            ["the secret hoge/db-a1b2c3 is no longer there: tasks that read it cannot start"],
        ),
        (
            error("AccessDeniedException", NO_RIGHT),
            [f"the secret hoge/db-a1b2c3 is not checked: permission is missing: {NO_RIGHT}"],
        ),
    ],
)
def test_a_secret_is_looked_for_without_its_value(
    services: Services, answer: tuple[int, dict[str, Any]], expected: list[str]
) -> None:
    services.answers["DescribeSecret"] = lambda _: answer
    found = flags(of(f"{SECRET}:password::"), services.aws())

    assert found == expected
    assert services.requests == ["DescribeSecret"]


def test_parameters_are_looked_for_ten_at_once_and_not_decrypted(services: Services) -> None:
    asked: list[dict[str, Any]] = []

    def get(request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked.append(request)
        gone = [name for name in request["Names"] if name in (PARAMETER, "/p/11")]
        return 200, {"Parameters": [], "InvalidParameters": gone}

    services.answers["GetParameters"] = get
    names = [PARAMETER, *(f"/p/{number}" for number in range(10, 20))]
    found = flags(of(*names), services.aws())

    assert found == [
        "the parameter /p/11 is no longer there: tasks that read it cannot start",
        "the parameter /hoge/token is no longer there: tasks that read it cannot start",
    ]
    assert [len(request["Names"]) for request in asked] == [10, 1]
    assert [request["WithDecryption"] for request in asked] == [False, False]


def test_parameters_that_may_not_be_looked_for_are_all_named(services: Services) -> None:
    services.answers["GetParameters"] = lambda _: error("AccessDeniedException", NO_RIGHT)

    assert flags(of("/a", "/b"), services.aws()) == [
        f"the parameter {name} is not checked: permission is missing: {NO_RIGHT}"
        for name in ("/a", "/b")
    ]


def test_what_is_in_another_region_is_not_checked(services: Services) -> None:
    elsewhere = [one.replace("ap-northeast-1", "us-east-1") for one in (SECRET, PARAMETER)]

    assert flags(of(*elsewhere), services.aws()) == [
        "the secret hoge/db-a1b2c3 is not checked: it is in us-east-1",
        "the parameter /hoge/token is not checked: it is in us-east-1",
    ]
    assert services.requests == []


def test_a_record_without_images_and_secrets_has_nothing_to_be_asked(services: Services) -> None:
    assert flags(of(), services.aws()) == []
    assert services.requests == []
