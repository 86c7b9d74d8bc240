"""How services find each other: Service Connect, and names in DNS.

Trap 45: client and server each name the namespace; a cluster's default could be another one.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, VPC, built, fargate_task, new_stack, parts, resources

_NAMESPACE = "arn:aws:servicediscovery:ap-northeast-1:123456789012:namespace/ns-0a1b2c3d"
_LOG = {
    "LogDriver": "awslogs",
    "Options": {
        "awslogs-group": {"Ref": "WebLogGroup"},
        "awslogs-region": {"Ref": "AWS::Region"},
        "awslogs-stream-prefix": "service-connect",
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    },
}


def server(**changed: Any) -> eb.ServiceConnectServer:
    arguments: dict[str, Any] = {"namespace_arn": _NAMESPACE, "discovery_name": "orders"}
    return eb.ServiceConnectServer(**arguments | changed)


def connected(connect: Any, **changed: Any) -> dict[str, Any]:
    """The ServiceConnectConfiguration of a service whose task is *changed*."""
    made = parts(fargate_task(**changed))
    found = made.new(made.service(attachments=(), connect=connect))["WebService"]["Properties"]
    configuration: dict[str, Any] = found["ServiceConnectConfiguration"]
    return configuration


def test_trap_45_a_client_names_the_namespace_and_offers_nothing() -> None:
    assert connected(eb.ServiceConnectClient(TOKENS.word)) == {
        "Enabled": True,
        "Namespace": {"Ref": "Word"},
        "LogConfiguration": _LOG,
    }


def test_trap_45_a_server_names_the_namespace_and_is_called_by_its_name() -> None:
    assert connected(server()) == {
        "Enabled": True,
        "Namespace": _NAMESPACE,
        "Services": [
            {
                "PortName": "app",
                "DiscoveryName": "orders",
                "ClientAliases": [{"DnsName": "orders", "Port": 8080}],
            }
        ],
        "LogConfiguration": _LOG,
    }


_AUTHORITY = (
    "arn:aws:acm-pca:ap-northeast-1:123456789012:certificate-authority/"
    "0a1b2c3d-0000-4000-8000-000000000000"
)


def encrypted(**changed: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a server with TLS says of it, and the role that it adds."""
    made = parts()
    tls = eb.PrivateTls(authority_arn=_AUTHORITY, **changed)
    found = made.new(made.service(attachments=(), connect=server(tls=tls)))
    [offered] = found["WebService"]["Properties"]["ServiceConnectConfiguration"]["Services"]
    return offered["Tls"], found["WebServiceConnectTlsRole"]["Properties"]


def test_requests_are_encrypted_by_certificates_that_ecs_issues() -> None:
    tls, role = encrypted()

    assert tls == {
        "IssuerCertificateAuthority": {"AwsPcaAuthorityArn": _AUTHORITY},
        "RoleArn": {"Fn::GetAtt": ["WebServiceConnectTlsRole", "Arn"]},
    }
    assert role["ManagedPolicyArns"] == [
        {
            "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/"
            "AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity"
        }
    ]
    assert "Policies" not in role


def test_the_certificates_keys_may_be_encrypted_with_a_key_of_ones_own() -> None:
    tls, role = encrypted(key_arn=TOKENS.key_arn)
    [policy] = role["Policies"]

    assert tls["KmsKey"] == {"Ref": "KeyArn"}
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"],
            "Resource": [{"Ref": "KeyArn"}],
        }
    ]


def test_a_server_of_another_port_with_limits() -> None:
    connect = server(
        client_port=80, port_name="api", idle_timeout_s=0, request_timeout_s=TOKENS.number
    )
    found = connected(connect, port=eb.Port(50051, name="api", app_protocol="grpc"))

    assert found["Services"] == [
        {
            "PortName": "api",
            "DiscoveryName": "orders",
            "ClientAliases": [{"DnsName": "orders", "Port": 80}],
            "Timeout": {"IdleTimeoutSeconds": 0, "PerRequestTimeoutSeconds": {"Ref": "Number"}},
        }
    ]


