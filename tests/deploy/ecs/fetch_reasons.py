"""What AWS really says where an image, a secret or the logs fail; and what each text means."""

from __future__ import annotations

from typing import Final

from ecs_blocks.deploy.progress import FailureKind as Kind
from tests.deploy.ecs.tasks import IMAGE, LOG_GROUP

PULL: Final = "CannotPullContainerError: "
INIT: Final = "ResourceInitializationError: "
SECRETS: Final = (
    f"{INIT}unable to pull secrets or registry auth: execution resource retrieval failed: "
)
ASM: Final = (
    f"{SECRETS}unable to retrieve secret from asm: service call has been retried 1 time(s): "
)
SSM: Final = (
    f"{SECRETS}unable to retrieve secrets from ssm: service call has been retried 1 time(s): "
)
ECR: Final = (
    f"{SECRETS}unable to retrieve ecr registry auth: service call has been retried 5 time(s): "
)
LOGS: Final = (
    f"{INIT}failed to validate logger args: create stream has been retried 1 times: failed to "
    "create Cloudwatch log "
)
START: Final = "CannotStartContainerError: Error response from daemon: "
SECRET_ARN: Final = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:hoge/db-AbCdEf"
REFUSED: Final = (
    "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/hoge-exec/1 is"
)
TIMEOUT: Final = "RequestCanceled: request context canceled caused by: context deadline exceeded"
WAY_OUT: Final = "NAT gateway"

Row = tuple[str, Kind, str, str]

