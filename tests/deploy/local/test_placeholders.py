"""What is not an image of the user's own, and what is not AWS's word, is said or put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.cloudformation.change_set_answer import wait
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.local.registry import is_placeholder, refuse_stand_in, stand_ins
from ecs_blocks.deploy.lookups import resolve
from tests.deploy.local.stage import aws_of, deployed, prepared, target

if TYPE_CHECKING:
    from ecs_blocks.deploy.local.clients import LocalAws
    from ecs_blocks.deploy.local.process import Local

pytestmark = pytest.mark.ministack

IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge-image"


@pytest.fixture(scope="module")
def aws(local: Local) -> LocalAws:
    """The account of dev, in which the cluster's stack and hoge's are."""
    aws = aws_of(local)
    deployed(aws, target("cluster"))
    assert deployed(aws, target("hoge", ImageTag="1.2.3"))["StackStatus"] == "CREATE_COMPLETE"
    return aws


def test_a_tag_that_was_never_built_is_said_each_time(aws: LocalAws) -> None:
    made, _ = prepared(aws, target("hoge", ImageTag="1.2.3"))
    found = resolve(aws, made.place, made.rendered)
    [said] = stand_ins(aws, found.images)

    assert said == (
        f"{IMAGE}:1.2.3 was never built on this machine: a placeholder stands in its place; start "
        "Docker and this local AWS anew, build it, and deploy again: docker build -t "
        f"{IMAGE}:1.2.3 ."
    )


def test_what_is_kept_running_is_known_by_its_digest(aws: LocalAws) -> None:
    made, _ = prepared(aws, target("hoge"))
    found = resolve(aws, made.place, made.rendered)
    [image] = found.images

    assert image.runs.startswith(f"{IMAGE}@sha256:")
    assert is_placeholder(aws.local, image.runs)
    assert not is_placeholder(aws.local, f"{IMAGE}:another")
    assert not is_placeholder(aws.local, "public.ecr.aws/nginx:1")


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (f"{IMAGE}:1.2.3", f"{IMAGE}:1.2.3 was never built on this machine"),
        ("public.ecr.aws/nginx:1", "without Docker tasks are only recorded"),
    ],
)
def test_nothing_is_run_where_nothing_would_ever_end(aws: LocalAws, image: str, why: str) -> None:
    with pytest.raises(DeployError, match=why) as error:
        refuse_stand_in(aws, image, "hoge-dev: app")

    assert error.value.hint.startswith("start Docker and this local AWS anew")


def test_without_the_cluster_only_the_cluster_is_missing(local: Local) -> None:
    other = aws_of(local, "prod")
    made, said = prepared(other, target("hoge", "prod", ImageTag="9.9.9"))
    with pytest.raises(DeployError) as error:
        resolve(other, made.place, made.rendered)

    assert said == []
    assert error.value.message.splitlines()[1:] == [
        "  AccessLogBucket, AlarmTopicArn, KeyArn: the stack cluster-prod does not exist"
    ]
    assert error.value.hint == "deploy cluster first: ecs-blocks deploy cluster --env prod"


def test_a_change_of_one_word_replaces_nothing_but_the_revision(aws: LocalAws) -> None:
    made, _ = prepared(aws, target("hoge", ImageTag="1.2.3", JavaOpts="-Xmx1g"))
    content = made.content(resolve(aws, made.place, made.rendered).values)
    made_set = aws.client("cloudformation").create_change_set(
        StackName=made.stack_name,
        ChangeSetName="one-word",
        TemplateBody=content.template,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": str(value)}
            for key, value in content.parameters.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    found = wait(aws, made.stack_name, made_set["Id"], print)
    kinds = {one.logical_id: (one.replacement, one.follows) for one in found.changes}

    assert [one for one in found.changes if not one.is_calm] == []
    assert kinds["HogeTaskDefinition"] == ("True", ())
    assert kinds["HogeService"] == ("False", ())
    assert kinds["HogeScalableTarget"] == ("False", ("HogeService.Name",))


def test_a_service_has_as_many_tasks_as_its_minimum_says(aws: LocalAws) -> None:
    wanted = target("hoge", ImageTag="1.2.3", ServiceDesiredCount="2", ServiceMaxCount="3")
    assert deployed(aws, wanted)["StackStatus"] == "UPDATE_COMPLETE"
    [arn] = aws.client("ecs").list_services(cluster="dev-default")["serviceArns"]
    [service] = aws.client("ecs").describe_services(cluster="dev-default", services=[arn])[
        "services"
    ]

    assert service["desiredCount"] == 2
