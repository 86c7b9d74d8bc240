"""All checks of a stack before its deploy, one after the other."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.preflight import (
    account,
    alarms,
    certificates,
    cluster,
    dns,
    keys,
    listeners,
    names,
    network,
    protection,
    quotas,
    secrets,
    strategy,
    weights,
)
from ecs_blocks.deploy.preflight.finding import Report

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.subject import Subject

CHECKS: Final = (
    secrets.check,
    keys.check,
    names.check,
    alarms.check,
    listeners.check,
    certificates.check,
    dns.check,
    network.check,
    cluster.check,
    strategy.check,
    weights.check,
    protection.check,
    account.check,
    quotas.check,
)
"""In the order of the report; each asks only about what the template has."""


def preflight(aws: Aws, subject: Subject) -> Report:
    """All that can be known before the deploy; nothing is changed.

    What cannot be known for want of a permission is listed under ``skipped``, and stops nothing.

    Raises:
        DeployError: there are no valid credentials: exit 14.
    """
    found = chain.from_iterable(image.findings for image in subject.images)
    return Report.of(chain(found, *(check(aws, subject) for check in CHECKS)))
