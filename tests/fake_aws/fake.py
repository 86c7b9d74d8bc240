"""The fake itself: takes requests, lets faults strike, and hands them to the services."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tests.fake_aws import protocol
from tests.fake_aws.clock import FakeClock
from tests.fake_aws.errors import AwsError
from tests.fake_aws.faults import Effect, Fault, Faults, Kind, Where, not_found
from tests.fake_aws.ids import ACCOUNT, Ids
from tests.fake_aws.protocol import Call, Reply, Request
from tests.fake_aws.server import RESET, SILENCE, Server
from tests.fake_aws.wire import CLIENT, OUTCOME, FakeAwsClients, Wire
from tests.fake_aws.world import Answerer, World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from tests.fake_aws.cloudformation.model import Stack


class Seen(NamedTuple):
    """A request that reached the fake. ``done`` says whether AWS did it, ``error`` its code."""

    operation: str
    parameters: dict[str, Any]
    service: str
    at_s: float
    done: bool
    error: str


class FakeAws:
    """AWS on 127.0.0.1: see the package's docstring."""

    def __init__(self, clock: FakeClock | None = None, *, account: str = ACCOUNT) -> None:
        self.clock = clock or FakeClock()
        self.account = account
        self.world = World(self.clock, account)
        self.script = self.world.script
        self.cloudformation = self.world.cloudformation
        self.ecs = self.world.ecs
        self.wire = Wire()
        self.faults = Faults()
        self.calls: list[Seen] = []
        self.crashes: list[str] = []
        self._request_ids = Ids()
        self._server = Server(self._serve)
        self.url = self.world.ecr.url = self._server.url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        assert not self.crashes, "the fake itself failed:\n" + "\n".join(self.crashes)

    def aws(self, **settings: Any) -> FakeAwsClients:
        """What the code under test takes: another process, so to speak, each time."""
        return FakeAwsClients(self, **settings)

    def stack(self, name: str) -> Stack:
        """The living stack of this name, or the one of this ARN."""
        return self.cloudformation.stacks.get(name)

    def deployed(
        self,
        name: str,
        template: str | Mapping[str, Any],
        parameters: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Stack:
        """A stack that was deployed before the test begins; time passes while it is made."""
        text = template if isinstance(template, str) else json.dumps(template)
        request = {
            "StackName": name,
            "TemplateBody": text,
            "Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in (parameters or {}).items()
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        }
        with self.clock.lock:
            self.cloudformation.create_stack(request)
            while (made := self.stack(name)).busy:
                self.clock.advance(1)
        failed = [f"{one.logical_id}: {one.reason}" for one in made.events if one.is_failure]
        assert made.status == "CREATE_COMPLETE", f"{made.status}: {failed}"
        return made

    def summary(self) -> dict[str, Any]:
        """What two runs that end the same have in common."""
        with self.clock.lock:
            return self.world.summary()

    def canned(
        self, service: str, operation: str, answer: Mapping[str, Any] | AwsError | Answerer
    ) -> None:
        """Answer *operation* always so: with plain data, an error, or what a function makes of
        the parameters.
        """
        self.world.canned[service, operation] = answer

    def fault(
        self,
        operation: str,
        kind: Kind,
        *,
        nth: int = 1,
        times: int | None = 1,
        every: int = 1,
        where: Where | None = None,
        after: str | None = None,
    ) -> Fault:
        """Arm a fault: see the package's docstring."""
        fault = Fault(operation, kind, nth=nth, times=times, every=every, where=where, after=after)
        with self.clock.lock:
            self.faults.armed.append(fault)
        return fault

    def kill_at(self, count: int, *, after: bool = False) -> None:
        """Let the client process end at its *count*-th request from now on."""
        self.wire.kill_at(count, after=after)

    @property
    def operations(self) -> list[str]:
        """The names of all calls that AWS did, in order."""
        return [call.operation for call in self.calls if call.done]

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """The parameters of each call of *operation* that AWS did."""
        return [one.parameters for one in self.calls if one.done and one.operation == operation]

    def _serve(self, request: Request) -> Reply:
        request_id = self._request_ids.uuid()
        blob = self.world.ecr.blobs.get(request.path)
        if blob is not None:  # the address is signed, the request is not
            return Reply(200, {}, blob)
        with self.clock.lock:
            try:
                return self._reply(request, request_id)
            except Exception:  # noqa: BLE001 - the test is told at its end
                self.crashes.append(traceback.format_exc())
                return Reply(500, {}, b"the fake failed")

    def _reply(self, request: Request, request_id: str) -> Reply:
        call = protocol.call_of(request)
        if call.service == "s3":
            call = self.world.s3.call_of(request)
        kind = self.faults.strike(call)
        reply, code = self._struck(call, kind, request, request_id)
        self.calls.append(
            Seen(
                call.operation,
                call.parameters,
                call.service,
                self.clock.now_s(),
                not code and (kind is None or kind.is_done),
                code,
            )
        )
        return reply

    def _struck(
        self, call: Call, kind: Kind | None, request: Request, request_id: str
    ) -> tuple[Reply, str]:
        effect = kind.effect if kind else None
        if kind and kind.error:
            return protocol.refusal(call.form, kind.error, request_id), kind.error.code
        if effect is Effect.LAG:
            error = not_found(call)
            return protocol.refusal(call.form, error, request_id), error.code
        if effect is Effect.STALE and (old := self.faults.before(call)):
            return old, ""
        silence = Reply(200, {OUTCOME: "timeout"}) if CLIENT in request.headers else SILENCE
        lost = {
            Effect.RESET_BEFORE: RESET,
            Effect.TIMEOUT_BEFORE: silence,
            Effect.EMPTY_500_BEFORE: Reply(500, {}),
            Effect.RESET_AFTER: RESET,
            Effect.TIMEOUT_AFTER: silence,
            Effect.EMPTY_500_AFTER: Reply(500, {}),
        }
        if kind and effect in lost and not kind.is_done:
            return lost[kind.effect], ""
        reply, code = self._done(call, kind, request, request_id)
        if kind and effect in lost:
            return lost[kind.effect], code
        return reply, code

    def _done(
        self, call: Call, kind: Kind | None, request: Request, request_id: str
    ) -> tuple[Reply, str]:
        try:
            if call.service == "s3":
                return self.world.s3.answer(call, request), ""
            result = self.world.answer(call, request)
        except AwsError as error:
            return protocol.refusal(call.form, error, request_id), error.code
        if kind and kind.change:
            other = kind.change(result)
            result = result if other is None else other
        reply = protocol.answer(call, result, request_id)
        self.faults.remember(call, reply)
        return reply, ""
