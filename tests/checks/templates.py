"""A hardened template, written by hand, and the values of one environment for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from ecs_blocks.templates.read import read_template
from ecs_blocks.templates.resolve import Values, resolve

PUBLIC: Final = ("subnet-0123456789abcdef0", "subnet-0123456789abcdef1")
PRIVATE: Final = ("subnet-0123456789abcdef2", "subnet-0123456789abcdef3")
PARAMETERS: Final = {
    "VpcId": "vpc-0123456789abcdef0",
    "PublicSubnetIds": ",".join(PUBLIC),
    "PrivateSubnetIds": ",".join(PRIVATE),
    "CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-1",
    "ImageTag": "v1.2.3",
    "InstanceImageId": "ami-0123456789abcdef0",
}
PSEUDO: Final = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "web",
    "AWS::URLSuffix": "amazonaws.com",
}


def with_values(template: dict[str, Any]) -> dict[str, Any]:
    """*template* as one environment gets it."""
    return resolve(template, Values(parameters=PARAMETERS, pseudo=PSEUDO))


CLEAN: Final = read_template(Path(__file__).with_name("clean.yaml"))
