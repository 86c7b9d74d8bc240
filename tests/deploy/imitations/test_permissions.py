"""The deployer's policy, on a server that refuses what it does not allow.

MiniStack verifies signatures and holds every call against the caller's policies, resources too. It
asks for no right of its own where CloudFormation provisions, nor for ``iam:PassRole``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import pytest
from msgspec import structs

from ecs_blocks.deploy.calls import is_denied
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.local import process
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import Local
from ecs_blocks.deploy.permissions import policy
from tests.deploy.imitations.hasty import FAILING, TAKEN, HastyClock, deploy, new_account
from tests.deploy.stage import STACK, TEMPLATE, Person, place
from tests.deploy.test_service_deploy import TEMPLATE as WITH_SERVICE
from tests.fake_aws.ids import REGION
from tests.ministack.server import MiniStack, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.ending import Outcome

pytestmark = [pytest.mark.ministack, pytest.mark.slow]

USER: Final = "deployer"
NAMED: Final = [{"ParameterKey": "Name", "ParameterValue": "one"}]
NEEDED: Final = (
    *("cloudformation:DescribeStacks", "cloudformation:CreateChangeSet"),
    *("cloudformation:DescribeChangeSet", "cloudformation:ExecuteChangeSet"),
    *("cloudformation:DescribeStackEvents", "cloudformation:ListStackResources"),
    "ecs:DescribeServices",
)
"""Without any of these a deploy with a service cannot be done, or not be proven."""
DENIED: Final[dict[str, Callable[[LocalAws], object]]] = {
    "ecs:ListClusters": lambda aws: aws.client("ecs").list_clusters(),
    "ecs:DeleteCluster": lambda aws: aws.client("ecs").delete_cluster(cluster="default"),
    "ecs:PutAccountSettingDefault": lambda aws: aws.client("ecs").put_account_setting_default(
        name="containerInsights", value="disabled"
    ),
    "cloudformation:CreateStack": lambda aws: aws.client("cloudformation").create_stack(
        StackName="other", TemplateBody="{}"
    ),
    "cloudformation:UpdateStack": lambda aws: aws.client("cloudformation").update_stack(
        StackName="other", TemplateBody="{}"
    ),
    "secretsmanager:GetSecretValue": lambda aws: aws.client("secretsmanager").get_secret_value(
        SecretId="password"
    ),
    "iam:CreateUser": lambda aws: aws.client("iam").create_user(UserName="mine"),
    "sns:CreateTopic": lambda aws: aws.client("sns").create_topic(Name="mine"),
    "s3:ListAllMyBuckets": lambda aws: aws.client("s3").list_buckets(),
}


class UserAws(LocalAws):
    """The clients of a user with an access key of their own."""

    def __init__(self, local: Local, key: tuple[str, str], *, clock: Clock) -> None:
        self._key = key
        super().__init__(local, "", REGION, clock=clock)

    def renew(self) -> None:
        super().renew()
        session = self._session._session
        session.set_credentials(*self._key)
        for operation in ("DescribeChangeSet", "DeleteChangeSet"):
            session.register(f"provide-client-params.cloudformation.{operation}", _of_stack)


def _of_stack(params: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Name the stack too: AWS knows of which one the ARN of a change set is, MiniStack does not."""
    return {"StackName": STACK, **params}


class Account:
    """An account with ECS's own role, a cluster and a deployer."""

    def __init__(self, server: MiniStack) -> None:
        self._local = Local(server.port, 0, "")
        self.id = new_account()
        self.admin = LocalAws(self._local, self.id, REGION, clock=HastyClock())
        self.admin.client("ecs").create_cluster(clusterName="default")
        iam = self.admin.client("iam")
        iam.create_role(RoleName="AWSServiceRoleForECS", AssumeRolePolicyDocument="{}")
        iam.create_user(UserName=USER)
        made = iam.create_access_key(UserName=USER)["AccessKey"]
        self._key = (made["AccessKeyId"], made["SecretAccessKey"])

    def deployer(self, without: str = "") -> LocalAws:
        """Who may do what the policy says, but for one action."""
        document: dict[str, Any] = policy(structs.replace(place(), account_id=self.id), "*-prod")
        for statement in document["Statement"]:
            actions = statement["Action"]
            if isinstance(actions, list):
                statement["Action"] = [one for one in actions if one != without] or ["none:None"]
        self.admin.client("iam").put_user_policy(
            UserName=USER, PolicyName="deploys", PolicyDocument=json.dumps(document)
        )
        return UserAws(self._local, self._key, clock=HastyClock())


