"""The service whose settings a one-off task gets: found in the stack, read from ECS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation.stack import living, read_resources
from ecs_blocks.deploy.ecs.names import cluster_in, last
from ecs_blocks.deploy.ecs.reading import UnknownCluster
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.verification import cluster_in_stack
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.clock import Clock

_SERVICE: Final = "AWS::ECS::Service"


class Service(Struct, frozen=True):
    """A service as it is.

    ``described`` is what DescribeServices says, ``definition`` the task definition that it runs (or
    is about to run: ``notes`` says so), ``read_at`` AWS's time of day.
    """

    logical_id: str
    arn: str
    described: Mapping[str, Any]
    definition: Mapping[str, Any]
    read_at: dt.datetime
    notes: tuple[str, ...] = ()

    @property
    def cluster(self) -> str:
        """The cluster's ARN."""
        return str(self.described.get("clusterArn") or cluster_in(self.arn))

    @property
    def revision(self) -> str:
        """``hoge:42``."""
        return last(str(self.definition.get("taskDefinitionArn", "")))

    @property
    def placed(self) -> Mapping[str, Any]:
        """What holds the network and the capacity: the service, or its primary task set."""
        return _primary_set(self.described) or self.described


def services_of(aws: Aws, stack_id: str) -> dict[str, str]:
    """The ARN of each ECS service of a stack, by its logical id.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    resources = living(read_resources(aws, stack_id))
    return {one.logical_id: one.physical_id for one in resources if one.type == _SERVICE}


def chosen(services: Mapping[str, str], wanted: str | None, stack_name: str) -> str:
    """The logical id of the service that is meant.

    Raises:
        DeployError: there is none, not this one, or more than one.
    """
    if not services:
        raise DeployError(Exit.INPUT, f"{stack_name} has no ECS service")
    names = sorted(services)
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is None:
        raise DeployError(
            Exit.INPUT,
            f"{stack_name} has {len(names)} services: {', '.join(names)}",
            f"say which: --service {names[0]}",
        )
    if wanted not in services:
        way = nearest(wanted, names) or f"; there are: {', '.join(names)}"
        raise DeployError(Exit.INPUT, f"{stack_name} has no service {wanted}{way}")
    return wanted


def read_service(aws: Aws, stack_id: str, logical_id: str, arn: str) -> Service:
    """The service of a stack, and its task definition.

    Raises:
        DeployError: ECS does not know it or did not answer, or nothing says where it is.
    """
    cluster = cluster_in(arn) or cluster_in_stack(aws, stack_id, logical_id)
    if not cluster:
        raise DeployError(
            Exit.INPUT,
            f"in which cluster {logical_id} is cannot be told ({arn}): {UnknownCluster()}",
            "give the service's Cluster in its stack as a name, a parameter or a reference",
        )
    answer = asked(
        f"reading the service {logical_id}",
        aws.client("ecs").describe_services,
        cluster=cluster,
        services=[arn],
        include=["TAGS"],
    )
    found = next(iter(answer.get("services") or ()), None)
    if found is None or found.get("status") == "INACTIVE":
        raise DeployError(
            Exit.NEEDS_A_PERSON,
            f"the stack has the service {logical_id}, but ECS has it no more ({arn})",
            "somebody deleted it outside CloudFormation: delete the stack's too, and deploy again",
        )
    wanted = str((_primary_set(found) or found).get("taskDefinition", ""))
    definition = read_definition(aws, wanted)
    return Service(
        logical_id, arn, found, definition, aws_time(answer, aws.clock), tuple(_notes(found))
    )


def read_definition(aws: Aws, arn: str) -> Mapping[str, Any]:
    """A task definition by ARN, with its ``tags`` beside what describes it.

    Raises:
        DeployError: ECS did not answer.
    """
    answer = asked(
        f"reading the task definition {last(arn)}",
        aws.client("ecs").describe_task_definition,
        taskDefinition=arn,
        include=["TAGS"],
    )
    return {**answer["taskDefinition"], "tags": answer.get("tags") or []}


def aws_time(answer: Mapping[str, Any], clock: Clock) -> dt.datetime:
    """AWS's time of day, as its *answer* says; this machine's may be minutes off."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        return parsedate_to_datetime(str(headers["date"]))
    except (KeyError, ValueError):
        return clock.utc()


def _primary_set(described: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The primary task set, where another controller than ECS deploys."""
    if described.get("taskDefinition"):
        return None
    sets = described.get("taskSets") or ()
    return next((one for one in sets if one.get("status") == "PRIMARY"), None)


def _notes(described: Mapping[str, Any]) -> list[str]:
    deployments = described.get("deployments") or ()
    primary: Mapping[str, Any] = next(
        (one for one in deployments if one.get("status") == "PRIMARY"), {}
    )
    if len(deployments) < 2 or primary.get("rolloutState", "COMPLETED") == "COMPLETED":
        return []
    new = last(str(primary.get("taskDefinition", "")))
    name = described.get("serviceName", "the service")
    return [f"{name} is being deployed: {new} is taken, which is not proven yet"]
