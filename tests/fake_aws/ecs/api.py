"""ECS as its API shows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tests.fake_aws.ecs import shown
from tests.fake_aws.ecs.running import RunningTasks
from tests.fake_aws.ecs.services import settings_of
from tests.fake_aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fake_aws.ecs.model import Deployment, Service

Answer = dict[str, Any]


class Ecs(RunningTasks):
    """Elastic Container Service."""

    def describe_clusters(self, request: Mapping[str, Any]) -> Answer:
        found, missing = [], []
        for name in request.get("clusters", ["default"]):
            one = self.clusters.get(name.rpartition("/")[2])
            if one is None:
                missing.append({"arn": name, "reason": "MISSING"})
            else:
                found.append(one)
        return {"clusters": found, "failures": missing}

    def describe_services(self, request: Mapping[str, Any]) -> Answer:
        cluster = self.must_have_cluster(request)
        found, missing = [], []
        for name in request["services"]:
            try:
                one = self.find(name, cluster)
            except AwsError:
                missing.append({"arn": name, "reason": "MISSING"})
                continue
            found.append(shown.service(one))
            if "TAGS" in request.get("include", []):
                found[-1]["tags"] = self.tags.get(one.arn, [])
        return {"services": found, "failures": missing}

    def list_services(self, request: Mapping[str, Any]) -> Answer:
        cluster = self.must_have_cluster(request)
        living = (one for one in self.services if one.status == "ACTIVE")
        found = [one.arn for one in living if one.cluster_arn.endswith(f"/{cluster}")]
        return self.page("serviceArns", found, request)

    def list_service_deployments(self, request: Mapping[str, Any]) -> Answer:
        cluster = self.must_have_cluster(request)
        one = self.find(request["service"], cluster)
        rows = [shown.brief(one, deployment) for deployment in one.deployments]
        if "status" in request:
            rows = [row for row in rows if row["status"] in request["status"]]
        return self.page("serviceDeployments", rows, request)

    def describe_service_deployments(self, request: Mapping[str, Any]) -> Answer:
        found, missing = [], []
        known = {deployment.arn: (one, deployment) for one, deployment in self._deployments()}
        for name in request["serviceDeploymentArns"]:
            if name in known:
                found.append(shown.full(*known[name]))
            else:
                missing.append({"arn": name, "reason": "MISSING"})
        return {"serviceDeployments": found, "failures": missing}

    def describe_service_revisions(self, request: Mapping[str, Any]) -> Answer:
        found, missing = [], []
        known = {
            deployment.revision_arn: (one, deployment) for one, deployment in self._deployments()
        }
        for name in request["serviceRevisionArns"]:
            if name in known:
                one, deployment = known[name]
                definition = self.definitions.get(deployment.definition_arn)
                found.append(shown.revision(one, deployment, definition))
            else:
                missing.append({"arn": name, "reason": "MISSING"})
        return {"serviceRevisions": found, "failures": missing}

    def _deployments(self) -> Iterator[tuple[Service, Deployment]]:
        return ((one, deployment) for one in self.services for deployment in one.deployments)

    def stop_service_deployment(self, request: Mapping[str, Any]) -> Answer:
        one, deployment = self._running(request["serviceDeploymentArn"])
        back = request.get("stopType", "ROLLBACK") == "ROLLBACK"
        why = "it was stopped by a StopServiceDeployment call"
        self.rollouts.fail(one, deployment, why, roll_back=back, asked=True)
        return {"serviceDeploymentArn": deployment.arn}

    def continue_service_deployment(self, request: Mapping[str, Any]) -> Answer:
        one, deployment = self._running(request["serviceDeploymentArn"])
        hook = next((x for x in deployment.hooks if x["hookId"] == request["hookId"]), None)
        if hook is None or hook["status"] != "AWAITING_ACTION":
            raise AwsError("InvalidParameterException", "The hook is not awaiting an action.")
        if request.get("action", "CONTINUE") == "ROLLBACK":
            hook["status"] = "FAILED"
            why = "a lifecycle hook asked for it"
            self.rollouts.fail(one, deployment, why, roll_back=True, asked=True)
        else:
            hook["status"] = "SUCCEEDED"
        return {"serviceDeploymentArn": deployment.arn}

    def _running(self, name: str) -> tuple[Service, Deployment]:
        for one, deployment in self._deployments():
            if deployment.arn == name:
                if deployment.state != "IN_PROGRESS":
                    raise AwsError("ConflictException", "The service deployment has ended.")
                return one, deployment
        raise AwsError("ServiceDeploymentNotFoundException", "Service deployment not found.")

    def update_service(self, request: Mapping[str, Any]) -> Answer:
        one = self.find(request["service"], self.must_have_cluster(request))
        if one.status != "ACTIVE":
            raise AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
        one.settings.update(settings_of(request))
        if "desiredCount" in request:
            self.scale(one.name, request["desiredCount"])
        if "taskDefinition" in request or request.get("forceNewDeployment"):
            name = request.get("taskDefinition", one.definition_arn)
            definition = self.definitions.get(name)
            if definition["status"] != "ACTIVE":
                raise AwsError("ClientException", "TaskDefinition is inactive")
            definition_arn = definition["taskDefinitionArn"]
            is_forced = bool(request.get("forceNewDeployment"))
            if definition_arn != one.definition_arn or is_forced:
                self.rollouts.begin(one, definition_arn, is_forced=is_forced)
        return {"service": shown.service(one)}

    def describe_task_definition(self, request: Mapping[str, Any]) -> Answer:
        found = self.definitions.get(request["taskDefinition"])
        return {"taskDefinition": found, "tags": self.tags.get(found["taskDefinitionArn"], [])}

    def register_task_definition(self, request: Mapping[str, Any]) -> Answer:
        found = self.definitions.register(dict(request))
        return {"taskDefinition": found, "tags": list(request.get("tags", []))}

    def deregister_task_definition(self, request: Mapping[str, Any]) -> Answer:
        found = self.definitions.get(request["taskDefinition"])
        found["status"], found["deregisteredAt"] = "INACTIVE", self.world.clock.aws_time()
        return {"taskDefinition": found}

    def list_tags_for_resource(self, request: Mapping[str, Any]) -> Answer:
        return {"tags": self.tags.get(request["resourceArn"], [])}

    def describe_capacity_providers(self, request: Mapping[str, Any]) -> Answer:
        names = request.get("capacityProviders", ["FARGATE", "FARGATE_SPOT"])
        found = [{"name": name.rpartition("/")[2], "status": "ACTIVE"} for name in names]
        return {"capacityProviders": found}

    def list_account_settings(self, request: Mapping[str, Any]) -> Answer:
        rows = [
            {
                "name": name,
                "value": value,
                "principalArn": f"arn:aws:iam::{self.world.account}:root",
            }
            for name, value in self.account_settings.items()
            if request.get("name") in (None, name)
        ]
        return self.page("settings", rows, request)

    def put_account_setting_default(self, request: Mapping[str, Any]) -> Answer:
        self.account_settings[request["name"]] = request["value"]
        return {"setting": {"name": request["name"], "value": request["value"]}}

    put_account_setting = put_account_setting_default

    def gone_after(self) -> dt.datetime:
        """Stopped tasks are shown for an hour."""
        return self.world.clock.aws_time() - dt.timedelta(hours=1)
