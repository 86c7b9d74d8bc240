"""What the policies of resources let in: anyone, other accounts, services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Unknown
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.permission.grants import ANYONE, Grant, beyond, grants
from ecs_blocks.review.impact.permission.words import lines, principal, said
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

_TLS: Final = "aws:securetransport"


def resource_policies(subject: Subject) -> Iterator[Finding]:
    """A finding for each policy that lets in more, or less."""
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
            won.setdefault(one.principal, []).append(one)
    for who, found in won.items():
        public = who == ANYONE and any(not is_narrow(one) for one in found)
        if fresh and not public and not _is_foreign(subject, who):
            continue  # a new resource has a policy, and it lets in what this stack is made of
        text, details = said(f"{resource.id}: {principal(who)} may now:", lines(found, old))
        yield text, details, Weight.APPROVAL, public
    freed = [one for one in beyond(old, new) if not one.allow]
    if freed:
        yield _freed(resource, freed)
    lost = [one for one in beyond(old, new) if one.allow]
    if lost:
        names = dict.fromkeys(one.principal for one in lost)
        for who in names:
            own = [one for one in lost if one.principal == who]
            text, details = said(f"{resource.id}: {principal(who)} may no longer:", lines(own))
            yield text, details, Weight.NOTICE, False


def _freed(resource: Resource, freed: list[Grant]) -> _Told:
    if any(_TLS in test.lower() for one in freed for test in one.condition):
        text = f"{resource.id}: requests without TLS are no longer refused"
        return text, (), Weight.APPROVAL, True
    text, details = said(f"{resource.id}: no longer denied:", lines(freed))
    return text, details, Weight.APPROVAL, False


def is_narrow(grant: Grant) -> bool:
    """Whether a condition says who is meant."""
    return any(_OF_ONE_ACCOUNT.match(test) for test in grant.condition)


def _is_foreign(subject: Subject, who: str) -> bool:
    """Whether an account is named that is not the stack's own, as far as that is known."""
    after = subject.pair.after
    own = after.pseudo.get("AWS::AccountId", "") if after is not None else ""
    found = re.search(r"\b\d{12}\b", who)
    return found is not None and found.group() != own
