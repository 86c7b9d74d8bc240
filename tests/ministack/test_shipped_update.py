"""What an update of a shipped stack changes and what it leaves; and what must not succeed."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from tests.ministack.deploy import deploy_stack
from tests.ministack.shipped import REGION, ZONES, create_environment, deploy_app, render

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ministack.server import MiniStack
    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack

REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"
OTHER_ACCOUNTS = map(str, itertools.count(300000000001))
LOOKUPS = {
    "AccessLogBucket": "logs",
    "AlarmTopicArn": f"arn:aws:sns:{REGION}:111122223333:alarms",
    "KeyArn": f"arn:aws:kms:{REGION}:111122223333:key/0a1b2c3d-0000-4000-8000-0123456789ab",
}


@dataclass(frozen=True)
class Updated:
    """A stack before and after an update."""

    before: Deployed
    after: Deployed


def updated(before: Deployed, app: str, folder: Path, *arguments: str) -> Updated:
    """Render an app again, and update its stack with the result."""
    rendered = render(folder, app, *arguments)
    stack = deploy_app(
        before.server,
        rendered,
        app,
        before.environment,
        account=before.account,
        change="UPDATE",
    )
    return Updated(before, replace(before, stacks={**before.stacks, app: stack}))


@pytest.fixture(scope="module")
def release(server: MiniStack, rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """Hoge in prod: a new image, and three parameters changed."""
    before = create_environment(
        server, rendered, "prod", account=next(OTHER_ACCOUNTS), apps=("cluster", "hoge")
    )
    values = ("ImageTag=1.1.0", "TaskMaxMemory=2400", "AlarmCpuPercent=60", "LogRetentionDays=400")
    arguments = [word for value in values for word in ("--set", value)]
    return updated(before, "hoge", tmp_path_factory.mktemp("release"), *arguments)


def test_release_replaces_the_task_definition_and_nothing_else(release: Updated) -> None:
    before, after = (item.stacks["hoge"].resources for item in (release.before, release.after))

    assert {name for name in before if before[name] != after[name]} == {"HogeTaskDefinition"}
    assert set(before) == set(after)


@pytest.mark.parametrize("name", ["LoadBalancer", "TargetGroup", "HttpsListener", "Service"])
def test_release_keeps_what_takes_the_traffic(release: Updated, name: str) -> None:
    found = release.after.id_of("hoge", name)

    assert found == release.before.id_of("hoge", name)
    assert found.startswith("arn:aws:")


def test_release_keeps_the_log_group_and_changes_its_retention(release: Updated) -> None:
    found = release.after.ask("logs", "describe_log_groups", logGroupNamePrefix="/ecs/hoge")
    before, after = (item.id_of("hoge", "LogGroup") for item in (release.before, release.after))

    assert before == after == "/ecs/hoge-prod"
    assert [item["retentionInDays"] for item in found["logGroups"]] == [400]


def test_release_runs_a_new_revision_with_the_new_image_and_memory(release: Updated) -> None:
    task = release.after.task_definition("hoge")
    [container] = task["containerDefinitions"]

    assert (task["family"], task["revision"]) == ("hoge-prod", 2)
    assert container["image"] == f"{REGISTRY}/hoge-image:1.1.0"
    assert (container["memoryReservation"], container["memory"]) == (1990, 2400)


def test_release_keeps_the_revision_to_go_back_to(release: Updated) -> None:
    arn = release.before.id_of("hoge", "TaskDefinition")
    found = release.after.ask("ecs", "describe_task_definition", taskDefinition=arn)

    assert found["taskDefinition"]["status"] == "ACTIVE"
    assert found["taskDefinition"]["containerDefinitions"][0]["image"].endswith(":1.0.0")


def test_release_changes_thresholds_in_place(release: Updated) -> None:
    names = {"AlarmNames": ["hoge-prod-cpu", "hoge-prod-memory"]}
    cpu, memory = release.after.ask("cloudwatch", "describe_alarms", **names)["MetricAlarms"]

    assert cpu["Threshold"] == 60
    assert [item.get("Expression") for item in memory["Metrics"]] == [
        None,
        "utilization * 1990 / 2400",
    ]


def test_render_without_a_tag_keeps_the_image_that_runs(
    server: MiniStack, rendered: Path, tmp_path: Path
) -> None:
    before = create_environment(
        server, rendered, "dev", account=next(OTHER_ACCOUNTS), apps=("cluster", "hoge")
    )
    after = updated(before, "hoge", tmp_path / "out", "--set", "JavaOpts=-Xmx300m").after
    task = after.task_definition("hoge")
    [container] = task["containerDefinitions"]

    assert task["revision"] == 2
    assert container["image"] == f"{REGISTRY}/hoge-image:1.0.0"
    assert container["environment"] == [{"name": "JAVA_OPTS", "value": "-Xmx300m"}]


def test_new_weights_move_the_tasks_that_run(
    server: MiniStack, rendered: Path, tmp_path: Path
) -> None:
    before = create_environment(
        server, rendered, "dev", account=next(OTHER_ACCOUNTS), apps=("cluster", "fuga")
    )
    [old] = before.service("fuga")["deployments"]
    spread = ("--set", "ImageTag=1.0.0", "--set", "FargateSpotWeight=9")
    after = updated(before, "fuga", tmp_path / "out", *spread).after.service("fuga")
    [spot] = [
        item
        for item in after["capacityProviderStrategy"]
        if item["capacityProvider"] == "FARGATE_SPOT"
    ]

    assert spot["weight"] == 9
    assert after["taskDefinition"] == old["taskDefinition"]
    assert after["deployments"][0]["id"] != old["id"]


def test_the_same_files_again_change_nothing(server: MiniStack, rendered: Path) -> None:
    before = create_environment(
        server, rendered, "stg", account=next(OTHER_ACCOUNTS), apps=("cluster", "hoge")
    )

    with pytest.raises(AssertionError, match=r"no change set: .*didn't contain changes"):
        deploy_app(server, rendered, "hoge", "stg", account=before.account, change="UPDATE")


def changed_copy(rendered: Path, folder: Path, changes: dict[str, str]) -> Path:
    """Copy hoge's files with some texts changed, each wherever it stands."""
    copy = folder / "hoge"
    shutil.copytree(rendered / "hoge", copy)
    missed = set(changes)
    for path in copy.iterdir():
        text = path.read_text(encoding="utf-8")
        missed -= {old for old in changes if old in text}
        for old, new in changes.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    assert not missed
    return folder