def test_a_server_may_offer_a_sidecar_s_port() -> None:
    proxy = eb.Sidecar(
        name="proxy",
        image="proxy:1",
        memory_mib=64,
        container=eb.Container(ports=(eb.Port(8443, name="tls"),)),
    )

    found = connected(server(port_name="tls"), sidecars=(proxy,))

    assert found["Services"][0]["ClientAliases"] == [{"DnsName": "orders", "Port": 8443}]


@pytest.mark.parametrize(
    ("connect", "changed", "message"),
    [
        pytest.param(
            {"port_name": "ap"}, {}, "the task has no port ap; did you mean app?", id="misspelt"
        ),
        pytest.param(
            {"port_name": "x"}, {}, "the task has no port x; it has app", id="another name"
        ),
        pytest.param(
            {}, {"port": None}, "the task has no port app; it has none", id="no port at all"
        ),
        pytest.param(
            {},
            {"port": eb.Port(8125, protocol="udp")},
            "the port app is by UDP, and Service Connect speaks TCP: name another in port_name, or "
            "take eb.CloudMapName(…)",
            id="by UDP",
        ),
    ],
)
def test_a_port_that_is_not_there(
    connect: dict[str, Any], changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(eb.BlockError) as refused:
        connected(server(**connect), **changed)

    assert str(refused.value) == message


def test_a_limit_below_none_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        server(idle_timeout_s=-1)

    assert str(refused.value) == "idle_timeout_s is -1; allowed: 0 to 2147483647"


def test_a_namespace_tells_its_arn() -> None:
    made = built(eb.Namespace(name=TOKENS.word))

    assert made.resources == {
        "WebNamespace": {
            "Type": "AWS::ServiceDiscovery::HttpNamespace",
            "Properties": {"Name": {"Ref": "Word"}},
        }
    }
    assert made.template["Outputs"]["NamespaceArn"]["Value"] == {
        "Fn::GetAtt": ["WebNamespace", "Arn"]
    }


def test_a_namespace_in_dns_tells_its_id_as_well() -> None:
    made = built(eb.DnsNamespace(name="prod.internal", vpc_id=VPC))

    assert made.resources == {
        "WebNamespace": {
            "Type": "AWS::ServiceDiscovery::PrivateDnsNamespace",
            "Properties": {"Name": "prod.internal", "Vpc": VPC},
        }
    }
    outputs = made.template["Outputs"]
    assert {name: one["Value"] for name, one in outputs.items()} == {
        "NamespaceArn": {"Fn::GetAtt": ["WebNamespace", "Arn"]},
        "NamespaceId": {"Ref": "WebNamespace"},
    }


def test_a_name_in_dns_answers_with_the_tasks_that_ecs_says_are_well() -> None:
    assert resources(eb.CloudMapName(namespace_id=TOKENS.word, name="orders", ttl_s=5)) == {
        "WebDiscoveryService": {
            "Type": "AWS::ServiceDiscovery::Service",
            "Properties": {
                "Name": "orders",
                "NamespaceId": {"Ref": "Word"},
                "DnsConfig": {
                    "RoutingPolicy": "MULTIVALUE",
                    "DnsRecords": [{"Type": "A", "TTL": 5}],
                },
                "HealthCheckCustomConfig": {"FailureThreshold": 1},
            },
        }
    }


@pytest.mark.parametrize("name", ["Orders", "orders.api", "-orders", ""])
def test_a_name_that_dns_does_not_have(name: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.CloudMapName(namespace_id="ns-1", name=name)

    assert str(refused.value) == (
        f"{name!r} cannot be a name in DNS: lower case letters, digits and hyphens"
    )


def test_a_service_registers_its_tasks() -> None:
    made = parts()
    registry = made.stack.add("Web", eb.CloudMapName(namespace_id="ns-1", name="orders"))
    found = made.new(made.service(attachments=(), registry=registry))["WebService"]["Properties"]

    assert found["ServiceRegistries"] == [
        {"RegistryArn": {"Fn::GetAtt": ["WebDiscoveryService", "Arn"]}}
    ]


def test_a_name_stands_in_a_stack_once() -> None:
    stack = new_stack()
    stack.add("One", eb.Namespace(name="one"))

    with pytest.raises(eb.BlockError) as refused:
        stack.add("Two", eb.Namespace(name="two"))

    assert "there are two outputs NamespaceArn" in str(refused.value)
