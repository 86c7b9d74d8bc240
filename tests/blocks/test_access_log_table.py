"""A table over the access logs: AWS's columns and regular expression, and lines that they read."""

from __future__ import annotations

import re
from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.access_log_table import COLUMNS, REGEX
from tests.blocks.helpers import BUCKET, TOKENS, built

DATABASE = eb.NewDatabase("logs_prod")
TARGET_GROUP = (
    "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067"
)
LINE = (
    "https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 "
    '10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" '
    f'"curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 {TARGET_GROUP} '
    '"Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" '
    '"arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 '
    '2018-07-02T22:22:48.364000Z "authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-" '
    "TID_dc57cebed65b444ebc8177bb698fe166"
)
NO_TARGET = (
    "http 2018-11-30T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 - "
    '-1 -1 -1 503 - 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - '
    f'{TARGET_GROUP} "Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 0 '
    '2018-11-30T22:22:48.364000Z "forward" "-" "LambdaInvalidResponse" "-" "-" "-" "-" '
    "TID_1a2b3c"
)
CONNECTION = (
    "2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 "
    '"-" - - - TID_dc57cebed65b444ebc8177bb698fe166'
)


def properties(**changed: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"bucket": BUCKET, "database": DATABASE}
    found: dict[str, Any] = built(eb.AccessLogTable(**given | changed)).resources
    return {name: one["Properties"] for name, one in found.items()}


def test_the_database_and_the_table() -> None:
    made = built(eb.AccessLogTable(bucket=BUCKET, database=DATABASE))

    assert made.ids == ["WebAccessLogDatabase", "WebAccessLogTable"]
    assert made.resources["WebAccessLogDatabase"] == {
        "Type": "AWS::Glue::Database",
        "Properties": {
            "CatalogId": {"Ref": "AWS::AccountId"},
            "DatabaseInput": {"Name": "logs_prod"},
        },
    }
    table = made.resources["WebAccessLogTable"]["Properties"]
    assert table["DatabaseName"] == {"Ref": "WebAccessLogDatabase"}
    storage = table["TableInput"].pop("StorageDescriptor")
    assert table["TableInput"] == {
        "Name": "alb_access_logs",
        "Description": "who asked the load balancers for what; name a stack, and days",
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [{"Name": "stack", "Type": "string"}, {"Name": "day", "Type": "string"}],
        "Parameters": {
            "EXTERNAL": "TRUE",
            "projection.enabled": "true",
            "projection.stack.type": "injected",
            "projection.day.type": "date",
            "projection.day.range": "NOW-365DAYS,NOW",
            "projection.day.format": "yyyy/MM/dd",
            "projection.day.interval": "1",
            "projection.day.interval.unit": "DAYS",
            "storage.location.template": {
                "Fn::Sub": "s3://access-logs/${!stack}/AWSLogs/${AWS::AccountId}"
                "/elasticloadbalancing/${AWS::Region}/${!day}"
            },
        },
    }
    assert storage.pop("Columns") == [{"Name": k, "Type": v} for k, v in COLUMNS.items()]
    assert storage == {
        "Location": "s3://access-logs/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.serde2.RegexSerDe",
            "Parameters": {"serialization.format": "1", "input.regex": REGEX},
        },
    }


def test_the_logs_lie_where_balancers_write_them() -> None:
    """A balancer's prefix is the name of its stack."""
    template = properties(bucket=TOKENS.bucket)["WebAccessLogTable"]["TableInput"]["Parameters"]

    assert template["storage.location.template"] == {
        "Fn::Sub": "s3://${Bucket}/${!stack}/AWSLogs/${AWS::AccountId}"
        "/elasticloadbalancing/${AWS::Region}/${!day}"
    }


def test_a_database_that_there_is_stays_another_s() -> None:
    found = properties(database=TOKENS.word, days=TOKENS.number)

    assert list(found) == ["WebAccessLogTable"]
    assert found["WebAccessLogTable"]["DatabaseName"] == {"Ref": "Word"}
    parameters = found["WebAccessLogTable"]["TableInput"]["Parameters"]
    assert parameters["projection.day.range"] == {"Fn::Sub": "NOW-${Number}DAYS,NOW"}


def test_the_output_is_what_a_query_names() -> None:
    made = built(eb.AccessLogTable(bucket=BUCKET, database="logs")).template

    assert made["Outputs"]["AccessLogTable"]["Value"] == "logs.alb_access_logs"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            LINE,
            {
                "client_ip": "192.168.131.39",
                "target_port": "80",
                "elb_status_code": "200",
                "request_url": "https://www.example.com:443/",
                "user_agent": "curl/7.46.0",
                "matched_rule_priority": "1",
                "actions_executed": "authenticate,forward",
                "conn_trace_id": "TID_dc57cebed65b444ebc8177bb698fe166",
            },
            id="a request",
        ),
        pytest.param(
            LINE + ' "www.example.com" "/new" "TransformSuccess"',
            {"conn_trace_id": "TID_dc57cebed65b444ebc8177bb698fe166"},
            id="fields that came later",
        ),
    ],
)
def test_a_line_is_read(line: str, expected: dict[str, str]) -> None:
    found = re.fullmatch(REGEX, line)

    assert found is not None
    values = dict(zip(COLUMNS, found.groups(), strict=False))
    assert {name: values[name] for name in expected} == expected


def test_a_line_of_a_connection_log_is_none() -> None:
    assert re.fullmatch(REGEX, CONNECTION) is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"name": "access-logs"},
            "'access-logs' cannot be the table's name; Athena takes lower case letters, digits and "
            "underscores",
            id="table",
        ),
        pytest.param(
            {"database": "Logs"},
            "'Logs' cannot be the database's name; Athena takes lower case letters, digits and "
            "underscores",
            id="database",
        ),
        pytest.param({"days": 0}, "days is 0; allowed: 1 and more", id="days"),
    ],
)
def test_what_athena_would_not_take(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        properties(**changed)

    assert str(refused.value) == message


def test_a_new_database_has_such_a_name_too() -> None:
    with pytest.raises(eb.BlockError, match=r"^'prod-logs' cannot be the database's name"):
        eb.NewDatabase("prod-logs")
