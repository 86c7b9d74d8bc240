"""What a record holds, that nothing secret is in it, and that a damaged one is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.git import Revision
from ecs_blocks.deploy.records.record import RecordError, decoded, encoded
from tests.deploy.records.examples import ACCOUNT, IMAGE, PSEUDO, TEMPLATE, record


def damaged(**changes: Any) -> bytes:
    """A record's JSON with other values."""
    return json.dumps(json.loads(encoded(record())) | changes).encode()


CHANGED = "the record was changed since it was written; it is not used"
CHANGES = [
    damaged(template="Resources: {}"),
    damaged(parameters={"Image": "another", "Password": None}),
    damaged(verified=False),
    damaged(record_sha256=""),
    damaged(record_sha256=None),
]


def test_a_record_says_all_that_the_deploy_was() -> None:
    found = json.loads(encoded(record()))
    template = found.pop("template")
    digest = found.pop("template_sha256")
    whole = found.pop("record_sha256")

    assert template.startswith("Description: 会計\n")
    assert len(digest) == len(whole) == 64
    assert found == {
        "format": 1,
        "tool_version": "0.3.0",
        "app": "hoge",
        "environment": "prod",
        "account_id": ACCOUNT,
        "region": "ap-northeast-1",
        "stack_name": "hoge-prod",
        "stack_id": f"arn:aws:cloudformation:ap-northeast-1:{ACCOUNT}:stack/hoge-prod/0a1b",
        "operation": "eb-1111-2222",
        "when": "2026-11-23T01:49:03Z",
        "who": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ci",
        "commit": "4ca8" * 10,
        "dirty": False,
        "branch": "main",
        "exit_code": 0,
        "result": "done",
        "verified": True,
        "duration_s": 251.3,
        "root_cause": "",
        "parameters": {"Image": IMAGE, "Password": None},
        "no_echo": ["Password"],
        "tags": {"Application": "hoge"},
        "images": {"Image": IMAGE},
        "secrets": [],
        "stack_status": "",
        "is_known": True,
        "failed_tasks": None,
        "failures": [],
        "back_to": "",
    }


def test_a_record_is_read_as_it_was_written() -> None:
    assert decoded(encoded(record()), "here") == record()


def test_where_there_is_no_git_the_revision_is_null() -> None:
    found = record(revision=Revision())

    assert (found.commit, found.dirty, found.branch) == (None, None, None)
    assert decoded(encoded(found), "here") == found


@pytest.mark.parametrize("no_echo", [True, "true", "True"])
def test_what_is_not_to_be_echoed_is_nowhere_in_a_record(no_echo: object) -> None:
    template = {
        **TEMPLATE,
        "Parameters": {
            "Image": {"Type": "String", "NoEcho": no_echo},
            "Password": {"Type": "String", "NoEcho": no_echo},
            "Port": {"Type": "Number"},
        },
        "Resources": {
            "Task": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {
                    "ContainerDefinitions": [
                        {"Secrets": [{"Name": "A", "ValueFrom": {"Ref": "Password"}}]}
                    ]
                },
            }
        },
    }
    found = record(
        template=template,
        parameters={"Image": "hunter22", "Password": "hunter2", "Port": "80"},
        images={"Image": "hunter22"},
        root_cause="Db: MasterUserPassword hunter22 is too short, and so is hunter2",
        code=Exit.ROLLED_BACK,
    )

    assert b"hunter" not in encoded(found)
    assert found.parameters == {"Image": None, "Password": None, "Port": "80"}
    assert found.no_echo == ("Image", "Password")
    assert found.root_cause == "Db: MasterUserPassword (hidden) is too short, and so is (hidden)"


def test_a_short_value_is_not_looked_for_in_the_sign_of_another() -> None:
    template = {**TEMPLATE, "Parameters": {one: {"Type": "String", "NoEcho": True} for one in "AB"}}
    found = record(template=template, parameters={"A": "hunter2", "B": "d"}, root_cause="hunter2")

    assert found.root_cause == "(hidden)"


def test_a_parameter_whose_previous_value_was_kept_stays_in_the_record() -> None:
    found = record(parameters={"Image": None, "Password": None})

    assert found.parameters == {"Image": None, "Password": None}
    assert found.no_echo == ("Password",)
    assert decoded(encoded(found), "here") == found


@pytest.mark.parametrize(
    ("code", "result", "is_final"),
    [
        (Exit.DONE, "done", True),
        (Exit.ROLLED_BACK, "rolled back", True),
        (Exit.NEEDS_A_PERSON, "needs a person", True),
        (Exit.STILL_RUNNING, "still running", False),
        (Exit.INTERRUPTED, "interrupted", False),
        (Exit.TERMINATED, "terminated", False),
    ],
)
def test_a_result_has_a_code_and_a_word(code: Exit, result: str, *, is_final: bool) -> None:
    found = record(code=code)

    assert (found.exit_code, found.result, found.is_final) == (int(code), result, is_final)


def test_the_time_of_any_zone_is_written_as_utc() -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    found = record(when=dt.datetime(2026, 11, 23, 10, 49, 3, 999_999, tzinfo=tokyo))

    assert found.when == "2026-11-23T01:49:03Z"


