"""Every scenario and golden variant is created, with all of its resources, in every environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ministack.created import groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ministack.created import Account

pytestmark = pytest.mark.ministack

CASES = [
    pytest.param(group.name, environment, id=f"{group.name}-{environment}")
    for group in groups()
    for environment in group.environments
]


@pytest.mark.parametrize(("name", "environment"), CASES)
def test_every_resource_is_created(
    created: Callable[[str, str], Account], name: str, environment: str
) -> None:
    made = created(name, environment)

    for app, target in made.targets.items():
        declared = target.rendered.template["Resources"]
        assert sorted(made.stacks[app].resources) == sorted(declared)
