"""What an error of AWS means for a deploy. An error never stands for an answer.

Only one thing is read from an error: that a stack does not exist, from its exact text. Throttling,
a refused permission or a lost connection say nothing of a stack, and end a step before it writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore import exceptions
from botocore.parsers import ResponseParserError

from ecs_blocks.deploy.errors import DeployError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

ERRORS: Final = (exceptions.BotoCoreError, exceptions.ClientError, ResponseParserError)
"""What a call may raise."""
_ABSENT: Final = re.compile(r"Stack(?: with id)?[ :]+\[?[^\s\]]+\]? does not exist")
_ARN: Final = re.compile(r"arn:[\w-]+:cloudformation:[\w-]*:\d*:\w+/([^/\s]+)/[\w-]+")
"""Of a stack or a change set, which a person knows by its name."""
_THROTTLES: Final = frozenset(
    {
        *("Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded"),
        *("TooManyRequestsException", "RequestThrottled", "RequestThrottledException"),
        *("SlowDown", "PriorRequestNotComplete", "ProvisionedThroughputExceededException"),
    }
)
_EXPIRED: Final = frozenset(
    {
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"),
        *("UnrecognizedClientException", "InvalidToken", "InvalidAccessKeyId"),
        *("SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"),
        *("AuthFailure", "MissingAuthenticationToken", "MissingAuthenticationTokenException"),
    }
)
_DENIED: Final = frozenset(
    {
        *("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"),
        *("AuthorizationError", "UnauthorizedAccess", "OptInRequired", "AllAccessDisabled"),
    }
)
_USED_TOKEN: Final = frozenset({"TokenAlreadyExistsException", "TokenAlreadyExists"})
_CONNECTION: Final = (
    exceptions.ConnectionError,
    exceptions.HTTPClientError,
    exceptions.IncompleteReadError,
    exceptions.ResponseStreamingError,
    ResponseParserError,
)
_NO_CREDENTIALS: Final = (
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.CredentialRetrievalError,
    exceptions.TokenRetrievalError,
    exceptions.SSOError,
    exceptions.ProfileNotFound,
    exceptions.UnauthorizedSSOTokenError,
)


def code_of(error: Exception) -> str:
    """AWS's code of an error (``ValidationError``), or an empty text."""
    response = error.response if isinstance(error, exceptions.ClientError) else {}
    return str(response.get("Error", {}).get("Code", ""))


def text_of(error: Exception) -> str:
    """AWS's own words."""
    response = error.response if isinstance(error, exceptions.ClientError) else {}
    return str(response.get("Error", {}).get("Message") or error)


def is_absent_stack(error: Exception) -> bool:
    """Whether the error says that a stack does not exist."""
    return code_of(error) in ("ValidationError", "StackNotFoundException") and bool(
        _ABSENT.match(text_of(error))
    )


def is_passing(error: Exception) -> bool:
    """Whether to try again makes sense: throttled, AWS's own fault, or no connection."""
    if isinstance(error, _CONNECTION):
        return True
    if not isinstance(error, exceptions.ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in _THROTTLES or int(status) >= 500


def is_ambiguous(error: Exception) -> bool:
    """Whether AWS may have done what was asked although it did not say so."""
    return is_passing(error) and code_of(error) not in _THROTTLES


def is_expired(error: Exception) -> bool:
    """Whether credentials are over, wrong or missing."""
    return isinstance(error, _NO_CREDENTIALS) or code_of(error) in _EXPIRED


def is_denied(error: Exception) -> bool:
    """Whether a permission is missing."""
    return code_of(error) in _DENIED or (
        code_of(error) == "ValidationError" and "is not authorized to perform" in text_of(error)
    )


def explained(error: Exception, doing: str) -> DeployError:
    """The error as a sentence with its exit code. *doing* is what was tried: ``reading hoge``."""
    if isinstance(error, DeployError):
        return error
    doing = _ARN.sub(r"\1", doing)
    if is_expired(error):
        return DeployError(
            Exit.CREDENTIALS,
            f"{doing}: AWS does not accept the credentials: {text_of(error)}",
            "log in again (aws sso login, or your role), then run the same command",
        )
    if is_denied(error):
        return DeployError(Exit.CREDENTIALS, f"{doing}: permission is missing: {text_of(error)}")
    if is_passing(error):
        return DeployError(
            Exit.STILL_RUNNING,
            f"{doing}: AWS could not be reached: {text_of(error)}",
            "run the same command again: it goes on where this one ended",
        )
    return DeployError(Exit.REJECTED, f"{doing}: {code_of(error) or 'error'}: {text_of(error)}")


def begun(doing: str, hint: str, call: Callable[..., object], **arguments: Any) -> None:
    """Begin an operation, once: where its token has been used before, it has begun.

    *hint* is what to do where CloudFormation refuses, and its own words are all there is.

    Raises:
        DeployError: with the exit code that the error stands for.
    """
    try:
        call(**arguments)
    except ERRORS as error:
        if code_of(error) in _USED_TOKEN:
            return
        found = explained(error, doing)
        raise DeployError(found.code, found.message, found.hint or hint) from error


def asked(doing: str, call: Callable[..., T], **arguments: Any) -> T:
    """Call, and let what goes wrong be a DeployError that says what was being done.

    Raises:
        DeployError: with the exit code that the error stands for.
    """
    try:
        return call(**arguments)
    except ERRORS as error:
        raise explained(error, doing) from error
