"""Logs, alarms, scaling, roles, instances, schedules."""

from __future__ import annotations

from typing import Final

from tests.review.verdicts.row import IN_PLACE, REPLACED, table

_READS: Final = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
_WRITES: Final = {"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}

ROWS: Final = [
    *table(
        "Logs::LogGroup",
        ("LogGroupName", "/ecs/one", "/ecs/two", REPLACED),
        ("RetentionInDays", 30, 365, IN_PLACE),
        ("KmsKeyId", "one", "two", IN_PLACE),
    ),
    *table(
        "Logs::MetricFilter",
        ("LogGroupName", "one", "two", REPLACED),
        ("FilterName", "one", "two", REPLACED),
        ("FilterPattern", "ERROR", "WARN", IN_PLACE),
    ),
    *table(
        "Logs::SubscriptionFilter",
        ("LogGroupName", "one", "two", REPLACED),
        ("DestinationArn", "one", "two", IN_PLACE),
    ),
    *table(
        "CloudWatch::Alarm",
        ("AlarmName", "one", "two", REPLACED),
        ("Threshold", 80, 90, IN_PLACE),
        ("ComparisonOperator", "GreaterThanThreshold", "LessThanThreshold", IN_PLACE),
        ("Period", 60, 300, IN_PLACE),
        ("EvaluationPeriods", 1, 3, IN_PLACE),
        ("DatapointsToAlarm", 1, 2, IN_PLACE),
        ("MetricName", "CPUUtilization", "MemoryUtilization", IN_PLACE),
        ("Namespace", "AWS/ECS", "AWS/ApplicationELB", IN_PLACE),
        ("Statistic", "Average", "Maximum", IN_PLACE),
        ("TreatMissingData", "missing", "breaching", IN_PLACE),
        ("ActionsEnabled", True, False, IN_PLACE),
        ("AlarmActions", ["one"], ["two"], IN_PLACE),
        ("Dimensions", [{"Name": "A", "Value": "1"}], [{"Name": "A", "Value": "2"}], IN_PLACE),
    ),
    *table(
        "CloudWatch::CompositeAlarm",
        ("AlarmName", "one", "two", REPLACED),
        ("AlarmRule", "ALARM(a)", "ALARM(b)", IN_PLACE),
    ),
    *table(
        "ApplicationAutoScaling::ScalableTarget",
        ("ResourceId", "service/a/b", "service/a/c", REPLACED),
        ("ScalableDimension", "ecs:service:DesiredCount", "other", REPLACED),
        ("ServiceNamespace", "ecs", "ec2", REPLACED),
        ("MinCapacity", 1, 2, IN_PLACE),
        ("MaxCapacity", 4, 8, IN_PLACE),
        ("RoleARN", "one", "two", IN_PLACE),
        ("ScheduledActions", [{"ScheduledActionName": "a"}], [], IN_PLACE),
    ),
    *table(
        "ApplicationAutoScaling::ScalingPolicy",
        ("PolicyName", "one", "two", REPLACED),
        ("ResourceId", "service/a/b", "service/a/c", REPLACED),
        ("ScalingTargetId", "one", "two", REPLACED),
        ("ScalableDimension", "ecs:service:DesiredCount", "other", REPLACED),
        ("ServiceNamespace", "ecs", "ec2", REPLACED),
        ("TargetTrackingScalingPolicyConfiguration.TargetValue", 70, 60, IN_PLACE),
        ("StepScalingPolicyConfiguration.Cooldown", 60, 120, IN_PLACE),
    ),
    *table(
        "IAM::Role",
        ("RoleName", "one", "two", REPLACED),
        ("Path", "/", "/app/", REPLACED),
        ("AssumeRolePolicyDocument", _READS, _WRITES, IN_PLACE),
        (
            "Policies",
            [{"PolicyName": "a", "PolicyDocument": _READS}],
            [{"PolicyName": "a", "PolicyDocument": _WRITES}],
            IN_PLACE,
        ),
        ("ManagedPolicyArns", ["one"], ["two"], IN_PLACE),
        ("PermissionsBoundary", "one", "two", IN_PLACE),
        ("MaxSessionDuration", 3600, 7200, IN_PLACE),
        ("Description", "one", "two", IN_PLACE),
    ),
    *table(
        "IAM::ManagedPolicy",
        ("ManagedPolicyName", "one", "two", REPLACED),
        ("Path", "/", "/app/", REPLACED),
        ("Description", "one", "two", REPLACED),
        ("PolicyDocument", _READS, _WRITES, IN_PLACE),
    ),
    *table("IAM::Policy", ("PolicyDocument", _READS, _WRITES, IN_PLACE)),
    *table(
        "IAM::InstanceProfile",
        ("InstanceProfileName", "one", "two", REPLACED),
        ("Path", "/", "/app/", REPLACED),
        ("Roles", ["one"], ["two"], IN_PLACE),
    ),
    *table(
        "AutoScaling::AutoScalingGroup",
        ("AutoScalingGroupName", "one", "two", REPLACED),
        ("InstanceId", "i-1", "i-2", REPLACED),
        ("MinSize", 1, 2, IN_PLACE),
        ("MaxSize", 4, 8, IN_PLACE),
        ("VPCZoneIdentifier", ["a"], ["b"], IN_PLACE),
        ("LaunchTemplate.Version", "1", "2", IN_PLACE),
        ("HealthCheckGracePeriod", 30, 60, IN_PLACE),
        ("NewInstancesProtectedFromScaleIn", True, False, IN_PLACE),
    ),
    *table(
        "EC2::LaunchTemplate",
        ("LaunchTemplateName", "one", "two", REPLACED),
        ("LaunchTemplateData.ImageId", "ami-1", "ami-2", IN_PLACE),
        ("LaunchTemplateData.InstanceType", "t3.small", "t3.large", IN_PLACE),
    ),
    *table(
        "Events::Rule",
        ("Name", "one", "two", REPLACED),
        ("ScheduleExpression", "rate(1 hour)", "rate(2 hours)", IN_PLACE),
        ("State", "ENABLED", "DISABLED", IN_PLACE),
        ("Targets", [{"Id": "a", "Arn": "one"}], [{"Id": "a", "Arn": "two"}], IN_PLACE),
    ),
    *table(
        "Scheduler::Schedule",
        ("Name", "one", "two", REPLACED),
        ("ScheduleExpression", "rate(1 hour)", "rate(2 hours)", IN_PLACE),
        ("State", "ENABLED", "DISABLED", IN_PLACE),
        ("Target.Arn", "one", "two", IN_PLACE),
    ),
    *table("Scheduler::ScheduleGroup", ("Name", "one", "two", REPLACED)),
    *table(
        "StepFunctions::StateMachine",
        ("StateMachineName", "one", "two", REPLACED),
        ("StateMachineType", "STANDARD", "EXPRESS", REPLACED),
        ("DefinitionString", '{"a": 1}', '{"a": 2}', IN_PLACE),
        ("RoleArn", "one", "two", IN_PLACE),
    ),
]
