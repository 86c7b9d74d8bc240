"""What MiniStack only keeps, or not even that, sent to moto's APIs: a second opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from tests.ministack.created import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.ministack.created import Account

pytestmark = pytest.mark.ministack

READ_ONLY = ("PolicyARN", "CreationTime", "Alarms")


@pytest.fixture(scope="module")
def moto() -> Iterator[Callable[[str], Any]]:
    """Makes clients of a moto server."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=f"http://{host}:{port}",
            aws_access_key_id="moto",
            aws_secret_access_key="moto",
        )

    yield client
    server.stop()


def kept(account: Account, operation: str, key: str, service: str) -> list[dict[str, Any]]:
    """What MiniStack has of one ECS service."""
    found = account.ask("application-autoscaling", operation, ServiceNamespace="ecs")[key]
    return [
        {name: value for name, value in one.items() if name not in READ_ONLY}
        for one in found
        if one["ResourceId"] == service
    ]


def service_made(moto: Callable[[str], Any], resource_id: str) -> None:
    """A service of the same name, which moto asks for."""
    _, cluster, name = resource_id.split("/")
    ecs = moto("ecs")
    ecs.create_cluster(clusterName=cluster)
    container = {"name": "app", "image": "app", "memory": 128}
    ecs.register_task_definition(family=name, containerDefinitions=[container])
    ecs.create_service(cluster=cluster, serviceName=name, taskDefinition=name, desiredCount=1)


@pytest.mark.parametrize(
    ("name", "policies", "actions"),
    [
        ("consumer", 1, 0),
        ("directory", 2, 2),
        ("backend", 2, 0),
        ("canary", 3, 0),
        ("broker", 2, 0),
    ],
)
def test_scaling_is_what_the_api_takes(
    created: Callable[[str, str], Account],
    moto: Callable[[str], Any],
    name: str,
    policies: int,
    actions: int,
) -> None:
    account = created(name, "prod")
    _, _, path = account.id_of(name, "AWS::ECS::Service").partition(":service/")
    resource_id = f"service/{path}"
    scaling = moto("application-autoscaling")
    service_made(moto, resource_id)
    wanted = {
        "targets": kept(account, "describe_scalable_targets", "ScalableTargets", resource_id),
        "policies": kept(account, "describe_scaling_policies", "ScalingPolicies", resource_id),
        "actions": kept(account, "describe_scheduled_actions", "ScheduledActions", resource_id),
    }
    for one in wanted["targets"]:
        scaling.register_scalable_target(**one)
    for one in wanted["policies"]:
        scaling.put_scaling_policy(**one)
    for one in wanted["actions"]:
        scaling.put_scheduled_action(**one)
    asked = {"ServiceNamespace": "ecs", "ResourceId": resource_id}
    [target] = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource_id])[
        "ScalableTargets"
    ]

    assert (target["MinCapacity"], target["MaxCapacity"]) == tuple(
        wanted["targets"][0][key] for key in ("MinCapacity", "MaxCapacity")
    )
    assert target["SuspendedState"] == wanted["targets"][0]["SuspendedState"]
    assert set(target["SuspendedState"].values()) == {name == "directory"}
    assert len(scaling.describe_scaling_policies(**asked)["ScalingPolicies"]) == policies
    assert len(scaling.describe_scheduled_actions(**asked)["ScheduledActions"]) == actions


def test_listener_takes_the_further_certificates(
    created: Callable[[str, str], Account], moto: Callable[[str], Any]
) -> None:
    """As the template names them, on a listener of moto's own."""
    ingress = created("part", "prod").targets["ingress"].rendered.resolved()["Resources"]
    [further] = [
        one["Properties"]["Certificates"]
        for one in ingress.values()
        if one["Type"] == "AWS::ElasticLoadBalancingV2::ListenerCertificate"
    ]
    issued = {
        key: moto("acm").request_certificate(DomainName=f"{key}.example.com")["CertificateArn"]
        for key in ("main", *(one["CertificateArn"]["Ref"] for one in further))
    }
    subnets = [one["SubnetId"] for one in moto("ec2").describe_subnets()["Subnets"]]
    elbv2 = moto("elbv2")
    [balancer] = elbv2.create_load_balancer(Name="shared", Subnets=subnets)["LoadBalancers"]
    [listener] = elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": issued["main"]}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )["Listeners"]
    own = {"ListenerArn": listener["ListenerArn"]}
    sent = [{**one, "CertificateArn": issued[one["CertificateArn"]["Ref"]]} for one in further]
    elbv2.add_listener_certificates(Certificates=sent, **own)
    found = elbv2.describe_listener_certificates(**own)["Certificates"]

    assert {one["CertificateArn"] for one in found} == set(issued.values())


def test_moto_refuses_what_is_not_there(moto: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError, match="Cluster not found"):
        moto("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId="service/nowhere/nothing",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=1,
            MaxCapacity=2,
        )
