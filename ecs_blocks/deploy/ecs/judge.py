"""What a service's state proves about the task definition that was deployed: pure."""

from __future__ import annotations

from msgspec import Struct

from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.ecs.standing import Standing, cause
from ecs_blocks.deploy.ecs.state import State
from ecs_blocks.deploy.ecs.view import pause_of, waiting_for
from ecs_blocks.deploy.progress import Target


class Proof(Struct, frozen=True):
    """What there is to judge by.

    ``definition_status`` is the task definition's, empty if it could not be read. ``targets`` has
    one entry for each load balancer; with blue and green, both target groups are in it. ``notes``
    says what may not be read; ``is_complete`` is False where something got no answer this time.
    """

    wanted: str
    state: State | None
    standing: Standing
    replaced_by: str = ""
    definition_status: str = ""
    targets: tuple[tuple[Target, ...], ...] = ()
    notes: tuple[str, ...] = ()
    is_complete: bool = True


class Judgement(Struct, frozen=True):
    """What it proves. Neither ``is_final`` nor ``is_likely``: wait; likely: read it again."""

    serves: bool
    sentence: str
    is_final: bool = False
    is_likely: bool = False


def judge(proof: Proof) -> Judgement:
    """The judgement on one look at a service."""
    now = proof.state
    if now is None or proof.standing is Standing.GONE:
        return _likely("the service does not exist any more")
    if now.status == "DRAINING":
        return _final("the service is being deleted")
    match proof.standing:
        case Standing.DEPLOYED:
            return _deployed(proof, now)
        case Standing.DEPLOYING:
            return _deploying(proof, now)
        case Standing.REPLACED:
            idle = "" if now.deployment_id else f"; {last(proof.wanted)} does not serve"
            return _likely(f"{proof.replaced_by}{idle}")
        case Standing.UNSEEN:
            never = now.deployment_id or last(proof.wanted)
            return _likely(f"{_primary(now)} is deployed, and {never} never was")
        case Standing.ELSEWHERE:
            return _final(
                f"{now.controller} deploys this service, and it has {_primary(now)}, not "
                f"{last(proof.wanted)}"
            )
        case _:
            return _failed(proof, now)


def _failed(proof: Proof, now: State) -> Judgement:
    wanted, why = last(proof.wanted), cause(now, proof.wanted)
    because = f" ({why})" if why else ""
    run = f"{now.running} of {now.desired} tasks run"
    match proof.standing:
        case Standing.GOING_BACK:
            return _wait(f"ECS is going back from {wanted}{because}: {run}")
        case Standing.WENT_BACK:
            return _final(f"ECS went back to {_primary(now)}{because}")
        case Standing.STUCK:
            return _final(f"{wanted} failed{because}, and going back failed too: {run}")
        case _:
            return _final(f"{wanted} failed{because}, and ECS did not go back: {run}")


def _deploying(proof: Proof, now: State) -> Judgement:
    wanted = last(proof.wanted)
    if now.desired == now.running == now.pending == 0:
        return _final(_stopped(wanted), serves=True)
    waits = waiting_for(pause_of(now.rollout))
    if waits:
        return _wait(f"{wanted} waits for {waits}")
    mine = now.of(proof.wanted)
    count = mine.running if mine else 0
    return _wait(f"{wanted} is still being deployed: {count} of {now.desired} tasks run")


def _deployed(proof: Proof, now: State) -> Judgement:
    wanted = last(proof.wanted)
    if proof.definition_status not in ("", "ACTIVE"):
        return _final(
            f"{wanted} runs, but is {proof.definition_status}: ECS can neither deploy it again nor "
            "go back to it"
        )
    if not proof.is_complete:
        return _wait(f"{wanted} is deployed, but AWS did not answer what else is to be proven")
    if now.desired == 0:
        return _final(_stopped(wanted), serves=True)
    mine = now.of(proof.wanted)
    running = mine.running if mine else 0
    if running < now.desired:
        return _wait(f"{wanted} is deployed, but {running} of {now.desired} tasks run")
    for groups in proof.targets:
        healthy = sum(one.healthy for one in groups)
        if groups and healthy < now.desired:
            reasons = [one.reason for one in groups if one.reason]
            reason = f" ({reasons[0]})" if reasons else ""
            return _wait(
                f"{wanted} runs, but {healthy} of {now.desired} targets of {groups[0].group} are "
                f"healthy{reason}"
            )
    healthy = sum(one.healthy for groups in proof.targets for one in groups)
    targets = f", {healthy} targets are healthy" if healthy else ""
    notes = f" (not checked: {'; '.join(proof.notes)})" if proof.notes else ""
    sentence = f"{wanted} serves: {running} of {now.desired} tasks run{targets}{notes}"
    if now.failed_again:
        why = cause(now, proof.wanted)
        sentence += f"; the last new deployment of it failed{f' ({why})' if why else ''}"
    return _final(sentence, serves=True)


def _primary(now: State) -> str:
    return last(now.primary.task_definition) if now.primary else "nothing"


def _stopped(wanted: str) -> str:
    return f"{wanted} is deployed, and no task is wanted (desired count 0)"


def _final(sentence: str, *, serves: bool = False) -> Judgement:
    return Judgement(serves=serves, sentence=sentence, is_final=True)


def _likely(sentence: str) -> Judgement:
    return Judgement(serves=False, sentence=sentence, is_likely=True)


def _wait(sentence: str) -> Judgement:
    return Judgement(serves=False, sentence=sentence)
