"""Templates on their way to CloudFormation: fault rows 7, 8 and 9, over real HTTP."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pytest
from botocore.config import Config

from ecs_blocks.deploy.cloudformation.upload import placed
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.environment.deploy_settings import DeploySettings
from tests.deploy.records.services import ACCOUNT, ONCE, Bucket, Services

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS: Final = DeploySettings(template_bucket="templates")
LARGE: Final = "Description: 日本\n".encode().ljust(51_201, b"#")
NAME: Final = f"ecs-blocks/templates/{hashlib.sha256(LARGE).hexdigest()}.yaml"
HERE: Final = "TemplateBucket under deploy: in platform.yaml"
REFUSED: Final = (
    "uploading the template: S3 refuses access to the bucket templates: AccessDenied it is\n  it "
    f"has to belong to account {ACCOUNT} and allow this to your role; it is {HERE}"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Services]:
    with Services() as services:
        yield services


@pytest.fixture
def services(server: Services) -> Services:
    server.reset()
    server.buckets["templates"] = Bucket()
    return server


def refusal(services: Services, settings: DeploySettings = SETTINGS) -> DeployError:
    with pytest.raises(DeployError) as refused:
        placed(services.aws(), settings, LARGE, ACCOUNT)
    return refused.value


def of_size(size: int) -> bytes:
    """A template of *size* bytes, most of its characters longer than one of them."""
    return ("é" * (size // 2)).encode().ljust(size, b"#")


@pytest.mark.parametrize("size", [1, 51_199, 51_200])
def test_row_9_what_fits_goes_with_the_call(services: Services, size: int) -> None:
    template = of_size(size)
    found = placed(services.aws(), SETTINGS, template, ACCOUNT)

    assert found == {"TemplateBody": template.decode()}
    assert services.requests == []


@pytest.mark.parametrize("size", [51_201, 1_000_000])
def test_row_9_what_is_larger_in_bytes_goes_through_the_bucket(
    services: Services, size: int
) -> None:
    template = of_size(size)
    found = placed(services.aws(), SETTINGS, template, ACCOUNT)
    name = f"ecs-blocks/templates/{hashlib.sha256(template).hexdigest()}.yaml"

    assert len(template.decode()) < 51_200 or size == 1_000_000
    assert found == {"TemplateURL": f"{services.url}/templates/{name}"}
    assert services.buckets["templates"].objects == {name: template}


def test_row_9_a_template_over_the_limit_is_refused_before_any_call(services: Services) -> None:
    with pytest.raises(DeployError) as refused:
        placed(services.aws(), SETTINGS, of_size(1_000_001), ACCOUNT)

    assert refused.value.code == Exit.REJECTED
    assert str(refused.value) == (
        "the template has 1,000,001 bytes; CloudFormation takes 1,000,000\n  split the stack"
    )
    assert services.requests == []


def test_without_a_bucket_the_key_is_named(services: Services) -> None:
    refused = refusal(services, DeploySettings())

    assert refused.code == Exit.REJECTED
    assert str(refused) == (
        "the template has 51,201 bytes; over 51,200 CloudFormation reads it from a bucket, and "
        "none is named\n  give the environment a TemplateBucket under deploy: in platform.yaml"
    )
    assert services.requests == []


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        pytest.param(
            None,
            "looking for templates: there is no bucket templates\n  make it in account "
            f"{ACCOUNT}, or correct {HERE}",
            id="no bucket",
        ),
        pytest.param(Bucket(owner="999999999999"), REFUSED, id="somebody else's bucket"),
        pytest.param(Bucket(allows=frozenset({"HEAD"})), REFUSED, id="no right to write"),
        pytest.param(Bucket(allows=frozenset()), REFUSED, id="no right at all"),
        pytest.param(
            Bucket(region="us-east-1"),
            "uploading the template: the bucket templates is in us-east-1, the environment in "
            "ap-northeast-1, and CloudFormation reads templates of its own region only\n  name a "
            f"bucket in ap-northeast-1 in {HERE}",
            id="another region",
        ),
        pytest.param(
            Bucket(region="us-east-1", allows=frozenset({"PUT"})),
            "uploading the template: the bucket templates is in us-east-1, the environment in "
            "ap-northeast-1, and CloudFormation reads templates of its own region only\n  name a "
            f"bucket in ap-northeast-1 in {HERE}",
            id="another region, and no right to look",
        ),
    ],
)
def test_row_7_a_bucket_that_cannot_be_used_is_named(
    services: Services, bucket: Bucket | None, expected: str
) -> None:
    services.buckets = {"templates": bucket} if bucket else {}
    refused = refusal(services)

    assert (refused.code, str(refused)) == (Exit.REJECTED, expected)
    assert bucket is None or bucket.objects == {}


def test_the_right_to_write_is_enough(services: Services) -> None:
    services.buckets["templates"].allows = frozenset({"PUT"})
    placed(services.aws(), SETTINGS, LARGE, ACCOUNT)

    assert services.buckets["templates"].objects == {NAME: LARGE}


@pytest.mark.parametrize("fault", ["reset", "reset after", "500"])
def test_row_8_a_connection_that_breaks_is_tried_again(
    services: Services, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)  # botocore's own wait before it tries again
    twice = Config(retries={"mode": "standard", "total_max_attempts": 2}, proxies={})
    services.faults = [("PUT", fault)]  # type: ignore[list-item]  # the parameters are its values
    found = placed(services.new_aws(twice), SETTINGS, LARGE, ACCOUNT)

    assert found == {"TemplateURL": f"{services.url}/templates/{NAME}"}
    assert services.buckets["templates"].objects == {NAME: LARGE}
    assert services.requests.count(f"PUT templates/{NAME}") == 2
    assert len(slept) == 1


def test_row_8_a_template_that_is_there_is_left_as_it_is(services: Services) -> None:
    services.buckets["templates"].objects[NAME] = b"as it was"
    found = placed(services.aws(), SETTINGS, LARGE, ACCOUNT)

    assert found == {"TemplateURL": f"{services.url}/templates/{NAME}"}
    assert services.buckets["templates"].objects[NAME] == b"as it was"


def test_two_that_upload_at_once_do_not_hinder_each_other(services: Services) -> None:
    services.faults = [("PUT", "409"), ("PUT", "409")]
    aws = services.aws()
    before_s = aws.clock.now_s()
    placed(aws, SETTINGS, LARGE, ACCOUNT)

    assert services.buckets["templates"].objects == {NAME: LARGE}
    assert aws.clock.now_s() >= before_s + 2


def test_a_conflict_without_end_is_told(services: Services) -> None:
    services.faults = [("PUT", "409")] * 3

    assert "ConditionalRequestConflict" in str(refusal(services))


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("ExpiredToken", Exit.CREDENTIALS),
        ("403", Exit.REJECTED),
        ("500", Exit.STILL_RUNNING),
        ("reset", Exit.STILL_RUNNING),
    ],
)
def test_what_is_over_or_out_of_reach_has_its_own_exit_code(
    services: Services, fault: str, code: Exit
) -> None:
    services.faults = [("PUT", fault)]  # type: ignore[list-item]  # the parameters are its values

    assert refusal(services).code == code


def test_without_credentials_nothing_is_guessed(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(DeployError) as refused:
        placed(services.new_aws(ONCE), SETTINGS, LARGE, ACCOUNT)

    assert refused.value.code == Exit.CREDENTIALS
    assert services.requests == []
