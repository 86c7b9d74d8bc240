"""The types that MiniStack lacks and that we add: once it knows one, ours has to go.

What an added type cannot show stands in ``docs/explanation/what-is-not-proven.md``.
"""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError

from tests.ministack.server import ROOT, install

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ministack.server import MiniStack

pytestmark = pytest.mark.ministack

PAGE: Final = ROOT / "docs" / "explanation" / "what-is-not-proven.md"
KINDS: Final = """
import json
from ministack.services.cloudformation import provisioners
print(json.dumps(sorted(provisioners._RESOURCE_HANDLERS)))
"""
ADDED: Final = {
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ECS::CapacityProvider",
    "AWS::ECS::ClusterCapacityProviderAssociations",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    "AWS::Logs::QueryDefinition",
    "AWS::Route53::RecordSetGroup",
    "AWS::WAFv2::WebACLAssociation",
}
"""Every type of ours that MiniStack has none of; the others replace or mend its own."""


def known(python: Path) -> set[str]:
    """The types that MiniStack knows by itself."""
    done = subprocess.run([python, "-c", KINDS], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.fixture(scope="module")
def own() -> set[str]:
    return known(install())


def test_ministack_still_lacks_every_type_that_is_added(own: set[str]) -> None:
    assert own & ADDED == set(), "MiniStack has it now: take ours away, and look at what differs"


def test_page_names_every_type_that_is_added() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert {kind for kind in ADDED if f"`{kind.removeprefix('AWS::')}`" not in text} == set()


def test_nothing_else_is_added(own: set[str]) -> None:
    """Read from the launcher's files, as they need MiniStack's Python to be imported."""
    folder = ROOT / "ecs_blocks" / "deploy" / "local" / "ministack"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    handled = set(re.findall(r'handles\(\s*f?"(AWS::[^"]+)"', text))
    in_a_loop = {"AWS::EC2::SecurityGroup{_type}"}

    assert in_a_loop < handled
    assert handled - own - in_a_loop == {one for one in ADDED if "SecurityGroup" not in one}


def test_api_of_a_listener_s_further_certificates_is_still_missing(server: MiniStack) -> None:
    """Once there is one, ask it what came of the block ListenerCertificates."""
    client = server.client("elbv2", "111122223333", "ap-northeast-1")

    with pytest.raises(ClientError, match="Unknown ELBv2 action"):
        client.describe_listener_certificates(ListenerArn="arn")
