"""Elastic Load Balancing, Route 53, certificates, security groups, Cloud Map, WAF."""

from __future__ import annotations

from typing import Final

from tests.review.verdicts.row import IN_PLACE, REPLACED, table

_OPEN: Final = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}]
_CLOSED: Final = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}]

ROWS: Final = [
    *table(
        "ElasticLoadBalancingV2::LoadBalancer",
        ("Name", "one", "two", REPLACED),
        ("Scheme", "internal", "internet-facing", REPLACED),
        ("Scheme", None, "internal", REPLACED),
        ("Type", "application", "network", REPLACED),
        ("Subnets", ["a", "b"], ["a", "c"], IN_PLACE),
        ("SecurityGroups", ["a"], ["b"], IN_PLACE),
        ("IpAddressType", "ipv4", "dualstack", IN_PLACE),
        (
            "LoadBalancerAttributes",
            [{"Key": "idle_timeout.timeout_seconds", "Value": "60"}],
            [{"Key": "idle_timeout.timeout_seconds", "Value": "90"}],
            IN_PLACE,
        ),
    ),
    *table(
        "ElasticLoadBalancingV2::TargetGroup",
        ("Name", "one", "two", REPLACED),
        ("Port", 80, 8080, REPLACED),
        ("Protocol", "HTTP", "HTTPS", REPLACED),
        ("ProtocolVersion", "HTTP1", "GRPC", REPLACED),
        ("TargetType", "instance", "ip", REPLACED),
        ("VpcId", "vpc-1", "vpc-2", REPLACED),
        ("IpAddressType", "ipv4", "ipv6", REPLACED),
        ("HealthCheckPath", "/", "/health", IN_PLACE),
        ("HealthCheckPort", "traffic-port", "8081", IN_PLACE),
        ("HealthCheckProtocol", "HTTP", "HTTPS", IN_PLACE),
        ("HealthCheckIntervalSeconds", 30, 10, IN_PLACE),
        ("HealthyThresholdCount", 5, 2, IN_PLACE),
        ("Matcher.HttpCode", "200", "200-299", IN_PLACE),
        (
            "TargetGroupAttributes",
            [{"Key": "deregistration_delay.timeout_seconds", "Value": "300"}],
            [{"Key": "deregistration_delay.timeout_seconds", "Value": "60"}],
            IN_PLACE,
        ),
    ),
    *table(
        "ElasticLoadBalancingV2::Listener",
        ("LoadBalancerArn", "one", "two", REPLACED),
        ("Port", 80, 443, IN_PLACE),
        ("Protocol", "HTTP", "HTTPS", IN_PLACE),
        ("SslPolicy", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-2", IN_PLACE),
        ("Certificates", [{"CertificateArn": "a"}], [{"CertificateArn": "b"}], IN_PLACE),
        ("DefaultActions", [{"Type": "forward"}], [{"Type": "redirect"}], IN_PLACE),
        ("MutualAuthentication.Mode", "off", "verify", IN_PLACE),
    ),
    *table(
        "ElasticLoadBalancingV2::ListenerRule",
        ("ListenerArn", "one", "two", REPLACED),
        ("Priority", 1, 2, IN_PLACE),
        ("Actions", [{"Type": "forward"}], [{"Type": "redirect"}], IN_PLACE),
        ("Conditions", [{"Field": "host-header"}], [{"Field": "path-pattern"}], IN_PLACE),
    ),
    *table(
        "ElasticLoadBalancingV2::ListenerCertificate",
        ("ListenerArn", "one", "two", REPLACED),
    ),
    *table(
        "Route53::RecordSet",
        ("Name", "a.example.com", "b.example.com", REPLACED),
        ("HostedZoneId", "Z1", "Z2", REPLACED),
        ("HostedZoneName", "one.com.", "two.com.", REPLACED),
        ("TTL", "60", "300", IN_PLACE),
        ("ResourceRecords", ["10.0.0.1"], ["10.0.0.2"], IN_PLACE),
        ("AliasTarget.DNSName", "one.amazonaws.com", "two.amazonaws.com", IN_PLACE),
        ("AliasTarget.EvaluateTargetHealth", False, True, IN_PLACE),
        ("Weight", 1, 2, IN_PLACE),
    ),
    *table(
        "CertificateManager::Certificate",
        ("DomainName", "one.com", "two.com", REPLACED),
        ("SubjectAlternativeNames", ["a.one.com"], ["b.one.com"], REPLACED),
        ("ValidationMethod", "EMAIL", "DNS", REPLACED),
        ("DomainValidationOptions", [{"DomainName": "a"}], [{"DomainName": "b"}], REPLACED),
        ("KeyAlgorithm", "RSA_2048", "EC_prime256v1", REPLACED),
        ("CertificateTransparencyLoggingPreference", "ENABLED", "DISABLED", IN_PLACE),
    ),
    *table(
        "EC2::SecurityGroup",
        ("GroupDescription", "one", "two", REPLACED),
        ("GroupName", "one", "two", REPLACED),
        ("VpcId", "vpc-1", "vpc-2", REPLACED),
        ("SecurityGroupIngress", _CLOSED, _OPEN, IN_PLACE),
        ("SecurityGroupEgress", _OPEN, _CLOSED, IN_PLACE),
    ),
    *table(
        "EC2::SecurityGroupIngress",
        ("CidrIp", "10.0.0.0/8", "0.0.0.0/0", REPLACED),
        ("FromPort", 80, 8080, REPLACED),
        ("ToPort", 80, 8080, REPLACED),
        ("IpProtocol", "tcp", "udp", REPLACED),
        ("GroupId", "sg-1", "sg-2", REPLACED),
        ("SourceSecurityGroupId", "sg-1", "sg-2", REPLACED),
        ("SourcePrefixListId", "pl-1", "pl-2", REPLACED),
        ("Description", "one", "two", IN_PLACE),
    ),
    *table(
        "EC2::SecurityGroupEgress",
        ("CidrIp", "10.0.0.0/8", "0.0.0.0/0", REPLACED),
        ("DestinationSecurityGroupId", "sg-1", "sg-2", REPLACED),
        ("GroupId", "sg-1", "sg-2", REPLACED),
        ("Description", "one", "two", IN_PLACE),
    ),
    *table(
        "ServiceDiscovery::Service",
        ("Name", "one", "two", REPLACED),
        ("NamespaceId", "ns-1", "ns-2", REPLACED),
        ("HealthCheckCustomConfig.FailureThreshold", 1, 2, REPLACED),
        ("Type", None, "HTTP", REPLACED),
        ("Description", "one", "two", IN_PLACE),
        ("DnsConfig.DnsRecords", [{"TTL": 10}], [{"TTL": 60}], IN_PLACE),
    ),
    *table(
        "ServiceDiscovery::PrivateDnsNamespace",
        ("Name", "one.local", "two.local", REPLACED),
        ("Vpc", "vpc-1", "vpc-2", REPLACED),
        ("Description", "one", "two", IN_PLACE),
    ),
    *table(
        "WAFv2::WebACLAssociation",
        ("ResourceArn", "one", "two", REPLACED),
        ("WebACLArn", "one", "two", REPLACED),
    ),
]
