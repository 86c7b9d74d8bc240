"""An image repository whose releases neither change nor go."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import awacs.ecr
from awacs.aws import Principal
from msgspec import Struct
from troposphere import ecr

from ecs_blocks import policies
from ecs_blocks.blocks.limits import check_at_least, check_form
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import DEPLOYED, MAX_DEPLOYED
from ecs_blocks.templates.plural import refuse_text
from ecs_blocks.values import PARTITION, AccountId, KeyArn, Value, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_NAME: Final = re.compile(r"[a-z0-9]+(?:[._/-][a-z0-9]+)*")
_MOVING: Final = re.compile(r"[0-9A-Za-z._*-]{1,128}")
MAX_MOVING: Final = 5
"""Patterns of one repository (CloudFormation, ``ImageTagMutabilityExclusionFilters``)."""
_PREFIX: Final = re.compile(r"[0-9A-Za-z._-]{1,128}")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_PULL: Final = (
    awacs.ecr.BatchCheckLayerAvailability,
    awacs.ecr.BatchGetImage,
    awacs.ecr.DescribeImages,
    awacs.ecr.GetDownloadUrlForLayer,
)
_PUSH: Final = (
    *_PULL,
    awacs.ecr.CompleteLayerUpload,
    awacs.ecr.InitiateLayerUpload,
    awacs.ecr.PutImage,
    awacs.ecr.UploadLayerPart,
)
_MARK: Final = (
    awacs.ecr.BatchGetImage,
    awacs.ecr.DescribeImages,
    awacs.ecr.DescribeRepositories,
    awacs.ecr.PutImage,
)


class KeepsDeployed(Struct, frozen=True, kw_only=True):
    """Images that a deploy has marked stay, whatever else expires.

    ``ecs-blocks deploy`` gives the image that runs a tag that begins with ``deployed-``, and the
    one that ran before another. Those tags may move, and the first rule selects them: what it
    selects no other rule can expire.

    Source: Amazon ECR User Guide, "Lifecycle policies", evaluation rules.

    Attributes:
        marking_accounts: other accounts whose deploys mark what they run from here; none without.
            They may put any new tag on any image of the repository, move those that move, and
            write images of layers that are there: ECR cannot allow certain tags alone.
    """

    marking_accounts: Sequence[Value[AccountId] | str] = ()


class Ecr(Struct, frozen=True, kw_only=True):
    """One ECR repository.

    Attributes:
        name: the repository's name.
        moving_tags: patterns of tags that may be moved (``latest``, ``branch-*``); all others are
            immutable: a tag that was deployed stays what it was (trap 27).
        untagged_days: an image without a tag goes after this long.
        expiring_tags: prefixes of tags that go, each with the number of images that are kept.
            A tag that is not named here never expires, so that no rule takes away what runs
            (trap 28).
        keeps_deployed: that the image which a deploy has marked does not expire, even under one
            of these tags. It counts where something can expire, by ``expiring_tags`` or because a
            tag of ``moving_tags`` was moved away; None for a repository that takes no marks.
        pull_accounts: other accounts that may pull.
        push_accounts: other accounts that may push (CI's, say).
        key_arn: a KMS key of your own; without one, AWS's key for ECR.
        empty_on_delete: whether a delete of the repository takes its images along (trap 30);
            the stack itself keeps the repository when it goes.
    """

    name: str
    moving_tags: tuple[str, ...] = ()
    untagged_days: int = 14
    expiring_tags: tuple[tuple[str, int], ...] = ()
    keeps_deployed: KeepsDeployed | None = KeepsDeployed()
    pull_accounts: Sequence[Value[AccountId] | str] = ()
    push_accounts: Sequence[Value[AccountId] | str] = ()
    key_arn: Value[KeyArn] | None = None
    empty_on_delete: bool = False

    def __post_init__(self) -> None:
        refuse_text(self)
        if not _NAME.fullmatch(self.name) or not 2 <= len(self.name) <= 256:
            raise BlockError(
                f"{self.name!r} cannot be a repository's name: 2 to 256 lower case letters, digits "
                "and . _ - / between them"
            )
        check_at_least("untagged_days", self.untagged_days, 1)
        for pattern in self.moving_tags:
            check_form("a moving tag", pattern, _MOVING, "like branch-*")
        if len(self.moving_tags) > MAX_MOVING:
            raise BlockError(f"{len(self.moving_tags)} moving_tags; ECR takes {MAX_MOVING}")
        self._check_expiring()
        self._check_marks()
        for name, accounts in (
            ("pull_accounts", self.pull_accounts),
            ("push_accounts", self.push_accounts),
            ("marking_accounts", self._marking_accounts),
        ):
            for account in accounts:
                check_form(f"{name}: an account", account, _ACCOUNT, 'as text, like "111122223333"')

    def _check_expiring(self) -> None:
        seen: set[str] = set()
        for pair in self.expiring_tags:
            match pair:
                case (str() as prefix, int() as count):
                    pass
                case _:
                    raise BlockError('expiring_tags is a tuple of pairs: (("branch-", 20),)')
            if not prefix or count < 1:
                raise BlockError(
                    f"expiring_tags: ({prefix!r}, {count}) would expire release tags; name a "
                    "prefix, and keep at least one image"
                )
            if not _PREFIX.fullmatch(prefix):
                raise BlockError(
                    f"expiring_tags: no tag begins with {prefix!r}; write a prefix, without *, "
                    "like branch-"
                )
            if prefix in seen:
                raise BlockError(f"expiring_tags: {prefix!r} stands there twice")
            seen.add(prefix)

    def _check_marks(self) -> None:
        if not self._takes_marks:
            if self._marking_accounts:
                raise BlockError(
                    "keeps_deployed: nothing can expire here that has a tag, so there are no marks "
                    "to put; leave marking_accounts out"
                )
            return
        if len(self._moving) > MAX_MOVING:
            raise BlockError(
                f"{len(self.moving_tags)} moving_tags, and {DEPLOYED}* for the marks of deploys; "
                f"ECR takes {MAX_MOVING}: name one less, or say keeps_deployed=None"
            )
        for prefix, _ in self.expiring_tags:
            if prefix.startswith(DEPLOYED):
                raise BlockError(
                    f"expiring_tags: {prefix!r} would never expire: tags that begin with "
                    f"{DEPLOYED} are the marks of deploys; name another prefix, or say "
                    "keeps_deployed=None"
                )

    @property
    def _takes_marks(self) -> bool:
        return self.keeps_deployed is not None and bool(self.expiring_tags or self.moving_tags)

    @property
    def _marking_accounts(self) -> Sequence[Value[AccountId] | str]:
        return self.keeps_deployed.marking_accounts if self.keeps_deployed is not None else ()

    @property
    def _moving(self) -> tuple[str, ...]:
        """Patterns of all tags that may be moved."""
        marks = (f"{DEPLOYED}*",) if self._takes_marks else ()
        return tuple(dict.fromkeys((*self.moving_tags, *marks)))

    def build(self, scope: Scope) -> Any:
        """Add the repository, and return it (a ``troposphere.ecr.Repository``)."""
        repository = ecr.Repository(
            scope.id("Repository"),
            # a plain Retain with a fixed name would block the second try of a failed create
            DeletionPolicy="RetainExceptOnCreate",
            UpdateReplacePolicy="Retain",
            RepositoryName=self.name,
            EncryptionConfiguration=self._encryption(),
            ImageScanningConfiguration=ecr.ImageScanningConfiguration(ScanOnPush=True),
            ImageTagMutability=self._mutability(),
            LifecyclePolicy=ecr.LifecyclePolicy(
                LifecyclePolicyText=json.dumps({"rules": list(self._rules())}, indent=2)
            ),
        )
        if self._moving:
            repository.ImageTagMutabilityExclusionFilters = [
                ecr.ImageTagMutabilityExclusionFilter(
                    ImageTagMutabilityExclusionFilterType="WILDCARD",
                    ImageTagMutabilityExclusionFilterValue=pattern,
                )
                for pattern in self._moving
            ]
        if self.empty_on_delete:
            repository.EmptyOnDelete = True
        if self.pull_accounts or self.push_accounts or self._marking_accounts:
            repository.RepositoryPolicyText = self._policy()
        return scope.add(repository)

    def _mutability(self) -> Literal["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"]:
        return "IMMUTABLE_WITH_EXCLUSION" if self._moving else "IMMUTABLE"

    def _encryption(self) -> Any:
        if self.key_arn is None:
            return ecr.EncryptionConfiguration(EncryptionType="KMS")
        return ecr.EncryptionConfiguration(EncryptionType="KMS", KmsKey=self.key_arn)

    def _rules(self) -> list[dict[str, Any]]:
        """Each rule is about untagged images or one named prefix: never about any tag."""
        marked = [_counted("what a deploy has marked stays", DEPLOYED, MAX_DEPLOYED)]
        untagged = {
            "description": f"untagged images go after {self.untagged_days} days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": self.untagged_days,
            },
            "action": {"type": "expire"},
        }
        rules = [
            *(marked if self._takes_marks else []),  # first: what it selects, no other expires
            untagged,
            *(
                _counted(f"of {prefix}* the last {count} stay", prefix, count)
                for prefix, count in self.expiring_tags
            ),
        ]
        return [{"rulePriority": priority} | rule for priority, rule in enumerate(rules, 1)]

    def _policy(self) -> Any:
        statements = []
        for sid, accounts, actions in (
            ("PullFromOtherAccounts", self.pull_accounts, _PULL),
            ("PushFromOtherAccounts", self.push_accounts, _PUSH),
            ("MarkFromOtherAccounts", self._marking_accounts, _MARK),
        ):
            if accounts:
                roots = [text("arn:", PARTITION, ":iam::", one, ":root") for one in accounts]
                statements.append(
                    awacs.aws.Statement(
                        Sid=sid,
                        Effect="Allow",
                        Principal=Principal("AWS", roots),
                        Action=list(actions),
                    )
                )
        return policies.document(*statements)


def _counted(description: str, prefix: str, count: int) -> dict[str, Any]:
    """A rule, without its priority: of the tags with *prefix*, the last *count* images stay."""
    return {
        "description": description,
        "selection": {
            "tagStatus": "tagged",
            "tagPrefixList": [prefix],
            "countType": "imageCountMoreThan",
            "countNumber": count,
        },
        "action": {"type": "expire"},
    }
