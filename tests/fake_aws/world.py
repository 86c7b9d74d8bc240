"""An AWS account and everything in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore import xform_name

from tests.fake_aws.cloudformation.nested import TYPE as NESTED
from tests.fake_aws.cloudformation.nested import NestedStacks
from tests.fake_aws.cloudformation.readings import CloudFormation
from tests.fake_aws.cloudformation.work import Handler
from tests.fake_aws.ecr import Ecr
from tests.fake_aws.ecs.api import Ecs
from tests.fake_aws.ecs.handlers import handlers
from tests.fake_aws.elb import TYPES, Elb, Resources
from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import Ids
from tests.fake_aws.logs import Logs
from tests.fake_aws.s3 import S3
from tests.fake_aws.script import Script
from tests.fake_aws.small import Acm, CloudWatch, Iam, Scaling, SecretsManager, Ssm
from tests.fake_aws.sts import Sts

if TYPE_CHECKING:
    from tests.fake_aws.clock import FakeClock
    from tests.fake_aws.protocol import Call, Request


Answerer = Callable[[dict[str, Any]], dict[str, Any]]


class World:
    """The services of an account, which know one another."""

    def __init__(self, clock: FakeClock, account: str) -> None:
        self.clock = clock
        self.account = account
        self.ids = Ids()
        self.script = Script()
        self.names: dict[tuple[str, str], str] = {}
        """Names that the templates gave: (type, name) and the stack."""
        self.cloudformation = CloudFormation(self)
        self.s3 = S3(self)
        self.sts = Sts(self)
        self.ecs = Ecs(self)
        self.logs = Logs(self)
        self.elb = Elb(self)
        self.cloudwatch = CloudWatch()
        self.scaling = Scaling()
        self.ssm = Ssm(self)
        self.secrets = SecretsManager()
        self.ecr = Ecr(self)
        self.acm = Acm()
        self.iam = Iam(self)
        self.services: dict[str, Any] = {
            "cloudformation": self.cloudformation,
            "sts": self.sts,
            "ecs": self.ecs,
            "logs": self.logs,
            "elbv2": self.elb,
            "cloudwatch": self.cloudwatch,
            "application-autoscaling": self.scaling,
            "ssm": self.ssm,
            "secretsmanager": self.secrets,
            "ecr": self.ecr,
            "acm": self.acm,
            "iam": self.iam,
        }
        self.handlers = {**handlers(self), NESTED: NestedStacks(self)}
        balancing = Resources(self)
        self.handlers |= {f"AWS::ElasticLoadBalancingV2::{one}": balancing for one in TYPES}
        self.canned: dict[tuple[str, str], Any] = {}
        self._other = Handler(self)
        self._pages: dict[str, tuple[int, str]] = {}

    def handler(self, kind: str) -> Handler:
        """What makes resources of a type."""
        return self.handlers.get(kind, self._other)

    def answer(self, call: Call, request: Request) -> dict[str, Any]:
        """What a service answers.

        Raises:
            AwsError: it refuses.
        """
        if (call.service, call.operation) in self.canned:
            return _said(self.canned[call.service, call.operation], call.parameters)
        service = self.services.get(call.service)
        method = getattr(service, xform_name(call.operation), None)
        if method is None:
            text = f"the fake has no {call.service} {call.operation}: add it, or use canned()"
            raise NotImplementedError(text)
        found = method(call.parameters)
        assert isinstance(found, dict), (call.operation, request.path)
        return found

    def summary(self) -> dict[str, Any]:
        """What two runs that end the same have in common: nothing with an id or a time in it."""
        return {
            "services": self.ecs.summary(),
            "stacks": {one.name: one.summary for one in self.cloudformation.stacks.living()},
            "change sets": sorted(
                f"{one.stack.name} {one.status} {one.execution_status}"
                for one in self.cloudformation.change_sets
                if one.is_open
            ),
            "objects": {
                name: {key: body.decode("latin-1") for key, body in bucket.objects.items()}
                for name, bucket in self.s3.buckets.items()
            },
        }

    def page_token(self, start: int, name: str) -> str:
        """A token for the page that begins there."""
        token = self.ids.hex(32)
        self._pages[token] = (start, name)
        return token

    def page_start(self, token: str | None, name: str) -> int:
        """Where the page of a token begins."""
        if token is None:
            return 0
        start, owner = self._pages.get(token, (0, ""))
        if owner != name:
            raise AwsError("ValidationError", f"Invalid pagination token {token}")
        return start

    def expire_pages(self) -> None:
        """Let every token that was given out be invalid."""
        self._pages.clear()

    def parameter_value(self, name: str) -> str:
        """The value of a parameter in SSM, for a template.

        Raises:
            AwsError: there is none.
        """
        if name not in self.ssm.values:
            raise AwsError(
                "ValidationError",
                f"Unable to fetch parameters [{name}] from parameter store for this account.",
            )
        return self.ssm.values[name]

    def in_s(self, seconds: float) -> dt.datetime:
        """AWS's time of day in so many seconds."""
        return self.clock.aws_time() + dt.timedelta(seconds=seconds)


def _said(answer: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    found = answer(parameters) if callable(answer) else answer
    if isinstance(found, AwsError):
        raise found
    return dict(found)
