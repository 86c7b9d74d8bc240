"""The access logs of load balancers as a table for Amazon Athena."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import glue

from ecs_blocks.errors import BlockError
from ecs_blocks.values import ACCOUNT_ID, REGION, BucketName, Token, Value, known, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_NAME: Final = re.compile(r"[a-z0-9_]{1,255}")

COLUMNS: Final[dict[str, str]] = {
    "type": "string",
    "time": "string",
    "elb": "string",
    "client_ip": "string",
    "client_port": "int",
    "target_ip": "string",
    "target_port": "int",
    "request_processing_time": "double",
    "target_processing_time": "double",
    "response_processing_time": "double",
    "elb_status_code": "int",
    "target_status_code": "string",
    "received_bytes": "bigint",
    "sent_bytes": "bigint",
    "request_verb": "string",
    "request_url": "string",
    "request_proto": "string",
    "user_agent": "string",
    "ssl_cipher": "string",
    "ssl_protocol": "string",
    "target_group_arn": "string",
    "trace_id": "string",
    "domain_name": "string",
    "chosen_cert_arn": "string",
    "matched_rule_priority": "string",
    "request_creation_time": "string",
    "actions_executed": "string",
    "redirect_url": "string",
    "lambda_error_reason": "string",
    "target_port_list": "string",
    "target_status_code_list": "string",
    "classification": "string",
    "classification_reason": "string",
    "conn_trace_id": "string",
}
"""The fields of a line, in their order.

Source: Amazon Athena User Guide, "Create the table for ALB access logs in Athena using partition
projection".
"""

REGEX: Final = (
    r"([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*):([0-9]*) ([^ ]*)[:-]([0-9]*) "
    r"([-.0-9]*) ([-.0-9]*) ([-.0-9]*) (|[-0-9]*) (-|[-0-9]*) ([-0-9]*) ([-0-9]*) "
    r'"([^ ]*) (.*) (- |[^ ]*)" "([^"]*)" ([A-Z0-9-_]+) ([A-Za-z0-9.-]*) ([^ ]*) '
    r'"([^"]*)" "([^"]*)" "([^"]*)" ([-.0-9]*) ([^ ]*) "([^"]*)" "([^"]*)" "([^ ]*)" '
    r'"([^\s]+?)" "([^\s]+)" "([^ ]*)" "([^ ]*)" ?([^ ]*)?( .*)?'
)
"""A line; what ELB adds at its end some day matches too. Source: the same page."""


class NewDatabase(Struct, frozen=True):
    """A database of the Glue Data Catalog that is made with the table.

    Attributes:
        name: lower case letters, digits and underscores; unique in the account and region.
    """

    name: Value[str]

    def __post_init__(self) -> None:
        _check("database", self.name)


class AccessLogTableHandle(Struct, frozen=True, kw_only=True):
    """The table, and the database that was made with it or None."""

    table: Any
    database: Any


class AccessLogTable(Struct, frozen=True, kw_only=True):
    """A table over the access logs of all Application Load Balancers that write to one bucket.

    One column more, ``stack``, says whose log it is; a query has to name it. Another, ``day``, is
    like ``2026/08/05``. Neither is ever added by hand: Athena works them out (partition
    projection). Athena reads no more than the days that a query asks for, and bills what it reads.

    Attributes:
        bucket: where the logs are: ``cluster.bucket.name`` of the same stack, or its name.
        database: ``NewDatabase("access_logs")``, or the name of one that there is.
        name: of the table.
        days: how far back a query may go; as long as logs are kept, ``access_log_days``.

    Connection logs lie in the same folders; their lines are rows without any value, which
    ``WHERE type IS NOT NULL`` leaves out. Who asks needs ``glue:GetTable`` and rights in Athena and
    on the bucket.

    Output: ``AccessLogTable``, ``database.table``.
    """

    bucket: Value[BucketName]
    database: NewDatabase | Value[str]
    name: Value[str] = "alb_access_logs"
    days: Value[int] = 365

    def __post_init__(self) -> None:
        _check("table", self.name)
        if not isinstance(self.database, NewDatabase):
            _check("database", self.database)
        if (here := known(self.days)) and here[0] < 1:
            raise BlockError(f"days is {here[0]}; allowed: 1 and more")

    def build(self, scope: Scope) -> AccessLogTableHandle:
        """Add the table, and the database if it is a new one."""
        database, name = None, self.database
        if isinstance(name, NewDatabase):
            database = scope.add(
                glue.Database(
                    scope.id("AccessLogDatabase"),
                    CatalogId=ACCOUNT_ID,
                    DatabaseInput=glue.DatabaseInput(Name=name.name),
                )
            )
            name = ref(database.title)
        table = scope.add(
            glue.Table(
                scope.id("AccessLogTable"),
                CatalogId=ACCOUNT_ID,
                DatabaseName=name,
                TableInput=self._input(),
            )
        )
        scope.output(
            "AccessLogTable", text(name, ".", self.name), "the access logs, for Amazon Athena"
        )
        return AccessLogTableHandle(table=table, database=database)

    def _input(self) -> Any:
        folder: tuple[Value[str], ...] = ("/AWSLogs/", ACCOUNT_ID, "/elasticloadbalancing/", REGION)
        return glue.TableInput(
            Name=self.name,
            Description="who asked the load balancers for what; name a stack, and days",
            TableType="EXTERNAL_TABLE",
            PartitionKeys=[glue.Column(Name=one, Type="string") for one in ("stack", "day")],
            Parameters={
                "EXTERNAL": "TRUE",
                "projection.enabled": "true",
                "projection.stack.type": "injected",
                "projection.day.type": "date",
                "projection.day.range": text("NOW-", self.days, "DAYS,NOW"),
                "projection.day.format": "yyyy/MM/dd",
                "projection.day.interval": "1",
                "projection.day.interval.unit": "DAYS",
                "storage.location.template": text(
                    "s3://", self.bucket, "/${stack}", *folder, "/${day}"
                ),
            },
            StorageDescriptor=glue.StorageDescriptor(
                Columns=[glue.Column(Name=name, Type=kind) for name, kind in COLUMNS.items()],
                Location=text("s3://", self.bucket, "/"),
                InputFormat="org.apache.hadoop.mapred.TextInputFormat",
                OutputFormat="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                SerdeInfo=glue.SerdeInfo(
                    SerializationLibrary="org.apache.hadoop.hive.serde2.RegexSerDe",
                    Parameters={"serialization.format": "1", "input.regex": REGEX},
                ),
            ),
        )


def _check(what: str, name: Value[str]) -> None:
    if not isinstance(name, Token) and not _NAME.fullmatch(name):
        raise BlockError(
            f"{name!r} cannot be the {what}'s name; Athena takes lower case letters, digits and "
            "underscores"
        )
