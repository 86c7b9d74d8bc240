"""What is not an image of the user's own, and what is not AWS's word, is said or put right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.cloudformation.change_set_answer import wait
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.image import reference_of
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.oci import stand_in
from ecs_blocks.deploy.local.registry import (
    NeededImage,
    _push,
    buildable,
    ensure,
    is_placeholder,
    refuse_stand_in,
    stand_ins,
)
from ecs_blocks.deploy.lookups import resolve
from ecs_blocks.deploy.preflight import names
from ecs_blocks.deploy.preflight.subject import Subject
from tests.deploy.local.stage import REGION, aws_of, deployed, prepared, target

if TYPE_CHECKING:
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


def test_it_is_known_by_its_digest_and_built_by_its_tag(aws: LocalAws) -> None:
    made, _ = prepared(aws, target("hoge"))
    found = resolve(aws, made.place, made.rendered)
    [image] = found.images
    digest = image.runs.partition("@")[2]

    assert image.runs == f"{IMAGE}@{digest}"
    assert is_placeholder(aws.local, image.runs)
    assert not is_placeholder(aws.local, f"{IMAGE}:another")
    assert not is_placeholder(aws.local, "public.ecr.aws/nginx:1")
    assert buildable(aws.local, image.runs) == f"{IMAGE}:1.2.3"
    assert [one.rpartition(": ")[2] for one in stand_ins(aws, found.images)] == [
        f"docker build -t {IMAGE}:1.2.3 ."
    ]


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


def test_a_stack_makes_the_repository_that_was_there_for_an_image(local: Local) -> None:
    """In AWS nobody had made it; and what it holds goes on running."""
    aws = LocalAws(local, "777777777777", REGION)
    shop = NeededImage(f"777777777777.dkr.ecr.{REGION}.amazonaws.com/shop:9", 80)
    assert ensure(local, shop, print)
    template = {
        "Resources": {
            "Shop": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "shop"}}
        }
    }
    subject = Subject(
        environment="dev",
        account_id="777777777777",
        stack_name="registry-dev",
        template=template,
        resources={},
        images=(),
    )
    before = list(names.check(aws, subject))
    aws.client("cloudformation").create_stack(
        StackName="registry-dev", TemplateBody=json.dumps(template)
    )
    while not (after := list(names.check(aws, subject))):
        aws.clock.sleep(0.05)

    assert before == []
    assert [str(one) for one in after] == [
        "Shop: there is a repository shop already, outside this stack"
    ]
    assert is_placeholder(local, shop.uri)
    assert aws.client("ecr").describe_repositories()["repositories"]


def test_a_placeholder_whose_tag_is_another_image_s_is_built_by_the_usual_one(local: Local) -> None:
    uri = f"777777777777.dkr.ecr.{REGION}.amazonaws.com/moved:9"
    reference = reference_of(uri)
    assert reference is not None
    ensure(local, NeededImage(uri, 80), print)
    [found] = (
        LocalAws(local, "777777777777", REGION)
        .client("ecr")
        .describe_images(repositoryName="moved", imageIds=[{"imageTag": "9"}])["imageDetails"]
    )
    _push(local, reference, stand_in("sha256:built", "amd64"))

    assert buildable(local, f"{reference.url}@{found['imageDigest']}") == f"{reference.url}:local"


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
