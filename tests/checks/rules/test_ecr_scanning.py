"""EB203. Regression: ecr-no-scan."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.ecr_scanning import CHECK
from tests.checks.helpers import resource, verdict

PATH = "Images.ImageScanningConfiguration.ScanOnPush"


def repository(scan: Any = None, **others: Any) -> dict[str, Any]:
    properties: dict[str, Any] = {"RepositoryName": "app/web"}
    if scan is not None:
        properties["ImageScanningConfiguration"] = {"ScanOnPush": scan}
    return {"Images": resource("AWS::ECR::Repository", **properties), **others}


def registry(pattern: str, frequency: str = "SCAN_ON_PUSH") -> dict[str, Any]:
    rule = {
        "ScanFrequency": frequency,
        "RepositoryFilters": [{"Filter": pattern, "FilterType": "WILDCARD"}],
    }
    return resource("AWS::ECR::RegistryScanningConfiguration", ScanType="BASIC", Rules=[rule])


GOOD = [
    pytest.param(repository(scan=True), id="on push"),
    pytest.param(repository(scan="true"), id="as text"),
    pytest.param(repository(Registry=registry("*")), id="whole registry"),
    pytest.param(repository(Registry=registry("app/*", "CONTINUOUS_SCAN")), id="by pattern"),
    pytest.param(repository(scan=False, Registry=registry("app/web")), id="by name"),
]
BAD = [
    pytest.param(repository(), [PATH], id="left out"),
    pytest.param(repository(scan=False), [PATH], id="off"),
    pytest.param(repository(Registry=registry("other/*")), [PATH], id="a rule for others"),
    pytest.param(repository(Registry=registry("*", "MANUAL")), [PATH], id="only on demand"),
]
UNKNOWN = [pytest.param(repository(scan={"Ref": "Scan"}), [PATH], id="ref")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
