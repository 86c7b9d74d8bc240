"""How many vCPU a deploy takes beside those that run. Expected numbers are worked out by hand."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.review.impact.fargate_peak import more_on_fargate
from ecs_blocks.review.live import Live, RunningService
from tests.review.impact.stage import container, rolling, stack, subject, target, task, web

ON_DEMAND: Final = "FARGATE"
SPOT: Final = "FARGATE_SPOT"
DIVIDED: Final = "ECS divides its tasks between FARGATE and FARGATE_SPOT"
ELSEWHERE: Final = "the cluster's default, or a value that is not known yet, says where it runs"
NO_NUMBER: Final = "how many tasks run, or their size, is not known"


def sized(cpu: Any = "512", tag: str = "1.8.2") -> dict[str, Any]:
    return task(container(Image=f"repo/hoge:{tag}"), RequiresCompatibilities=["FARGATE"], Cpu=cpu)


def fargate(count: int | None = 4, **properties: Any) -> dict[str, Any]:
    return web(count, **{"LaunchType": ON_DEMAND, **properties})


def on(*shares: tuple[str, int]) -> dict[str, Any]:
    """A strategy of providers with these weights."""
    items = [{"CapacityProvider": name, "Weight": weight} for name, weight in shares]
    return {"LaunchType": None, "CapacityProviderStrategy": items}


def shifted(strategy: str) -> dict[str, Any]:
    return {"DeploymentConfiguration": {"Strategy": strategy}}


NEW: Final = sized(tag="1.8.3")
CODE_DEPLOY: Final = fargate(DeploymentController={"Type": "CODE_DEPLOY"})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # 4 more of half a vCPU beside 4
        (stack(fargate(), sized()), stack(fargate(), NEW), [(ON_DEMAND, 2, 0, 0.5)]),
        # 150 % of 4: 2 more
        (
            stack(fargate(**rolling(50, 150)), sized()),
            stack(fargate(**rolling(50, 150)), NEW),
            [(ON_DEMAND, 1, 0, 0)],
        ),
        # none more at a time, but each takes twice as much in the end
        (
            stack(fargate(**rolling(50, 100)), sized()),
            stack(fargate(**rolling(50, 100)), sized("1024")),
            [(ON_DEMAND, 2, 2, 0)],
        ),
        # 6 at once, of which 4 are large: 4 + 2 * 0.5 - 2
        (
            stack(fargate(**rolling(50, 150)), sized()),
            stack(fargate(**rolling(50, 150)), sized("1024")),
            [(ON_DEMAND, 3, 2, 0)],
        ),
        # 6 at once, of which 4 are the old large ones
        (
            stack(fargate(**rolling(50, 150)), sized("1024")),
            stack(fargate(**rolling(50, 150)), sized()),
            [(ON_DEMAND, 1, 0, 0)],
        ),
        (
            stack(fargate(**shifted("BLUE_GREEN")), sized()),
            stack(fargate(**shifted("BLUE_GREEN")), NEW),
            [(ON_DEMAND, 2, 2, 0.5)],
        ),
        # nothing rolls, two more tasks
        (stack(fargate(), sized()), stack(fargate(6), sized()), [(ON_DEMAND, 1, 1, 0)]),
        (stack(fargate(), sized()), stack(fargate(2), sized()), []),
        (stack(fargate(), sized()), stack(fargate(), sized()), []),
        (None, stack(fargate(), sized()), [(ON_DEMAND, 2, 2, 0)]),
        # a new service without a number has one task
        (None, stack(fargate(None), sized()), [(ON_DEMAND, 0.5, 0.5, 0)]),
        (
            None,
            stack(fargate(None), sized(), Target=target(3, 9)),
            [(ON_DEMAND, 1.5, 1.5, 0)],
        ),
        # from one quota to the other: all of it is more
        (
            stack(fargate(**on((ON_DEMAND, 1))), sized()),
            stack(fargate(**on((SPOT, 1))), NEW),
            [(SPOT, 2, 2, 0.5)],
        ),
        (
            stack(fargate(**on((ON_DEMAND, 1), (SPOT, 0))), sized()),
            stack(fargate(**on((ON_DEMAND, 1), (SPOT, 0))), NEW),
            [(ON_DEMAND, 2, 0, 0.5)],
        ),
        # a service under another name is a service beside it
        (
            stack(fargate(ServiceName="a"), sized()),
            stack(fargate(ServiceName="b"), sized()),
            [(ON_DEMAND, 2, 2, 0.5)],
        ),
        # on instances
        (stack(web(4)), stack(web(4), task(container(Image="repo/hoge:1.8.3"))), []),
        (
            stack(web(4, LaunchType="EC2"), sized()),
            stack(web(4, LaunchType="EC2"), NEW),
            [],
        ),
        (stack(web(4, **on(("mine", 1))), sized()), stack(web(4, **on(("mine", 1))), NEW), []),
    ],
)
def test_how_many_more(
    before: dict[str, Any] | None,
    after: dict[str, Any],
    expected: list[tuple[str, float, float, float]],
) -> None:
    found = list(more_on_fargate(subject(before, after)))

    assert [(one.provider, one.vcpu, one.needed, one.step) for one in found] == expected
    assert not any(one.unknown for one in found)


@pytest.mark.parametrize(
    ("service", "definition", "why"),
    [
        (fargate(**on((ON_DEMAND, 1), (SPOT, 3))), NEW, DIVIDED),
        (web(4), NEW, ELSEWHERE),
        (fargate(**on(({"Ref": "Provider"}, 1))), NEW, ELSEWHERE),  # type: ignore[arg-type] # one
        (fargate(CapacityProviderStrategy={"Ref": "Strategy"}), NEW, ELSEWHERE),
        (fargate(), sized({"Ref": "Cpu"}, "1.8.3"), NO_NUMBER),
        (fargate(None), NEW, NO_NUMBER),
        (CODE_DEPLOY, NEW, NO_NUMBER),
    ],
)
def test_what_is_not_known(service: dict[str, Any], definition: dict[str, Any], why: str) -> None:
    found = list(more_on_fargate(subject(stack(service, sized()), stack(service, definition))))

    assert [(one.logical_id, one.unknown, one.vcpu) for one in found] == [("Web", why, 0)]


@pytest.mark.parametrize(
    ("scaling", "vcpu"),
    [
        ((2, 9), 3.5),  # 7 more beside 7
        ((8, 9), 3.5),  # it rolls with 7, and has 8 afterwards: one more, which is less
        ((20, 30), 6.5),  # it rolls with 7, and has 20 afterwards
    ],
)
def test_it_rolls_with_as_many_as_run(scaling: tuple[int, int], vcpu: float) -> None:
    live = Live(services={"Web": RunningService(wanted=7, running=7, task_definition="hoge:1")})
    before = stack(fargate(None), sized(), Target=target(2, 9))
    after = stack(fargate(None), NEW, Target=target(*scaling))

    [found] = more_on_fargate(subject(before, after, live=live))

    assert found.vcpu == vcpu
