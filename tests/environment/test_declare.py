"""Declaring fields: what a field is in YAML, in the template, and what cannot be declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import Lookup
from ecs_blocks.errors import BlockError, TokenError
from ecs_blocks.parameter_types import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable


class Base(eb.Environment):
    one: eb.Param[int] = eb.param(default=1, ge=1, le=9, help="how many")
    two_words: eb.Param[str]
    number: eb.Param[float] = eb.param(ge=0.5)
    flag: eb.Param[bool] = eb.param(default=True)
    colour: eb.Param[Literal["blue", "green"]] = eb.param(default="blue", help="which")
    sizes: eb.Param[int] = eb.param(default=1, choices=(1, 2))
    code: eb.Param[str] = eb.param(pattern="a|b")
    maybe: eb.Param[eb.AccountId] = eb.param(default=eb.AccountId(""))
    zone: eb.Param[eb.HostedZoneId]
    domain: eb.Param[eb.DomainName]
    subnets: eb.Param[list[eb.SubnetId]] = eb.param(min_items=2)
    names: eb.Param[list[str]]
    ami: eb.Param[eb.ImageIdParameter]
    extra: eb.Shape[bool] = eb.shape(default=False)


class Child(Base):
    """One more field, and another default of an inherited one."""

    three: eb.Param[str] = eb.param(default="x")
    one: eb.Param[int] = eb.param(default=2)


def declared(name: str) -> dict[str, Any]:
    return fields_of(Base)[name].declaration()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one", {"Type": "Number", "Description": "how many", "MinValue": 1, "MaxValue": 9}),
        ("two_words", {"Type": "String"}),
        ("number", {"Type": "Number", "MinValue": 0.5}),
        ("flag", {"Type": "String", "AllowedValues": ["true", "false"]}),
        (
            "colour",
            {"Type": "String", "Description": "which", "AllowedValues": ["blue", "green"]},
        ),
        ("sizes", {"Type": "Number", "AllowedValues": [1, 2]}),
        (
            "code",
            {
                "Type": "String",
                "AllowedPattern": "^(?:a|b)$",
                "ConstraintDescription": "has to be text",
            },
        ),
        (
            "maybe",
            {
                "Type": "String",
                "AllowedPattern": "^(?:[0-9]{12}|)$",
                "ConstraintDescription": "has to be an account id, like 123456789012",
            },
        ),
        ("zone", {"Type": "AWS::Route53::HostedZone::Id"}),
        ("subnets", {"Type": "List<AWS::EC2::Subnet::Id>"}),
        ("names", {"Type": "CommaDelimitedList"}),
        ("ami", {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}),
    ],
)
def test_a_field_is_declared_in_the_template(name: str, expected: dict[str, Any]) -> None:
    assert declared(name) == expected


def test_a_form_that_aws_does_not_check_stands_in_the_template_with_an_example() -> None:
    domain = declared("domain")

    assert domain["AllowedPattern"].startswith("^(?:")
    assert domain["ConstraintDescription"] == (
        "has to be a domain name in lower case without a final dot, like example.com"
    )


def test_no_parameter_has_a_default() -> None:
    found = [name for name, field in fields_of(Base).items() if "Default" in field.declaration()]

    assert found == []


def test_the_fields_of_a_base_come_first_and_a_child_may_declare_one_anew() -> None:
    fields = fields_of(Child)
    own = list(fields_of(Base))

    assert own[:3] == ["account_id", "region", "one"]
    assert list(fields) == [*own, "three"]
    assert (fields["one"].spec.default, fields_of(Base)["one"].spec.default) == (2, 1)


def test_keys_are_written_as_cloudformation_writes_them() -> None:
    assert [field.key for field in fields_of(Base).values()] == [
        *("AccountId", "Region", "One", "TwoWords", "Number", "Flag", "Colour", "Sizes", "Code"),
        *("Maybe", "Zone", "Domain", "Subnets", "Names", "Ami", "Extra"),
    ]


def test_a_field_without_a_default_is_required() -> None:
    required = {name for name, field in fields_of(Base).items() if field.required}

    assert required == {
        *("account_id", "region", "two_words", "number", "code"),
        *("zone", "domain", "subnets", "names", "ami"),
    }


def test_what_the_account_and_the_region_are_is_asked_of_cloudformation() -> None:
    fields = fields_of(Base)
    tokens = [fields[name].token().to_dict() for name in ("account_id", "region", "one")]

    assert tokens == [{"Ref": "AWS::AccountId"}, {"Ref": "AWS::Region"}, {"Ref": "One"}]


def test_an_instance_gives_its_values_and_cannot_be_changed() -> None:
    env = Base(app="hoge", images=("a/b",), values={"one": 3, "extra": True})

    assert (env.one, env.extra, env.app, env.images) == (3, True, "hoge", ("a/b",))
    with pytest.raises(BlockError, match=r"^one is set in environment\.yaml, not by the script$"):
        env.one = 4


def test_a_class_gives_its_declarations() -> None:
    assert isinstance(Base.one, eb.Param)
    assert isinstance(Base.extra, eb.Shape)


def twice() -> None:
    class Twice(eb.Environment):
        a_b: eb.Param[str]
        aB: eb.Param[str]  # noqa: N815 - what is refused


def same_key() -> None:
    class SameKey(eb.Environment):
        a1_b: eb.Param[str]
        region_: eb.Param[str]


def two_ways() -> None:
    class TwoWays(eb.Environment):
        ab1: eb.Param[str]
        ab_1: eb.Param[str]


def reserved() -> None:
    class Reserved(eb.Environment):
        images: eb.Param[str]  # type: ignore[assignment]  # what is refused


def wrong_type() -> None:
    class WrongType(eb.Environment):
        when: eb.Param[dict[str, str]]


def not_annotated() -> None:
    class NotAnnotated(eb.Environment):
        what = eb.param(default="x")


def wrong_kind() -> None:
    class WrongKind(eb.Environment):
        what: eb.Param[bool] = eb.shape(default=True)  # type: ignore[assignment]  # refused


def plain_value() -> None:
    class PlainValue(eb.Environment):
        what: eb.Param[int] = 3  # type: ignore[assignment]  # refused


def no_param() -> None:
    class NoParam(eb.Environment):
        counted: ClassVar[int] = 1
        what: str = "x"


def another_type() -> None:
    class AnotherType(eb.Environment):
        what: eb.Param[str] = eb.param(default=5)  # type: ignore[arg-type]  # refused


def a_number_for_yes() -> None:
    class Yes(eb.Environment):
        what: eb.Shape[bool] = eb.shape(default=1)  # type: ignore[arg-type]  # refused


def a_list_of_numbers() -> None:
    class Numbers(eb.Environment):
        what: eb.Param[list[str]] = eb.param(default=["a", 1])  # type: ignore[list-item]  # refused


def a_method_for_a_value() -> None:
    class Counted(eb.FargateWebServiceEnvironment):
        def service_max_count(self) -> int:  # type: ignore[override]
            return 5


def a_value_for_a_method() -> None:
    class Roled(eb.WebServiceEnvironment):
        roles: eb.Param[str]  # type: ignore[assignment]  # refused


def a_property_for_a_method() -> None:
    class Waiting(eb.WebServiceEnvironment):
        @property
        def cooldowns(self) -> eb.Cooldowns:  # type: ignore[override]  # refused
            return eb.Cooldowns()


def a_plain_value_for_a_method() -> None:
    class Public(eb.WebServiceEnvironment):
        addresses: eb.Addresses = eb.Addresses()  # type: ignore[assignment]  # refused


def a_value_beside_a_method() -> None:
    class Timed(eb.Environment):
        schedule: eb.Param[str]

    class Clocked(Timed, eb.WebServiceEnvironment):  # type: ignore[misc]  # refused
        pass


def same_as_nothing() -> None:
    class SameAsNothing(eb.Environment):
        what: eb.Param[int] = eb.param(default=eb.same_as("nowhere"))


def made_of_nothing() -> None:
    class MadeOfNothing(eb.Environment):
        what: eb.Param[str] = eb.computed(lambda _: "x", of=("nowhere",))


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (twice, "aB: a field is written in snake_case, like task_max_memory"),
        (same_key, "region_: a field is written in snake_case, like task_max_memory"),
        (two_ways, "TwoWays.ab_1 and TwoWays.ab1 both give the key Ab1"),
        (reserved, "Reserved.images: the name is taken; choose another"),
        (
            not_annotated,
            "NotAnnotated.what: annotate it: what: eb.Param[str] = \u2026",
        ),
        (
            wrong_kind,
            "WrongKind.what: a Param is declared with param(...), not with "
            "<ecs_blocks.environment.declare.Shape object at ",
        ),
        (plain_value, "PlainValue.what: a Param is declared with param(...), not with 3"),
        (
            no_param,
            "NoParam.what: what environment.yaml may set is written what: eb.Param[str] = "
            "eb.param(\u2026), not what: str",
        ),
        (another_type, "AnotherType.what: the default 5 is not text"),
        (a_number_for_yes, "Yes.what: the default 1 is not true or false"),
        (a_list_of_numbers, "Numbers.what: the default ['a', 1] is not a list of text"),
        (
            a_method_for_a_value,
            "Counted.service_max_count is a value of environment.yaml and no method; write "
            "service_max_count: eb.Param[\u2026] = eb.param(default=\u2026)",
        ),
        (
            a_value_for_a_method,
            "Roled.roles has to be a method, as TaskEnvironment has it: def roles(self); name a "
            "value of environment.yaml otherwise",
        ),
        (
            a_property_for_a_method,
            "Waiting.cooldowns has to be a method, as CountedEnvironment has it: def cooldowns",
        ),
        (
            a_plain_value_for_a_method,
            "Public.addresses has to be a method, as VpcTaskEnvironment has it: def addresses",
        ),
        (
            a_value_beside_a_method,
            "Clocked.schedule has to be a method, as CountedEnvironment has it: def schedule",
        ),
        (
            same_as_nothing,
            "SameAsNothing.what is made from nowhere, which is not declared",
        ),
        (
            made_of_nothing,
            "MadeOfNothing.what is made from nowhere, which is not declared",
        ),
        (wrong_type, "WrongType.when: dict[str, str] cannot be a value; there are: AccountId, "),
    ],
)
def test_what_cannot_be_declared_is_refused(declare: Callable[[], None], message: str) -> None:
    with pytest.raises(BlockError) as refused:
        declare()

    assert str(refused.value).startswith(message)


def test_a_name_that_only_a_type_checker_knows_is_refused() -> None:
    source = (
        "from __future__ import annotations\n"
        "import ecs_blocks as eb\n"
        "class Late(eb.Environment):\n"
        "    when: eb.Param[Elsewhere]\n"
    )
    with pytest.raises(BlockError) as refused:
        exec(compile(source, "late.py", "exec"), {"__name__": __name__})

    assert str(refused.value) == (
        "Late: Elsewhere in an annotation is not known when the class is made; import it outside "
        "of TYPE_CHECKING"
    )


def test_a_computed_value_is_made_of_the_others() -> None:
    class Computed(eb.Environment):
        first: eb.Param[str]
        both: eb.Param[str] = eb.computed(lambda values: f"{values['first']}!", of=("first",))

    field = fields_of(Computed)["both"]

    assert (field.settable, field.required) == (False, False)
    assert field.spec.compute is not None
    assert field.spec.compute({"first": "a"}) == "a!"


def test_a_lookup_says_how_and_with_what() -> None:
    assert Lookup("Ssm", (("Name", "/a"),)).to_json() == {"Ssm": {"Name": "/a"}}


def test_every_scalar_that_is_text_may_be_a_list() -> None:
    scalars = [kind for kind, row in TYPES.items() if row.scalar is str and not row.many]
    lists = [row for row in TYPES.values() if row.many]

    assert len(lists) == len(scalars) - 1  # an SSM parameter's name stands for one AMI


def test_a_token_is_what_a_field_is_while_the_template_is_made() -> None:
    env = Base(app="hoge", images=(), values={"one": fields_of(Base)["one"].token()})

    with pytest.raises(TokenError, match=r"^One is known only when CloudFormation runs"):
        bool(env.one)
