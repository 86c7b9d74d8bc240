"""hoge's template as a bare troposphere script, written the usual way, without ecs_blocks.

``python -m benchmarks.bare_hoge json`` prints it; ``yaml`` goes through PyYAML's C emitter,
``to_yaml`` through troposphere's own method. tests/benchmarks holds it against what is rendered.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import awacs.ecr
import awacs.logs
import awacs.sts
import yaml
from awacs.aws import Allow, ArnLike, Condition, PolicyDocument, Principal, Statement, StringEquals
from troposphere import GetAtt, Output, Ref, Sub, Template, ecs, iam, logs
from troposphere import elasticloadbalancingv2 as elb
from troposphere import route53 as r53
from troposphere.ec2 import SecurityGroup, SecurityGroupIngress, SecurityGroupRule

from benchmarks.bare_hoge_parameters import PARAMETERS
from benchmarks.bare_hoge_service import alarms, service

STACK = Ref("AWS::StackName")
OUTPUTS = {
    "Url": (Sub("https://hoge.${HostedZoneName}"), "where the service answers"),
    "ServiceName": (GetAtt("HogeService", "Name"), "the ECS service"),
    "SecurityGroupId": (
        GetAtt("HogeSecurityGroup", "GroupId"),
        "the tasks, for a database to let in",
    ),
    "TaskRoleArn": (GetAtt("HogeTaskRole", "Arn"), "what the application acts as"),
    "LogGroupName": (Ref("HogeLogGroup"), "where the application's log is"),
}


def template() -> Template:
    """The whole template."""
    found = Template(Description="hoge: the accounting API.")
    found.set_version("2010-09-09")
    for parameter in PARAMETERS:
        found.add_parameter(parameter)
    found.add_resource([*_task(), *_network(), *_dns(), *service(), *alarms()])
    for name, (value, description) in OUTPUTS.items():
        found.add_output(Output(name, Value=value, Description=description))
    return found


def _document(*statements: Statement) -> PolicyDocument:
    return PolicyDocument(Version="2012-10-17", Statement=list(statements))


def _role(name: str, description: str, policies: dict[str, Statement]) -> iam.Role:
    source = Sub("arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:*")
    trust = Statement(
        Effect=Allow,
        Principal=Principal("Service", ["ecs-tasks.amazonaws.com"]),
        Action=[awacs.sts.AssumeRole],
        Condition=Condition(
            [
                StringEquals({"aws:SourceAccount": Ref("AWS::AccountId")}),
                ArnLike({"aws:SourceArn": source}),
            ]
        ),
    )
    inline = [
        iam.Policy(PolicyName=name, PolicyDocument=_document(statement))
        for name, statement in policies.items()
    ]
    role = iam.Role(name, Description=description, AssumeRolePolicyDocument=_document(trust))
    if inline:
        role.Policies = inline
    return role


def _task() -> list[Any]:
    repository = Sub("arn:${AWS::Partition}:ecr:ap-northeast-1:123456789012:repository/hoge-image")
    pull = [
        awacs.ecr.BatchCheckLayerAvailability,
        awacs.ecr.BatchGetImage,
        awacs.ecr.GetDownloadUrlForLayer,
    ]
    write = [awacs.logs.CreateLogStream, awacs.logs.PutLogEvents]
    group = GetAtt("HogeLogGroup", "Arn")
    policies = {
        "Logs": Statement(Effect=Allow, Action=write, Resource=[group]),
        "Pull": Statement(Effect=Allow, Action=pull, Resource=[repository]),
        "LogInToEcr": Statement(
            Effect=Allow, Action=[awacs.ecr.GetAuthorizationToken], Resource=["*"]
        ),
    }
    container = ecs.ContainerDefinition(
        Name="app",
        Image=Ref("Image"),
        Essential=True,
        Cpu=Ref("TaskCpu"),
        MemoryReservation=Ref("TaskMemory"),
        Memory=Ref("TaskMaxMemory"),
        PortMappings=[ecs.PortMapping(Name="app", ContainerPort=8080, Protocol="tcp")],
        User="1000:1000",
        Privileged=False,
        ReadonlyRootFilesystem=True,
        LinuxParameters=ecs.LinuxParameters(
            InitProcessEnabled=True,
            Capabilities=ecs.KernelCapabilities(Drop=["ALL"]),
            Tmpfs=[
                ecs.Tmpfs(
                    ContainerPath="/tmp",  # noqa: S108 - inside the container
                    Size=64,
                    MountOptions=["rw", "exec", "nosuid", "nodev"],
                )
            ],
        ),
        StopTimeout=30,
        LogConfiguration=ecs.LogConfiguration(
            LogDriver="awslogs",
            Options={
                "awslogs-group": Ref("HogeLogGroup"),
                "awslogs-region": Ref("AWS::Region"),
                "awslogs-stream-prefix": "app",
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        ),
        Environment=[ecs.Environment(Name="JAVA_OPTS", Value=Ref("JavaOpts"))],
    )
    return [
        logs.LogGroup(
            "HogeLogGroup",
            DeletionPolicy="RetainExceptOnCreate",
            UpdateReplacePolicy="Retain",
            LogGroupName=Sub("/ecs/${AWS::StackName}"),
            RetentionInDays=Ref("LogRetentionDays"),
            KmsKeyId=Ref("KeyArn"),
        ),
        _role(
            "HogeExecutionRole",
            "what ECS needs to start the task: image, secrets, logs",
            policies,
        ),
        _role("HogeTaskRole", "what the application itself may do", {}),
        ecs.TaskDefinition(
            "HogeTaskDefinition",
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
            Family=STACK,
            NetworkMode="awsvpc",
            RuntimePlatform=ecs.RuntimePlatform(
                CpuArchitecture="X86_64", OperatingSystemFamily="LINUX"
            ),
            ExecutionRoleArn=GetAtt("HogeExecutionRole", "Arn"),
            TaskRoleArn=GetAtt("HogeTaskRole", "Arn"),
            ContainerDefinitions=[container],
            RequiresCompatibilities=["EC2"],
        ),
    ]


def _rule(port: int, peer: str, **side: Any) -> SecurityGroupRule:
    return SecurityGroupRule(
        Description=f"port {port} {peer}", IpProtocol="tcp", FromPort=port, ToPort=port, **side
    )


def _both(port: int, peer: str) -> list[SecurityGroupRule]:
    return [_rule(port, peer, CidrIp="0.0.0.0/0"), _rule(port, peer, CidrIpv6="::/0")]


def _network() -> list[Any]:
    tasks = GetAtt("HogeSecurityGroup", "GroupId")
    balancer = GetAtt("HogeLoadBalancerSecurityGroup", "GroupId")
    return [
        SecurityGroup(
            "HogeSecurityGroup",
            GroupDescription="tasks: the load balancer in, what is named out",
            VpcId=Ref("VpcId"),
            SecurityGroupEgress=_both(443, "to anywhere"),
        ),
        SecurityGroup(
            "HogeLoadBalancerSecurityGroup",
            GroupDescription="load balancer: HTTP and HTTPS in, the tasks out",
            VpcId=Ref("VpcId"),
            SecurityGroupEgress=[_rule(8080, "to the tasks", DestinationSecurityGroupId=tasks)],
            SecurityGroupIngress=[*_both(443, "from anywhere"), *_both(80, "from anywhere")],
        ),
        SecurityGroupIngress(
            "HogeFromLoadBalancer",
            GroupId=tasks,
            Description="port 8080 from the load balancer",
            IpProtocol="tcp",
            FromPort=8080,
            ToPort=8080,
            SourceSecurityGroupId=balancer,
        ),
        *_balancer(balancer),
    ]


def _balancer(group: GetAtt) -> list[Any]:
    attributes = {
        "deletion_protection.enabled": Ref("DeletionProtection"),
        "idle_timeout.timeout_seconds": "60",
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "routing.http.desync_mitigation_mode": "defensive",
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": Ref("AccessLogBucket"),
        "access_logs.s3.prefix": STACK,
        "connection_logs.s3.enabled": "true",
        "connection_logs.s3.bucket": Ref("AccessLogBucket"),
        "connection_logs.s3.prefix": STACK,
    }
    headers = {
        "routing.http.response.server.enabled": "false",
        "routing.http.response.strict_transport_security.header_value": "max-age=31536000",
        "routing.http.response.x_content_type_options.header_value": "nosniff",
    }
    return [
        elb.LoadBalancer(
            "HogeLoadBalancer",
            Type="application",
            Scheme="internet-facing",
            IpAddressType=Ref("LoadBalancerIpAddressType"),
            Subnets=Ref("PublicSubnetIds"),
            SecurityGroups=[group],
            LoadBalancerAttributes=[
                elb.LoadBalancerAttributes(Key=key, Value=value)
                for key, value in attributes.items()
            ],
        ),
        elb.Listener(
            "HogeHttpListener",
            LoadBalancerArn=Ref("HogeLoadBalancer"),
            Port=80,
            Protocol="HTTP",
            DefaultActions=[
                elb.Action(
                    Type="redirect",
                    RedirectConfig=elb.RedirectConfig(
                        Protocol="HTTPS", Port="443", StatusCode="HTTP_301"
                    ),
                )
            ],
        ),
        elb.Listener(
            "HogeHttpsListener",
            LoadBalancerArn=Ref("HogeLoadBalancer"),
            Port=443,
            Protocol="HTTPS",
            SslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
            Certificates=[elb.Certificate(CertificateArn=Ref("CertificateArn"))],
            DefaultActions=[
                elb.Action(
                    Type="fixed-response",
                    FixedResponseConfig=elb.FixedResponseConfig(
                        StatusCode="404", ContentType="text/plain", MessageBody="not found"
                    ),
                )
            ],
            ListenerAttributes=[
                elb.ListenerAttribute(Key=key, Value=value) for key, value in headers.items()
            ],
        ),
        elb.TargetGroup(
            "HogeTargetGroup3FF6B5",
            VpcId=Ref("VpcId"),
            TargetType="ip",
            Protocol="HTTP",
            ProtocolVersion="HTTP1",
            Port=8080,
            HealthCheckProtocol="HTTP",
            HealthCheckPort="traffic-port",
            HealthCheckPath="/",
            HealthCheckIntervalSeconds=15,
            HealthCheckTimeoutSeconds=5,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=3,
            Matcher=elb.Matcher(HttpCode="200-299"),
            TargetGroupAttributes=[
                elb.TargetGroupAttribute(
                    Key="deregistration_delay.timeout_seconds",
                    Value=Ref("DeregistrationDelaySeconds"),
                ),
                elb.TargetGroupAttribute(Key="stickiness.enabled", Value="false"),
            ],
        ),
        elb.ListenerRule(
            "HogeListenerRule",
            ListenerArn=Ref("HogeHttpsListener"),
            Priority=1,
            Conditions=[
                elb.Condition(
                    Field="host-header",
                    HostHeaderConfig=elb.HostHeaderConfig(Values=[Sub("hoge.${HostedZoneName}")]),
                )
            ],
            Actions=[
                elb.ListenerRuleAction(Type="forward", TargetGroupArn=Ref("HogeTargetGroup3FF6B5"))
            ],
        ),
    ]


def _dns() -> list[Any]:
    return [
        r53.RecordSetType(
            name,
            Type=kind,
            Name=Sub("hoge.${HostedZoneName}"),
            HostedZoneId=Ref("HostedZoneId"),
            AliasTarget=r53.AliasTarget(
                DNSName=GetAtt("HogeLoadBalancer", "DNSName"),
                HostedZoneId=GetAtt("HogeLoadBalancer", "CanonicalHostedZoneID"),
                EvaluateTargetHealth=False,
            ),
        )
        for name, kind in (("HogeRecordA", "A"), ("HogeRecordAaaa", "AAAA"))
    ]


def main(form: str) -> None:
    """Print the template as *form*."""
    found = template()
    if form == "json":
        text = json.dumps(found.to_dict(), indent=2)
    elif form == "yaml":
        text = yaml.dump(found.to_dict(), Dumper=yaml.CSafeDumper, sort_keys=False)
    else:
        text = found.to_yaml()
    sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1])
