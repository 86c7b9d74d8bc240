"""A review against what runs on MiniStack: a CloudFormation that others wrote finds the drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.live.history import Records
from ecs_blocks.deploy.live.reading import Reading
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import Local
from ecs_blocks.deploy.records.shelf import Folder
from ecs_blocks.deploy.records.store import RecordStore
from ecs_blocks.review.judging import review_pair
from tests.deploy.imitations.hasty import HastyClock, deploy, new_account
from tests.deploy.live.stage import sentences
from tests.deploy.stage import Person, prepared
from tests.fake_aws.ids import REGION
from tests.ministack.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.ministack, pytest.mark.slow]


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with running() as server:
        yield LocalAws(Local(server.port, 0, ""), new_account(), REGION, clock=HastyClock())


def test_the_words_of_a_deploy_and_of_a_review_are_the_same(aws: LocalAws, tmp_path: Path) -> None:
    person = Person()
    deploy(aws, "one")
    deploy(aws, "two", person=person)
    sns = aws.client("sns")
    [topic] = [one["TopicArn"] for one in sns.list_topics()["Topics"]]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="by hand")
    reading = Reading(
        aws=aws,
        target=prepared("three").target,
        records=Records(store=RecordStore(Folder(tmp_path))),
        say=person.say,
        detects=True,
    )

    review = review_pair(reading.pair())

    assert [one.text for one in person.plans[0].consequences] == ["Topic: DisplayName one → two"]
    assert "notice: Topic: DisplayName two → three" in sentences(review)
    assert "notice: Topic was changed by hand, and this deploy overwrites it" in sentences(review)
    assert ("DisplayName: two → by hand",) in [one.details for one in review.consequences]
    assert any("ended as UPDATE_COMPLETE" in one for one in review.facts)
