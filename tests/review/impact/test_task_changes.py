"""What differs between two revisions of a task definition."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import container, details, lines, stack, task, told, web
from tests.review.stacks import side


def env(**variables: str) -> dict[str, Any]:
    return {"Environment": [{"Name": k, "Value": v} for k, v in variables.items()]}


def secrets(**sources: str) -> dict[str, Any]:
    return {"Secrets": [{"Name": k, "ValueFrom": v} for k, v in sources.items()]}


@pytest.mark.parametrize(
    ("before", "after", "short", "detail"),
    [
        (
            {"Image": "r/hoge:1.8.2"},
            {"Image": "r/hoge:1.8.3"},
            "image 1.8.2 → 1.8.3",
            "app: image r/hoge:1.8.2 → r/hoge:1.8.3",
        ),
        (
            {"Image": "r.com:5000/hoge"},
            {"Image": "r.com:5000/hoge:2"},
            "image latest → 2",
            "app: image r.com:5000/hoge → r.com:5000/hoge:2",
        ),
        (
            {"Image": "r/a:1"},
            {"Image": "r/b:1"},
            "image a:1 → b:1",
            "app: image r/a:1 → r/b:1",
        ),
        (
            {"Image": {"Fn::Lookup": "the running r/hoge"}},
            {"Image": "r/hoge:2"},
            "image the running one → 2",
            "app: image the running r/hoge → r/hoge:2",
        ),
        (
            {"Image": {"Fn::Lookup": "the running r/hoge"}},
            {"Image": {"Fn::Lookup": "the running r/fuga"}},
            "image the running r/hoge → the running r/fuga",
            "app: image the running r/hoge → the running r/fuga",
        ),
        (env(A="1"), env(A="2"), "A changes", "app: variable A 1 → 2"),
        (env(), env(A="1"), "A is added", "app: variable A is added: 1"),
        (env(A="1"), env(), "A is removed", "app: variable A is removed"),
        (
            env(DB_PASSWORD="one-two-three"),
            env(DB_PASSWORD="four-five-six"),
            "DB_PASSWORD changes",
            "app: variable DB_PASSWORD changes (its value is hidden)",
        ),
        (
            env(URL="postgres://u:first@h/d"),
            env(URL="postgres://u:second@h/d"),
            "URL changes",
            "app: variable URL changes (its value is hidden)",
        ),
        (
            env(CONFIG='{"password": "abcPASS1", "x": 1}'),
            env(CONFIG='{"password": "abcPASS2", "x": 1}'),
            "CONFIG changes",
            "app: variable CONFIG changes (its value is hidden)",
        ),
        (
            env(),
            env(SPRING_APPLICATION_JSON='{"spring": {"datasource": {"password": "nested1"}}}'),
            "SPRING_APPLICATION_JSON is added",
            "app: variable SPRING_APPLICATION_JSON is added: (hidden)",
        ),
        (
            env(CONFIG='{"x": 1}'),
            env(CONFIG='{"x": 2}'),
            "CONFIG changes",
            'app: variable CONFIG {"x": 1} → {"x": 2}',
        ),
        (
            {"Command": ["serve", "--password", "cliSecret1"]},
            {"Command": ["serve", "--password", "cliSecret2"]},
            "the command changes",
            "app: the command changes (a value in it is hidden)",
        ),
        (
            {"HealthCheck": {"Command": ["CMD-SHELL", "curl -u admin:hcSecret1 http://x"]}},
            {"HealthCheck": {"Command": ["CMD-SHELL", "curl -u admin:hcSecret2 http://x"]}},
            "the health check changes",
            "app: the health check changes (a value in it is hidden)",
        ),
        (
            secrets(),
            secrets(K="/hoge/k"),
            "secret K is added",
            "app: secret K is added, from /hoge/k",
        ),
        (secrets(K="/hoge/k"), secrets(), "secret K is removed", "app: secret K is removed"),
        (
            secrets(K="/hoge/k"),
            secrets(K="/hoge/l"),
            "secret K comes from elsewhere",
            "app: secret K comes from elsewhere: /hoge/k → /hoge/l",
        ),
        (
            {"Command": ["run"]},
            {"Command": ["run", "--fast"]},
            "the command changes",
            "app: the command changes: run → run --fast",
        ),
        (
            {"PortMappings": [{"ContainerPort": 80}]},
            {"PortMappings": [{"ContainerPort": 8080}]},
            "the ports change",
            "app: the ports change: 80 → 8080",
        ),
        ({"StopTimeout": 30}, {"StopTimeout": 60}, "", "app: the time to stop changes: 30 → 60"),
        (
            {"HealthCheck": {"Command": ["a"]}},
            {"HealthCheck": {"Command": ["b"]}},
            "the health check changes",
            "app: the health check changes",
        ),
        (
            {"LogConfiguration": {"LogDriver": "awslogs"}},
            {"LogConfiguration": {"LogDriver": "awsfirelens"}},
            "the log configuration changes",
            "app: the log configuration changes",
        ),
    ],
)
def test_a_container(
    before: dict[str, Any], after: dict[str, Any], short: str, detail: str
) -> None:
    sides = [stack(web(), task(container(**one))) for one in (before, after)]

    assert short in lines(sides[0], sides[1])[0]
    assert detail in details(sides[0], sides[1])


@pytest.mark.parametrize(
    ("before", "after", "short"),
    [
        (task(container(Memory=512)), task(container(Memory=1024)), "memory 512 → 1024 MiB"),
        (task(container(Cpu=256)), task(container(Cpu=512)), "CPU 256 → 512 units"),
        (task(Cpu="256"), task(Cpu="512"), "task CPU 256 → 512 units"),
        (task(Memory="512"), task(Memory="1024"), "task memory 512 → 1024 MiB"),
    ],
)
def test_what_the_sentence_says_whole_is_no_detail(
    before: dict[str, Any], after: dict[str, Any], short: str
) -> None:
    sides = [stack(web(), one) for one in (before, after)]

    assert short in lines(sides[0], sides[1])[0]
    assert short not in details(sides[0], sides[1])


@pytest.mark.parametrize(
    ("before", "after", "detail"),
    [
        (
            {"NetworkMode": "bridge"},
            {"NetworkMode": "awsvpc"},
            "the network mode changes: bridge → awsvpc",
        ),
        ({"TaskRoleArn": "a"}, {"TaskRoleArn": "b"}, "the task role changes: a → b"),
        (
            {"RuntimePlatform": {"CpuArchitecture": "X86_64"}},
            {"RuntimePlatform": {"CpuArchitecture": "ARM64"}},
            "CPU architecture X86_64 → ARM64: the images have to be made for it",
        ),
    ],
)
def test_the_task(before: dict[str, Any], after: dict[str, Any], detail: str) -> None:
    assert detail in details(*(stack(web(), task(**one)) for one in (before, after)))


def test_containers_come_and_go() -> None:
    proxy = {"Name": "proxy", "Image": "envoy:1"}

    assert (
        "container proxy is added" in lines(stack(web()), stack(web(), task(container(), proxy)))[0]
    )
    assert (
        "container proxy is removed"
        in lines(stack(web(), task(container(), proxy)), stack(web()))[0]
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (env(A="1", B="2"), env(B="2", A="1")),
        ({"Cpu": 256}, {"Cpu": "256"}),
        ({"Essential": True}, {"Essential": "true"}),
    ],
)
def test_what_is_the_same_to_ecs_is_not_told(before: dict[str, Any], after: dict[str, Any]) -> None:
    sides = [stack(web(), task(container(**one))) for one in (before, after)]

    assert lines(sides[0], sides[1], "rollout", "downtime") == []


def test_the_parameter_is_named_that_makes_the_change() -> None:
    variable = {"Environment": [{"Name": "JAVA_OPTS", "Value": {"Ref": "JavaOpts"}}]}
    resources = stack(web(), task(container(**variable)))
    parameters = {"JavaOpts": {"Type": "String"}}
    before, after = (
        side(resources, Parameters=parameters, parameters={"JavaOpts": value})
        for value in ("-Xmx256m", "-Xmx512m")
    )
    [one] = told(before, after)

    assert "; JavaOpts changes; " in one.text
    assert one.details[0] == "app: variable JAVA_OPTS -Xmx256m → -Xmx512m"
    assert [(c.kind, c.name, c.before, c.after) for c in one.causes] == [
        ("parameter", "JavaOpts", "-Xmx256m", "-Xmx512m")
    ]


def test_a_no_echo_value_is_never_told() -> None:
    variable = {"Environment": [{"Name": "GREETING", "Value": {"Ref": "Hello"}}]}
    resources = stack(web(), task(container(**variable)))
    parameters = {"Hello": {"Type": "String", "NoEcho": True}}
    before, after = (
        side(resources, Parameters=parameters, parameters={"Hello": value})
        for value in ("first-value", "second-value")
    )
    [one] = told(before, after)

    assert "GREETING changes" in " ".join(one.details)
    assert "-value" not in repr(one)


def test_more_room_on_the_disk() -> None:
    """Fargate gives 20 GiB where nothing is said."""
    more = task(EphemeralStorage={"SizeInGiB": 50})

    assert "the ephemeral storage changes: 20 → 50 GiB" in details(stack(web()), stack(web(), more))
