"""EB107. Regression: lt-ebs-plain, lt-no-bdm."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.instance_disk_encryption import CHECK
from tests.checks.helpers import resource, verdict

BASE = "Template.LaunchTemplateData.BlockDeviceMappings"


def launch_template(*mappings: Any) -> dict[str, Any]:
    data = {"BlockDeviceMappings": list(mappings)} if mappings else {}
    return {"Template": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)}


def disk(**ebs: Any) -> dict[str, Any]:
    return {"DeviceName": "/dev/xvda", "Ebs": ebs}


GOOD = [
    pytest.param(launch_template(disk(Encrypted=True, VolumeType="gp3")), id="encrypted"),
    pytest.param(launch_template(disk(Encrypted="true")), id="as text"),
    pytest.param(launch_template(disk(Encrypted=True, VolumeType="gp2")), id="gp2 is harmless"),
    pytest.param(
        launch_template(
            disk(Encrypted=True), {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}
        ),
        id="instance store",
    ),
    pytest.param(
        launch_template(disk(Encrypted=True), {"DeviceName": "/dev/sdb", "NoDevice": ""}),
        id="device left out",
    ),
]
BAD = [
    pytest.param(launch_template(), [BASE], id="no mappings"),
    pytest.param({"Template": {"Type": "AWS::EC2::LaunchTemplate"}}, [BASE], id="no data"),
    pytest.param(launch_template(disk()), [f"{BASE}.0.Ebs.Encrypted"], id="not said"),
    pytest.param(launch_template(disk(Encrypted=False)), [f"{BASE}.0.Ebs.Encrypted"], id="false"),
    pytest.param(
        launch_template(disk(Encrypted=True), disk(Encrypted="false")),
        [f"{BASE}.1.Ebs.Encrypted"],
        id="second disk",
    ),
]
UNKNOWN = [
    pytest.param(
        launch_template(disk(Encrypted={"Ref": "Encrypt"})), [f"{BASE}.0.Ebs.Encrypted"], id="ref"
    ),
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
