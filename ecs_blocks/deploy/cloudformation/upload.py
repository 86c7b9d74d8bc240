"""The template on its way to CloudFormation: in the call itself, or through a bucket.

The object's name is the content's hash: the same template is uploaded once, by whoever comes first.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.s3 import bucket_error, bucket_region, put_new
from ecs_blocks.templates.text import MAX_INLINE_BYTES, MAX_TEMPLATE_BYTES

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.environment.deploy_settings import DeploySettings

FOLDER: Final = "ecs-blocks/templates"
_KEY: Final = "TemplateBucket"


def placed(aws: Aws, settings: DeploySettings, template: bytes, account_id: str) -> dict[str, str]:
    """Put *template* where CloudFormation can read it; up to 51,200 bytes that is the call itself.

    The answer is the template as CreateChangeSet wants it: TemplateBody or TemplateURL.

    Raises:
        DeployError: it is over 1,000,000 bytes, or there is no bucket that can be used (exit 15);
            nobody is logged in (exit 14), or S3 cannot be reached (exit 12).
    """
    size = len(template)
    if size <= MAX_INLINE_BYTES:
        return {"TemplateBody": template.decode()}
    if size > MAX_TEMPLATE_BYTES:
        raise DeployError(
            Exit.REJECTED,
            f"the template has {size:,} bytes; CloudFormation takes {MAX_TEMPLATE_BYTES:,}",
            "split the stack",
        )
    bucket = settings.template_bucket
    if bucket is None:
        raise DeployError(
            Exit.REJECTED,
            f"the template has {size:,} bytes; over {MAX_INLINE_BYTES:,} CloudFormation reads it "
            "from a bucket, and none is named",
            f"give the environment a {_KEY} under deploy: in platform.yaml",
        )
    region = bucket_region(aws, bucket, account_id, _KEY)
    if region not in ("", aws.region):
        raise DeployError(
            Exit.REJECTED,
            f"uploading the template: the bucket {bucket} is in {region}, the environment in "
            f"{aws.region}, and CloudFormation reads templates of its own region only",
            f"name a bucket in {aws.region} in {_KEY} under deploy: in platform.yaml",
        )
    name = f"{FOLDER}/{hashlib.sha256(template).hexdigest()}.yaml"
    try:
        put_new(aws, bucket, name, template, account_id)
    except (BotoCoreError, ClientError) as error:
        raise bucket_error(error, "uploading the template", bucket, account_id, _KEY) from error
    return {"TemplateURL": f"{aws.client('s3').meta.endpoint_url}/{bucket}/{name}"}
