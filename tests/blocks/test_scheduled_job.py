"""A job: when it starts, with which rights, what becomes of it, and who hears of it.

Trap 38: a job runs the task definition of the last deploy; a start that is refused is tried again,
then put aside where somebody sees it.
Trap 43: only this account's schedules and state machines become the roles.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import (
    KEY,
    SUBNETS,
    TOKENS,
    TOPIC,
    VPC,
    Built,
    built,
    fargate_task,
    new_stack,
    resolved,
)
from tests.blocks.standard import MADE_FROM, Standard

BEFORE = [
    "WebLogGroup",
    "WebExecutionRole",
    "WebTaskRole",
    "WebTaskDefinition",
    "WebSecurityGroup",
    "WebScheduleGroup",
    "WebDeadLetterQueue",
    "WebDeadLetterQueuePolicy",
]
WATCHED = [
    *BEFORE,
    "WebStateMachineRole",
    "WebStateMachine",
    "WebScheduleRole",
    "WebSchedule",
    "WebFailedAlarm",
    "WebMissedAlarm",
    "WebDeadLettersAlarm",
]
LEFT_ALONE = [
    *BEFORE,
    "WebFailureRule",
    "WebScheduleRole",
    "WebSchedule",
    "WebMissedAlarm",
    "WebDeadLettersAlarm",
]
KINDS = [
    pytest.param(eb.ScheduledJobEnvironment, id="on instances"),
    pytest.param(eb.FargateScheduledJobEnvironment, id="on Fargate"),
]
_HERE = "${AWS::Region}:${AWS::AccountId}"
_CLUSTER = {"Fn::Sub": f"arn:${{AWS::Partition}}:ecs:{_HERE}:cluster/${{ClusterName}}"}


def watched(kind: Any = eb.FargateScheduledJobEnvironment, **changed: Any) -> Standard[Any, Any]:
    return Standard(kind, lambda env: eb.ScheduledJob.standard(env, **changed))


def left_alone(kind: Any = eb.FargateScheduledJobEnvironment) -> Standard[Any, Any]:
    def job(env: Any) -> eb.ScheduledJob:
        return eb.ScheduledJob.standard(env, runner=eb.RunTask(env.failure_rule_state))

    return Standard(kind, job)


@pytest.mark.parametrize("kind", KINDS)
def test_the_logical_ids_are_a_contract(kind: Any) -> None:
    assert (watched(kind).ids, left_alone(kind).ids) == (WATCHED, LEFT_ALONE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_is_used_that_the_way_of_running_has(kind: Any) -> None:
    assert watched(kind).unused == {*MADE_FROM, "FailureRuleState"}
    assert left_alone(kind).unused == {*MADE_FROM, "JobTimeoutSeconds", "JobRetries"}


def test_what_it_tells_others() -> None:
    assert watched().outputs == ["SecurityGroupId", "TaskRoleArn", "LogGroupName"]


def test_trap_38_the_schedule_tries_again_for_an_hour_and_puts_aside_what_aws_refused() -> None:
    found = watched().properties("WebSchedule")

    assert found == {
        "GroupName": {"Ref": "WebScheduleGroup"},
        "ScheduleExpression": {"Ref": "ScheduleExpression"},
        "ScheduleExpressionTimezone": {"Ref": "ScheduleTimeZone"},
        "State": {"Ref": "ScheduleState"},
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": {"Ref": "WebStateMachine"},
            "RoleArn": {"Fn::GetAtt": ["WebScheduleRole", "Arn"]},
            "RetryPolicy": {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600},
            "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["WebDeadLetterQueue", "Arn"]}},
        },
    }


def definition(made: Standard[Any, Any], **parameters: str) -> dict[str, Any]:
    """The state machine's definition, with values put in."""
    values = {
        "ClusterName": "main",
        "PrivateSubnetIds": ",".join(SUBNETS),
        "JobTimeoutSeconds": "3600",
        "JobRetries": "2",
        "FargateBase": "1",
        "FargateWeight": "1",
        "FargateSpotWeight": "0",
    }
    body = resolved(made.template, **values | parameters)["Resources"]["WebStateMachine"]
    text = body["Properties"]["DefinitionString"]
    # two ids are known only when CloudFormation runs
    text = text["Fn::Sub"] if isinstance(text, dict) else text
    found: dict[str, Any] = json.loads(text)["States"]["Run"]
    return found


