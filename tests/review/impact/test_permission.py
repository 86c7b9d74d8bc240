"""Who may do what that they could not, and what they may no longer do."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.impact.permission.grants import Grant, fits, overlap
from tests.review.impact.stage import details, lines, told
from tests.review.stacks import body


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def role(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    policies = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}]
    return {"Role": body("IAM::Role", **({"Policies": policies} if statements else {}), **more)}


BUCKET = "arn:aws:s3:::b"


def but(actions: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "NotAction": actions, "Resource": "*"}


def only(operator: str, key: str, values: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: values}}}


def but_on(resources: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:*", "NotResource": resources}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            role(),
            role(allow("s3:GetObject", f"{BUCKET}/*")),
            ["approval permission: the role Role may now: s3:GetObject on arn:aws:s3:::b/*"],
        ),
        (
            role(allow("s3:GetObject", f"{BUCKET}/a/*")),
            role(allow("s3:GetObject", f"{BUCKET}/*")),
            [
                "approval permission: the role Role may now: s3:GetObject on arn:aws:s3:::b/* "
                "(wider: was on arn:aws:s3:::b/a/*)"
            ],
        ),
        (
            role(allow("s3:GetObject", "*")),
            role(allow("s3:*", "*")),
            [
                "approval permission: the role Role may now: s3:* on * (everything) (wider: was "
                "s3:GetObject)"
            ],
        ),
        (
            role(allow("s3:*", "*")),
            role(allow("s3:GetObject", "*")),
            [
                "notice permission: the role Role may no longer: s3:* on * (everything) (still "
                "s3:GetObject)"
            ],
        ),
        (
            role(allow(["s3:GetObject", "s3:PutObject"], BUCKET)),
            role(allow("s3:GetObject", BUCKET)),
            ["notice permission: the role Role may no longer: s3:PutObject on arn:aws:s3:::b"],
        ),
        # within what it may already
        (role(allow("s3:*", "*")), role(allow("s3:*", "*"), allow("s3:GetObject", BUCKET)), []),
        (role(allow("S3:getobject")), role(allow("s3:GetObject")), []),
        (role(allow(["a:B", "a:C"])), role(allow(["a:C", "a:B"])), []),
        (role(allow("a:B"), allow("a:C")), role(allow(["a:B", "a:C"])), []),
        # a condition less
        (
            role(allow("a:B", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})),
            role(allow("a:B")),
            [
                "approval permission: the role Role may now: a:B on * (everything) (wider: was "
                "only if aws:SourceVpc StringEquals vpc-1)"
            ],
        ),
        # of other values: neither wider nor narrower
        (
            role(allow("a:B", **only("IpAddress", "aws:SourceIp", "10.0.0.0/8"))),
            role(allow("a:B", **only("IpAddress", "aws:SourceIp", "10.0.0.0/9"))),
            [
                "approval permission: the role Role may now: a:B on * (everything), if "
                "aws:SourceIp IpAddress 10.0.0.0/9 (before: only if aws:SourceIp IpAddress "
                "10.0.0.0/8)",
                "notice permission: the role Role may no longer: a:B on * (everything), if "
                "aws:SourceIp IpAddress 10.0.0.0/8 (now only if aws:SourceIp IpAddress 10.0.0.0/9)",
            ],
        ),
        # of fewer values
        (
            role(allow("a:B", **only("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "9.0.0.0/8"]))),
            role(allow("a:B", **only("IpAddress", "aws:SourceIp", "10.0.0.0/8"))),
            [
                "notice permission: the role Role may no longer: a:B on * (everything), if "
                "aws:SourceIp IpAddress 10.0.0.0/8 or 9.0.0.0/8 (now only if aws:SourceIp "
                "IpAddress 10.0.0.0/8)",
            ],
        ),
        (
            role(deny("s3:DeleteObject")),
            role(),
            [
                "approval permission: the role Role is no longer denied: s3:DeleteObject on * "
                "(everything)"
            ],
        ),
        (
            role(allow("s3:*")),
            role(allow("s3:*"), deny("s3:DeleteObject")),
            [
                "notice permission: the role Role is denied from now on: s3:DeleteObject on * "
                "(everything)"
            ],
        ),
        (
            role(),
            role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            ["approval permission: the role Role may now: everything but iam:* on * (everything)"],
        ),
        # less left out of what is allowed is more
        (
            role(but(["iam:*", "organizations:*", "sts:*"])),
            role(but(["iam:*", "organizations:*"])),
            [
                "approval permission: the role Role may now: sts:* on * (everything)",
            ],
        ),
        (
            role(but(["iam:*", "organizations:*"])),
            role(but(["iam:*", "organizations:*", "sts:*"])),
            [
                "notice permission: the role Role may no longer: sts:* on * (everything)",
            ],
        ),
        # all was allowed, or denied, and now all but a part
        (
            role(allow("*")),
            role(but("s3:*")),
            ["notice permission: the role Role may no longer: s3:* on * (everything)"],
        ),
        (
            role(allow("*"), deny("s3:*")),
            role(allow("*"), {**but_on(f"{BUCKET}/*"), "Effect": "Deny"}),
            ["approval permission: the role Role is no longer denied: s3:* on arn:aws:s3:::b/*"],
        ),
        # others are left out
        (
            role(but(["iam:*", "s3:*"])),
            role(but(["iam:*", "sts:*"])),
            [
                "approval permission: the role Role may now: s3:* on * (everything)",
                "notice permission: the role Role may no longer: sts:* on * (everything)",
            ],
        ),
        # what is left out is allowed beside it
        (role(but("iam:*")), role(but(["iam:*", "sts:*"]), allow("sts:*")), []),
        # a part is left out on both sides: the difference is no list
        (
            role(but("iam:Get*")),
            role(but("iam:*")),
            [
                "notice permission: the role Role may no longer: everything but iam:Get* on * "
                "(everything) (still everything but iam:*)"
            ],
        ),
        # more left out of what is denied is more
        (
            role(allow("*"), but(["s3:*"], "Deny")),
            role(allow("*"), but(["s3:*", "ec2:*"], "Deny")),
            [
                "approval permission: the role Role is no longer denied: ec2:* on * (everything)",
            ],
        ),
        (
            role(allow("*"), but(["s3:*", "ec2:*"], "Deny")),
            role(allow("*"), but(["s3:*"], "Deny")),
            [
                "notice permission: the role Role is denied from now on: ec2:* on * (everything)",
            ],
        ),
        (
            role(allow("s3:GetObject")),
            role(but("iam:*")),
            [
                "approval permission: the role Role may now: everything but iam:* on * "
                "(everything) (wider: was s3:GetObject)"
            ],
        ),
        (
            role(allow("iam:Get*")),
            role(but("iam:*")),
            [
                "approval permission: the role Role may now: everything but iam:* on * "
                "(everything)",
                "notice permission: the role Role may no longer: iam:Get* on * (everything)",
            ],
        ),
        (role(but(["iam:*", "iam:Get*"])), role(but("IAM:*")), []),
        (
            role(but_on([f"{BUCKET}/a/*", f"{BUCKET}/b/*"])),
            role(but_on([f"{BUCKET}/a/*"])),
            [
                "approval permission: the role Role may now: s3:* on arn:aws:s3:::b/b/*",
            ],
        ),
        (
            role(but_on([f"{BUCKET}/a/*"])),
            role(but_on([f"{BUCKET}/a/*", f"{BUCKET}/b/*"])),
            [
                "notice permission: the role Role may no longer: s3:* on arn:aws:s3:::b/b/*",
            ],
        ),
        (
            role(),
            role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
            [
                "approval permission: the role Role now has all that the managed policy "
                "AdministratorAccess allows"
            ],
        ),
        (
            role(ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
            role(),
            [
                "notice permission: the role Role loses what the managed policy ReadOnlyAccess "
                "allowed"
            ],
        ),
        (
            role(PermissionsBoundary="arn:aws:iam::123456789012:policy/b"),
            role(),
            ["approval permission: Role: its permissions boundary is removed"],
        ),
        (
            role(allow("s3:GetObject", {"Fn::Sub": "${Bucket.Arn}/*"})),
            role(allow("s3:GetObject", {"Fn::Join": ["", [{"Fn::GetAtt": "Bucket.Arn"}, "/*"]]})),
            [],
        ),
        (
            role(),
            role({"Effect": "Allow", "Action": {"Fn::If": ["C", "a:B", "a:C"]}, "Resource": "*"}),
            [
                'approval permission: the role Role may now: {"Fn::If": ["C", "a:B", "a:C"]} '
                "on * (everything)"
            ],
        ),
    ],
)
def test_roles(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    assert lines(before, after, "permission") == expected


def test_of_many_grants_the_first_is_told_and_the_others_are_details() -> None:
    allowed = [allow(f"a:{letter}", f"arn:aws:a:::{letter}") for letter in "BCDE"]
    [found] = told(role(), role(*allowed))

    assert found.text == "the role Role may now: a:B on arn:aws:a:::B; and 3 more"
    assert found.details == tuple(f"a:{letter} on arn:aws:a:::{letter}" for letter in "CDE")


def test_a_policy_of_its_own_counts_to_its_role() -> None:
    policy = body(
        "IAM::Policy",
        PolicyName="p",
        Roles=[{"Ref": "Role"}],
        PolicyDocument={"Statement": [allow("a:B", "x")]},
    )

    assert lines(role(), {**role(), "Policy": policy}, "permission") == [
        "approval permission: the role Role may now: a:B on x"
    ]
    # the same, moved from inside the role
    assert lines(role(allow("a:B", "x")), {**role(), "Policy": policy}, "permission") == []


def own_policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """The policy ``Policy`` on the role ``Role``."""
    document = {"Statement": list(statements)}
    roles = [{"Ref": "Role"}]
    return {"Policy": body("IAM::Policy", PolicyName="p", Roles=roles, PolicyDocument=document)}


READ_OR_WRITE = allow(["s3:GetObject", "s3:PutObject"], BUCKET)
SPLIT = (allow("S3:getobject", BUCKET), allow("s3:PutObject", BUCKET))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (role(READ_OR_WRITE), role(*SPLIT)),
        (role(*SPLIT), role(READ_OR_WRITE)),
        (role(allow("s3:*")), role(allow("s3:*"), allow("s3:GetObject", BUCKET))),
        ({**role(), **own_policy(READ_OR_WRITE)}, {**role(), **own_policy(*SPLIT)}),
        ({"Policy": own_policy(READ_OR_WRITE)["Policy"]}, {"Policy": own_policy(*SPLIT)["Policy"]}),
        (
            {**role(SPLIT[0], SPLIT[1]), **own_policy(SPLIT[1])},
            {**role(SPLIT[0]), **own_policy(SPLIT[1])},
        ),
    ],
)
def test_a_policy_that_means_the_same_is_noise(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    for sides in ((before, after), (after, before)):
        [line] = lines(*sides)
        assert line.startswith("calm configuration: ")
        assert line.endswith(": only order or wording changes")


def test_a_policy_of_another_version_of_the_language_is_told() -> None:
    def version(text: str) -> dict[str, Any]:
        document = {"Version": text, "Statement": [READ_OR_WRITE]}
        return role(Policies=[{"PolicyName": "p", "PolicyDocument": document}])

    [line] = lines(version("2008-10-17"), version("2012-10-17"))

    assert line.endswith("PolicyDocument.Version 2008-10-17 → 2012-10-17")


@pytest.mark.parametrize(
    ("resource", "version", "is_same"),
    [
        (f"{BUCKET}/${{aws:username}}/*", None, False),
        (f"{BUCKET}/${{aws:username}}/*", "2012-10-17", True),
        ({"Fn::Sub": f"{BUCKET}/${{!aws:username}}/*"}, None, False),
        ({"Fn::Sub": f"{BUCKET}/${{AWS::Region}}/${{Bucket.Arn}}/*"}, None, True),
    ],
)
def test_a_variable_moved_into_a_policy_that_takes_it_as_written(
    resource: Any, version: str | None, *, is_same: bool
) -> None:
    """A policy without a version is of 2008-10-17, which knows no variables."""
    own, other = allow("s3:GetObject", resource), allow("a:B")
    said = {"Version": version} if version else {}

    def held(first: list[Any], second: list[Any]) -> dict[str, Any]:
        documents = {"Version": "2012-10-17", "Statement": first}, {**said, "Statement": second}
        return role(Policies=[{"PolicyName": "p", "PolicyDocument": one} for one in documents])

    [line] = lines(held([own], [other]), held([other], [own, other]))

    assert line.endswith("only order or wording changes") is is_same


def test_a_policy_on_a_role_of_another_stack() -> None:
    def policy(*actions: str) -> dict[str, Any]:
        document = {"Statement": [allow(list(actions), "x")]}
        return {"It": body("IAM::Policy", PolicyName="p", Roles=["other"], PolicyDocument=document)}

    assert lines(policy("a:B"), policy("a:B", "a:C"), "permission") == [
        "approval permission: policy It (other) now allows: a:C on x"
    ]


def test_a_role_is_called_by_what_it_is_for() -> None:
    def sides(*statements: dict[str, Any]) -> dict[str, Any]:
        definition = body("ECS::TaskDefinition", TaskRoleArn={"Fn::GetAtt": ["Role", "Arn"]})
        return {**role(*statements), "Task": definition}

    assert lines(sides(), sides(allow("a:B", "x")), "permission") == [
        "approval permission: the task role Role may now: a:B on x"
    ]


@pytest.mark.parametrize(
    ("before", "action", "weight"),
    [(None, "a:B", "notice"), ({}, "a:B", "approval"), (None, "*", "approval")],
)
def test_a_new_role(before: dict[str, Any] | None, action: str, weight: str) -> None:
    assert lines(before, role(allow(action)), "permission") == [
        f"{weight} permission: the role Role is new; it may: {action} on * (everything)"
    ]


ARN = {"Fn::GetAtt": ["Role", "Arn"]}
TO_ECS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("iam:PassRole", ARN)], ["Other may pass it on (iam:PassRole)"]),
        ([allow("iam:*")], ["Other may pass it on (iam:PassRole)"]),
        (
            [allow("iam:PassRole", ARN, Condition=TO_ECS)],
            [
                "Other may pass it on (iam:PassRole, if iam:PassedToService StringEquals "
                "ecs-tasks.amazonaws.com)"
            ],
        ),
        ([allow("iam:PassRole", {"Fn::GetAtt": ["Third", "Arn"]})], []),
        ([allow("iam:GetRole", ARN)], []),
        ([but("s3:*")], ["Other may pass it on (iam:PassRole)"]),
        ([but("iam:Pass*")], []),
        ([allow("iam:*"), deny("iam:PassRole")], []),
        (
            [allow("iam:*"), deny("iam:PassRole", Condition=TO_ECS)],
            ["Other may pass it on (iam:PassRole)"],
        ),
        ([], []),
    ],
)
def test_of_a_role_that_may_do_more_it_is_said_who_passes_it_on(
    statements: list[dict[str, Any]], expected: list[str]
) -> None:
    other = {"Other": role(*statements)["Role"]}

    assert details(role() | other, role(allow("s3:GetObject", BUCKET)) | other) == expected


def trust(principal: Any, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    if condition:
        statement["Condition"] = condition
    return role(AssumeRolePolicyDocument={"Statement": [statement]})


TASKS = {"Service": "ecs-tasks.amazonaws.com"}
SOURCE = {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def from_clusters(arn: str) -> dict[str, Any]:
    return trust(TASKS, ArnLike={"aws:SourceArn": arn})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            trust(TASKS),
            trust({**TASKS, "AWS": "arn:aws:iam::999999999999:root"}),
            [
                "approval permission: the role Role may now be taken on by account 999999999999",
            ],
        ),
        (
            trust(TASKS),
            trust("*"),
            [
                "approval permission: the role Role may now be taken on by anyone",
            ],
        ),
        (
            trust(TASKS, **SOURCE),
            trust(TASKS),
            [
                "approval permission: the role Role may be taken on by the service "
                "ecs-tasks.amazonaws.com without the condition aws:SourceAccount StringEquals "
                "123456789012",
            ],
        ),
        (trust(TASKS), trust(TASKS, **SOURCE), []),
        # of fewer clusters than before
        (from_clusters("arn:aws:ecs:*:1:*"), from_clusters("arn:aws:ecs:eu-west-1:1:*"), []),
        (
            from_clusters("arn:aws:ecs:eu-west-1:1:*"),
            from_clusters("arn:aws:ecs:*:1:*"),
            [
                "approval permission: the role Role may be taken on by the service "
                "ecs-tasks.amazonaws.com if aws:SourceArn ArnLike arn:aws:ecs:*:1:*; before only "
                "if aws:SourceArn ArnLike arn:aws:ecs:eu-west-1:1:*"
            ],
        ),
        (trust(TASKS), trust({"Service": ["ecs-tasks.amazonaws.com"]}), []),
    ],
)
def test_trust(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    assert lines(before, after, "permission") == expected


def test_a_new_role_of_a_service_is_trusted_by_nobody_else() -> None:
    assert lines({}, trust(TASKS), "permission") == []


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    document = {"Statement": list(statements)}
    return {"It": body("S3::BucketPolicy", Bucket="b", PolicyDocument=document)}


ROOT = "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
TLS_ONLY = {
    "Effect": "Deny",
    "Action": "s3:*",
    "Resource": "*",
    "Principal": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            policy(),
            policy({**READ, "Principal": "*"}),
            ["approval exposure: It: anyone may now: s3:GetObject on arn:aws:s3:::b/*"],
        ),
        (
            policy(),
            policy({**READ, "Principal": {"AWS": "999999999999"}}),
            [
                "approval permission: It: account 999999999999 may now: s3:GetObject on "
                "arn:aws:s3:::b/*"
            ],
        ),
        # a condition says who is meant
        (
            policy(),
            policy({**READ, "Principal": "*", "Condition": SOURCE}),
            [
                "approval permission: It: anyone may now: s3:GetObject on arn:aws:s3:::b/*, if "
                "aws:SourceAccount StringEquals 123456789012"
            ],
        ),
        (
            policy(TLS_ONLY),
            policy(),
            ["approval exposure: It: requests without TLS are no longer refused"],
        ),
        (
            policy({**READ, "Principal": {"AWS": "999999999999"}}),
            policy(),
            [
                "notice permission: It: account 999999999999 may no longer: s3:GetObject on "
                "arn:aws:s3:::b/*"
            ],
        ),
        (
            policy(),
            policy(TLS_ONLY),
            [
                "notice permission: It: denied from now on to anyone: s3:* on * (everything), if "
                "aws:SecureTransport Bool false"
            ],
        ),
        (
            policy({**deny("s3:Put*"), "Principal": {"AWS": "999999999999"}}),
            policy({**deny("s3:*"), "Principal": {"AWS": "999999999999"}}),
            [
                "notice permission: It: denied from now on to account 999999999999: s3:* on * "
                "(everything) (wider: was s3:Put*)"
            ],
        ),
        ({}, policy(TLS_ONLY), []),
        # an account in another spelling
        (
            policy({**READ, "Principal": {"AWS": "111122223333"}}),
            policy({**READ, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}),
            [],
        ),
        (
            policy({**READ, "Principal": {"AWS": {"Ref": "AWS::AccountId"}}}),
            policy({**READ, "Principal": {"AWS": {"Fn::Sub": ROOT}}}),
            [],
        ),
        (
            policy({**READ, "Principal": {"AWS": {"Fn::Sub": ROOT}}}),
            policy(),
            [
                "notice permission: It: account AWS::AccountId may no longer: s3:GetObject on "
                "arn:aws:s3:::b/*"
            ],
        ),
        # narrowed is not gone
        (
            policy(TLS_ONLY),
            policy({**TLS_ONLY, "Action": "s3:Get*"}),
            [
                "approval exposure: It: fewer requests without TLS are refused; no longer: s3:* "
                "on * (everything) (still s3:Get*)"
            ],
        ),
        # what else was denied is told beside it
        (
            policy(TLS_ONLY, {**deny("s3:DeleteObject"), "Principal": "*"}),
            policy(),
            [
                "approval exposure: It: requests without TLS are no longer refused",
                "approval permission: It: no longer denied: s3:DeleteObject on * (everything)",
            ],
        ),
        (
            policy(),
            policy({**READ, "NotPrincipal": {"AWS": "999999999999"}}),
            [
                "approval exposure: It: anyone but account 999999999999 may now: s3:GetObject on "
                "arn:aws:s3:::b/*"
            ],
        ),
    ],
)
def test_policies_of_resources(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert lines(before, after, "permission", "exposure") == expected


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        # who is not meant says not who is
        (only("StringNotEquals", "aws:PrincipalAccount", "999999999999"), "exposure"),
        (only("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), "exposure"),
        (only("IpAddress", "aws:SourceIp", "0.0.0.0/0"), "exposure"),
        (only("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "::/0"]), "exposure"),
        (only("StringLike", "aws:PrincipalArn", "*"), "exposure"),
        (only("StringEqualsIfExists", "aws:PrincipalAccount", "111122223333"), "exposure"),
        (only("ForAllValues:StringEquals", "aws:PrincipalAccount", "111122223333"), "exposure"),
        (only("Null", "aws:PrincipalArn", "false"), "exposure"),
        (only("StringEquals", "aws:PrincipalAccount", "999999999999"), "permission"),
        (only("ArnLike", "aws:SourceArn", "arn:aws:sns:*:999999999999:*"), "permission"),
        (only("StringEquals", "aws:PrincipalAccount", {"Ref": "AWS::AccountId"}), None),
        (only("IpAddress", "aws:SourceIp", "10.0.0.0/8"), None),
        (only("ForAnyValue:StringEquals", "aws:PrincipalOrgId", "o-1"), None),
    ],
)
def test_a_new_policy_that_lets_in_the_world_or_another_account(
    condition: dict[str, Any], told: str | None
) -> None:
    found = lines({}, policy({**READ, "Principal": "*", **condition}), "permission", "exposure")

    assert [one.partition(": ")[0] for one in found] == ([f"approval {told}"] if told else [])


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("s3:getobject", "s3:*", True),
        ("s3:get*", "s3:*", True),
        ("s3:*", "s3:get*", False),
        ("arn:x/[a]", "arn:x/[a]*", True),
        ("arn:x/a", "arn:x/[a]", False),
        ("a?c", "a*", True),
        ("a*", "a?", False),
    ],
)
def test_patterns(text: str, pattern: str, *, expected: bool) -> None:
    assert fits(text, pattern) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("s3:get*", "s3:*", True),
        ("s3:get*", "*object", True),
        ("s3:get*", "iam:*", False),
        ("a*b", "a?c", False),
        ("a?", "ab", True),
        ("*", "", True),
        ("${Bucket.Arn}/*", "arn:aws:s3:::a/*", True),
        ("", "a", False),
    ],
)
def test_patterns_that_have_a_text_in_common(one: str, other: str, *, expected: bool) -> None:
    assert overlap(one, other) is expected
    assert overlap(other, one) is expected


@pytest.mark.parametrize(
    ("test", "other", "expected"),
    [
        ("k StringEquals a", "k StringEquals a or b", True),
        ("k StringEquals a or b", "k StringEquals a", False),
        ("K ArnLike arn:a:1", "k ArnLike arn:a:*", True),
        ("k StringEquals a", "k StringLike a*", False),
        ("k StringEquals a1", "k StringEquals a*", False),
        ("k StringNotEquals a", "k StringNotEquals a or b", False),
        ("k StringNotEquals a or b", "k StringNotEquals a", True),
        ("k ForAllValues:StringEquals a", "k ForAllValues:StringEquals a or b", True),
        ("k ForAllValues:StringEquals a", "k StringEquals a or b", False),
        ("k IpAddress 10.0.0.0/8", "k IpAddress 10.0.0.0/8 or 9.0.0.0/8", True),
        ("k IpAddress 10.0.0.0/8 or 9.0.0.0/8", "k IpAddress 10.0.0.0/8", False),
        ("k Bool true", "other Bool true", False),
    ],
)
def test_a_test_of_fewer_values_means_less(test: str, other: str, *, expected: bool) -> None:
    narrow, wide = (
        Grant(allow=True, action="a", resource="r", condition=frozenset({one}))
        for one in (test, other)
    )

    assert narrow.lies_within(wide) is expected


def test_a_grant_with_more_conditions_means_less() -> None:
    free = Grant(allow=True, action="a:B", resource="*")
    bound = Grant(allow=True, action="a:B", resource="*", condition=frozenset({"x"}))

    assert bound.lies_within(free)
    assert not free.lies_within(bound)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            ["AWSLambdaBasicExecutionRole", {"DynamoDBReadPolicy": {"TableName": "t"}}],
            ["AWSLambdaBasicExecutionRole", {"DynamoDBCrudPolicy": {"TableName": "t"}}],
            "approval permission: It: what it may do changes: without DynamoDBReadPolicy, with "
            "DynamoDBCrudPolicy",
        ),
        (
            ["A", "B"],
            ["A"],
            "notice permission: It: what it may do changes: without B",
        ),
    ],
)
def test_policies_that_sam_makes_a_role_of(before: Any, after: Any, expected: str) -> None:
    sides = [{"It": body("Serverless::Function", Policies=one)} for one in (before, after)]

    assert lines(sides[0], sides[1], "permission") == [expected]


def repository(*accounts: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{one}:root" for one in accounts]},
        "Action": "ecr:BatchGetImage",
    }
    return body("ECR::Repository", RepositoryPolicyText={"Statement": [statement]})


def test_the_same_of_several_policies_is_one_line() -> None:
    before, after = (
        {name: repository("111122223333", *more) for name in ("Hoge", "Fuga")}
        for more in ((), ("777788889999",))
    )
    other = {**after, "Fuga": before["Fuga"]}

    assert lines(before, after) == [
        "approval permission: 2 resources (Hoge and Fuga): account 777788889999 may now: "
        "ecr:BatchGetImage"
    ]
    assert lines(before, other) == [
        "approval permission: Hoge: account 777788889999 may now: ecr:BatchGetImage"
    ]


def test_who_writes_into_a_log_group_is_said_in_its_own_policy() -> None:
    def group(*services: str) -> dict[str, Any]:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": list(services)},
            "Action": "logs:PutLogEvents",
            "Resource": "*",
        }
        return body("Logs::LogGroup", ResourcePolicyDocument={"Statement": [statement]})

    before = {"Kept": group("events.amazonaws.com")}
    after = {"Kept": group("events.amazonaws.com", "vpc-lattice.amazonaws.com")}

    assert lines(before, after, "permission") == [
        "approval permission: Kept: the service vpc-lattice.amazonaws.com may now: "
        "logs:PutLogEvents on * (everything)"
    ]
