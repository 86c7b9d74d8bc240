"""The Parameters of ``bare_hoge``, as a troposphere user writes them."""

from __future__ import annotations

from troposphere import Parameter

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_EXAMPLE = "0a1b2c3d-0000-4000-8000-0123456789ab"
_RETENTION_DAYS = [
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827),
    *(2192, 2557, 2922, 3288, 3653),
]

PARAMETERS = [
    Parameter("VpcId", Type="AWS::EC2::VPC::Id", Description="the VPC"),
    Parameter(
        "PublicSubnetIds",
        Type="List<AWS::EC2::Subnet::Id>",
        Description="subnets with a route to the internet, in at least two zones",
    ),
    Parameter(
        "PrivateSubnetIds",
        Type="List<AWS::EC2::Subnet::Id>",
        Description="subnets for tasks, with a way out by NAT or VPC endpoints",
    ),
    Parameter(
        "HostedZoneId",
        Type="AWS::Route53::HostedZone::Id",
        Description="the Route 53 zone of the service's name",
    ),
    Parameter(
        "HostedZoneName",
        Type="String",
        Description="the zone's name; the app's goes before it",
        AllowedPattern=f"^(?:{_HOST})$",
        ConstraintDescription=(
            "has to be a domain name in lower case without a final dot, like example.com"
        ),
    ),
    Parameter(
        "CertificateArn",
        Type="String",
        Description="the certificate of the service's name",
        AllowedPattern=(f"^(?:arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{{12}}:certificate/{_UUID})$"),
        ConstraintDescription=(
            "has to be a certificate's ARN, "
            "like arn:aws:acm:ap-northeast-1:123456789012:certificate/"
            f"{_EXAMPLE}"
        ),
    ),
    Parameter(
        "AccessLogBucket",
        Type="String",
        Description="takes the load balancer's logs",
        AllowedPattern="^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$",
        ConstraintDescription="has to be a bucket name, like my-logs",
    ),
    Parameter(
        "AlarmTopicArn",
        Type="String",
        Description="the SNS topic that alarms notify",
        AllowedPattern="^(?:arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})$",
        ConstraintDescription=(
            "has to be an SNS topic's ARN, like arn:aws:sns:ap-northeast-1:123456789012:alarms"
        ),
    ),
    Parameter(
        "KeyArn",
        Type="String",
        Description="the KMS key that encrypts log groups",
        AllowedPattern="^(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/"
        f"(?:{_UUID}|mrk-[0-9a-f]{{32}}))$",
        ConstraintDescription=(
            "has to be a KMS key's ARN, like arn:aws:kms:ap-northeast-1:123456789012:key/"
            f"{_EXAMPLE}"
        ),
    ),
    Parameter(
        "ClusterName",
        Type="String",
        Description="the ECS cluster that the service runs on",
        AllowedPattern="^(?:[A-Za-z0-9_-]{1,255})$",
        ConstraintDescription="has to be text",
    ),
    Parameter("Image", Type="String", Description="the image that runs, with its tag or digest"),
    Parameter(
        "TaskCpu",
        Type="Number",
        Description="CPU units of a task",
        MinValue=2,
        MaxValue=196608,
    ),
    Parameter(
        "TaskMaxMemory",
        Type="Number",
        Description="MiB of memory at which a task is killed",
        MinValue=6,
        MaxValue=1048576,
    ),
    Parameter(
        "ServiceDesiredCount",
        Type="Number",
        Description="how many tasks run at least; 0 stops the service",
        MinValue=0,
        MaxValue=5000,
    ),
    Parameter(
        "ServiceMaxCount",
        Type="Number",
        Description=(
            "how many tasks run at most; the same as ServiceDesiredCount switches scaling off"
        ),
        MinValue=0,
        MaxValue=5000,
    ),
    Parameter(
        "ScalingCpuPercent",
        Type="Number",
        Description="average CPU that scaling aims for",
        MinValue=1,
        MaxValue=100,
    ),
    Parameter(
        "ScalingMemoryPercent",
        Type="Number",
        Description="average memory that scaling aims for",
        MinValue=1,
        MaxValue=100,
    ),
    Parameter(
        "ScalingRequestsPerMinute",
        Type="Number",
        Description="requests of one task in a minute that scaling aims for",
        MinValue=1,
    ),
    Parameter(
        "LogRetentionDays",
        Type="Number",
        Description="after how many days log lines go",
        AllowedValues=_RETENTION_DAYS,
    ),
    Parameter(
        "HealthCheckGracePeriodSeconds",
        Type="Number",
        Description="how long a new task may fail health checks",
        MinValue=0,
    ),
    Parameter(
        "DeregistrationDelaySeconds",
        Type="Number",
        Description="how long a task that leaves may finish its requests",
        MinValue=0,
        MaxValue=3600,
    ),
    Parameter(
        "DeletionProtection",
        Type="String",
        Description="whether the load balancer refuses to be deleted",
        AllowedValues=["true", "false"],
    ),
    Parameter(
        "LoadBalancerIpAddressType",
        Type="String",
        Description="dualstack needs subnets with IPv6",
        AllowedValues=["ipv4", "dualstack"],
    ),
    Parameter(
        "AlarmsEnabled",
        Type="String",
        Description="whether alarms notify",
        AllowedValues=["true", "false"],
    ),
    Parameter(
        "AlarmCpuPercent",
        Type="Number",
        Description="CPU above this for five minutes rings",
        MinValue=1,
    ),
    Parameter(
        "AlarmMemoryPercent",
        Type="Number",
        Description="memory above this share of the limit rings",
        MinValue=1,
        MaxValue=100,
    ),
    Parameter(
        "AlarmTargetErrors",
        Type="Number",
        Description="more 5xx of the application in a minute ring",
        MinValue=0,
    ),
    Parameter(
        "AlarmBalancerErrors",
        Type="Number",
        Description="more 5xx of the load balancer in a minute ring",
        MinValue=0,
    ),
    Parameter(
        "AlarmResponseTimeSeconds",
        Type="Number",
        Description="the slowest twentieth of requests above this rings",
        MinValue=0,
    ),
    Parameter(
        "ScalingSuspended",
        Type="String",
        Description=(
            "whether the number of tasks stays as it is, for an incident: nothing scales it"
        ),
        AllowedValues=["true", "false"],
    ),
    Parameter(
        "AlarmTargetConnectionErrors",
        Type="Number",
        Description="more failed connections to tasks in a minute ring",
        MinValue=0,
    ),
    Parameter(
        "AlarmRejectedConnections",
        Type="Number",
        Description="more rejected connections in a minute ring",
        MinValue=0,
    ),
    Parameter(
        "TaskMemory",
        Type="Number",
        Description="MiB of memory that are set aside for a task",
        MinValue=6,
        MaxValue=1048576,
    ),
    Parameter("JavaOpts", Type="String", Description="JVM options; the container's JAVA_OPTS"),
]
