"""A little of S3: put, get, head, list."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct, field

from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import ACCOUNT, REGION
from tests.fake_aws.protocol import Call, Reply, Request
from tests.fake_aws.query import text

if TYPE_CHECKING:
    from tests.fake_aws.world import World


class Bucket(Struct):
    """A bucket. ``denied`` refuses everything with 403."""

    name: str
    region: str = REGION
    owner: str = ACCOUNT
    denied: bool = False
    objects: dict[str, bytes] = field(default_factory=dict)


_MISSING = {
    "NoSuchBucket": ("The specified bucket does not exist", 404),
    "NoSuchKey": ("The specified key does not exist.", 404),
    "AccessDenied": ("Access Denied", 403),
    "PreconditionFailed": ("At least one of the pre-conditions you specified did not hold", 412),
    "PermanentRedirect": (
        "The bucket you are attempting to access must be addressed using the specified endpoint. "
        "Please send all future requests to this endpoint.",
        301,
    ),
}


def _refused(code: str, bucket: Bucket | None = None) -> AwsError:
    message, status = _MISSING[code]
    headers = {"x-amz-bucket-region": bucket.region} if bucket else {}
    return AwsError(code, message, status, headers)


class S3:
    """Buckets and their objects."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.buckets: dict[str, Bucket] = {}

    def bucket(
        self, name: str, *, region: str = REGION, owner: str = ACCOUNT, denied: bool = False
    ) -> Bucket:
        """Make a bucket."""
        self.buckets[name] = Bucket(name, region, owner, denied)
        return self.buckets[name]

    def object_for_cloudformation(self, bucket: str, key: str) -> bytes | str:
        """An object, or S3's words on why there is none."""
        found = self.buckets.get(bucket)
        if found is None or found.denied:
            return "Access Denied" if found else _MISSING["NoSuchBucket"][0]
        return found.objects.get(key, _MISSING["NoSuchKey"][0])

    def call_of(self, request: Request) -> Call:
        """The operation that a request stands for."""
        place = urlsplit(request.path)
        bucket, _, key = unquote(place.path.lstrip("/")).partition("/")
        query = {name: one[0] for name, one in parse_qs(place.query).items()}
        table = {
            ("PUT", True): "PutObject",
            ("GET", True): "GetObject",
            ("HEAD", True): "HeadObject",
            ("DELETE", True): "DeleteObject",
            ("HEAD", False): "HeadBucket",
            ("GET", False): "GetBucketLocation" if "location" in place.query else "ListObjectsV2",
        }
        parameters = {"Bucket": bucket, **({"Key": key} if key else {})}
        for name in ("Prefix", "StartAfter", "ContinuationToken"):
            if name.lower() in {one.lower().replace("-", "") for one in query}:
                parameters[name] = next(
                    one for key, one in query.items() if key.replace("-", "") == name.lower()
                )
        if "if-none-match" in request.headers:
            parameters["IfNoneMatch"] = request.headers["if-none-match"]
        return Call("s3", table[request.method, bool(key)], parameters, "s3")

    def answer(self, call: Call, request: Request) -> Reply:
        """What S3 answers.

        Raises:
            AwsError: it refuses.
        """
        bucket = self._allowed(call.parameters["Bucket"], request)
        headers = {"x-amz-bucket-region": bucket.region}
        key = call.parameters.get("Key", "")
        match call.operation:
            case "HeadBucket":
                return Reply(200, headers)
            case "GetBucketLocation":
                body = f"<LocationConstraint>{bucket.region}</LocationConstraint>"
                return Reply(200, headers, body.encode())
            case "ListObjectsV2":
                return Reply(200, headers, _listing(bucket, call).encode())
            case "PutObject":
                if call.parameters.get("IfNoneMatch") == "*" and key in bucket.objects:
                    raise _refused("PreconditionFailed")
                bucket.objects[key] = _plain(request)
                return Reply(200, {**headers, "etag": _tag(bucket.objects[key])})
            case "DeleteObject":
                bucket.objects.pop(key, None)
                return Reply(204, headers)
        if key not in bucket.objects:
            raise _refused("NoSuchKey")
        found = bucket.objects[key]
        sizes = {"etag": _tag(found), "content-length": str(len(found))}
        return Reply(200, {**headers, **sizes}, found)

    def _allowed(self, name: str, request: Request) -> Bucket:
        bucket = self.buckets.get(name)
        if bucket is None:
            raise _refused("NoSuchBucket")
        expected = request.headers.get("x-amz-expected-bucket-owner", bucket.owner)
        if bucket.denied or expected != bucket.owner:
            raise _refused("AccessDenied")
        signed_for = request.headers.get("authorization", "")
        if f"/{bucket.region}/s3/" not in signed_for:
            raise _refused("PermanentRedirect", bucket)
        return bucket


def _plain(request: Request) -> bytes:
    """The body without the frames of a chunked upload."""
    if "aws-chunked" not in request.headers.get("content-encoding", ""):
        return request.body
    left, whole = request.body, b""
    while left:
        head, _, left = left.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if not size:
            break
        whole, left = whole + left[:size], left[size + 2 :]
    return whole


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _listing(bucket: Bucket, call: Call) -> str:
    start = call.parameters.get("StartAfter", "")
    prefix = call.parameters.get("Prefix", "")
    keys = sorted(key for key in bucket.objects if key.startswith(prefix) and key > start)
    rows = "".join(
        f"<Contents><Key>{text(key)}</Key><Size>{len(bucket.objects[key])}</Size>"
        f"<ETag>{text(_tag(bucket.objects[key]))}</ETag>"
        "<LastModified>2026-11-23T01:00:00.000Z</LastModified></Contents>"
        for key in keys
    )
    head = f"<Name>{bucket.name}</Name><Prefix>{text(prefix)}</Prefix>"
    count = f"<KeyCount>{len(keys)}</KeyCount><MaxKeys>1000</MaxKeys>"
    return (
        f"<ListBucketResult>{head}{count}<IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
    )
