"""A scripted AWS on 127.0.0.1: real boto3, real sockets, a virtual clock, CloudFormation's rules.

    with FakeAws() as fake:
        aws = fake.aws()                          # an ecs_blocks.deploy.aws.Aws: one "process"
        fake.script.resource_fails("Service")     # what is to happen
        fake.fault("DescribeStacks", throttled, times=5)
        …                                         # run the code under test
        assert fake.asked("ExecuteChangeSet") == [{…}]
        assert fake.stack("hoge-prod").status == "UPDATE_ROLLBACK_COMPLETE"

**Time** (``clock.py``) passes only in ``aws.clock.sleep`` and ``fake.clock.advance``; both return
at once, and whatever was due has happened. ``FakeClock(skew_s=600)`` is a host with a wrong clock.

**Calls.** ``fake.calls`` holds every request that came in (``Seen``: operation, parameters,
service, at_s, done, error), ``fake.operations`` the names of those that AWS did,
``fake.asked(operation)`` their parameters. ``aws()`` makes one attempt per call, so that botocore
does not sleep; ``aws(attempts=3)`` makes it retry as in life.

**Faults** (``faults.py``): ``fake.fault(operation, kind, nth=1, times=1, every=1, where=None,
after=None)``. ``operation`` may be ``"*"``. Of the calls that fit (``where`` gets the parameters)
the ``nth`` is struck, then each ``every``-th, ``times`` times in all (None: for ever). Nothing
counts before a call of the operation ``after``. Kinds: ``error(code, message, status)``,
``throttled``, ``denied``, ``expired``, ``reset_before``, ``reset_after`` (AWS did it),
``timeout``, ``timeout_after``, ``http_500_empty``, ``http_500_empty_after``, ``stale`` (the answer
of before), ``lag(n)`` (not found by the first n reads after it was made) and ``changed(function)``
(the real answer, altered).

**Kill**: ``fake.kill_at(k, after=False)`` raises ``Killed`` (a BaseException) in the client at its
k-th request from now, before or after AWS got it; that ``aws`` is dead from then on, as the process
would be. Make a new one for the next run. ``fake.wire.seen`` counts the requests since arming.

**State**: ``fake.stack(name)`` is the stack (``status``, ``resources``, ``events``, …), with
``force_status("IMPORT_ROLLBACK_FAILED")`` for any of the 23. ``fake.deployed(name, template,
parameters)`` makes one that exists already. ``fake.summary()`` is what two runs that end the same
have in common. ``fake.canned(service, operation, answer)`` answers what the fake does not know.

**Script** (``script.py``): ``resource_fails(id, reason, on="UPDATE", times=1)`` (CREATE, UPDATE,
DELETE, ROLLBACK), ``resource_takes(id, seconds)``, ``hold(id)``/``release(id)``, ``mended(id)``,
``change_set_fails(reason, events=…)``, ``change_set_warns``, ``nested_change_set_fails``,
``change_set_takes_s``, ``hook_results[target]``, ``hook_fails(id, result)``, ``drifted[id]``.

**ECS.** A stack's ``AWS::ECS::Service`` is a service with deployments, tasks, targets and logs, and
takes as long as its deployment. Script (``ecs/wishes.py``): ``tasks_fail(exit_code, logs=…,
after_s=6)``, ``tasks_do_not_start(reason)``, ``tasks_are_unhealthy(by="ELB")``,
``tasks_cannot_be_placed(message)``: all for new revisions only, one that has served stays good;
``tasks_work()`` ends them. ``breaker_is_silent`` lets the stack be UPDATE_COMPLETE although ECS
went back, ``pauses = ["POST_TEST_TRAFFIC_SHIFT"]`` are PAUSE hooks, ``run_task_ends(exit_code,
logs=…)`` and ``run_task_is_refused(reason)`` are for RunTask. Without a stack:
``fake.ecs.service("hoge")`` (steady), ``fake.ecs.deploy("hoge", "hoge:2")``,
``fake.ecs.scale("hoge", 1)``.

**Other services**: ``fake.world`` has ``logs``, ``elb``, ``cloudwatch``, ``scaling``, ``ssm``,
``secrets``, ``ecr``, ``acm``, ``iam``, ``s3``, ``sts``; what a test puts in is what they answer.

**Somebody else** calls the state directly: ``fake.clock.at(30, lambda:
fake.cloudformation.update_stack({"StackName": …}))``; that is not among ``fake.calls``.

Nobody documents these, so they are assumptions: the texts of ContinueUpdateRollback, RollbackStack,
RetainResources and the rollback triggers; that a request token used again is refused; that an
automatic rollback is an operation of its own with the same token.

Settings: ``fake.cloudformation.page_size``, ``.repeated_token``, ``.change_set_limit``;
``fake.world.expire_pages()``; ``fake.world.s3.bucket(name, region=, owner=, denied=)``.
"""

from tests.fake_aws.clock import FakeClock
from tests.fake_aws.errors import AwsError
from tests.fake_aws.fake import FakeAws, Seen
from tests.fake_aws.faults import (
    changed,
    denied,
    error,
    expired,
    http_500_empty,
    http_500_empty_after,
    lag,
    reset_after,
    reset_before,
    stale,
    throttled,
    timeout,
    timeout_after,
)
from tests.fake_aws.wire import ENVIRONMENT, Killed

__all__ = [
    "ENVIRONMENT",
    "AwsError",
    "FakeAws",
    "FakeClock",
    "Killed",
    "Seen",
    "changed",
    "denied",
    "error",
    "expired",
    "http_500_empty",
    "http_500_empty_after",
    "lag",
    "reset_after",
    "reset_before",
    "stale",
    "throttled",
    "timeout",
    "timeout_after",
]
