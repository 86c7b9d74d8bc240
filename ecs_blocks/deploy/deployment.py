"""Deploy one stack: plan, approve, execute, watch, verify. Killed at any point, it goes on.

Nothing is remembered outside AWS. A process that starts again looks at the stack: what runs there
already, by the token that the same content has, is attached to; everything else is planned anew.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.approved import outdated, refuse_forged
from ecs_blocks.deploy.before_deploy import run_steps
from ecs_blocks.deploy.cloudformation import change_set as change_sets
from ecs_blocks.deploy.cloudformation.change_set import StackMoved
from ecs_blocks.deploy.cloudformation.events import newest, running_token
from ecs_blocks.deploy.cloudformation.execute import execute
from ecs_blocks.deploy.cloudformation.stack import base_of, read_stack
from ecs_blocks.deploy.cloudformation.stack_settings import settle
from ecs_blocks.deploy.cloudformation.statuses import Result, Way
from ecs_blocks.deploy.concluding import concluded, with_settings
from ecs_blocks.deploy.content import Names, content_of, token_on
from ecs_blocks.deploy.ending import Outcome, unchanged, unfinished
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.giving_up import watched
from ecs_blocks.deploy.leftover import delete_leftover, refuse_leftovers
from ecs_blocks.deploy.planning import (
    Prepared,
    carried_on,
    make_plan,
    way_of,
)
from ecs_blocks.deploy.preparing import inspected, prepare
from ecs_blocks.deploy.taking_away import taken_away
from ecs_blocks.deploy.ui import Ui, Waits, Wish, begun_by
from ecs_blocks.deploy.verification import task_definitions, verified
from ecs_blocks.deploy.watch import End, Operation, result_of, watch

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.ecs.verify import Verdict
    from ecs_blocks.deploy.plan import Plan
    from ecs_blocks.deploy.target import Target

_ROUNDS: Final = 5
"""So often a stack may move under a plan before it is given up."""
_PAUSE_S: Final = 3.0
"""Between two looks at a stack whose events say that it is at rest, and whose status does not."""


class Deployment:
    """One stack's deploy. With *again*, steps that failed in it before run once more."""

    def __init__(
        self, aws: Aws, prepared: Prepared, ui: Ui, waits: Waits, *, again: bool = False
    ) -> None:
        self._aws = aws
        self._prepared = prepared
        self._target: Target = prepared.target
        self._ui = ui
        self._waits = waits
        self._again = again
        self._others_until_s = aws.clock.now_s() + waits.other_s

    def run(self, approved: Plan | None = None) -> Outcome:
        """Deploy. A plan *approved* before is carried out as it is, or refused.

        Raises:
            DeployError: nothing was changed, or what goes on is not ours to end.
        """
        if approved is not None:
            refuse_forged(self._aws, self._prepared, approved, self._ui.say)
        moves = 0
        made: dict[str, None] = {}
        while moves < _ROUNDS:
            stack = read_stack(self._aws, self._target.stack_name)
            if stack is not None and way_of(self._target, stack) is Way.WAIT:
                outcome = self._wait(stack)
                if outcome is not None:
                    return outcome
                self._renew()
                continue
            moves += 1
            try:
                plan = approved or self._planned(stack)
            except StackMoved:
                self._renew()
                continue
            made |= dict.fromkeys(plan.made)
            if plan.kind == "NOTHING":
                if base_of(stack) != plan.base:
                    raise outdated(self._target.place, plan)
                return unchanged(plan, self._verified(plan.stack_id))
            if approved is None and not self._ui.approve(plan):
                for left in taken_away(self._aws, plan.stack_id, tuple(made)):
                    self._ui.say(f"{plan.stack_name}: warning: {left}")
                sentence = f"{plan.stack_name}: declined; nothing was changed"
                return Outcome(code=Exit.NEEDS_APPROVAL, sentence=sentence, plan=plan)
            try:
                return self._carry_out(plan, stack)
            except StackMoved as moved:
                if approved is not None:
                    raise outdated(self._target.place, plan) from moved
                self._ui.say(f"{plan.stack_name} changed since it was planned; planning again")
                self._renew()
        raise DeployError(
            Exit.BLOCKED,
            f"{self._target.stack_name} was changed by somebody else {_ROUNDS} times while this "
            "deploy planned",
            "find out who else deploys it, then run the same command again",
        )

    def plan(self) -> Plan:
        """Only the plan; its change set stays, to be executed later.

        Raises:
            DeployError: there can be none now.
        """
        for _ in range(_ROUNDS):
            stack = read_stack(self._aws, self._target.stack_name)
            if stack is not None and way_of(self._target, stack) is Way.WAIT:
                raise DeployError(
                    Exit.BLOCKED,
                    f"{stack.name} is {stack.status}; a plan needs a stack at rest",
                    f"watch it: {self._target.place.command('attach')}",
                )
            try:
                return self._planned(stack)
            except StackMoved:
                continue
        raise DeployError(Exit.BLOCKED, f"{self._target.stack_name} does not come to rest")

    def _planned(self, stack: Stack | None) -> Plan:
        found = inspected(self._aws, self._prepared, stack)
        plan = make_plan(self._aws, found, stack, self._ui.say)
        from ecs_blocks.deploy.live.consequences import with_consequences  # noqa: PLC0415 - heavy

        return with_consequences(self._aws, self._target, plan, stack)

    def _renew(self) -> None:
        """Look up again what somebody else may have changed: the image that runs, say."""
        if self._prepared.is_renewable:
            settings, identity = self._target.place.settings, self._prepared.identity
            self._prepared = prepare(self._aws, self._target, settings, identity)

    def _wait(self, stack: Stack) -> Outcome | None:
        """Attach to an operation that deploys the same; wait for any other to end."""
        token = running_token(self._aws, stack.stack_id)
        kind = stack.status.split("_", maxsplit=1)[0]
        if content_of(token) == self._prepared.content.digest:
            self._ui.say(f"{stack.name}: this deploy is running already; watching it")
            kind = "CREATE" if kind == "ROLLBACK" else kind
            return self._watched(stack.stack_id, token, kind=kind)
        who = f" (token {token})" if token else ""
        self._ui.say(f"{stack.name} is {stack.status}: another operation runs{who}; waiting for it")
        left_s = self._others_until_s - self._aws.clock.now_s()
        patience = structs.replace(self._waits.patience, timeout_s=max(left_s, 0))
        operation = self._operation(stack.stack_id, kind, token=token or None)
        whose = begun_by(stack.name, token)
        seen = watch(self._aws, operation, self._ui, patience, partial(self._leaves, whose=whose))
        if seen.end is End.OVER and left_s > 0:
            self._aws.clock.sleep(_PAUSE_S)
            return None
        codes = {
            End.DETACHED: Exit.INTERRUPTED,
            End.TERMINATED: Exit.TERMINATED,
            End.DENIED: Exit.CREDENTIALS,
        }
        return Outcome(
            code=codes.get(seen.end, Exit.BLOCKED),
            sentence=f"{stack.name}: another operation is still running: {seen.status}",
            hint=f"to watch it: {self._target.place.command('attach')}",
            elapsed_s=seen.elapsed_s,
        )

    def _leaves(self, stop: KeyboardInterrupt, whose: str = "") -> bool:
        """Whether a Ctrl-C ends the watching of what is not ours to cancel."""
        wish = self._ui.interrupted(stop, whose=whose, can_cancel=False)
        return wish is not Wish.WATCH

    def _carry_out(self, plan: Plan, stack: Stack | None) -> Outcome:
        """Execute an approved plan.

        Raises:
            StackMoved: the stack is not what the plan builds on.
        """
        if not plan.change_set_id and (stack is None or stack.base != plan.base):
            raise StackMoved(plan.stack_name)
        if plan.kind == "SETTINGS":
            settle(self._aws, plan.stack_id, plan.content.settings)
            return unchanged(plan, self._verified(plan.stack_id))
        if plan.kind == "REPLACE" and stack is not None:
            unfinished_deletion = self._delete_leftover(stack)
            if unfinished_deletion is not None:
                return unfinished_deletion
            plan = carried_on(self._aws, self._prepared, plan, self._ui.say)
            if plan.kind != "CREATE":
                raise StackMoved(plan.stack_name)
        return self._execute(plan)

    def _execute(self, plan: Plan) -> Outcome:
        """Run the steps before it, execute the change set, and watch what becomes of it.

        Raises:
            StackMoved: as ``_carry_out``.
        """
        if not self._is_as_planned(plan):
            raise StackMoved(plan.stack_name)
        token = token_on(Names.of(plan.content, plan.base).token, plan.stack_id, plan.base)
        run_steps(
            self._aws,
            self._prepared,
            plan,
            token,
            self._ui,
            again=self._again,
            still_ours=lambda: self._is_as_planned(plan),
        )
        if plan.kind == "UPDATE":
            settle(self._aws, plan.stack_id, plan.content.settings)
        before = newest(self._aws, plan.stack_id)
        execute(self._aws, plan.stack_id, plan.change_set_id, token)
        outcome = self._watched(
            plan.stack_id,
            token,
            kind=plan.kind,
            # where another process was faster, the newest event is the operation's own
            after=before.event_id if before and before.token != token else "",
            planned=len(plan.changes),
        )
        return structs.replace(outcome, plan=plan)

    def _is_as_planned(self, plan: Plan) -> bool:
        """Whether the stack and the change set are those of the plan."""
        stack = read_stack(self._aws, plan.stack_name)
        if base_of(stack) != plan.base:
            return False
        found = change_sets.find(self._aws, plan.stack_id, plan.change_set_id)
        wanted = Names.of(plan.content, plan.base).description
        return found is not None and found.description == wanted

    def _delete_leftover(self, stack: Stack) -> Outcome | None:
        """Delete the empty stack of a failed creation; the outcome where that is not over.

        Raises:
            StackMoved: it is no such stack, whatever a plan's file says.
        """
        if way_of(self._target, stack) is not Way.REPLACE:
            raise StackMoved(stack.name)
        tags = self._prepared.content.tags
        refuse_leftovers(self._aws, self._target.place, stack, tags)
        self._ui.say(f"{stack.name}: deleting what the failed creation left: an empty stack")
        before = newest(self._aws, stack.stack_id)
        token = delete_leftover(self._aws, stack)
        after = before.event_id if before else ""
        operation = self._operation(stack.stack_id, "DELETE", token=token, after=after)
        seen = watch(self._aws, operation, self._ui, self._waits.patience, self._leaves)
        outcome = unfinished(self._target.place, seen, "")
        if outcome is None and result_of(seen) is not Result.GONE:
            raise DeployError(
                Exit.NEEDS_A_PERSON,
                f"{stack.name} could not be deleted: {seen.status}",
                self._target.place.command("delete"),
            )
        return outcome

    def _watched(
        self, stack_id: str, token: str, *, kind: str, after: str = "", planned: int = 0
    ) -> Outcome:
        operation = self._operation(stack_id, kind, token=token, after=after, planned=planned)
        new, waits, place = kind == "CREATE", self._waits, self._target.place
        seen = watched(self._aws, place, operation, self._ui, waits)
        outcome = concluded(
            self._aws,
            place,
            stack_id,
            seen,
            token,
            new=new,
            timeout_s=waits.verify_s,
            template=self._target.rendered.template,
        )
        if new and result_of(seen) is Result.DONE and seen.end is End.OVER:
            return with_settings(self._aws, place, outcome, self._prepared.content.settings)
        return outcome

    def _operation(
        self,
        stack_id: str,
        kind: str,
        *,
        token: str | None = None,
        after: str = "",
        planned: int = 0,
    ) -> Operation:
        return Operation(
            stack_name=self._target.stack_name,
            stack_id=stack_id,
            kind=kind,
            token=token,
            after=after,
            planned=planned,
            task_definitions=task_definitions(self._target.rendered.template),
            answer=self._target.place.command("continue"),
        )

    def _verified(self, stack_id: str) -> list[Verdict]:
        template = self._target.rendered.template
        return verified(self._aws, stack_id, template, self._waits.verify_s)