def test_trap_38_a_state_machine_runs_the_last_task_definition_and_waits_for_its_end() -> None:
    found = definition(watched())

    assert found == {
        "Type": "Task",
        "Resource": "arn:aws:states:::ecs:runTask.sync",
        "Parameters": {
            "Cluster": "arn:aws:ecs:ap-northeast-1:123456789012:cluster/main",
            "TaskDefinition": "${WebTaskDefinition}",
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                    "AssignPublicIp": "DISABLED",
                    "Subnets": SUBNETS,
                    "SecurityGroups": ["${WebSecurityGroup.GroupId}"],
                }
            },
            "PropagateTags": "TASK_DEFINITION",
            "CapacityProviderStrategy": [
                {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1},
                {"CapacityProvider": "FARGATE_SPOT", "Base": 0, "Weight": 0},
            ],
        },
        "TimeoutSeconds": 3600,
        "Retry": [
            {
                "ErrorEquals": ["States.ALL"],
                "IntervalSeconds": 60,
                "BackoffRate": 2,
                "MaxAttempts": 2,
            }
        ],
        "End": True,
    }


def test_on_instances_the_cluster_decides_on_what_a_job_runs() -> None:
    found = definition(watched(eb.ScheduledJobEnvironment), TaskMemory="1", TaskMaxMemory="2")

    assert "CapacityProviderStrategy" not in found["Parameters"]


def test_literals_and_tokens_give_one_text() -> None:
    """The invariant of a render: a template with the values is what the values' own run gives."""
    stack = new_stack()
    job = eb.ScheduledJob(
        cluster_name="main",
        task=fargate_task(port=None),
        network=eb.TaskNetwork(vpc_id=VPC, subnet_ids=SUBNETS),
        schedule=eb.Schedule(expression="rate(1 day)"),
        encryption=eb.KmsKey(KEY),
        notify=eb.Notify(topic_arn=TOPIC),
        runner=eb.StateMachine(retries=2),
        capacity=eb.FargateCapacity(),
    )
    of_literals = resolved(Built(stack, stack.add("Web", job)).template)["Resources"]
    text = of_literals["WebStateMachine"]["Properties"]["DefinitionString"]["Fn::Sub"]

    assert json.loads(text)["States"]["Run"] == definition(watched())


def statements(found: Standard[Any, Any], role: str, policy: str) -> list[dict[str, Any]]:
    policies = found.properties(role)["Policies"]
    [one] = [p for p in policies if p["PolicyName"] == policy]
    listed: list[dict[str, Any]] = one["PolicyDocument"]["Statement"]
    return listed


RUN = [
    {
        "Effect": "Allow",
        "Action": ["ecs:RunTask"],
        "Resource": [
            {
                "Fn::Sub": f"arn:${{AWS::Partition}}:ecs:{_HERE}:task-definition/"
                "${AWS::StackName}:*"
            }
        ],
        "Condition": {"ArnEquals": {"ecs:cluster": _CLUSTER}},
    },
    {
        "Effect": "Allow",
        "Action": ["ecs:TagResource"],
        "Resource": [{"Fn::Sub": f"arn:${{AWS::Partition}}:ecs:{_HERE}:task/${{ClusterName}}/*"}],
        "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
    },
    {
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": [
            {"Fn::GetAtt": ["WebExecutionRole", "Arn"]},
            {"Fn::GetAtt": ["WebTaskRole", "Arn"]},
        ],
        "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
    },
]


def test_who_starts_the_task_may_start_this_one_here_with_its_own_roles() -> None:
    assert statements(left_alone(), "WebScheduleRole", "Start") == RUN
    assert statements(watched(), "WebStateMachineRole", "Run")[:3] == RUN


def test_a_state_machine_may_also_stop_its_tasks_and_hear_of_their_end() -> None:
    stop, hear = statements(watched(), "WebStateMachineRole", "Run")[3:]

    assert stop["Action"] == ["ecs:DescribeTasks", "ecs:StopTask"]
    assert stop["Condition"] == {"ArnEquals": {"ecs:cluster": _CLUSTER}}
    assert hear["Resource"] == [
        {
            "Fn::Sub": f"arn:${{AWS::Partition}}:events:{_HERE}"
            ":rule/StepFunctionsGetEventsForECSTaskRule"
        }
    ]