@pytest.fixture(scope="module")
def server() -> Iterator[MiniStack]:
    own = process.variables
    strict = mock.patch.object(process, "variables", lambda *at: {**own(*at), "AUTH": "true"})
    with strict, running() as server:
        yield server


@pytest.fixture
def account(server: MiniStack) -> Account:
    return Account(server)


def ended(aws: LocalAws, name: str = "one", template: Any = WITH_SERVICE) -> tuple[Exit, str]:
    """How a deploy ended, and all that it said."""
    person = Person()
    try:
        outcome: Outcome = deploy(aws, name, template, person)
    except DeployError as error:
        return error.code, str(error)
    notes = [one.note for shown in person.snapshots for one in shown.services]
    warnings = [text for plan in person.plans for text in (*plan.facts, *plan.warnings)]
    told = [outcome.sentence, *(one.sentence for one in outcome.verdicts)]
    return outcome.code, "\n".join([*told, *notes, *warnings, *person.said])


def test_the_policy_is_enough(account: Account) -> None:
    """For a create, an update, nothing to do, and a failure with its rollback."""
    aws = account.deployer()
    ends = [ended(aws, "one"), ended(aws, "two"), ended(aws, "two")]
    account.admin.client("ssm").put_parameter(Name=TAKEN, Value="theirs", Type="String")
    failed = ended(aws, "three", FAILING)

    assert [code for code, _ in ends] == [Exit.DONE] * 3, ends
    assert failed[0] is Exit.ROLLED_BACK, failed
    assert "is missing" not in "\n".join(text for _, text in ends)
    assert "not authorized" not in "\n".join(text for _, text in ends)


@pytest.mark.parametrize("action", NEEDED)
def test_without_one_of_its_actions_a_deploy_says_which(account: Account, action: str) -> None:
    code, told = ended(account.deployer(without=action))

    assert code is Exit.CREDENTIALS, told
    assert action in told


@pytest.mark.parametrize("action", DENIED)
def test_it_allows_nothing_that_a_deploy_does_not_do(account: Account, action: str) -> None:
    aws = account.deployer()
    client: Any = aws.client("sts")
    with pytest.raises(client.exceptions.ClientError) as refused:
        DENIED[action](aws)

    assert is_denied(refused.value)


def test_another_environments_stacks_can_be_read_and_not_changed(account: Account) -> None:
    admin: Any = account.admin.client("cloudformation")
    admin.create_stack(StackName="hoge-dev", TemplateBody=json.dumps(TEMPLATE), Parameters=NAMED)
    client: Any = account.deployer().client("cloudformation")
    seen = client.describe_stacks(StackName="hoge-dev")["Stacks"]
    with pytest.raises(client.exceptions.ClientError, match="not authorized"):
        client.delete_stack(StackName="hoge-dev")

    assert [one["StackName"] for one in seen] == ["hoge-dev"]


def test_another_accounts_stacks_are_out_of_reach(server: MiniStack, account: Account) -> None:
    other = Account(server)
    deploy(other.admin, "one")
    aws = account.deployer()
    [stack] = other.admin.client("cloudformation").describe_stacks()["Stacks"]
    client: Any = aws.client("cloudformation")
    with pytest.raises(client.exceptions.ClientError, match="not authorized"):
        client.delete_stack(StackName=stack["StackId"])
