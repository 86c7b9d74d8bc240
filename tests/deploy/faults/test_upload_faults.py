"""A large template on its way (rows 7 to 9 and 19); the upload alone is in ``test_upload.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.upload import placed
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.environment.deploy_settings import DeploySettings
from ecs_blocks.templates.text import to_yaml
from tests.deploy.faults.actors import refused, value, written
from tests.deploy.stage import STACK, TEMPLATE, deploy, prepared
from tests.fake_aws import FakeAws, reset_after
from tests.fake_aws.ids import ACCOUNT

if TYPE_CHECKING:
    from ecs_blocks.deploy.planning import Prepared

pytestmark = pytest.mark.slow

BUCKET = "templates"
LARGE = {**TEMPLATE, "Metadata": {"Text": "日本" * 9_000}}


@pytest.fixture
def bucket(fake: FakeAws) -> FakeAws:
    fake.world.s3.bucket(BUCKET)
    return fake


def uploaded(fake: FakeAws) -> Prepared:
    """A deploy whose template lies in the bucket."""
    settings = DeploySettings(template_bucket=BUCKET)
    body = placed(fake.aws(), settings, to_yaml(LARGE).encode(), ACCOUNT)
    return structs.replace(prepared(template=LARGE), body=body)


def test_row_9_a_template_that_is_large_in_bytes_is_deployed_from_the_bucket(
    bucket: FakeAws,
) -> None:
    assert len(to_yaml(LARGE)) < 51_200

    outcome = deploy(bucket, uploaded(bucket))

    [asked] = bucket.asked("CreateChangeSet")
    assert outcome.code is Exit.DONE
    assert asked["TemplateURL"].startswith(f"{bucket.url}/{BUCKET}/ecs-blocks/templates/")
    assert "TemplateBody" not in asked
    assert value(bucket) == "one"


def test_row_8_a_template_that_arrived_although_the_connection_broke_is_used_again(
    bucket: FakeAws,
) -> None:
    bucket.fault("PutObject", reset_after)
    with pytest.raises(Exception, match="AWS could not be reached"):
        uploaded(bucket)

    outcome = deploy(bucket, uploaded(bucket))

    second = [call for call in bucket.calls if call.operation == "PutObject"][1]
    assert outcome.code is Exit.DONE
    assert second.error == "PreconditionFailed"
    assert len(bucket.world.s3.buckets[BUCKET].objects) == 1


@pytest.mark.parametrize(
    ("denied", "text"),
    [(True, "Access Denied"), (False, "The specified key does not exist.")],
    ids=["no permission", "no object"],
)
def test_row_19_a_template_that_cloudformation_cannot_read_is_refused(
    bucket: FakeAws,
    denied: bool,  # noqa: FBT001 - a row
    text: str,
) -> None:
    what = uploaded(bucket)
    found = bucket.world.s3.buckets[BUCKET]
    found.denied = denied
    found.objects.clear()
    bucket.calls.clear()

    refusal = refused(bucket, what)

    assert refusal.code is Exit.REJECTED
    assert str(refusal) == (
        f"{STACK}: CloudFormation cannot read the template: S3 error: {text} For more information "
        "check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html\n  it reads with "
        "your own rights: they need s3:GetObject on the bucket"
    )
    assert written(bucket) == ["CreateChangeSet"]
