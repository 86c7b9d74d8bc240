"""All consequences of a change, tied to their causes, the weightiest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.review.difference.secret import secret_values, shown_text
from ecs_blocks.review.impact.addition import additions
from ecs_blocks.review.impact.alarms import alarms
from ecs_blocks.review.impact.breaker_thresholds import breaker_thresholds
from ecs_blocks.review.impact.configuration import configuration, noises
from ecs_blocks.review.impact.conflicts import conflicts
from ecs_blocks.review.impact.deletion import deletions
from ecs_blocks.review.impact.deployment_guards import deployment_guards
from ecs_blocks.review.impact.draining import drain_times
from ecs_blocks.review.impact.drift import drifts
from ecs_blocks.review.impact.encryption import other_keys
from ecs_blocks.review.impact.exposure import exposures
from ecs_blocks.review.impact.fargate_hours import more_to_pay
from ecs_blocks.review.impact.health_checks import health_checks
from ecs_blocks.review.impact.instances import instances
from ecs_blocks.review.impact.kept import kept
from ecs_blocks.review.impact.listener_rules import listener_rules
from ecs_blocks.review.impact.names import names
from ecs_blocks.review.impact.nested import nested
from ecs_blocks.review.impact.network_rules import network_rules
from ecs_blocks.review.impact.permission.on_resources import resource_policies
from ecs_blocks.review.impact.permission.roles import policies_of_other_roles, role_permissions
from ecs_blocks.review.impact.permission.serverless import serverless_policies
from ecs_blocks.review.impact.permission.trust import trusts
from ecs_blocks.review.impact.protection import protections
from ecs_blocks.review.impact.replacement import replacements
from ecs_blocks.review.impact.repositories import repositories
from ecs_blocks.review.impact.rollout import rollouts
from ecs_blocks.review.impact.running import running
from ecs_blocks.review.impact.scaling import scalings
from ecs_blocks.review.impact.scheduled_bounds import bounds_set_again
from ecs_blocks.review.impact.secret_reading import unreadable_secrets
from ecs_blocks.review.impact.strategies import strategies
from ecs_blocks.review.impact.suspended_scaling import suspensions
from ecs_blocks.review.impact.traffic import traffic_gaps
from ecs_blocks.review.impact.weights import weights
from ecs_blocks.review.model import WEIGHTS, Cause, Consequence

if TYPE_CHECKING:
    from ecs_blocks.review.impact.finding import Finding
    from ecs_blocks.review.impact.subject import Subject

_FAMILIES: Final = (
    rollouts,
    strategies,
    drain_times,
    kept,
    unreadable_secrets,
    traffic_gaps,
    weights,
    listener_rules,
    health_checks,
    instances,
    replacements,
    conflicts,
    names,
    deletions,
    protections,
    other_keys,
    exposures,
    repositories,
    deployment_guards,
    breaker_thresholds,
    network_rules,
    role_permissions,
    policies_of_other_roles,
    serverless_policies,
    trusts,
    resource_policies,
    scalings,
    suspensions,
    bounds_set_again,
    more_to_pay,
    alarms,
    additions,
    nested,
    running,
    drifts,
)
_KINDS: Final = (
    "blocked",
    "downtime",
    "data",
    "address",
    "replacement",
    "deletion",
    "exposure",
    "permission",
    "rollout",
    "scaling",
    "running",
    "configuration",
    "alarm",
    "addition",
    "unknown",
)
"""In which order equally weighty ones are read."""


def consequences(subject: Subject) -> tuple[Consequence, ...]:
    """What the change of *subject* leads to, in words, in the order in which to read it."""
    found: list[Finding] = []
    for family in _FAMILIES:
        found.extend(family(subject))
    found.extend(configuration(subject, found))
    found.extend(noises(subject, found))
    secrets = secret_values(subject.pair.before, subject.pair.after)
    told = {_told(one, subject, secrets): None for one in found}
    return tuple(sorted(told, key=_place))


def _told(finding: Finding, subject: Subject, secrets: frozenset[str]) -> Consequence:
    return Consequence(
        kind=finding.kind,
        weight=finding.weight,
        text=_line(finding.text, secrets),
        details=tuple(_line(one, secrets) for one in finding.details),
        resources=finding.resources,
        causes=_causes(finding, subject),
    )


def _line(text: str, secrets: frozenset[str]) -> str:
    """A sentence in one line, whatever stands in the values of a template, and without secrets."""
    return " ".join(shown_text(text, secrets).split())


def _causes(finding: Finding, subject: Subject) -> tuple[Cause, ...]:
    """The first causes of all that a finding tells of, each once; of a new stack, none is."""
    if subject.is_new:
        return ()
    found = (cause for name, path in finding.covers for cause in subject.causes(name, path))
    return tuple(dict.fromkeys(found))


def _place(one: Consequence) -> tuple[int, int]:
    return WEIGHTS.index(one.weight), _KINDS.index(one.kind)
