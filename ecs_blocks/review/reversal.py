"""Whether one can go back after the deploy, and what stands against it.

Told of a later rollback: the earlier template is deployed again. CloudFormation's own rollback of a
deploy that fails is another thing: nothing is deleted before the deploy has succeeded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.parts import text
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.image_rules import deletes_more
from ecs_blocks.review.impact.kept import refusals
from ecs_blocks.review.impact.kinds import Kind, kind_of, stays_unless_empty
from ecs_blocks.review.impact.phrases import count, listed, spoken
from ecs_blocks.review.impact.protection import is_faster
from ecs_blocks.review.impact.reading import at, number_at, switched
from ecs_blocks.review.impact.rollout import reasons
from ecs_blocks.review.impact.service_facts import SHIFTS, strategy_of
from ecs_blocks.review.model import Action, Fate, Replacement, Reversal, RollbackStory
from ecs_blocks.templates.steps import STEPS_KEY
from ecs_blocks.templates.suppress import METADATA_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import ResourceChange

_ORDER: Final = (Reversal.REVERSIBLE, Reversal.BY_HAND, Reversal.IRREVERSIBLE)
_RESTORED: Final = {
    "AWS::SecretsManager::Secret": "restore the old one in Secrets Manager while it still can be",
    "AWS::KMS::Key": "cancel the deletion of the old one in KMS while it still can be",
}
_LOST_ADDRESSES: Final = frozenset({"AWS::EC2::EIP", "AWS::EC2::NatGateway"})
_LOST_BY_TIME: Final = {
    "AWS::Logs::LogGroup": ("RetentionInDays", float("inf"), "logs older than {} days"),
    "AWS::SQS::Queue": ("MessageRetentionPeriod", 345_600, "messages older than {} s"),
    "AWS::RDS::DBCluster": ("BackupRetentionPeriod", 1, "backups older than {} days"),
}
_LOST_BY_RULES: Final[Mapping[str, tuple[str, str, Callable[[Any, Any], bool]]]] = {
    "AWS::S3::Bucket": ("LifecycleConfiguration", "objects", is_faster),
    "AWS::ECR::Repository": ("LifecyclePolicy.LifecyclePolicyText", "images", deletes_more),
}
_KEPT: Final = frozenset({"Retain", "RetainExceptOnCreate"})
_CERTIFICATE: Final = "AWS::CertificateManager::Certificate"
_SUBSCRIPTION: Final = "AWS::SNS::Subscription"
_MAIL: Final = ("email", "email-json")
_TABLE: Final = "AWS::DynamoDB::Table"
_EARLIER_STATES: Final = "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"

Reason = tuple[Reversal, str]


def story(subject: Subject) -> RollbackStory:
    """Whether a rollback brings back what was, with every reason against it, the worst first.

    Before a first deploy nothing was, and nothing is said.
    """
    if subject.pair.after is None or subject.is_new or not subject.changes:
        return RollbackStory(reversal=Reversal.REVERSIBLE)
    found = list(dict.fromkeys(_reasons(subject)))
    found.sort(key=lambda one: -_ORDER.index(one[0]))
    worst = found[0][0] if found else Reversal.REVERSIBLE
    return RollbackStory(reversal=worst, reasons=tuple(reason for _, reason in found))


def _reasons(subject: Subject) -> Iterator[Reason]:
    for change in subject.changes:
        kind = kind_of(change.type)
        if change.action is Action.ADD:
            yield from _added(subject, change, kind)
        elif change.was:
            continue  # the deploy fails, so nothing is to be brought back
        elif change.action is Action.REMOVE or change.replacement is not Replacement.NO:
            yield from _lost(subject, change, kind)
        else:
            yield from _expired(subject, change)
    yield from _refused(subject)
    yield from _steps(subject)
    yield from _quick(subject)


def _lost(subject: Subject, change: ResourceChange, kind: Kind) -> Iterator[Reason]:
    name = change.logical_id
    removed = change.action is Action.REMOVE
    maybe = "may be " if change.replacement is Replacement.MAYBE else "is "
    done = f"{maybe}{'deleted' if removed else 'replaced'}"
    kept = "it leaves the stack and stays" if removed else f"it {done}; the old one stays"
    if kind.is_data:
        if change.fate is Fate.RETAINED:
            fixed = at(subject.old(change), kind.name) if kind.name else None
            why = f" with the name {spoken(fixed)}" if fixed is not None else ""
            yield (
                Reversal.BY_HAND,
                f"{name}: {kept} in the account{why}: import it to go back",
            )
        elif change.fate is Fate.SNAPSHOT:
            text = f"{name} {done}: restore it from the snapshot to go back"
            yield Reversal.BY_HAND, text
        elif stays_unless_empty(subject.old(change)):
            text = "where it is not empty it stays in the account: import it to go back"
            yield Reversal.BY_HAND, f"{name} {done}: {text}"
        elif change.type in _RESTORED:
            yield Reversal.BY_HAND, f"{name} {done}: to go back, {_RESTORED[change.type]}"
        else:
            text = f"{name} {done}: what was in it does not come back ({kind.holds})"
            yield Reversal.IRREVERSIBLE, text
    elif change.type in _LOST_ADDRESSES:
        yield Reversal.IRREVERSIBLE, f"{name} {done}: its {kind.address} does not come back"
    elif change.type == _SUBSCRIPTION and at(subject.old(change), "Protocol") in _MAIL:
        who = spoken(at(subject.old(change), "Endpoint"))
        yield Reversal.BY_HAND, f"{name} {done}: to go back, {who} has to confirm again"
    elif change.type == _CERTIFICATE:
        yield Reversal.BY_HAND, f"{name} {done}: going back needs a validated certificate again"
    elif kind.address and change.type not in (SERVICE, "AWS::Route53::RecordSet"):
        yield (
            Reversal.BY_HAND,
            f"{name} {done}: going back gives yet another {kind.address}, not the old one",
        )


def _added(subject: Subject, change: ResourceChange, kind: Kind) -> Iterator[Reason]:
    """What going back does to what this deploy makes."""
    new = subject.new(change)
    if new is None or not kind.is_data:
        return
    if text(new.body.get("DeletionPolicy")) in _KEPT:
        fixed = at(new, kind.name) if kind.name else None
        if fixed is not None:
            yield (
                Reversal.REVERSIBLE,
                f"going back leaves {new.id} in the account; deploying this again then fails, for "
                f"its name {spoken(fixed)} is taken: import it",
            )
    else:
        yield (
            Reversal.REVERSIBLE,
            f"going back deletes {new.id} with {kind.holds.removeprefix('all ')} by then",
        )


def _expired(subject: Subject, change: ResourceChange) -> Iterator[Reason]:
    """Data that is deleted because it is kept for a shorter time."""
    if change.type in _LOST_BY_RULES:
        path, words, is_more = _LOST_BY_RULES[change.type]
        if is_more(at(subject.old(change), path), at(subject.new(change), path)):
            text = f"{change.logical_id}: {words} that its lifecycle rules delete do not come back"
            yield Reversal.IRREVERSIBLE, text
    if change.type == _TABLE:
        was, now = (
            switched(one, _EARLIER_STATES) for one in (subject.old(change), subject.new(change))
        )
        if was and now is False:
            text = f"{change.logical_id}: the states that it could be restored to do not come back"
            yield Reversal.IRREVERSIBLE, text
    if change.type not in _LOST_BY_TIME:
        return
    path, default, words = _LOST_BY_TIME[change.type]
    old, new = (number_at(one, path, default) for one in (subject.old(change), subject.new(change)))
    if old is not None and new is not None and new < old:
        text = f"{change.logical_id}: {words.format(f'{new:g}')} do not come back"
        yield Reversal.IRREVERSIBLE, text


def _refused(subject: Subject) -> Iterator[Reason]:
    """What the earlier template leaves out, and ECS would keep."""
    for service in subject.before.of_type(SERVICE):
        after = subject.after.resources.get(service.id)
        if after is None or after.type != SERVICE or subject.is_replaced(service.id):
            continue
        for _, why in refusals(after, service, subject.before):
            yield Reversal.BY_HAND, f"{service.id}: going back is refused as it stands: {why}"


def _steps(subject: Subject) -> Iterator[Reason]:
    after = subject.pair.after
    metadata = after.template.get("Metadata") if after is not None else None
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    steps = ours.get(STEPS_KEY) if isinstance(ours, dict) else None
    names = [str(one.get("name")) for one in steps or () if isinstance(one, dict)]
    if names:
        ran = count(len(names), "step")
        yield (
            Reversal.BY_HAND,
            f"{ran} before the deploy ({listed(names)}): what they change, as in a database, is "
            "not rolled back"
            if len(names) > 1
            else f"the step {names[0]} runs before the deploy: what it changes, as in a database, "
            "is not rolled back",
        )


def _quick(subject: Subject) -> Iterator[Reason]:
    """A way back that takes seconds, while the old tasks still stand beside the new ones.

    Only of a service that starts a deployment: of a tag that changes no task knows.
    """
    for service in subject.after.of_type(SERVICE):
        bake = number_at(service, "DeploymentConfiguration.BakeTimeInMinutes", 0)
        before = subject.before.resources.get(service.id)
        shifts = before is not None and {strategy_of(before), strategy_of(service)} <= {*SHIFTS}
        rolls = bool(list(reasons(subject, service))) and not subject.is_replaced(service.id)
        if shifts and bake and rolls:
            yield (
                Reversal.REVERSIBLE,
                f"{service.id}: for {bake:g} min after the traffic has moved, the old tasks stand "
                "ready: going back takes seconds",
            )
