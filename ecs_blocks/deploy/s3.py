"""S3, as a deploy uses it: write what is new, and say of a bucket what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from ecs_blocks.deploy.calls import code_of, explained, is_denied, text_of
from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

_ATTEMPTS: Final = 3
_ELSEWHERE: Final = frozenset(
    {"PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "301", "307"}
)


def bucket_region(aws: Aws, bucket: str, account_id: str, key: str) -> str:
    """The region of *bucket*; empty where S3 does not say it. *key* is platform.yaml's.

    Raises:
        DeployError: there is no such bucket, or S3 did not answer.
    """
    try:
        found = aws.client("s3").head_bucket(Bucket=bucket, ExpectedBucketOwner=account_id)
    except (BotoCoreError, ClientError) as error:
        if _status(error) not in (400, 403):
            raise bucket_error(error, f"looking for {bucket}", bucket, account_id, key) from error
        # without a body nobody can say why; and to write needs less than to look: the upload tells
        return _headers(error).get("x-amz-bucket-region", "")
    return str(found.get("BucketRegion", ""))


def put_new(aws: Aws, bucket: str, name: str, body: bytes, account_id: str) -> bool:
    """Write an object if there is none of its name; return whether it was written.

    Raises:
        BotoCoreError, ClientError: it was not.
    """
    client = aws.client("s3")
    for attempt in range(_ATTEMPTS):
        try:
            client.put_object(
                Bucket=bucket,
                Key=name,
                Body=body,
                IfNoneMatch="*",
                ExpectedBucketOwner=account_id,
            )
        except ClientError as error:
            if _status(error) == 412:
                return False
            if _status(error) != 409 or attempt == _ATTEMPTS - 1:
                raise
            aws.clock.sleep(1)  # somebody else is writing it at this moment
        else:
            return True
    raise AssertionError  # the last attempt returns or raises


def bucket_error(
    error: Exception, doing: str, bucket: str, account_id: str, key: str
) -> DeployError:
    """What went wrong with *bucket*, which stands at *key* of ``deploy:`` in platform.yaml."""
    if code_of(error) in ("NoSuchBucket", "404"):  # a missing object is NoSuchKey
        return DeployError(
            Exit.REJECTED,
            f"{doing}: there is no bucket {bucket}",
            f"make it in account {account_id}, or correct {key} under deploy: in platform.yaml",
        )
    if code_of(error) in _ELSEWHERE:
        return DeployError(
            Exit.REJECTED,
            f"{doing}: the bucket {bucket} is in another region",
            f"name one of the environment's own region in {key} under deploy: in platform.yaml",
        )
    if is_denied(error):
        return DeployError(
            Exit.REJECTED,
            f"{doing}: S3 refuses access to the bucket {bucket}: {text_of(error)}",
            f"it has to belong to account {account_id} and allow this to your role; it is {key} "
            "under deploy: in platform.yaml",
        )
    return explained(error, doing)


def _status(error: Exception) -> int:
    response = error.response if isinstance(error, ClientError) else {}
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _headers(error: Exception) -> dict[str, str]:
    response = error.response if isinstance(error, ClientError) else {}
    return dict(response.get("ResponseMetadata", {}).get("HTTPHeaders", {}))
