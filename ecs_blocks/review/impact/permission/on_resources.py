"""What the policies of resources let in: anyone, other accounts, services."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ecs_blocks.checks.model import Unknown
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.permission.grants import (
    ANYONE,
    Grant,
    beyond,
    grants,
    plain_operator,
    values_of,
)
from ecs_blocks.review.impact.permission.words import lines, said, who
from ecs_blocks.review.impact.phrases import count, listed
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_DOCUMENTS: Final = {
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    "AWS::EFS::FileSystem": "FileSystemPolicy",
    "AWS::Logs::ResourcePolicy": "PolicyDocument",
    "AWS::Logs::LogGroup": "ResourcePolicyDocument",
    "AWS::OpenSearchService::Domain": "AccessPolicies",
    "AWS::Kinesis::ResourcePolicy": "ResourcePolicy",
}
"""Where the policy of each type of resource stands."""

_OF_ONE_ACCOUNT: Final = re.compile(
    r"(aws:(principal|source)(account|arn|orgid|vpce?|ip)|kms:calleraccount|kms:viaservice|"
    r"aws:principalorgid|sns:endpoint|s3:dataaccesspointaccount)\b",
    re.IGNORECASE,
)
"""Condition keys that make "anyone" into somebody."""

_AN_ACCOUNT: Final = re.compile(r"\b\d{12}\b")
_TLS: Final = "aws:securetransport"


def resource_policies(subject: Subject) -> Iterator[Finding]:
    """A finding for each policy that lets in more, or less; the same of several is one."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for one in _policies(subject):
        _, cut, words = one.text.partition(": ")
        key = (one.kind, one.weight, words, one.details) if cut else (one.text,)
        alike.setdefault(key, []).append(one)
    for found in alike.values():
        names = list(dict.fromkeys(name for one in found for name in one.resources))
        first = found[0]
        if len(names) == 1:
            yield from found
            continue
        words = first.text.partition(": ")[2]
        yield replace(
            first,
            text=f"{count(len(names), 'resource')} ({listed(names)}): {words}",
            covers=tuple(place for one in found for place in one.covers),
        )


def _policies(subject: Subject) -> Iterator[Finding]:
    for resource in subject.after.of_type(*_DOCUMENTS):
        path = _DOCUMENTS[resource.type]
        before = subject.before.resources.get(resource.id)
        documents = [at(one, path) for one in (before, resource)]
        if not differs(*documents):
            continue
        covers = ((resource.id, path),)
        try:
            old, new = (grants(one) for one in documents)
        except Unknown:
            if before is not None:
                yield Finding(
                    kind="permission",
                    weight=Weight.APPROVAL,
                    text=f"{resource.id}: its policy changes, and is known during the deploy only",
                    covers=covers,
                )
            continue
        for text, details, weight, public in _told(subject, resource, old, new):
            yield Finding(
                kind="exposure" if public else "permission",
                weight=weight,
                text=text,
                details=details,
                covers=covers,
            )


_Told = tuple[str, tuple[str, ...], Weight, bool]


def _told(
    subject: Subject, resource: Resource, old: list[Grant], new: list[Grant]
) -> Iterator[_Told]:
    fresh = resource.id not in subject.before.resources
    won: dict[str, list[Grant]] = {}
    for one in beyond(new, old):
        if one.allow:
            won.setdefault(who(one), []).append(one)
    for someone, found in won.items():
        public = any(one.principal == ANYONE and not is_narrow(one) for one in found)
        if fresh and not public and not _is_foreign(subject, someone, found):
            continue  # a new resource has a policy, and it lets in what this stack is made of
        text, details = said(f"{resource.id}: {someone} may now:", lines(found, old))
        yield text, details, Weight.APPROVAL, public
    yield from _freed(resource, old, new)
    if not fresh:
        yield from _denied(resource, old, new)
    lost: dict[str, list[Grant]] = {}
    for one in beyond(old, new):
        if one.allow:
            lost.setdefault(who(one), []).append(one)
    for someone, found in lost.items():
        head = f"{resource.id}: {someone} may no longer:"
        text, details = said(head, lines(found, still=new))
        yield text, details, Weight.NOTICE, False


def _denied(resource: Resource, old: list[Grant], new: list[Grant]) -> Iterator[_Told]:
    denied: dict[str, list[Grant]] = {}
    for one in beyond(new, old):
        if not one.allow:
            denied.setdefault(who(one), []).append(one)
    for someone, found in denied.items():
        head = f"{resource.id}: denied from now on to {someone}:"
        text, details = said(head, lines(found, old))
        yield text, details, Weight.NOTICE, False


def _freed(resource: Resource, old: list[Grant], new: list[Grant]) -> Iterator[_Told]:
    """What is refused no longer: requests without TLS are told by themselves."""
    freed = [one for one in beyond(old, new) if not one.allow]
    plain = [one for one in freed if _is_about_tls(one)]
    others = [one for one in freed if not _is_about_tls(one)]
    if plain:
        left = [one for one in new if not one.allow and _is_about_tls(one)]
        words = "requests without TLS are no longer refused"
        if left:
            words = "fewer requests without TLS are refused; no longer:"
        text, details = said(f"{resource.id}: {words}", _without_test(plain, new) if left else [])
        yield text, details, Weight.APPROVAL, True
    if others:
        text, details = said(f"{resource.id}: no longer denied:", lines(others, still=new))
        yield text, details, Weight.APPROVAL, False


def _without_test(grants_: list[Grant], still: list[Grant]) -> list[str]:
    """Their lines without the test for TLS, which the sentence is about."""
    plain, left = (
        [replace(one, condition=frozenset(filter(_is_other, one.condition))) for one in found]
        for found in (grants_, [one for one in still if _is_about_tls(one)])
    )
    return lines(plain, still=left)


def _is_about_tls(grant: Grant) -> bool:
    return not all(map(_is_other, grant.condition))


def _is_other(test: str) -> bool:
    return _TLS not in test.lower()


def is_narrow(grant: Grant) -> bool:
    """Whether a condition says who is meant, and not only who is not."""
    return any(map(_says_who, grant.condition))


def _says_who(test: str) -> bool:
    """Whether *test* lets in only whom it names.

    With ForAllValues a request passes that lacks the key altogether, with Null any that has it (IAM
    User Guide, "Multivalued context keys", "Condition operators").
    """
    operator = test.split(" ", 2)[1] if _OF_ONE_ACCOUNT.match(test) else "Null"
    is_open = operator.startswith("ForAllValues:") or operator.endswith("IfExists")
    if is_open or "Not" in operator or plain_operator(operator) == "Null":
        return False
    return not any(map(_is_anything, values_of(test)))


def _is_anything(value: str) -> bool:
    """Whether every text, or every address, is meant by *value*."""
    try:
        return ip_network(value, strict=False).prefixlen == 0
    except ValueError:
        return not value.strip("*")


def _is_foreign(subject: Subject, someone: str, found: list[Grant]) -> bool:
    """Whether an account is named that is not the stack's own, as far as that is known."""
    after = subject.pair.after
    own = after.pseudo.get("AWS::AccountId", "") if after is not None else ""
    tests = (test for one in found for test in one.condition if _says_who(test))
    return any(one != own for text in (someone, *tests) for one in _AN_ACCOUNT.findall(text))
