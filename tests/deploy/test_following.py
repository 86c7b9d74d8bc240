"""What only takes the name of a resource that stays is not told as perhaps replaced."""

from __future__ import annotations

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.changes import Change, PropertyChange
from ecs_blocks.deploy.cloudformation.following import settled

LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"


def service(replacement: str = "False", action: str = "Modify") -> Change:
    """A service that takes another revision."""
    task = PropertyChange("TaskDefinition", cause="Task", dynamic=True)
    found = Change(action, "Service", "AWS::ECS::Service", replacement=replacement)
    return Change(
        found.action, found.logical_id, found.type, replacement=replacement, properties=(task,)
    )


def target(cause: str = "Service.Name", *, direct: bool = False, dynamic: bool = True) -> Change:
    one = PropertyChange(
        "ResourceId", "a", LATER, recreation="Always", cause=cause, direct=direct, dynamic=dynamic
    )
    return Change(
        "Modify",
        "Target",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        replacement="Conditional",
        policy_action="ReplaceAndDelete",
        scope=("Properties",),
        properties=(one,),
    )


TASK = Change("Modify", "Task", "AWS::ECS::TaskDefinition", replacement="True")


def test_what_takes_the_name_of_a_service_that_stays_stays() -> None:
    [_, same, found] = settled([TASK, service(), target()])

    assert same == service()
    assert (found.replacement, found.follows, found.is_calm) == ("False", ("Service.Name",), True)
    assert not target().is_calm


def test_so_does_what_takes_that() -> None:
    policy = Change(
        "Modify",
        "Policy",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        replacement="Conditional",
        properties=(
            PropertyChange("ScalingTargetId", recreation="Always", cause="Target", dynamic=True),
        ),
    )

    assert [one.replacement for one in settled([policy, target(), service()])] == ["False"] * 3


@pytest.mark.parametrize(
    ("recreation", "replacement", "is_calm"),
    [("Never", "False", True), ("Conditionally", "Conditional", False)],
)
def test_only_what_changes_beside_it_is_told(
    recreation: str, replacement: str, *, is_calm: bool
) -> None:
    """Other bounds, with every new revision of the task definition: nothing is replaced."""
    bounds = PropertyChange("MaxCapacity", "2", "4", recreation=recreation, direct=True)
    both = structs.replace(target(), properties=(*target().properties, bounds))

    [_, _, found] = settled([TASK, service(), both])

    assert (found.properties, found.follows) == ((bounds,), ())
    assert (found.replacement, found.is_calm) == (replacement, is_calm)


def test_tags_beside_it_are_still_told() -> None:
    tagged = structs.replace(target(), scope=("Properties", "Tags"))

    [_, found] = settled([service(), tagged])

    assert (found.replacement, found.follows, found.properties) == ("False", (), ())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([service("Conditional"), target()], id="the service may be replaced"),
        pytest.param([service("True"), target()], id="the service is replaced"),
        pytest.param([service("", "Remove"), target()], id="the service goes"),
        pytest.param([service(), target("Service.Other")], id="an attribute that may change"),
        pytest.param([service(), target("parameter Name")], id="a parameter"),
        pytest.param([service(), target("Service.Name, Else")], id="something else too"),
        pytest.param([service(), target(direct=True)], id="its own text changes"),
        pytest.param([service(), target(dynamic=False)], id="it is certain"),
        pytest.param([target()], id="nobody knows the service"),
    ],
)
def test_otherwise_it_may_be_replaced_as_cloudformation_says(changes: list[Change]) -> None:
    assert settled(changes) == changes
