"""The picture as Mermaid's text."""

from __future__ import annotations

import re

import pytest

from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.picture.mermaid import mermaid
from tests.review.large import large
from tests.review.picture.drawn import pair
from tests.review.stacks import body, side

LINE = re.compile(
    r"flowchart TB|  subgraph \w+\[\"[a-z ]+\"\]|  end"
    r"|    n\d+\[\"[^\"\[\]{}<>`|]*(<br/>[^\"\[\]{}<>`|]*)+\"\]"
    r"|  n\d+ --> n\d+|  classDef \w+ [\w:#, -]+|  class \w+(,\w+)* \w+"
)
"""All that may stand in it, by line."""


def written(before: dict[str, object] | None, after: dict[str, object]) -> list[str]:
    """The lines of a picture."""
    both = pair(None if before is None else side(before), side(after))
    return mermaid(both, review_pair(both)).splitlines()


def test_boxes_arrows_and_marks() -> None:
    service = body("ECS::Service", TaskDefinition={"Ref": "Task"}, DesiredCount=1)
    more = body("ECS::Service", TaskDefinition={"Ref": "Task"}, DesiredCount=2)
    task = body("ECS::TaskDefinition", ContainerDefinitions=[{"Name": "app", "Image": "a:1"}])

    assert written(
        {"Service": service, "Task": task},
        {"Service": more, "Task": task, "Queue": body("SQS::Queue")},
    ) == [
        "flowchart TB",
        '  subgraph compute["compute"]',
        '    n0["Service<br/>service<br/>~ changed"]',
        '    n1["app (a:1)<br/>task definition"]',
        "  end",
        '  subgraph data["data"]',
        '    n2["Queue<br/>queue<br/>+ added"]',
        "  end",
        "  n0 --> n1",
        "  classDef default fill:#f6f8fa,stroke:#8c959f,color:#1f2328",
        "  classDef area fill:none,stroke:#8c959f",
        "  class compute,data area",
        "  classDef added fill:#dafbe1,stroke:#1a7f37,stroke-width:2px,color:#0b3d1a",
        "  class n2 added",
        "  classDef changed fill:#fff8c5,stroke:#9a6700,stroke-width:2px,color:#4d3300",
        "  class n0 changed",
    ]


@pytest.mark.parametrize(
    "name",
    [
        'a"]; click n0 href "javascript:alert(1)"',
        "```\n</details><script>alert(1)</script>",
        "end",
        "%%{init: {}}%%",
        "a|b{c}[d]<e>",
        "#quot; &amp; #35;",
        "line\nbreak\r\u2028\x1b[31m",
        "日本語",
    ],
)
def test_no_name_can_be_more_than_a_text(name: str) -> None:
    queue = body("SQS::Queue", QueueName=name)
    lines = written(None, {"Queue": queue})

    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert sum(line.startswith("    n") for line in lines) == 1


def test_a_large_one_is_as_well_formed() -> None:
    review, pairs = large()
    lines = mermaid(pairs[0], review.stacks[0]).splitlines()

    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert len(lines) < 150