FETCHING: Final[tuple[Row, ...]] = (
    # the image
    (
        f"{PULL}pull image manifest has been retried 7 time(s): image Manifest does not contain "
        "descriptor matching platform 'linux/arm64'.",
        Kind.ARCHITECTURE,
        f"{IMAGE} has no build for linux/arm64",
        "--platform linux/arm64",
    ),
    (
        f"{PULL}failed to find a descriptor for platform {{linux/amd64}}",
        Kind.ARCHITECTURE,
        "no build for linux/amd64",
        "buildx",
    ),
    (
        f"{PULL}no matching manifest for linux/amd64 in the manifest list entries",
        Kind.ARCHITECTURE,
        "no build for linux/amd64",
        "buildx",
    ),
    (
        f"{PULL}pull image manifest has been retried 5 time(s): failed to resolve ref {IMAGE}: "
        f"{IMAGE}: not found",
        Kind.IMAGE_PULL,
        f"{IMAGE} is not in its registry",
        "push it",
    ),
    (
        f"{PULL}API error (404): repository 123456789012.dkr.ecr.x.amazonaws.com/hoge not found",
        Kind.IMAGE_PULL,
        "is not in its registry",
        "lifecycle policy",
    ),
    (
        f"{PULL}Error response from daemon: manifest for hoge:1 not found: manifest unknown",
        Kind.IMAGE_PULL,
        "is not in its registry",
        "push it",
    ),
    (
        f"{PULL}pull image manifest has been retried 1 time(s): failed to resolve ref {IMAGE}: "
        "unexpected status from HEAD request to https://x/v2/hoge/blobs/sha256:86: 403 Forbidden",
        Kind.IMAGE_PULL,
        "may not be pulled",
        "hoge-exec needs ecr:GetAuthorizationToken",
    ),
    (
        f"{PULL}Error response from daemon: pull access denied for hoge, repository does not exist "
        "or may require 'docker login': denied: requested access to the resource is denied",
        Kind.IMAGE_PULL,
        "may not be pulled",
        "ecr:BatchGetImage",
    ),
    (
        f"{PULL}inspect image has been retried 5 time(s): httpReaderSeeker: failed open: 429 Too "
        "Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.",
        Kind.IMAGE_PULL,
        "limits how often",
        "pull-through cache",
    ),
    (
        f"{PULL}pull image manifest has been retried 5 time(s): failed to resolve ref q/b: "
        'failed to do request: Head "https://quay.io/v2/a/b": dial tcp 3.210.1.4:443: i/o timeout',
        Kind.IMAGE_PULL,
        "cannot be reached",
        WAY_OUT,
    ),
    (
        f"{PULL}API error (500): Get https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/: "
        "net/http: request canceled while waiting for connection",
        Kind.IMAGE_PULL,
        "cannot be reached",
        "ecr.dkr and s3",
    ),
    (
        f"{PULL}write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device",
        Kind.STORAGE,
        "no disk space",
        "ephemeral storage",
    ),
    (
        f"{PULL}Error response from daemon: invalid reference format: must be lowercase",
        Kind.IMAGE_PULL,
        "not an image's name",
        "registry/name:tag",
    ),
    (
        f"{PULL}failed to register layer: ApplyLayer exit status 1 stdout: stderr:",
        Kind.IMAGE_PULL,
        "cannot be pulled: CannotPullContainerError: failed to register layer",
        "by hand",
    ),
    # secrets, and the permission to pull
    (
        f"{ASM}failed to fetch secret {SECRET_ARN} from secrets manager: {TIMEOUT}. Please check "
        "your task network configuration.",
        Kind.SECRET,
        "secret hoge/db-AbCdEf cannot be reached",
        "secretsmanager, ssm and kms",
    ),
    (
        f"{ASM}failed to fetch secret {SECRET_ARN} from secrets manager: AccessDeniedException: "
        "Access to KMS is not allowed status code: 400, request id: a87a66d9-f839-4353",
        Kind.SECRET,
        "execution role hoge-exec may not decrypt secret hoge/db-AbCdEf",
        "kms:Decrypt",
    ),
    (
        f"{ASM}failed to fetch secret {SECRET_ARN} from secrets manager: {REFUSED} not authorized "
        f"to perform: secretsmanager:GetSecretValue on resource: {SECRET_ARN} because no "
        "identity-based policy allows the secretsmanager:GetSecretValue action",
        Kind.SECRET,
        "may not secretsmanager:GetSecretValue on secret hoge/db-AbCdEf",
        "not the task role",
    ),
    (
        f"{ASM}failed to fetch secret {SECRET_ARN} from secrets manager: "
        "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
        Kind.SECRET,
        "secret hoge/db-AbCdEf does not exist",
        "create it in this account and region",
    ),
    (
        f"{ASM}retrieved secret from Secrets Manager did not contain json key PASSWORD.",
        Kind.SECRET,
        "secret DB_PASSWORD has no key PASSWORD",
        "add the key PASSWORD",
    ),
    (
        f"{ASM}invalid character '\\'' looking for beginning of value",
        Kind.SECRET,
        "is not JSON",
        "JSON object",
    ),
    (
        f"{ASM}can't find the specified secret value for staging label: AWSCURRENT",
        Kind.SECRET,
        "has no value yet",
        "put a value into it",
    ),
    (
        f"{SSM}invalid ssm parameters: /wishkit/parsing-engine/api-key",
        Kind.SECRET,
        "secret /wishkit/parsing-engine/api-key does not exist",
        "correct its name",
    ),
    (
        f"{SSM}{REFUSED} not authorized to perform: ssm:GetParameters on resource: "
        "arn:aws:ssm:ap-northeast-1:123456789012:parameter/hoge/db because no policy allows it",
        Kind.SECRET,
        "may not ssm:GetParameters on secret /hoge/db",
        "it is the execution role that reads secrets",
    ),
    (
        f"{ECR}RequestError: send request failed caused by: Post https://api.ecr.us-east-1.x",
        Kind.IMAGE_PULL,
        "ECR cannot be reached",
        WAY_OUT,
    ),
    (
        f"{INIT}unable to pull secrets or registry auth: The task cannot pull registry auth from "
        "Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task "
        "network configuration.",
        Kind.IMAGE_PULL,
        "ECR cannot be reached",
        "ecr.api",
    ),
    (
        f"{ECR}{REFUSED} not authorized to perform: ecr:GetAuthorizationToken on resource: *",
        Kind.IMAGE_PULL,
        "may not ecr:GetAuthorizationToken",
        "AmazonECSTaskExecutionRolePolicy",
    ),
    (
        f"{INIT}unable to pull secrets or registry auth: pull command failed: : signal: killed",
        Kind.SECRET,
        "signal: killed",
        "secrets that the task names",
    ),
    # logging
    (
        f"{START}failed to initialize logging driver: failed to create Cloudwatch log stream: "
        "ResourceNotFoundException: The specified log group does not exist. status code: 400",
        Kind.LOGGING,
        f"log group {LOG_GROUP} does not exist",
        "make it in the stack",
    ),
    (
        f"{LOGS}group: {REFUSED} not authorized to perform: logs:CreateLogGroup on resource: x",
        Kind.LOGGING,
        "may not logs:CreateLogGroup",
        "make the group in the stack",
    ),
    (f"{LOGS}stream: {TIMEOUT} : exit status 1", Kind.LOGGING, "cannot be reached", "for logs"),
)