def test_the_schedule_may_start_its_state_machine_and_put_messages_aside() -> None:
    found = watched()

    assert statements(found, "WebScheduleRole", "Start") == [
        {
            "Effect": "Allow",
            "Action": ["states:StartExecution"],
            "Resource": [{"Ref": "WebStateMachine"}],
        }
    ]
    assert [one["Action"] for one in statements(found, "WebScheduleRole", "PutAside")] == [
        ["sqs:SendMessage"],
        ["kms:Decrypt", "kms:GenerateDataKey"],
    ]


@pytest.mark.parametrize(
    ("role", "service"), [("WebScheduleRole", "scheduler"), ("WebStateMachineRole", "states")]
)
def test_trap_43_only_this_account_s_may_become_a_role(role: str, service: str) -> None:
    [trust] = watched().properties(role)["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Principal"] == {"Service": [f"{service}.amazonaws.com"]}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        "ArnLike": {"aws:SourceArn": {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{_HERE}:*"}},
    }


def test_left_alone_the_schedule_itself_starts_the_last_task_definition() -> None:
    target = left_alone().properties("WebSchedule")["Target"]

    assert target["Arn"] == _CLUSTER
    assert target["EcsParameters"] == {
        "TaskDefinitionArn": {"Ref": "WebTaskDefinition"},
        "TaskCount": 1,
        "NetworkConfiguration": {
            "AwsvpcConfiguration": {
                "AssignPublicIp": "DISABLED",
                "Subnets": {"Ref": "PrivateSubnetIds"},
                "SecurityGroups": [{"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}],
            }
        },
        "EnableECSManagedTags": True,
        "PropagateTags": "TASK_DEFINITION",
        "CapacityProviderStrategy": [
            {
                "CapacityProvider": "FARGATE",
                "Base": {"Ref": "FargateBase"},
                "Weight": {"Ref": "FargateWeight"},
            },
            {
                "CapacityProvider": "FARGATE_SPOT",
                "Base": 0,
                "Weight": {"Ref": "FargateSpotWeight"},
            },
        ],
    }


def test_left_alone_on_instances_the_cluster_decides() -> None:
    found = left_alone(eb.ScheduledJobEnvironment).properties("WebSchedule")["Target"]

    assert "CapacityProviderStrategy" not in found["EcsParameters"]
    assert "LaunchType" not in found["EcsParameters"]


def test_a_task_that_failed_or_was_stopped_is_told_of_in_words_and_a_stopped_sidecar_not() -> None:
    found = left_alone().properties("WebFailureRule")
    detail = found["EventPattern"]["detail"]
    [target] = found["Targets"]

    assert found["State"] == {"Ref": "FailureRuleState"}
    assert detail["lastStatus"] == ["STOPPED"]
    assert detail["$or"] == [
        {"containers": {"name": ["app"], "exitCode": [{"anything-but": [0]}]}},
        {"stopCode": [{"anything-but": ["EssentialContainerExited"]}]},
    ]
    assert target["Arn"] == {"Ref": "AlarmTopicArn"}
    assert target["InputTransformer"]["InputTemplate"]["Fn::Sub"].startswith(
        '"The job ${AWS::StackName} failed at <time>: <reason>.'
    )


def test_a_failure_rings_until_a_run_succeeds() -> None:
    found = watched().properties("WebFailedAlarm")
    *ends, result = found["Metrics"]

    assert [one["MetricStat"]["Metric"]["MetricName"] for one in ends] == [
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsAborted",
        "ExecutionsSucceeded",
    ]
    assert result["Expression"] == "SUM([failed, late, aborted, succeeded * 0])"
    assert found["TreatMissingData"] == "ignore"


@pytest.mark.parametrize(
    ("made", "metric", "dimension"),
    [
        pytest.param(
            watched(),
            "ExecutionsSucceeded",
            {"Name": "StateMachineArn", "Value": {"Ref": "WebStateMachine"}},
            id="watched: without success",
        ),
        pytest.param(
            left_alone(),
            "InvocationAttemptCount",
            {"Name": "ScheduleGroup", "Value": {"Ref": "WebScheduleGroup"}},
            id="left alone: without a start",
        ),
    ],
)
def test_what_did_not_run_for_too_many_hours_rings(
    made: Standard[Any, Any], metric: str, dimension: dict[str, Any]
) -> None:
    found = made.properties("WebMissedAlarm")
    stat = found["Metrics"][0]["MetricStat"]

    assert (stat["Metric"]["MetricName"], stat["Period"]) == (metric, 3600)
    assert stat["Metric"]["Dimensions"] == [dimension]
    assert found["EvaluationPeriods"] == {"Ref": "AlarmMissedAfterHours"}
    assert found["DatapointsToAlarm"] == {"Ref": "AlarmMissedAfterHours"}
    assert found["TreatMissingData"] == "breaching"


def test_the_command_is_what_of_the_image_is_run() -> None:
    settings = eb.Container(stop_timeout_s=60)
    found = watched(command=("report", "-v"), container=settings)
    [container] = found.properties("WebTaskDefinition")["ContainerDefinitions"]

    assert (container["Command"], container["StopTimeout"]) == (["report", "-v"], 60)


def job(**changed: Any) -> eb.ScheduledJob:
    arguments: dict[str, Any] = {
        "cluster_name": "main",
        "task": fargate_task(port=None),
        "network": eb.TaskNetwork(vpc_id=VPC, subnet_ids=SUBNETS),
        "schedule": eb.Schedule(expression="rate(1 day)"),
        "encryption": eb.SqsManagedKey(),
        "notify": eb.Notify(topic_arn=TOPIC),
    }
    return eb.ScheduledJob(**arguments | changed)


def with_exec(enabled: Any) -> Any:
    """A task in which a shell can be opened."""
    access = eb.Exec(key_arn=KEY, log_group_name="/ecs/cluster/exec", enabled=enabled)
    return fargate_task(port=None, container=eb.Container(exec=access))


@pytest.mark.parametrize(
    ("enabled", "expected"), [(True, True), (False, False), (TOKENS.flag, {"Ref": "Flag"})]
)
def test_a_shell_can_be_opened_in_a_job_that_is_left_alone(enabled: Any, expected: Any) -> None:
    made = built(job(task=with_exec(enabled), runner=eb.RunTask()))
    parameters = made.resources["WebSchedule"]["Properties"]["Target"]["EcsParameters"]

    assert parameters["EnableExecuteCommand"] == expected


@pytest.mark.parametrize(
    ("enabled", "written"),
    [(True, "true"), (False, "false"), (TOKENS.flag, "${Flag}")],
)
def test_a_shell_can_be_opened_in_a_job_that_is_watched(enabled: Any, written: str) -> None:
    made = built(job(task=with_exec(enabled)))
    found = made.resources["WebStateMachine"]["Properties"]["DefinitionString"]["Fn::Sub"]

    assert f'"EnableExecuteCommand": {written}\n' in found


@pytest.mark.parametrize("runner", [eb.RunTask(), eb.StateMachine()])
def test_no_shell_is_spoken_of_in_a_job_without_one(runner: Any) -> None:
    assert "EnableExecuteCommand" not in str(built(job(runner=runner)).resources)


def with_disk() -> eb.Container:
    return eb.Container(mounts=(eb.Mount(eb.EbsVolume(name="disk", size_gib=1), "/data"),))


BAD = [
    pytest.param(
        lambda: watched(command=("a",), container=eb.Container(command=("b",))),
        "the command is given twice, as command= and in the Container",
        id="two commands",
    ),
    pytest.param(
        lambda: job(missed_after_hours=169),
        "missed_after_hours is 169; allowed: 1 to 168",
        id="less than weekly",
    ),
    pytest.param(
        lambda: new_stack().add("Web", job(task=fargate_task(port=None, container=with_disk()))),
        "a job has no EbsVolume; use ephemeral_storage_gib or an EfsVolume",
        id="a disk",
    ),
    pytest.param(
        lambda: eb.StateMachine(timeout_s=0), "timeout_s is 0; allowed: 1 to 99999999", id="no time"
    ),
    pytest.param(
        lambda: eb.StateMachine(retries=-1), "retries is -1; allowed: 0 to 99999999", id="retries"
    ),
]


@pytest.mark.parametrize(("make", "message"), BAD)
def test_jobs_that_cannot_be(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message


def test_every_part_is_reachable_through_the_handle() -> None:
    stack = new_stack()
    handle = stack.add("Web", job())

    handle.schedule.Description = "the report"
    role, machine = handle.run
    machine.StateMachineName = "report"

    found = Built(stack, handle).resources
    assert found["WebSchedule"]["Properties"]["Description"] == "the report"
    assert found["WebStateMachine"]["Properties"]["StateMachineName"] == "report"
    assert handle.group.name == "the job"
    assert role.title == "WebStateMachineRole"
