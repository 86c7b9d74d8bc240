"""EB103. Regression: no-exec-config."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.exec_logging import CHECK
from tests.checks.helpers import resource, verdict

BASE = "Cluster.Configuration.ExecuteCommandConfiguration"


def cluster(**exec_configuration: Any) -> dict[str, Any]:
    configuration = {"ExecuteCommandConfiguration": exec_configuration}
    return {"Cluster": resource("AWS::ECS::Cluster", Configuration=configuration)}


GOOD = [
    pytest.param(
        cluster(Logging="OVERRIDE", LogConfiguration={"CloudWatchLogGroupName": "exec"}),
        id="log group",
    ),
    pytest.param(
        cluster(Logging="OVERRIDE", LogConfiguration={"S3BucketName": {"Ref": "Bucket"}}),
        id="bucket by reference",
    ),
]
BAD = [
    pytest.param({"Cluster": {"Type": "AWS::ECS::Cluster"}}, [BASE], id="left out"),
    pytest.param(cluster(), [BASE], id="empty"),
    pytest.param(cluster(KmsKeyId="key"), [f"{BASE}.Logging"], id="only a key"),
    pytest.param(cluster(Logging="DEFAULT"), [f"{BASE}.Logging"], id="default"),
    pytest.param(cluster(Logging="NONE"), [f"{BASE}.Logging"], id="none"),
    pytest.param(
        cluster(Logging="OVERRIDE"), [f"{BASE}.LogConfiguration"], id="override without destination"
    ),
    pytest.param(
        cluster(Logging="OVERRIDE", LogConfiguration={"S3KeyPrefix": "exec"}),
        [f"{BASE}.LogConfiguration"],
        id="a prefix of no bucket",
    ),
]
UNKNOWN = [
    pytest.param(cluster(Logging={"Ref": "Logging"}), [f"{BASE}.Logging"], id="logging"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
