"""Listener rules, and their numbers.

Trap 4: on a shared listener a number comes from the lock file, never from a guess at a deploy.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.listener_rules import ONLY
from ecs_blocks.priorities.lock import PENDING
from tests.blocks.helpers import TOKENS, VPC, Built, new_stack

HOST = eb.text("web.", TOKENS.hosted_zone_name)


def made(*routes: eb.Route, **changed: Any) -> Built[dict[str, tuple[Any, ...]]]:
    """Rules of one feed on a listener elsewhere."""
    stack = new_stack()
    target_group = stack.add("Web", eb.TargetGroup(vpc_id=VPC, port=8080))
    arguments: dict[str, Any] = {
        "listener_arn": TOKENS.word,
        "feeds": (eb.Feed(target_group=target_group, routes=routes),),
        "host": HOST,
    }
    return Built(stack, stack.add("Web", eb.ListenerRules(**arguments | changed)))


def priorities(*routes: eb.Route, **changed: Any) -> dict[str, Any]:
    found = made(*routes, **changed).resources
    return {
        name: body["Properties"]["Priority"]
        for name, body in found.items()
        if "ListenerRule" in name
    }


def test_the_only_rule_of_a_listener_is_the_first() -> None:
    assert made(eb.Route()).resources["WebListenerRule"] == {
        "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
        "Properties": {
            "ListenerArn": {"Ref": "Word"},
            "Priority": ONLY,
            "Conditions": [
                {
                    "Field": "host-header",
                    "HostHeaderConfig": {"Values": [{"Fn::Sub": "web.${HostedZoneName}"}]},
                }
            ],
            "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": "WebTargetGroup3FF6B5"}}],
        },
    }


def test_every_condition_is_written_as_elb_wants_it() -> None:
    route = eb.Route(
        hosts=("a.example.com",),
        paths=("/a",),
        headers={"X-Tenant": ("acme",)},
        query={"version": ("2",)},
        methods=("GET",),
    )
    address = eb.Route(name="Address", source_ips=("10.0.0.0/8",))
    found = made(route, address).resources

    assert found["WebListenerRule"]["Properties"]["Conditions"] == [
        {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example.com"]}},
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}},
        {
            "Field": "http-header",
            "HttpHeaderConfig": {"Values": ["acme"], "HttpHeaderName": "X-Tenant"},
        },
        {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
        {
            "Field": "query-string",
            "QueryStringConfig": {"Values": [{"Key": "version", "Value": "2"}]},
        },
    ]
    assert found["WebAddressListenerRule"]["Properties"]["Conditions"][1] == {
        "Field": "source-ip",
        "SourceIpConfig": {"Values": ["10.0.0.0/8"]},
    }


def test_trap_4_on_a_shared_listener_the_lock_file_says_the_number() -> None:
    assert priorities(eb.Route(), shared=True) == {"WebListenerRule": PENDING}


@pytest.mark.parametrize(("number", "written"), [(7, 7), (TOKENS.number, {"Ref": "Number"})])
def test_trap_4_or_environment_yaml_says_it(number: Any, written: Any) -> None:
    assert priorities(eb.Route(priority=number), shared=True) == {"WebListenerRule": written}


def test_trap_4_a_number_for_a_route_of_two_rules_is_refused() -> None:
    route = eb.Route(paths=tuple(f"/{n}" for n in range(5)), priority=TOKENS.number)

    with pytest.raises(eb.BlockError) as refused:
        made(route, shared=True)

    assert str(refused.value) == (
        "a route with a priority of its own would become 2 rules; make routes of some of its "
        "values, with a priority each"
    )


def test_the_ids_are_a_contract() -> None:
    found = made(
        eb.Route(paths=tuple(f"/{n}" for n in range(5))),
        eb.Route(name="Admin", paths=("/admin", "/admin/x")),
        eb.Route(),
    )

    assert found.ids[1:] == [
        "WebListenerRule",
        "WebListenerRule2",
        "WebAdminListenerRule",
        "WebAdminListenerRule2",
        "WebListenerRule3",
    ]


def test_on_an_own_listener_the_narrower_comes_first() -> None:
    found = priorities(
        eb.Route(),
        eb.Route(name="Api", paths=eb.under("/api")),
        eb.Route(name="Admin", paths=eb.under("/api/admin")),
        eb.Route(name="Png", paths=("/api/*.png",)),
        eb.Route(name="Rest", hosts=("*.example.com",)),
    )

    assert (
        found["WebAdminListenerRule"]
        < found["WebPngListenerRule"]
        < found["WebApiListenerRule"]
        < found["WebListenerRule"]
        < found["WebRestListenerRule"]
    )


def test_a_route_more_moves_no_other_rule() -> None:
    routes = [eb.Route(), *(eb.Route(name=f"P{n}", paths=(f"/p{n}",)) for n in range(20))]
    before, after = priorities(*routes[:10]), priorities(*routes)

    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


def test_an_own_number_is_respected_by_the_others() -> None:
    found = priorities(eb.Route(priority=500), eb.Route(name="Api", paths=("/api",)))

    assert found["WebListenerRule"] == 500
    assert found["WebApiListenerRule"] < 500


REFUSED = [
    pytest.param(
        (eb.Route(paths=("/a", "/b")), eb.Route(name="B", paths=("/b",))),
        "ListenerRule and BListenerRule both claim web.${HostedZoneName}/b; one route is enough",
        id="twice",
    ),
    pytest.param(
        (eb.Route(), eb.Route(name="B")),
        "ListenerRule and BListenerRule both claim web.${HostedZoneName}; one route is enough",
        id="the whole name twice",
    ),
    pytest.param(
        (eb.Route(priority=7), eb.Route(name="B", paths=("/b",), priority=7)),
        "ListenerRule and BListenerRule both have the priority 7",
        id="one number",
    ),
    pytest.param(
        (eb.Route(priority=7), eb.Route(name="B", paths=("/b",), priority=8)),
        "ListenerRule with the priority 7 takes what is meant for BListenerRule with 8; the "
        "narrower one has to come first",
        id="the wider one first",
    ),
    pytest.param(
        (eb.Route(priority=1), eb.Route(name="B", paths=("/b",))),
        "there is no priority left for BListenerRule between the rules that have to come before "
        "and after it; give it one of its own, or make routes of some of its paths",
        id="no room",
    ),
]


@pytest.mark.parametrize(("routes", "message"), REFUSED)
def test_routes_that_cannot_stand_together_are_refused(
    routes: tuple[eb.Route, ...], message: str
) -> None:
    with pytest.raises(eb.BlockError) as refused:
        made(*routes)

    assert str(refused.value) == message


def test_a_target_group_that_nothing_is_sent_to_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        made()

    assert str(refused.value) == "what is behind a load balancer needs a route"


def test_every_property_is_reachable_through_what_is_returned() -> None:
    one = made(eb.Route())

    [rule] = one.handle[""]
    rule.Conditions[0].HostHeaderConfig.Values = ["other.example.com"]

    found = one.resources["WebListenerRule"]["Properties"]["Conditions"]
    assert found[0]["HostHeaderConfig"]["Values"] == ["other.example.com"]
