"""The service whose settings a task gets, and what time it is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ecs_blocks.deploy.clock import Clock
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.service import _notes, aws_time, chosen
from ecs_blocks.templates.text import to_yaml
from tests.deploy.one_off.world import service, serving, template
from tests.fake_aws import FakeAws


@pytest.mark.parametrize(
    ("services", "wanted", "expected"),
    [
        ({"A": "arn"}, None, "A"),
        ({"A": "arn", "B": "arn"}, "B", "B"),
        ({}, None, "hoge-prod has no ECS service"),
        ({}, "A", "hoge-prod has no ECS service"),
        ({"A": "arn", "B": "arn"}, None, "hoge-prod has 2 services: A, B"),
        ({"Web": "arn"}, "Wbe", "hoge-prod has no service Wbe; did you mean Web?"),
        ({"Web": "arn"}, "X", "hoge-prod has no service X; there are: Web"),
    ],
)
def test_a_service_is_named_where_there_are_more(
    services: dict[str, str], wanted: str | None, expected: str
) -> None:
    try:
        found = chosen(services, wanted, "hoge-prod")
    except DeployError as error:
        found = error.message

    assert found == expected


def deployment(status: str, rollout: str, revision: int) -> dict[str, Any]:
    arn = f"arn:aws:ecs:r:1:task-definition/hoge:{revision}"
    return {"status": status, "rolloutState": rollout, "taskDefinition": arn}


@pytest.mark.parametrize(
    ("deployments", "notes"),
    [
        ([deployment("PRIMARY", "COMPLETED", 2)], []),
        ([deployment("PRIMARY", "COMPLETED", 2), deployment("ACTIVE", "COMPLETED", 1)], []),
        (
            [deployment("PRIMARY", "IN_PROGRESS", 2), deployment("ACTIVE", "COMPLETED", 1)],
            ["web is being deployed: hoge:2 is taken, which is not proven yet"],
        ),
        ([], []),
    ],
)
def test_a_version_that_is_not_proven_yet_is_noted(
    deployments: list[dict[str, Any]], notes: list[str]
) -> None:
    assert _notes({"serviceName": "web", "deployments": deployments}) == notes


class Wrong(Clock):
    """A machine whose time of day is a day off."""

    def utc(self) -> dt.datetime:
        return dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"date": "Mon, 23 Nov 2026 01:02:03 GMT"},
            dt.datetime(2026, 11, 23, 1, 2, 3, tzinfo=dt.UTC),
        ),
        ({"date": "soon"}, Wrong().utc()),
        ({}, Wrong().utc()),
    ],
)
def test_the_time_is_awss_where_it_tells_it(headers: dict[str, Any], expected: dt.datetime) -> None:
    assert aws_time({"ResponseMetadata": {"HTTPHeaders": headers}}, Wrong()) == expected


@pytest.mark.parametrize("cluster", [{"Ref": "Cluster"}, {"Ref": "Name"}, "prod"])
def test_a_service_of_the_old_arn_format_is_read_in_the_cluster_of_its_stack(cluster: Any) -> None:
    with FakeAws() as fake:
        fake.ecs.account_settings["serviceLongArnFormat"] = "disabled"
        serving(fake, within(cluster))
        found = service(fake)

        assert found.arn.count("/") == 1
        assert (found.revision, found.cluster.rpartition("/")[2]) == ("hoge-prod:1", "prod")


def test_a_service_of_the_old_arn_format_in_a_cluster_that_nobody_names_is_refused() -> None:
    with FakeAws() as fake:
        fake.ecs.account_settings["serviceLongArnFormat"] = "disabled"
        serving(fake, within("prod"))
        unknown = to_yaml(within({"Fn::ImportValue": "cluster"}))
        fake.canned("cloudformation", "GetTemplate", {"TemplateBody": unknown})
        with pytest.raises(DeployError) as error:
            service(fake)

    assert error.value.code is Exit.INPUT
    assert "in which cluster Service is cannot be told" in error.value.message


def within(cluster: Any) -> dict[str, Any]:
    """The stack, whose service names its cluster so."""
    made = template()
    made["Parameters"]["Name"] = {"Type": "String", "Default": "prod"}
    made["Resources"]["Service"]["DependsOn"] = "Cluster"
    made["Resources"]["Service"]["Properties"]["Cluster"] = cluster
    return made
