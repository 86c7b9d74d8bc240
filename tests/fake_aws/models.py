"""AWS's service models, as botocore has them: what a request and an answer may hold."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from botocore.loaders import Loader
from botocore.model import ServiceModel

LOADER: Final = Loader()
"""Shared by every session of the tests: reading the models is most of what a client costs."""

_BY_SIGNING_NAME: Final = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
}


@cache
def model(service: str) -> ServiceModel:
    """The model of a service by botocore's name."""
    return ServiceModel(LOADER.load_service_model(service, "service-2"), service)


def service_of(signing_name: str) -> str:
    """botocore's name of the service that a request is signed for."""
    return _BY_SIGNING_NAME.get(signing_name, signing_name)


@cache
def json_operations(service: str) -> dict[str, Any]:
    """The operations of a service by name."""
    return {name: model(service).operation_model(name) for name in model(service).operation_names}
