"""What the review knows of resource types is what the official schemas say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import cloudformation_validate as validate
import pytest

from ecs_blocks.review.facts.beside import CONDITIONAL, CREATE_ONLY, UNORDERED
from ecs_blocks.review.facts.types import FILE, facts
from ecs_blocks.review.model import Replacement
from tests.review.facts import from_schemas
from tests.review.verdicts.test_verdicts import ROWS, properties

if TYPE_CHECKING:
    from tests.review.verdicts.row import Row

REWRITE: Final = "run: python -m tests.review.facts"
TYPES: Final = sorted({row.type for row in ROWS})


@pytest.mark.slow
def test_the_file_is_of_the_schemas_that_are_installed() -> None:
    """A newer cfn-lint brings newer schemas: what changes in them for our types has to be read."""
    committed = FILE.read_text(encoding="utf-8")
    if json.loads(committed)["schemaDate"] == from_schemas.schema_date():
        assert committed == from_schemas.text(), REWRITE
    written = json.loads(committed)["types"]
    now = json.loads(from_schemas.text())["types"]

    assert {name: written[name] for name in TYPES} == {name: now[name] for name in TYPES}, REWRITE


def test_every_type_is_known() -> None:
    assert [name for name in TYPES if facts(name) is None] == []
    assert facts("Custom::Thing") is None


SCHEMA: Final[dict[str, Any]] = {
    "properties": {
        "Name": {"type": "string"},
        "Rules": {
            "type": "array",
            "insertionOrder": False,
            "items": {"$ref": "#/definitions/Rule"},
        },
        "Steps": {"type": "array", "items": {"type": "string"}},
        "Arn": {"type": "string"},
    },
    "definitions": {
        "Rule": {
            "properties": {
                "Ports": {"type": "array", "insertionOrder": False, "items": {"type": "string"}},
                "Inner": {"$ref": "#/definitions/Rule"},
            }
        }
    },
    "createOnlyProperties": ["/properties/Name", "/properties/Arn", "/properties/Rules/*/Ports"],
    "conditionalCreateOnlyProperties": ["/properties/Steps"],
    "readOnlyProperties": ["/properties/Arn"],
    "primaryIdentifier": ["/properties/Name"],
    "tagging": {"taggable": True, "tagProperty": "/properties/Tags"},
    "replacementStrategy": "delete_then_create",
}


def test_a_schema_is_read() -> None:
    found = from_schemas.facts_of(SCHEMA)

    assert found.create_only == ("Name", "Rules.*.Ports")
    assert found.conditional == ("Steps",)
    assert found.unordered == ("Rules", "Rules.*.Ports")
    assert found.identifier == ("Name",)
    assert (found.tags, found.delete_first) == ("Tags", True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("Name",), Replacement.YES),
        (("Rules", "*", "Ports"), Replacement.YES),
        (("Rules", "*", "Ports", "*", "Deep"), Replacement.YES),
        (("Rules", "*", "Other"), Replacement.NO),
        (("Rules",), Replacement.NO),
        (("Steps", "*"), Replacement.MAYBE),
        (("NameOf",), Replacement.NO),
    ],
)
def test_a_property_is_found_with_what_is_in_it(
    path: tuple[str, ...], expected: Replacement
) -> None:
    assert from_schemas.facts_of(SCHEMA).on_change(path) is expected


def test_an_identifier_that_aws_makes_is_none() -> None:
    schema = {**SCHEMA, "primaryIdentifier": ["/properties/Arn"]}

    assert from_schemas.facts_of(schema).identifier == ()


@pytest.mark.slow
def test_what_stands_beside_the_schemas_is_not_in_them() -> None:
    """When AWS adds it, it goes from here."""
    plain = from_schemas.all_facts()

    for name, paths in CREATE_ONLY.items():
        assert set(paths).isdisjoint(plain[name].create_only)
    for name, paths in CONDITIONAL.items():
        assert set(paths).isdisjoint((*plain[name].create_only, *plain[name].conditional))
    for name, paths in UNORDERED.items():
        assert set(paths).isdisjoint(plain[name].unordered)


_SAID: Final = re.compile(r"Property '(?P<name>[^']+)' is (?P<how>conditionally )?create-only")


def by_aws(rows: list[Row]) -> dict[str, Replacement]:
    """What AWS's own validator says of the property of each row, by its rule I9001."""
    resources = {
        f"It{place}": {
            "Type": row.type,
            "Properties": properties(row.property, row.before or row.after),
        }
        for place, row in enumerate(rows)
    }
    engine = validate.CompositeEngine(validate.CompositeEngineConfig())
    content = validate.TemplateContent(json.dumps({"Resources": resources}), "template.json")
    found: dict[str, Replacement] = {}
    for one in engine.validate_template(content, validate.ValidateConfig()).diagnostics:
        said = _SAID.match(one.message) if one.rule_id == "I9001" else None
        if said:
            how = Replacement.MAYBE if said["how"] else Replacement.YES
            found[f"{one.entity.logical_id}.{said['name']}"] = how
    return found


def above(path: str) -> list[str]:
    """*path* and what it lies in."""
    steps = path.split(".")
    return [".".join(steps[:count]) for count in range(len(steps), 1, -1)]


@pytest.mark.slow
def test_the_validator_of_aws_says_the_same() -> None:
    """Of every property of the tables; but for what is known beside the schemas."""
    said = by_aws(ROWS)
    other: list[str] = []
    for place, row in enumerate(ROWS):
        known = facts(row.type)
        assert known is not None
        ours = known.on_change(tuple(row.property.split(".")))
        verdicts = [said[one] for one in above(f"It{place}.{row.property}") if one in said]
        theirs = verdicts[0] if verdicts else Replacement.NO
        beside = CREATE_ONLY.get(row.type, ()) + CONDITIONAL.get(row.type, ())
        if ours is not theirs and row.property.partition(".")[0] not in beside:
            other.append(f"{row}: {ours} here, {theirs} there")

    assert len(said) > 80
    assert other == []
