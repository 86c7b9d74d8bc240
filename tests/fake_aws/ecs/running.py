"""The operations on tasks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tests.fake_aws.ecs import shown
from tests.fake_aws.ecs.services import Services
from tests.fake_aws.ecs.wishes import TaskWish
from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.fake_aws.ecs.model import Task

Answer = dict[str, Any]


class RunningTasks(Services):
    """ListTasks, DescribeTasks, RunTask, StopTask, ExecuteCommand."""

    def must_have_cluster(self, request: Mapping[str, Any]) -> str:
        """The name of the cluster that a request is for."""
        name = str(request.get("cluster", "default")).rpartition("/")[2]
        if name not in self.clusters:
            raise AwsError("ClusterNotFoundException", "Cluster not found.")
        return name

    def _shown_tasks(self) -> list[Task]:
        since = self.world.clock.aws_time() - dt.timedelta(hours=1)
        return [one for one in self.tasks.all if one.stopped is None or one.stopped > since]

    def list_tasks(self, request: Mapping[str, Any]) -> Answer:
        cluster = self.must_have_cluster(request)
        desired = request.get("desiredStatus", "RUNNING")
        service = request.get("serviceName")
        if service is not None:
            self.find(service, cluster)
            service = f"service:{service.rpartition('/')[2]}"
        found = [
            one.arn
            for one in self._shown_tasks()
            if one.cluster_arn.endswith(f"/{cluster}")
            and one.desired == desired
            and service in (None, one.group)
            and request.get("startedBy") in (None, one.started_by)
            and request.get("family") in (None, one.definition["family"])
        ]
        return self.page("taskArns", found, request)

    def describe_tasks(self, request: Mapping[str, Any]) -> Answer:
        self.must_have_cluster(request)
        known = {one.id: one for one in self._shown_tasks()}
        found, missing = [], []
        for name in request["tasks"]:
            one = known.get(name.rpartition("/")[2])
            if one is None:
                missing.append({"arn": name, "reason": "MISSING"})
            else:
                found.append(shown.task(one))
        return {"tasks": found, "failures": missing}

    def run_task(self, request: Mapping[str, Any]) -> Answer:
        cluster = self.clusters[self.must_have_cluster(request)]
        if self.world.script.run_failures:
            reason = self.world.script.run_failures.pop(0)
            return {"tasks": [], "failures": [{"reason": reason}]}
        definition = self.definitions.get(request["taskDefinition"])
        if definition["status"] != "ACTIVE":
            raise AwsError("InvalidParameterException", "TaskDefinition is inactive")
        wishes = self.world.script.runs
        task = self.tasks.start(
            cluster["clusterArn"],
            definition,
            group=request.get("group", f"family:{definition['family']}"),
            started_by=request.get("startedBy", ""),
            wish=wishes.pop(0) if wishes else _ends_well(),
            overrides=request.get("overrides"),
            has_exec=request.get("enableExecuteCommand", False),
        )
        return {"tasks": [shown.task(task)], "failures": []}

    def stop_task(self, request: Mapping[str, Any]) -> Answer:
        self.must_have_cluster(request)
        known = {one.id: one for one in self._shown_tasks()}
        task = known.get(request["task"].rpartition("/")[2])
        if task is None:
            raise AwsError("InvalidParameterException", "The referenced task was not found.")
        if task.lives:
            reason = request.get("reason", "Task stopped by user")
            self.tasks.stop(task, "UserInitiated", reason, exit_code=143)
        return {"task": shown.task(task)}

    def execute_command(self, request: Mapping[str, Any]) -> Answer:
        self.must_have_cluster(request)
        known = {one.id: one for one in self._shown_tasks()}
        task = known.get(request["task"].rpartition("/")[2])
        if task is None:
            raise AwsError("InvalidParameterException", "The referenced task was not found.")
        if not request["interactive"]:
            text = "Interactive is the only mode supported currently."
            raise AwsError("InvalidParameterException", text)
        if not task.has_exec:
            text = (
                "The execute command failed because execute command was not enabled when the task "
                "was run or the execute command agent isn't running."
            )
            raise AwsError("InvalidParameterException", text)
        container = next(one for one in task.containers if one["name"] == request["container"])
        session = f"ecs-execute-command-{self.world.ids.hex(17)}"
        return {
            "clusterArn": task.cluster_arn,
            "taskArn": task.arn,
            "containerArn": container["containerArn"],
            "containerName": container["name"],
            "interactive": True,
            "session": {
                "sessionId": session,
                "streamUrl": f"wss://ssmmessages.{REGION}.amazonaws.com/v1/data-channel/{session}",
                "tokenValue": f"token-of-{session}",
            },
        }

    def page(self, name: str, items: Sequence[Any], request: Mapping[str, Any]) -> Answer:
        """One page, and the token of the next one."""
        start = self.world.page_start(request.get("nextToken"), name)
        end = start + min(self.page_size, request.get("maxResults", self.page_size))
        found: Answer = {name: list(items[start:end])}
        if end < len(items):
            found["nextToken"] = self.world.page_token(end, name)
        return found


def _ends_well() -> TaskWish:
    reason = "Essential container in task exited"
    return TaskWish(None, 5.0, "EssentialContainerExited", reason, 0, None, (), 1)
