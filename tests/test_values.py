"""Tokens, the text that may hold them, and the one table of what a parameter may be."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from troposphere import encode_to_dict, logs

import ecs_blocks as eb
from ecs_blocks.environment.declare import Environment, fields_of
from ecs_blocks.errors import TokenError
from ecs_blocks.parameter_types import TYPES
from ecs_blocks.values import ImageTag, Token, arn, as_text, known, parameter_value

if TYPE_CHECKING:
    from ecs_blocks.parameter_types import ParameterType

A, B = eb.ref("A"), eb.ref("B")
ARN = eb.get_att(logs.LogGroup("Group"), "Arn")
SELECT: Token[str] = Token({"Fn::Select": [0, {"Ref": "L"}]})


def plain(value: object) -> Any:
    return value.to_dict() if isinstance(value, Token) else value


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], ""),
        (["a", "b"], "ab"),
        (["a", 1, 2.5, "${x}"], "a12.5${x}"),
        ([A], {"Fn::Sub": "${A}"}),
        (["a-", A, "-", B], {"Fn::Sub": "a-${A}-${B}"}),
        ([eb.ref("AWS::Region"), "/x"], {"Fn::Sub": "${AWS::Region}/x"}),
        ([ARN, "/*"], {"Fn::Sub": "${Group.Arn}/*"}),
        (["${x}-$", A], {"Fn::Sub": "${!x}-$${A}"}),
        (["$", A], {"Fn::Sub": "$${A}"}),
        ([eb.text("a", A), "b"], {"Fn::Sub": "a${A}b"}),
        ([eb.text("${", A), B], {"Fn::Sub": "${!${A}${B}"}),
        (["x", SELECT], {"Fn::Sub": ["x${Part1}", {"Part1": plain(SELECT)}]}),
        (
            [SELECT, A, SELECT],
            {
                "Fn::Sub": [
                    "${Part1}${A}${Part2}",
                    {"Part1": plain(SELECT), "Part2": plain(SELECT)},
                ]
            },
        ),
    ],
)
def test_text_and_tokens_are_joined(parts: list[Any], expected: Any) -> None:
    assert plain(eb.text(*parts)) == expected


def test_an_arn_is_of_this_partition_region_and_account() -> None:
    assert plain(arn("ecr", "repository/hoge")) == {
        "Fn::Sub": "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/hoge"
    }
    assert plain(arn("ecr", eb.text("r/", A), account="123456789012")) == {
        "Fn::Sub": "arn:${AWS::Partition}:ecr:${AWS::Region}:123456789012:r/${A}"
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, "true"), (False, "false"), (60, "60"), ("x", "x"), (A, {"Ref": "A"})],
)
def test_where_aws_wants_text_a_value_becomes_text(value: Any, expected: Any) -> None:
    assert plain(as_text(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x", "x"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (512, "512"),
        (1.0, "1"),
        (0.5, "0.5"),
        (1e16, "10000000000000000"),
        (-2.50, "-2.5"),
        (["a", "b"], "a,b"),
        ([], ""),
        ((1, True), "1,true"),
    ],
)
def test_a_parameter_is_sent_as_text(value: Any, expected: str) -> None:
    assert parameter_value(value) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), ()),
        ((1, "a"), (1, "a")),
        ((1, Token({"Ref": "A"})), None),
        ((Token({"Ref": "A"}),), None),
    ],
)
def test_values_are_known_where_none_is_a_token(
    values: tuple[Any, ...], expected: tuple[Any, ...] | None
) -> None:
    assert known(*values) == expected


def test_a_token_becomes_its_function_when_it_is_encoded() -> None:
    assert encode_to_dict({"a": [A, {"b": ARN}]}) == {
        "a": [{"Ref": "A"}, {"b": {"Fn::GetAtt": ["Group", "Arn"]}}]
    }


def test_a_token_shows_what_it_is_to_a_person_who_debugs() -> None:
    assert repr(A) == "Token({'Ref': 'A'})"


@pytest.mark.parametrize(("token", "name"), [(A, "A"), (ARN, "{'Fn::GetAtt': ['Group', 'Arn']}")])
def test_a_token_says_what_it_is_when_it_refuses(token: Token[Any], name: str) -> None:
    with pytest.raises(TokenError) as refused:
        bool(token)

    assert str(refused.value) == (
        f"{name} is known only when CloudFormation runs, so it cannot be used as a condition "
        "here: the template is the same for every environment. Hand it on as it is, join text "
        "with eb.text(...), or declare it as Shape[...] if the template has to differ"
    )


ROWS = [pytest.param(kind, row, id=row.name) for kind, row in TYPES.items()]


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_every_type_is_one_that_cloudformation_has(kind: Any, row: ParameterType) -> None:
    scalar = (
        r"String|Number|AWS::EC2::(?:SecurityGroup|Subnet|VPC)::Id|AWS::Route53::HostedZone::Id"
    )
    known = rf"{scalar}|CommaDelimitedList|List<(?:{scalar})>|AWS::SSM::Parameter::Value<.+>"

    assert re.fullmatch(known, row.cloudformation), kind
    assert row.many == row.cloudformation.startswith(("List<", "CommaDelimitedList"))
    assert row.resolved_on_deploy == ("SSM" in row.cloudformation)


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_every_pattern_has_an_example_that_it_takes(kind: Any, row: ParameterType) -> None:
    assert (row.pattern is None) == (row.example == ""), kind
    assert row.matches(row.example)
    assert row.pattern is None or not row.matches(f"{row.example}\n")
    assert row.pattern is None or not row.matches(f" {row.example}")
    assert row.pattern is None or not row.matches("")


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_every_type_can_be_declared_and_is_described_in_json(kind: Any, row: ParameterType) -> None:
    def declare() -> type[Environment]:
        space = {"__annotations__": {"value": eb.Param[kind]}, "__module__": __name__}
        return type("Declared", (Environment,), space)

    field = fields_of(declare())["value"]

    assert field.type is row
    assert field.required
    assert json.loads(json.dumps(field.declaration()))["Type"] == row.cloudformation


FORMS = [
    (eb.AccountId, ["012345670123"], ["12345678901", "1234567890123", "12345678901a"]),
    (eb.BucketName, ["abc", "a.b-c", "0" * 63], ["ab", "A-b", "-ab", "ab-", "a_b", "0" * 64]),
    (
        eb.DomainName,
        ["example.com", "a-b.c.example.co.jp", "xn--wgv71a.jp"],
        ["example", "Example.com", "example.com.", "-a.com", "a-.com", "a..com", "*.a.com", "a.c"],
    ),
    (
        ImageTag,
        ["1.8.2", "_a", "a" * 128, f"sha256:{'0a' * 32}"],
        ["-a", ".a", "a b", "a:b", "a" * 129, "sha256:abc", f"sha512:{'0a' * 32}"],
    ),
    (eb.HostedZoneId, ["Z0123456789"], ["Z", "z0123", "/hostedzone/Z0123", "A0123"]),
    (
        eb.Region,
        ["us-east-1", "ap-northeast-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"],
        ["us-east", "us-east-1a", "tokyo", "US-EAST-1", "us_east_1"],
    ),
    (eb.SecurityGroupId, ["sg-0a1b2c3d", "sg-0123456789abcdef0"], ["sg-1", "sg-0A1B2C3D", "sg"]),
    (eb.SubnetId, ["subnet-0a1b2c3d"], ["subnet-0a1b2c3", "sbnet-0a1b2c3d"]),
    (eb.VpcId, ["vpc-0a1b2c3d"], ["vpc-0a1b2c3g", "vpc-"]),
    (eb.SsmParameterName, ["/a", "/a/b.c_D-9"], ["a", "/", "/a/", "//a", "/a b"]),
    (
        eb.TopicArn,
        ["arn:aws:sns:us-east-1:123456789012:a", "arn:aws-cn:sns:cn-north-1:123456789012:a"],
        [
            "arn:aws:sns:us-east-1:12345:a",
            "arn:aws:sqs:us-east-1:123456789012:a",
            "arn:aws:sns:us-east-1:123456789012:a.fifo",
            "a",
        ],
    ),
    (
        eb.FifoTopicArn,
        ["arn:aws:sns:us-east-1:123456789012:a.fifo"],
        ["arn:aws:sns:us-east-1:123456789012:a", "a.fifo"],
    ),
    (
        eb.SecretArn,
        ["arn:aws:secretsmanager:us-east-1:123456789012:secret:a/b-Ab12Cd"],
        ["arn:aws:secretsmanager:us-east-1:123456789012:secret:a", "a/b"],
    ),
    (eb.ImageIdParameter, ["/aws/service/x"], ["ami-0a1b2c3d", "aws/service"]),
]


@pytest.mark.parametrize(("kind", "good", "bad"), FORMS)
def test_a_form_takes_what_aws_takes(kind: Any, good: list[str], bad: list[str]) -> None:
    row = TYPES[kind]

    assert [text for text in good if not row.matches(text)] == []
    assert [text for text in bad if row.matches(text)] == []


class Handle:
    """As a block's: it has the resource."""

    resource = logs.LogGroup("Group")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: eb.get_att("Group", "Arn"),
            "a resource is expected, got the text Group; give the resource itself, as troposphere "
            "makes it",
        ),
        (
            lambda: eb.get_att(Handle(), "Arn"),
            "a resource is expected, got a Handle; give its .resource",
        ),
        (
            lambda: eb.ref(logs.LogGroup("Group")),
            "a name is expected, got a LogGroup; of a resource it is its .title",
        ),
    ],
)
def test_what_is_no_resource_or_no_name(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as caught:
        make()

    assert str(caught.value) == message
