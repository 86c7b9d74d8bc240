"""Why a task stopped, in words: AWS's texts, exit codes, log lines, and what may not be shown."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ecs_blocks.deploy.ecs.classify import (
    classify,
    culprit,
    from_event,
    has_ended_well,
    is_scale_in,
)
from ecs_blocks.deploy.progress import FailureKind as Kind
from tests.deploy.ecs.fetch_reasons import INIT, PULL
from tests.deploy.ecs.reasons import REASONS
from tests.deploy.ecs.tasks import container, definition, ended, task

SECRETS = [
    {"name": "DB_PASSWORD", "valueFrom": "arn:aws:secretsmanager:x:1:secret:db-Ab:PASSWORD::"},
    {"name": "API_KEY", "valueFrom": "arn:aws:secretsmanager:x:1:secret:api-Ab"},
]
EXITED = "Essential container in task exited"
ELB = "Task failed ELB health checks in (target-group arn:aws:x:targetgroup/hoge-tg/1)"


@pytest.mark.parametrize("where", ["task", "container"])
@pytest.mark.parametrize(
    ("text", "kind", "summary", "hint"), REASONS, ids=[row[0][:70] for row in REASONS]
)
def test_every_text_of_aws_has_a_meaning(
    text: str, kind: Kind, summary: str, hint: str, where: str
) -> None:
    """Fargate tells the reason of the task, the agent on EC2 that of the container."""
    stopped = task(text) if where == "task" else task("Task failed to start", ended(reason=text))
    failed = classify(stopped, definition(container(secrets=SECRETS)))

    assert failed.kind is kind
    assert summary in failed.summary
    assert hint in failed.hint
    assert "{" not in failed.summary + failed.hint


def test_there_are_enough_of_them() -> None:
    assert len(REASONS) >= 40


@pytest.mark.parametrize("text", [row[0] for row in REASONS])
def test_without_the_task_definition_nothing_breaks(text: str) -> None:
    failed = classify({"stoppedReason": text}, None)

    assert failed.summary


@pytest.mark.parametrize(
    ("code", "summary", "hint"),
    [
        (0, "app ended by itself (exit code 0)", "keep running"),
        (1, "app exited 1", "log lines"),
        (126, "app exited 126: its command may not be executed", "chmod"),
        (127, "app exited 127: its command was not found", "entry point"),
        (130, "app exited 130 (signal 2)", "log lines"),
        (134, "app aborted itself (SIGABRT, exit code 134)", "log lines"),
        (137, "app was killed (SIGKILL, exit code 137)", "SIGTERM"),
        (139, "app crashed (segmentation fault, exit code 139)", "native library"),
        (143, "app was asked to end (SIGTERM, exit code 143)", "failed first"),
        (255, "app exited 255", "log lines"),
    ],
)
def test_an_exit_code_is_explained(code: int, summary: str, hint: str) -> None:
    stopped = task(EXITED, ended(code=code), code="EssentialContainerExited", ran_s=6)
    failed = classify(stopped, definition())

    assert (failed.kind, failed.summary, failed.exit_code) == (Kind.EXIT, summary, code)
    assert hint in failed.hint
    assert failed.ran_s == 6


def test_137_is_out_of_memory_only_where_ecs_says_so() -> None:
    reason = "OutOfMemoryError: Container killed due to memory usage"
    stopped = task(EXITED, ended(code=137, reason=reason))

    assert classify(stopped, definition()).kind is Kind.OUT_OF_MEMORY
    assert classify(task(EXITED, ended(code=137)), definition()).kind is Kind.EXIT


def test_out_of_memory_is_the_cause_of_a_failed_health_check() -> None:
    reason = "OutOfMemoryError: Container killed due to memory usage"

    assert classify(task(ELB, ended(reason=reason)), definition()).kind is Kind.OUT_OF_MEMORY


@pytest.mark.parametrize(
    ("lines", "kind", "hint"),
    [
        (("exec /usr/bin/app: exec format error",), Kind.ARCHITECTURE, "--platform linux/arm64"),
        (
            ("Exception: java.lang.OutOfMemoryError: Java heap space",),
            Kind.OUT_OF_MEMORY,
            "-Xmx",
        ),
        (("OSError: [Errno 30] Read-only file system: 'x'",), Kind.EXIT, "/tmp"),
        (("x is not authorized to perform: s3:GetObject on",), Kind.EXIT, "role s3:GetObject"),
        (("Error: getaddrinfo ENOTFOUND db.internal",), Kind.EXIT, "does not resolve"),
        (("connect ECONNREFUSED 10.0.0.1:5432",), Kind.EXIT, "security group"),
        (("listen EADDRINUSE: address already in use",), Kind.EXIT, "same port"),
        (("KeyError: 'DATABASE_URL'",), Kind.EXIT, "asks for DATABASE_URL, which hoge:42 does"),
        (("environment variable DATABASE_URL is missing",), Kind.EXIT, "DATABASE_URL"),
        (("KeyError: 'SET_ONE'",), Kind.EXIT, "the log lines say why"),
        (("hello", "bye"), Kind.EXIT, "the log lines say why"),
    ],
)
def test_the_last_log_lines_say_more(lines: tuple[str, ...], kind: Kind, hint: str) -> None:
    made = definition(
        container(environment=[{"name": "SET_ONE", "value": "1"}]),
        runtimePlatform={"cpuArchitecture": "ARM64"},
    )
    failed = classify(task(EXITED, ended(code=1)), made, lines=lines)

    assert failed.kind is kind
    assert hint in failed.hint
    assert failed.log_lines == lines


def test_a_variable_that_the_version_before_had_is_named() -> None:
    before = definition(container(secrets=[{"name": "DATABASE_URL", "valueFrom": "x"}]), number=41)
    lines = ("  File '/app/settings.py', line 12", "KeyError: 'DATABASE_URL'")
    failed = classify(task(EXITED, ended(code=1)), definition(), lines=lines, previous=before)

    assert failed.hint == "DATABASE_URL is in hoge:41 but not in hoge:42"


@pytest.mark.parametrize(
    ("health", "hint"),
    [
        ("Health checks failed with these codes: [404]", "path of the health check"),
        ("Health checks failed with these codes: [301]", "redirects"),
        ("Health checks failed with these codes: [401]", "login"),
        ("Health checks failed with these codes: [502]", "log lines"),
        ("Health checks failed with these codes: [204]", "allow 204"),
        ("Request timed out", "0.0.0.0, port 8080"),
    ],
)
def test_the_answer_to_the_health_check_is_told(health: str, hint: str) -> None:
    failed = classify(task(ELB, ended(code=143)), definition(), health=health)

    assert failed.summary == f"the load balancer's health check failed: {health}"
    assert hint in failed.hint


@pytest.mark.parametrize(
    ("containers", "reason", "expected"),
    [
        ([ended("proxy", 143), ended("app", 1)], EXITED, "app"),
        ([ended("proxy", 137), ended("app", 2)], EXITED, "app"),
        ([ended("proxy", 0), ended("app", 137)], EXITED, "app"),
        ([ended("app", 1), ended("helper", 3)], EXITED, "app"),
        ([ended("app", 0), ended("proxy", reason=f"{PULL}x")], "Task failed to start", "proxy"),
        ([ended("helper", 1, "OutOfMemoryError: x"), ended("app", 1)], EXITED, "app"),
        ([ended("helper", reason=f"{PULL}x"), ended("app")], "Task failed to start", "helper"),
        ([ended("proxy", 137), ended("app", 137)], ELB, "app"),
        (
            [ended("app", 137), {**ended("proxy", 143), "healthStatus": "UNHEALTHY"}],
            "Task failed container health checks",
            "proxy",
        ),
    ],
)
def test_the_container_at_fault_is_found(
    containers: list[dict[str, Any]], reason: str, expected: str
) -> None:
    made = definition(
        container("app"),
        container("proxy", portMappings=[]),
        container("helper", essential=False, portMappings=[]),
    )
    found = culprit(task(reason, *containers), made)

    assert found is not None
    assert found["name"] == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Scaling activity initiated by (deployment ecs-svc/1637086347952626779)", True),
        ("Scaling activity initiated by deployment ecs-svc/123", True),
        ("AvailabilityZone rebalancing initiated by (deployment ecs-svc/1)", True),
        (ELB, False),
        ("(instance i-1) (port 80) is unhealthy in (target-group x)", False),
    ],
)
def test_a_scale_in_is_no_failure(reason: str, *, expected: bool) -> None:
    """Both have the stop code ServiceSchedulerInitiated."""
    assert is_scale_in(task(reason, code="ServiceSchedulerInitiated")) is expected


def test_no_secret_gets_into_the_sentences() -> None:
    made = definition(
        container(
            environment=[{"name": "TOKEN", "value": "hunter2"}],
            healthCheck={"command": ["CMD-SHELL", "curl -H 'X: hunter2' localhost || exit 1"]},
        )
    )
    texts = (
        f"{PULL}Get https://user:hunter2@registry/v2/: 500",
        f"{PULL}failed open: https://x.s3.amazonaws.com/l?X-Amz-Signature=hunter2: 500",
        "Task failed container health checks",
        f"{INIT}something new",
    )
    failures = [classify(task(text, ended(code=1)), made, lines=("TOKEN",)) for text in texts]

    assert "hunter2" not in "".join(f.summary + f.hint for f in failures)
    assert "the check runs curl: it has to be in the image" in failures[2].hint


CREDENTIALS = (
    "postgres://u:hunter2hunter2@db AKIAIOSFODNN7EXAMPLE ghp_abcdefghijklmnopqrstuvwxyz0123456789"
)


@pytest.mark.parametrize("filling", [0, 280, 330, 360, 3_960])
@pytest.mark.parametrize(
    "text", ["CannotStartContainerError: exec: {} not found", "it broke: {}", "unable to place: {}"]
)
def test_no_credential_is_repeated_nor_half_of_one(text: str, filling: int) -> None:
    said = text.format(f"{'x' * filling} {CREDENTIALS}")
    failed = classify(task(said, ended(reason=said)), definition())
    event = from_event(f"service hoge was unable to place a task. {said}", None)

    assert event is not None
    for one in (failed, event):
        told = one.summary + one.hint
        assert all(word not in told for word in ("hunter2", "AKIA", "ghp_"))


@pytest.mark.parametrize("sign", ["x", "a ", "/", "://", "x://", "[", "1"])
def test_a_long_text_takes_no_time(sign: str) -> None:
    began_s = time.process_time()
    failed = classify(task(sign * 300_000, ended(reason=sign * 300_000)), definition())

    assert time.process_time() - began_s < 1
    assert len(failed.summary) < 1_000


@pytest.mark.parametrize(
    ("group", "code", "containers", "expected"),
    [
        ("family:job", "EssentialContainerExited", [ended(code=0)], True),
        ("family:job", "EssentialContainerExited", [ended(code=1)], False),
        ("family:job", "EssentialContainerExited", [ended(code=0, reason="OutOfMemory")], False),
        ("family:job", "UserInitiated", [ended(code=0)], False),
        ("family:job", "EssentialContainerExited", [], False),
        ("service:web", "EssentialContainerExited", [ended(code=0)], False),
    ],
)
def test_a_job_may_end(
    group: str, code: str, containers: list[dict[str, object]], *, expected: bool
) -> None:
    stopped = task(EXITED, *containers, code=code) | {"group": group}

    assert has_ended_well(stopped, definition()) is expected


@pytest.mark.parametrize(("group", "told"), [("family:job", False), ("service:web", True)])
def test_a_service_alone_has_to_go_on(group: str, *, told: bool) -> None:
    failed = classify(task(EXITED, ended(code=0)) | {"group": group}, definition())

    assert ("foreground" in failed.hint) is told
