"""Make one thing of an account in the imitation, with the id that it is asked for by.

Each is left as it is where it exists.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.account_setup import is_there
from ecs_blocks.deploy.calls import ERRORS, asked, code_of, explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ecs_blocks.deploy.account_setup import ServiceRole
    from ecs_blocks.deploy.aws import Aws

TAG: Final = "ecs-blocks:id"
"""By this tag the imitation is told which id to give."""
SECRET: Final = "local"  # noqa: S105 - what is given in the place of a secret
DEFAULT_VPC: Final = "vpc-00000001"
"""MiniStack's own, which is there from the start."""


def make_network(aws: Aws, vpcs: Sequence[str], subnets: Iterable[Sequence[str]]) -> None:
    """VPCs, and subnets in the first: those that are used together in several zones."""
    client = aws.client("ec2")
    known = {one["VpcId"] for one in asked("reading VPCs", client.describe_vpcs)["Vpcs"]}
    for number, vpc in enumerate(vpcs):
        if vpc not in known:
            asked(
                f"making the VPC {vpc}",
                client.create_vpc,
                CidrBlock=f"10.{number}.0.0/16",
                TagSpecifications=[_tagged("vpc", vpc)],
            )
    zones = [
        one["ZoneName"]
        for one in asked("reading zones", client.describe_availability_zones)["AvailabilityZones"]
    ]
    there = {s["SubnetId"] for s in asked("reading subnets", client.describe_subnets)["Subnets"]}
    count = len(there)
    for together in subnets:
        for number, subnet in enumerate(together):
            if subnet in there:
                continue
            there.add(subnet)
            count += 1
            asked(
                f"making the subnet {subnet}",
                client.create_subnet,
                VpcId=vpcs[0] if vpcs else DEFAULT_VPC,
                CidrBlock=f"10.0.{count % 256}.0/24",
                AvailabilityZone=zones[number % len(zones)],
                TagSpecifications=[_tagged("subnet", subnet)],
            )


def _tagged(kind: str, own_id: str) -> dict[str, Any]:
    return {"ResourceType": kind, "Tags": [{"Key": TAG, "Value": own_id}]}


def make_security_group(aws: Aws, name: str, vpc: str) -> str:
    """A security group of that name in *vpc*; its id."""
    made = asked(
        f"making the security group {name}",
        aws.client("ec2").create_security_group,
        GroupName=name,
        Description="stands in for one that is looked up by its tags",
        VpcId=vpc,
    )
    return str(made["GroupId"])


def make_tags(aws: Aws, ids: Sequence[str], tags: Mapping[str, str]) -> None:
    """Tags, in the place of those of the same key."""
    asked(
        f"tagging {', '.join(ids)}",
        aws.client("ec2").create_tags,
        Resources=list(ids),
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def _made(doing: str, there: str, call: Callable[..., object], **arguments: Any) -> None:
    """Call what makes something; the code *there* says that another process was first.

    Raises:
        DeployError: for every other error.
    """
    try:
        call(**arguments)
    except ERRORS as error:
        if code_of(error) != there:
            raise explained(error, doing) from error


def make_service_role(aws: Aws, role: ServiceRole) -> None:
    """A service-linked role. Of CreateServiceLinkedRole, MiniStack makes one of another name."""
    if not is_there(aws, role):
        trust = {"Effect": "Allow", "Principal": {"Service": role.service}}
        statement = trust | {"Action": "sts:AssumeRole"}
        _made(
            f"making the role {role.name}",
            "EntityAlreadyExists",
            aws.client("iam").create_role,
            RoleName=role.name,
            Path=f"/aws-service-role/{role.service}/",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
        )


def make_zone(aws: Aws, zone_id: str, name: str) -> None:
    """A hosted zone."""
    client = aws.client("route53")
    try:
        client.get_hosted_zone(Id=zone_id)
    except client.exceptions.NoSuchHostedZone:
        _made(
            f"making the hosted zone {name}",
            "HostedZoneAlreadyExists",
            client.create_hosted_zone,
            Name=name,
            CallerReference=zone_id,
        )


def make_certificate(aws: Aws, arn: str, names: Sequence[str]) -> None:
    """A certificate that is issued, for *names* and all below them."""
    client = aws.client("acm")
    try:
        client.describe_certificate(CertificateArn=arn)
    except client.exceptions.ResourceNotFoundException:
        every = [name for own in names or ["example.com"] for name in (own, f"*.{own}")]
        asked(
            f"making the certificate {arn}",
            client.request_certificate,
            DomainName=every[0],
            SubjectAlternativeNames=every,
            IdempotencyToken=uuid.UUID(arn.rpartition("/")[2]).hex,
        )


def make_key(aws: Aws, arn: str) -> None:
    """A KMS key."""
    client = aws.client("kms")
    try:
        client.describe_key(KeyId=arn)
    except client.exceptions.NotFoundException:
        tags = [{"TagKey": TAG, "TagValue": arn.rpartition("/")[2]}]
        asked(f"making the key {arn}", client.create_key, Tags=tags)


def make_topic(aws: Aws, name: str) -> None:
    """An SNS topic."""
    asked(f"making the topic {name}", aws.client("sns").create_topic, Name=name)


def make_bucket(aws: Aws, name: str) -> None:
    """A bucket."""
    client = aws.client("s3")
    buckets = asked("reading buckets", client.list_buckets)["Buckets"]
    if name not in {one["Name"] for one in buckets}:
        place = {"LocationConstraint": aws.region}
        only = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": place}
        asked(f"making the bucket {name}", client.create_bucket, Bucket=name, **only)


def make_cluster(aws: Aws, name: str) -> None:
    """A cluster for tasks on Fargate; in the imitation, tasks for instances run there too."""
    client = aws.client("ecs")
    found = asked(f"reading the cluster {name}", client.describe_clusters, clusters=[name])
    if not any(one["status"] == "ACTIVE" for one in found["clusters"]):
        asked(
            f"making the cluster {name}",
            client.create_cluster,
            clusterName=name,
            capacityProviders=["FARGATE", "FARGATE_SPOT"],
        )


def make_secret(aws: Aws, arn: str, keys: Sequence[str]) -> None:
    """A secret, whose value is ``local``, or JSON with that under each of *keys*."""
    client = aws.client("secretsmanager", arn.split(":")[3])
    try:
        client.describe_secret(SecretId=arn)
    except client.exceptions.ResourceNotFoundException:
        name, dash, end = arn.partition(":secret:")[2].rpartition("-")
        is_whole = bool(dash) and len(end) == 6
        value = json.dumps(dict.fromkeys(keys, SECRET)) if keys else SECRET
        asked(
            f"making the secret {arn}",
            client.create_secret,
            Name=name if is_whole else arn.partition(":secret:")[2],
            SecretString=value,
            Tags=[{"Key": TAG, "Value": end}] if is_whole else [],
        )


def make_parameter(aws: Aws, name: str, value: str, kind: str) -> bool:
    """An SSM parameter of *kind* (``String``, ``SecureString``); whether it was not there."""
    client = aws.client("ssm")
    try:
        client.put_parameter(Name=name, Value=value, Type=kind)
    except client.exceptions.ParameterAlreadyExists:
        return False
    return True