def test_an_id_tells_operations_of_the_same_second_apart() -> None:
    assert record().id == "2026-11-23T01:49:03Z-89a028f9"
    assert record(operation="eb-1111-3333").id != record().id


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"who": "another", "operation": "another", "code": Exit.ROLLED_BACK}, True),
        ({"parameters": {"Password": "hunter3", "Image": IMAGE}}, True),
        ({"parameters": {"Password": "hunter2", "Image": "other"}}, False),
        ({"tags": {}}, False),
        ({"template_text": "{}"}, False),
    ],
)
def test_content_is_what_was_deployed_and_nothing_else(
    change: dict[str, Any], *, same: bool
) -> None:
    assert (record(**change).content == record().content) == same


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "this is not a record: Input data was truncated"),
        (encoded(record())[:400], "this is not a record: Input data was truncated"),
        (b"[]", "this is not a record: Expected `object`, got `array`"),
        (b'{"a":' + b"[" * 100_000, "this is not a record: "),
        (b'{"format": 1}', "this is not a record: Object missing required field `tool_version`"),
        (b'{"app": "hoge"}', "this is not a record: Object missing required field `format`"),
        (b'{"format": 1, "tool_version": "\xff"}', "this is not a record: "),
        (damaged(exit_code="0"), "this is not a record: Expected `int`, got `str` - at `$.exit_c"),
        *((one, CHANGED) for one in CHANGES),
        (
            b'{"format": 2, "tool_version": "9.1", "app": ["another", "form"]}',
            "the record was written by ecs_blocks 9.1 in format 2; this one reads up to 1\n"
            "  upgrade ecs_blocks",
        ),
    ],
)
def test_what_is_no_record_of_ours_is_refused(content: bytes, expected: str) -> None:
    with pytest.raises(RecordError) as refused:
        decoded(content, "s3://b/x.json")

    assert refused.value.code == Exit.INPUT
    assert str(refused.value).startswith(f"s3://b/x.json: {expected}")


def test_a_record_from_before_failures_were_kept_is_read() -> None:
    found = json.loads(encoded(record()))
    for name in ("failures", "back_to", "record_sha256"):
        del found[name]
    text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()

    assert decoded(json.dumps(found | {"record_sha256": digest}).encode(), "here") == record()


def test_a_field_that_a_later_version_adds_is_passed_over() -> None:
    found = json.loads(encoded(record())) | {"cost_usd": 1}
    del found["record_sha256"]
    text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    whole = hashlib.sha256(text.encode()).hexdigest()

    assert decoded(json.dumps(found | {"record_sha256": whole}).encode(), "here") == record()


def test_white_space_and_order_are_no_change() -> None:
    found = dict(reversed(json.loads(encoded(record())).items()))

    assert decoded(json.dumps(found).encode(), "here") == record()


def secret(value_from: object, **container: Any) -> dict[str, Any]:
    """A template with a container that reads this."""
    secrets = [{"Name": "A", "ValueFrom": value_from}]
    return {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {
            "Task": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {"ContainerDefinitions": [{"Secrets": secrets, **container}]},
            }
        },
    }


ARN = f"arn:aws:secretsmanager:ap-northeast-1:{ACCOUNT}:secret:hoge/db-a1b2c3"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (secret(ARN), (ARN,)),
        (secret(f"{ARN}:password::"), (ARN,)),
        (secret(f"{ARN}:password:AWSPREVIOUS:0a1b"), (ARN,)),
        (secret("/hoge/token"), ("/hoge/token",)),
        (
            secret({"Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:1:parameter${Name}"}),
            ("arn:aws:ssm:ap-northeast-1:1:parameter/hoge/token",),
        ),
        (secret({"Ref": "Secret"}), ()),
        (secret({"Fn::Sub": "${Secret}:key::"}), ()),
        (secret({"Ref": "Name"}, Secrets=None), ()),
        (secret(None), ()),
        (
            secret(
                ARN,
                LogConfiguration={"SecretOptions": [{"Name": "key", "ValueFrom": "/splunk"}]},
                RepositoryCredentials={"CredentialsParameter": f"{ARN}x"},
            ),
            ("/splunk", ARN, f"{ARN}x"),
        ),
        ({"Resources": {"Task": {"Type": "AWS::ECS::TaskDefinition"}}}, ()),
        ({"Resources": {"Other": {"Type": "AWS::Logs::LogGroup"}}}, ()),
    ],
)
def test_the_secrets_that_containers_read_are_known_by_name(
    template: dict[str, Any], expected: tuple[str, ...]
) -> None:
    found = record(template=template, parameters={"Name": "/hoge/token"}, pseudo=PSEUDO)

    assert found.secrets == expected


def test_a_record_of_an_earlier_version_does_not_know_how_many_tasks_failed() -> None:
    found = json.loads(encoded(record(failed_tasks=2)))
    del found["record_sha256"], found["failed_tasks"]
    text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    whole = hashlib.sha256(text.encode()).hexdigest()
    old = decoded(json.dumps(found | {"record_sha256": whole}).encode(), "here")

    assert old.failed_tasks is None
    assert decoded(encoded(record(failed_tasks=2)), "here").failed_tasks == 2