def test_failed_update_goes_back_to_what_ran(
    server: MiniStack, rendered: Path, tmp_path: Path
) -> None:
    before = create_environment(
        server, rendered, "dev", account=next(OTHER_ACCOUNTS), apps=("cluster", "hoge")
    )
    # The tasks would be updated before Application Auto Scaling refuses the counts.
    changes = {":1.0.0": ":2.0.0", '"ServiceMaxCount": "1"': '"ServiceMaxCount": "0"'}
    copy = changed_copy(rendered, tmp_path, changes)
    reason = "UPDATE_ROLLBACK_COMPLETE:\nHogeScalableTarget .*Maximum capacity cannot be less"

    with pytest.raises(AssertionError, match=reason):
        deploy_app(server, copy, "hoge", "dev", account=before.account, change="UPDATE")

    task = before.task_definition("hoge")
    found = before.ask("ecs", "list_task_definitions", familyPrefix="hoge-dev")
    revisions = [arn.rpartition(":")[2] for arn in found["taskDefinitionArns"]]
    assert revisions == ["1", "2"]
    assert task["revision"] == 1
    assert task["containerDefinitions"][0]["image"] == f"{REGISTRY}/hoge-image:1.0.0"


def test_service_without_its_cluster_fails_and_leaves_no_log_group(
    server: MiniStack, rendered: Path
) -> None:
    account = next(OTHER_ACCOUNTS)
    zone_id, zone = ZONES["dev"]
    server.client("route53", account, REGION).create_hosted_zone(Name=zone, CallerReference=zone_id)
    logs = server.client("logs", account, REGION)

    with pytest.raises(AssertionError) as failure:
        deploy_stack(
            server,
            account=account,
            region=REGION,
            stack_name="hoge-dev",
            template_path=rendered / "hoge" / "template.yaml",
            parameters_path=rendered / "hoge" / "dev.json",
            # No cluster stack stands there, so nothing can be looked up.
            lookups=LOOKUPS,
        )

    assert str(failure.value) == (
        "stack hoge-dev is ROLLBACK_COMPLETE:\n"
        "HogeService (AWS::ECS::Service) CREATE_FAILED: Cluster not found."
    )
    # One that stayed would be in the way of the next try: its name is fixed.
    assert logs.describe_log_groups()["logGroups"] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "    DependsOn:\n    - HogeListenerRule\n",
            "",
            "does not have an associated load balancer",
            id="service before its balancer",
        ),
        pytest.param(
            "Z0DEV1234567890ABCDEF",
            "Z0ANOTHERACCOUNTS0000",
            "No hosted zone with id",
            id="zone of another account",
        ),
        pytest.param(
            '"LogRetentionDays": "30"',
            '"LogRetentionDays": "31"',
            "'31' is not in AllowedValues",
            id="days that CloudWatch Logs has not",
        ),
        pytest.param(
            '"AlarmsEnabled": "true"',
            '"AlarmsEnabled": "yes"',
            "'yes' is not in AllowedValues",
            id="yes for true",
        ),
        pytest.param(
            '"TaskMemory"',
            '"TaskMemroy"',
            "does not declare the parameters TaskMemroy",
            id="misspelt parameter",
        ),
        pytest.param(
            '    "TaskMemory": "512",\n',
            "",
            "'TaskMemory' has no Default and was not provided",
            id="missing parameter",
        ),
    ],
)
def test_what_is_wrong_is_refused(
    server: MiniStack, rendered: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    account = next(OTHER_ACCOUNTS)
    create_environment(server, rendered, "dev", account=account, apps=("cluster",))
    copy = changed_copy(rendered, tmp_path, {old: new})

    with pytest.raises(AssertionError, match=message):
        deploy_app(server, copy, "hoge", "dev", account=account)
