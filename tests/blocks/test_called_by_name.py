"""Workers, services behind a Network Load Balancer, and what nobody balances: by name.

Trap 9: what is left out stays as it was; what is off is said to be off.
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

import ecs_blocks as eb
from tests.blocks.standard import Standard

CLIENT = eb.ServiceConnectClient("arn:aws:x")
SERVER = eb.ServiceConnectServer(namespace_arn="arn:aws:x", discovery_name="web")
NAME = eb.CloudMapName(namespace_id="ns-1", name="web")
REGISTERED = [{"RegistryArn": {"Fn::GetAtt": ["WebDiscoveryService", "Arn"]}}]
ENDPOINT = eb.NetworkEndpoint(listener=eb.Tcp(5432))


def worker(**changed: Any) -> Standard[Any, Any]:
    return Standard(
        eb.FargateQueueWorkerEnvironment, lambda env: eb.QueueWorker.standard(env, **changed)
    )


def by_tcp(**changed: Any) -> Standard[Any, Any]:
    def block(env: Any) -> eb.NetworkService:
        made = eb.NetworkService.standard(
            env, port=5432, endpoints=(ENDPOINT,), ingress=(eb.Cidr("10.0.0.0/8"),)
        )
        return structs.replace(made, **changed)

    return Standard(eb.FargateNetworkServiceEnvironment, block)


def background(**changed: Any) -> Standard[Any, Any]:
    return Standard(
        eb.FargateBackgroundServiceEnvironment,
        lambda env: eb.BackgroundService.standard(env, port=8080, **changed),
    )


@pytest.mark.parametrize("make", [worker, by_tcp, background])
def test_it_calls_others_by_their_names(make: Any) -> None:
    found = make(connect=CLIENT).properties("WebService")["ServiceConnectConfiguration"]

    assert (found["Enabled"], found["Namespace"]) == (True, "arn:aws:x")
    assert "Services" not in found
    options = found["LogConfiguration"]["Options"]
    assert options["awslogs-stream-prefix"] == "service-connect"


@pytest.mark.parametrize("make", [worker, by_tcp, background])
def test_trap_9_nothing_of_it_is_said_to_be_nothing(make: Any) -> None:
    found = make().properties("WebService")

    assert found["ServiceConnectConfiguration"] == {"Enabled": False}
    assert not found.get("ServiceRegistries")


@pytest.mark.parametrize(
    ("make", "named"), [(worker, "cloud_map"), (by_tcp, "cloud_map"), (background, "discovery")]
)
def test_it_has_a_name_in_dns_beside_service_connect(make: Any, named: str) -> None:
    made = make(connect=CLIENT, **{named: NAME})
    found = made.properties("WebService")

    assert found["ServiceRegistries"] == REGISTERED
    assert found["ServiceConnectConfiguration"]["Enabled"] is True
    assert made.ids.index("WebDiscoveryService") == made.ids.index("WebService") - 1


def test_a_worker_is_called_on_a_port_of_its_container() -> None:
    found = worker(connect=SERVER, container=eb.Container(ports=(eb.Port(9090),)))
    [server] = found.properties("WebService")["ServiceConnectConfiguration"]["Services"]

    assert server["ClientAliases"] == [{"DnsName": "web", "Port": 9090}]


def test_a_worker_without_a_port_cannot_be_called() -> None:
    with pytest.raises(eb.BlockError) as refused:
        worker(connect=SERVER)

    assert str(refused.value) == "the task has no port app; it has none"


def test_a_name_in_dns_leads_past_a_shift_of_traffic() -> None:
    with pytest.raises(eb.BlockError) as refused:
        by_tcp(cloud_map=NAME, deployment=eb.BlueGreen())

    assert str(refused.value) == (
        "BlueGreen shifts the traffic of the load balancer, and cloud_map leads past it to the "
        "tasks of both versions; give eb.Rolling(…), or leave cloud_map out"
    )


def test_a_background_service_is_one_server() -> None:
    with pytest.raises(eb.BlockError) as refused:
        background(discovery=SERVER, connect=CLIENT)

    assert str(refused.value) == (
        "Service Connect is given twice, as discovery and as connect; a client and server is one "
        "ServiceConnectServer"
    )
