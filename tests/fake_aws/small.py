"""Services of which little is asked: what a test puts in is what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_aws.world import World

Answer = dict[str, Any]


class CloudWatch:
    """Alarms and their states: ``fake.world.cloudwatch.alarm("x", state="ALARM")``."""

    def __init__(self) -> None:
        self.alarms: dict[str, dict[str, Any]] = {}

    def alarm(self, name: str, alarm_arn: str = "", *, state: str = "OK") -> None:
        """Make an alarm, or change its state."""
        known = alarm_arn or arn("cloudwatch", f"alarm:{name}")
        self.alarms[name] = {"AlarmName": name, "AlarmArn": known, "StateValue": state}

    def ringing(self, names: list[str]) -> list[str]:
        """Those of *names* that are in alarm."""
        return [one for one in names if self.alarms.get(one, {}).get("StateValue") == "ALARM"]

    def describe_alarms(self, request: Mapping[str, Any]) -> Answer:
        names = request.get("AlarmNames")
        prefix = request.get("AlarmNamePrefix", "")
        return {
            "MetricAlarms": [
                one
                for name, one in self.alarms.items()
                if (names is None or name in names)
                and name.startswith(prefix)
                and request.get("StateValue") in (None, one["StateValue"])
            ],
            "CompositeAlarms": [],
        }


class Scaling:
    """Scalable targets: ``fake.world.scaling.states["service/default/hoge"] = {…: True}``."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, bool]] = {}

    def describe_scalable_targets(self, request: Mapping[str, Any]) -> Answer:
        told = [
            {
                "ServiceNamespace": request["ServiceNamespace"],
                "ResourceId": name,
                "ScalableDimension": "ecs:service:DesiredCount",
                "MinCapacity": 1,
                "MaxCapacity": 4,
                "RoleARN": arn("iam", "role/scaling", region=""),
                "CreationTime": 0,
                "SuspendedState": state,
            }
            for name, state in self.states.items()
            if name in request.get("ResourceIds", (name,))
        ]
        return {"ScalableTargets": told}


class Ssm:
    """Parameters: ``fake.world.ssm.values["/vpc"] = "vpc-1"``; ``types`` where not String."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.values: dict[str, str] = {}
        self.types: dict[str, str] = {}

    def _shown(self, name: str) -> Answer:
        kind = self.types.get(name, "String")
        plain = name.partition(":")[0]
        return {
            "Name": plain,
            "Type": kind,
            "Value": "AQICAHh" if kind == "SecureString" else self.values[plain],
            "Version": 1,
            "ARN": arn("ssm", f"parameter/{plain.lstrip('/')}"),
        }

    def _known(self, name: str) -> str | None:
        plain = name.rpartition(":parameter")[2] if name.startswith("arn:") else name
        plain = plain.partition(":")[0]
        return next((one for one in (plain, plain.lstrip("/")) if one in self.values), None)

    def get_parameter(self, request: Mapping[str, Any]) -> Answer:
        known = self._known(request["Name"])
        if known is None:
            raise AwsError("ParameterNotFound", "")
        return {"Parameter": self._shown(known)}

    def get_parameters(self, request: Mapping[str, Any]) -> Answer:
        names = [(one, self._known(one)) for one in request["Names"]]
        return {
            "Parameters": [self._shown(known) for _, known in names if known],
            "InvalidParameters": [one for one, known in names if not known],
        }


class SecretsManager:
    """Secrets by name or ARN, never their values."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.deleted: set[str] = set()

    def describe_secret(self, request: Mapping[str, Any]) -> Answer:
        wanted = request["SecretId"]
        short = wanted.rpartition(":secret:")[2]
        for name in self.names | self.deleted:
            if short == name or short.startswith(f"{name}-"):
                found: Answer = {
                    "Name": name,
                    "ARN": arn("secretsmanager", f"secret:{name}-AbCdEf"),
                }
                return found
        raise AwsError(
            "ResourceNotFoundException", "Secrets Manager can't find the specified secret."
        )


class Acm:
    """Certificates by ARN: ``certificates[arn] = {"Status": "ISSUED"}``."""

    def __init__(self) -> None:
        self.certificates: dict[str, dict[str, Any]] = {}

    def describe_certificate(self, request: Mapping[str, Any]) -> Answer:
        wanted = request["CertificateArn"]
        if wanted not in self.certificates:
            raise AwsError("ResourceNotFoundException", f"Could not find certificate {wanted}.")
        found = {"CertificateArn": wanted, "Status": "ISSUED", **self.certificates[wanted]}
        return {"Certificate": found}


class Iam:
    """Roles by name; the service-linked ones that ECS needs are there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.roles = {
            "AWSServiceRoleForECS",
            "AWSServiceRoleForElasticLoadBalancing",
            "AWSServiceRoleForApplicationAutoScaling_ECSService",
            "AWSServiceRoleForAutoScaling",
        }

    def _shown(self, name: str) -> Answer:
        return {
            "Role": {
                "Path": "/",
                "RoleName": name,
                "RoleId": "AROAEXAMPLE",
                "Arn": arn("iam", f"role/{name}", region=""),
                "CreateDate": self._world.clock.aws_time(),
            }
        }

    def get_role(self, request: Mapping[str, Any]) -> Answer:
        name = request["RoleName"]
        if name not in self.roles:
            raise AwsError("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
        return self._shown(name)

    def create_service_linked_role(self, request: Mapping[str, Any]) -> Answer:
        service = request["AWSServiceName"].partition(".")[0]
        names = {"ecs": "ECS", "elasticloadbalancing": "ElasticLoadBalancing"}
        name = f"AWSServiceRoleFor{names.get(service, service.title())}"
        if name in self.roles:
            raise AwsError(
                "InvalidInput",
                f"Service role name {name} has been taken in this account, please try a different "
                "suffix.",
            )
        self.roles.add(name)
        return self._shown(name)
