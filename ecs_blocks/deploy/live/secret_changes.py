"""Secrets and parameters that got another value since the last deploy: new tasks will read it.

No value is read. Sources: AWS Secrets Manager API Reference, DescribeSecret (LastChangedDate, which
counts any change of the secret); AWS Systems Manager API Reference, Parameter (LastModifiedDate).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.preflight.secrets import SecretName, parsed, secrets_of
from ecs_blocks.review.impact.drift import ago
from ecs_blocks.review.model import Consequence, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.live.asking import Told
    from ecs_blocks.deploy.preflight.subject import Subject

_BATCH: Final = 10
"""What GetParameters takes at once."""


def secret_changes(
    aws: Aws, subject: Subject, since: dt.datetime, now: dt.datetime
) -> Iterator[Told]:
    """A consequence for each secret that was changed after *since*, the last deploy.

    What may not be read is told by the pre-flight, which asks the same.

    Raises:
        DeployError: the credentials are over.
    """
    parameters: dict[str, dict[str, str]] = {}
    for value, use in secrets_of(subject).items():
        name = parsed(value, subject.account_id, aws.region)
        if isinstance(name, SecretName):
            client = aws.client("secretsmanager", name.region)
            answer = ask("secretsmanager:DescribeSecret", client.describe_secret, SecretId=name.arn)
            at = answer.get("LastChangedDate") if isinstance(answer, dict) else None
            yield from _changed(use, at, since, now)
        elif name is not None:
            parameters.setdefault(name.region, {})[name.names[0]] = use
    for region, uses in parameters.items():
        names = list(uses)
        for begin in range(0, len(names), _BATCH):
            yield from _parameters(aws, region, names[begin : begin + _BATCH], uses, since, now)


def _parameters(  # noqa: PLR0917 - one batch of one region
    aws: Aws,
    region: str,
    names: list[str],
    uses: Mapping[str, str],
    since: dt.datetime,
    now: dt.datetime,
) -> Iterator[Told]:
    answer: Any = ask(
        "ssm:GetParameters",
        aws.client("ssm", region).get_parameters,
        Names=names,
        WithDecryption=False,
    )
    if isinstance(answer, Gap):
        return
    for one in answer.get("Parameters", ()):
        spellings = (str(one.get("Name", "")), str(one.get("ARN", "")))
        use = next((uses[name] for name in spellings if name in uses), "")
        if use:
            yield from _changed(use, one.get("LastModifiedDate"), since, now)


def _changed(use: str, at: Any, since: dt.datetime, now: dt.datetime) -> Iterator[Told]:
    if isinstance(at, dt.datetime) and at > since:
        yield Consequence(
            kind="configuration",
            weight=Weight.NOTICE,
            text=(
                f"{use}: its secret was changed {ago((now - at).total_seconds())}, after the last "
                "deploy: only tasks that start from now on read the new value"
            ),
        )
