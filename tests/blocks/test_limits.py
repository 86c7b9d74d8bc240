"""What AWS would refuse is refused where it is written: numbers, texts, ranges, times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.alarms import Alarm, Calculation, Metric
from ecs_blocks.blocks.instance_mix import InstanceMix, InstanceRequirements
from ecs_blocks.blocks.log_group import RETENTION_DAYS
from ecs_blocks.blocks.network_target_group import NetworkTargetGroup
from ecs_blocks.blocks.security_group import ANYWHERE
from tests.blocks.helpers import KEY, SUBNETS, TOKENS, TOPIC, VPC, fargate_task

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER: Any = TOKENS.number
WORD: Any = TOKENS.word
TESTERS = (eb.Cidr("203.0.113.7/32"),)
NOTIFY = eb.Notify(topic_arn=TOPIC)


def count(**given: Any) -> Any:
    """A scheduled count with other arguments."""
    defaults: dict[str, Any] = {
        "name": "Night",
        "schedule": "cron(0 20 ? * MON-FRI *)",
        "min_count": 0,
        "max_count": 0,
    }
    return eb.ScheduledCount(**defaults | given)


def schedule(**given: Any) -> Any:
    """A job's schedule with other arguments."""
    return eb.Schedule(**{"expression": "rate(1 day)"} | given)


def bounds(**given: Any) -> Any:
    """A web service's scaling with other arguments."""
    return eb.ScalingTargets(**{"min_count": 1, "max_count": 2} | given)


def backlog(**given: Any) -> Any:
    """A worker's scaling with other arguments."""
    return eb.BacklogTargets(**{"min_count": 1, "max_count": 2} | given)


def metric(**given: Any) -> Any:
    """A metric with other arguments."""
    defaults: dict[str, Any] = {
        "namespace": "Shop",
        "name": "Orders",
        "statistic": "Sum",
        "dimensions": {},
    }
    return Metric(**defaults | given)


def alarm(**given: Any) -> Any:
    """An alarm with other arguments."""
    defaults: dict[str, Any] = {
        "suffix": "Orders",
        "description": "no orders",
        "watches": metric(),
        "above": 0,
        "notify": NOTIFY,
    }
    return Alarm(**defaults | given)


def options(**given: Any) -> Any:
    """A target group's options."""
    return eb.TargetOptions(**given)


def group(**given: Any) -> Any:
    """A target group with other arguments."""
    defaults: dict[str, Any] = {"vpc_id": VPC, "port": 8080}
    return eb.TargetGroup(**defaults | given)


def network_group(**given: Any) -> Any:
    """A target group of a Network Load Balancer with other arguments."""
    defaults: dict[str, Any] = {"vpc_id": VPC, "port": 5432}
    return NetworkTargetGroup(**defaults | given)


def size(**given: Any) -> Any:
    """A task's size on instances, with other arguments."""
    return eb.Ec2Size(**{"memory_reservation_mib": 512, "memory_mib": 990} | given)


def server(**given: Any) -> Any:
    """A server of Service Connect with other arguments."""
    return eb.ServiceConnectServer(**{"namespace_arn": WORD, "discovery_name": "orders"} | given)


def files(**given: Any) -> Any:
    """A file system with other arguments."""
    return eb.FileSystem(**{"vpc_id": VPC, "subnet_ids": SUBNETS, "key_arn": KEY} | given)


def efs(**given: Any) -> Any:
    """A volume of a file system with other arguments."""
    defaults: dict[str, Any] = {
        "name": "data",
        "file_system_id": "fs-0123456789abcdef0",
        "access_point_id": "fsap-0123456789abcdef0",
    }
    return eb.EfsVolume(**defaults | given)


def log_group(**given: Any) -> Any:
    """A log group with other arguments."""
    defaults: dict[str, Any] = {
        "name": "/ecs/hoge-prod",
        "retention_days": 30,
        "key_arn": KEY,
    }
    return eb.LogGroup(**defaults | given)


def needs(**given: Any) -> Any:
    """What an instance has to be like, with other arguments."""
    defaults = {"vcpu_min": 2, "vcpu_max": 2, "memory_min_mib": 4096, "memory_max_mib": 8192}
    return InstanceRequirements(**defaults | given)


def instances(**given: Any) -> Any:
    """Instances of a cluster with other arguments."""
    defaults: dict[str, Any] = {
        "vpc_id": VPC,
        "subnet_ids": SUBNETS,
        "image_id": TOKENS.image_id,
        "instance_type": "t3.medium",
        "min_size": 1,
        "max_size": 2,
    }
    return eb.InstanceSettings(**defaults | given)


def managed(**given: Any) -> Any:
    """Managed Instances with other arguments."""
    return eb.ManagedInstanceSettings(**{"vpc_id": VPC, "subnet_ids": SUBNETS} | given)


def queue(**given: Any) -> Any:
    """A queue with other arguments."""
    return eb.Queue(**{"encryption": eb.SqsManagedKey()} | given)


def name(**given: Any) -> Any:
    """A name in Cloud Map with other arguments."""
    return eb.CloudMapName(**{"namespace_id": "ns-0123456789abcdef", "name": "orders"} | given)


def repository(**given: Any) -> Any:
    """An image repository with other arguments."""
    return eb.Ecr(**{"name": "shop"} | given)


STATISTICS = (
    "; allowed: SampleCount, Average, Sum, Minimum, Maximum, p0 to p100, tm, tc, ts and wm "
    "likewise, IQM, PR(1:100), and TM(10%:90%), TC, TS and WM likewise"
)
REFUSED: list[tuple[Callable[[], Any], str]] = [
    # when
    (
        lambda: count(schedule="cron(0 20 * * *)"),
        "cron(0 20 * * *): a cron has six fields here (minutes, hours, day of the month, month, "
        "day of the week, year), not 5, like cron(0 3 * * ? *)",
    ),
    (lambda: count(schedule="rate(1 days)"), "rate(1 days): write rate(1 day)"),
    (
        lambda: count(schedule="every night"),
        "every night: expected cron(…) or rate(…), like cron(0 3 * * ? *)",
    ),
    (
        lambda: count(schedule="at(2027-02-30T20:00:00)"),
        "at(2027-02-30T20:00:00): expected a time like at(2027-01-31T20:00:00)",
    ),
    (
        lambda: count(schedule="at(tomorrow)"),
        "at(tomorrow): expected a time like at(2027-01-31T20:00:00)",
    ),
    (lambda: count(time_zone="Tokyo"), "there is no time zone Tokyo; did you mean Asia/Tokyo?"),
    (lambda: count(name="a:b"), "name is 'a:b'; it is written like Night, without : / and |"),
    (lambda: count(min_count=-1), "min_count is -1; allowed: 0 and more"),
    (lambda: schedule(time_zone="JST+9"), "there is no time zone JST+9, like Asia/Tokyo"),
    (lambda: schedule(state="ON"), "state is ON; allowed: ENABLED, DISABLED"),
    (lambda: schedule(retries=186), "retries is 186; allowed: 0 to 185"),
    (lambda: schedule(retry_for_s=59), "retry_for_s is 59; allowed: 60 to 86400"),
    (
        lambda: schedule(flexible_window_minutes=1441),
        "flexible_window_minutes is 1441; allowed: 0 to 1440",
    ),
    # how many
    (
        lambda: bounds(schedule=(count(), count(schedule="rate(1 day)"))),
        "two scheduled counts have the name Night; rename one",
    ),
    (
        lambda: backlog(schedule=(count(), count())),
        "two scheduled counts have the name Night; rename one",
    ),
    (lambda: bounds(min_count=-1), "min_count is -1; allowed: 0 and more"),
    (lambda: bounds(cpu_percent=0), "cpu_percent is 0; allowed: 1 and more"),
    (lambda: bounds(memory_percent=0), "memory_percent is 0; allowed: 1 and more"),
    (lambda: bounds(requests_per_minute=0), "requests_per_minute is 0; allowed: 1 and more"),
    (lambda: backlog(messages_per_task=0), "messages_per_task is 0; allowed: 1 and more"),
    (lambda: eb.ScaleOut(above=1, minutes=0), "minutes is 0; allowed: 1 and more"),
    (lambda: eb.ScaleIn(below=1, cooldown_s=-1), "cooldown_s is -1; allowed: 0 and more"),
    # addresses
    (
        lambda: eb.Cidr("10.0.0.0/33"),
        "the block '10.0.0.0/33' is no range of addresses; it is written like 10.0.0.0/8 or "
        "2001:db8::/32",
    ),
    (
        lambda: eb.Cidr("10.0.0.5/8"),
        "the block 10.0.0.5/8 has bits behind its mask; write 10.0.0.0/8 for all of it, or "
        "10.0.0.5/32 for the one address",
    ),
    (lambda: eb.Cidr("10.0.0.1"), "the block 10.0.0.1 has no mask; one address is 10.0.0.1/32"),
    (
        lambda: eb.Cidr("2001:db8::1"),
        "the block 2001:db8::1 has no mask; one address is 2001:db8::1/128",
    ),
    (
        lambda: eb.Cidr("10.0.0.0/8", "ipv6"),
        "the block 10.0.0.0/8 is not ipv6; write one that is, or the other ip_version",
    ),
    (
        lambda: eb.Route(source_ips=("10.0.0.1",)),
        "the source address 10.0.0.1 has no mask; one address is 10.0.0.1/32",
    ),
    (
        lambda: eb.Cidr("fe80::1%eth0/128"),
        "the block 'fe80::1%eth0/128' is no range of addresses; it is written like 10.0.0.0/8 or "
        "2001:db8::/32",
    ),
    # ports
    (lambda: eb.Rule(0, ANYWHERE[0]), "port 0 is not between 1 and 65535"),
    (
        lambda: eb.Rule("80", ANYWHERE[0]),  # type: ignore[arg-type]
        "port is a whole number like 8080, not str",
    ),
    (lambda: eb.Tcp(NUMBER), "port is a whole number like 8080, not Token"),
    (lambda: eb.Udp(0), "port 0 is not between 1 and 65535"),
    (lambda: eb.Port(True), "port is a whole number like 8080, not bool"),  # noqa: FBT003
    (
        lambda: eb.TestListener(ingress=TESTERS, port=65_536),
        "port 65536 is not between 1 and 65535",
    ),
    # load balancers
    (
        lambda: eb.BalancerOptions(desync_mode="off"),  # type: ignore[arg-type]
        "desync_mode is off; allowed: monitor, defensive, strictest",
    ),
    (lambda: eb.BalancerOptions(idle_timeout_s=0), "idle_timeout_s is 0; allowed: 1 to 4000"),
    # target groups
    (
        lambda: options(healthy_codes="banana"),
        "healthy_codes is 'banana'; it is written like 200, 200,202 or 200-209",
    ),
    (
        lambda: options(healthy_codes="200-599"),
        "healthy_codes is '200-599'; allowed: 200 to 499, like 200, 200,202 or 200-209",
    ),
    (
        lambda: options(healthy_codes="299-200"),
        "healthy_codes is '299-200'; allowed: 200 to 499, like 200, 200,202 or 200-209",
    ),
    (
        lambda: options(healthy_codes="200", protocol_version="GRPC"),
        "healthy_codes is '200'; allowed: 0 to 99, like 0, 0,2 or 0-9",
    ),
    (lambda: options(healthy_count=1), "healthy_count is 1; allowed: 2 to 10"),
    (lambda: group(port=0), "port 0 is not between 1 and 65535"),
    (
        lambda: group(health_check_path="/" + "a" * 1024),
        "health_check_path has 1025 characters; allowed: 1024",
    ),
    (
        lambda: group(deregistration_delay_s=3601),
        "deregistration_delay_s is 3601; allowed: 0 to 3600",
    ),
    # network target groups
    (
        lambda: eb.NetworkEndpoint(listener=eb.Tcp(5432), port=0),
        "port 0 is not between 1 and 65535",
    ),
    (lambda: eb.Answers(path="healthy"), "path 'healthy' begins with no slash"),
    (lambda: eb.Answers(port=65_536), "port 65536 is not between 1 and 65535"),
    (
        lambda: network_group(deregistration_delay_s=-1),
        "deregistration_delay_s is -1; allowed: 0 to 3600",
    ),
    (lambda: network_group(port=0), "port 0 is not between 1 and 65535"),
    # deployments
    (lambda: eb.FailedTasks(count=0), "count is 0; allowed: 1 and more"),
    (lambda: eb.FailedShare(percent=0), "percent is 0; allowed: 1 and more"),
    (
        lambda: eb.Rolling(minimum_healthy_percent=-5),
        "minimum_healthy_percent is -5; allowed: 0 to 100",
    ),
    (
        lambda: eb.Rolling(minimum_healthy_percent=150),
        "minimum_healthy_percent is 150; allowed: 0 to 100",
    ),
    (
        lambda: eb.Rolling(minimum_healthy_percent=0, maximum_percent=99),
        "maximum_percent is 99; allowed: 100 and more",
    ),
    (lambda: eb.BlueGreen(bake_minutes=1441), "bake_minutes is 1441; allowed: 0 to 1440"),
    (
        lambda: eb.Pause(stages=("PRE_SCALE_UP",), timeout_minutes=0),
        "timeout_minutes is 0; allowed: 1 to 20160",
    ),
    (
        lambda: eb.TestListener(ingress=TESTERS, port=443),
        "port 443 cannot be the test listener's; take one like 8443",
    ),
    # containers
    (
        lambda: eb.Ulimit("nofile", 65536, 10),
        "the limit nofile of 65536 is above its hard limit of 10, which no process can pass",
    ),
    (
        lambda: eb.Ulimit("nofile", -1, 10),
        "the limit nofile of -1 is above its hard limit of 10, which no process can pass",
    ),
    (lambda: eb.Ulimit("nofile", -2), "the limit nofile is -2; allowed: -1 and more"),
    (
        lambda: eb.Ulimit("files", 10),
        "the limit is files; allowed: core, cpu, data, fsize, locks, memlock, msgqueue, nice, "
        "nofile, nproc, rss, rtprio, rttime, sigpending, stack",
    ),
    (lambda: eb.Container(tmp_mib=0), "tmp_mib is 0; allowed: 1 and more"),
    (
        lambda: fargate_task(container=eb.Container(stop_timeout_s=121)),
        "stop_timeout_s is 121; allowed on Fargate: 2 to 120",
    ),
    (
        lambda: eb.Restart(ignored_exit_codes=(256,)),
        "an ignored exit code is 256; allowed: 0 to 255",
    ),
    (
        lambda: eb.Sidecar(name="proxy", image="nginx:1", memory_mib=64, cpu=-1),
        "proxy: cpu is -1; allowed: 0 and more",
    ),
    (lambda: size(memory_reservation_mib=5), "memory_reservation_mib is 5; allowed: 6 and more"),
    (lambda: size(cpu=-1), "cpu is -1; allowed: 0 and more"),
    (
        lambda: eb.FargateSize(cpu=256, memory_mib=512, ephemeral_storage_gib=20),
        "ephemeral_storage_gib is 20; allowed: 21 to 200",
    ),
    # volumes
    (lambda: eb.EbsVolume(name="disk", size_gib=0), "size_gib is 0; allowed: 1 to 16384"),
    (
        lambda: efs(file_system_id="data"),
        "file_system_id is 'data'; it is written like fs-0123456789abcdef0",
    ),
    (
        lambda: efs(access_point_id="fs-0123456789abcdef0"),
        "access_point_id is 'fs-0123456789abcdef0'; it is written like fsap-0123456789abcdef0",
    ),
    (lambda: files(user_id=-1), "user_id is -1; allowed: 0 to 4294967295"),
    (lambda: files(zones=0, subnet_ids=[]), "zones is 0; allowed: 1 and more"),
    (
        lambda: files(path="/a/b/c/d/e"),
        "'/a/b/c/d/e' is not a path from the root, like /data: EFS takes four folders and 100 "
        "characters, none of them $#<>;`|&?{}^*",
    ),
    # alarms and logs
    (
        lambda: metric(statistic="Mean"),
        f"statistic is Mean{STATISTICS}",
    ),
    (
        lambda: metric(statistic="p101"),
        f"statistic is p101{STATISTICS}",
    ),
    (lambda: metric(statistic="TM(10:90)"), f"statistic is TM(10:90){STATISTICS}"),
    (
        lambda: metric(period_s=90),
        "period_s is 90; allowed: 10, 20, 30, and 60 with its multiples",
    ),
    (
        lambda: Calculation(expression="Orders", label="orders", metrics={"Orders": metric()}),
        "the id of a metric is 'Orders'; it is written like requests, with a small letter first",
    ),
    (
        lambda: Calculation(expression="1", label="one", metrics={}),
        'a calculation has no metrics; name one at least, like {"errors": Metric(…)}',
    ),
    (
        lambda: alarm(missing="ignored"),
        "missing is ignored; allowed: breaching, notBreaching, ignore, missing",
    ),
    (lambda: alarm(minutes=0), "minutes is 0; allowed: 1 and more"),
    (
        lambda: alarm(minutes=1441),
        "an alarm over 1441 periods of 60 seconds; CloudWatch looks back over 1440 of these at "
        "most",
    ),
    (
        lambda: alarm(minutes=169, watches=metric(period_s=3600)),
        "an alarm over 169 periods of 3600 seconds; CloudWatch looks back over 168 of these at "
        "most",
    ),
    (
        lambda: log_group(retention_days=31),
        "retention_days is 31; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, "
        "731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ),
    (
        lambda: log_group(name="logs of hoge"),
        "name is 'logs of hoge'; it is written like /ecs/hoge-prod",
    ),
    (lambda: eb.AccessLogBucket(retention_days=0), "retention_days is 0; allowed: 1 and more"),
    # names of services
    (lambda: server(client_port=0), "port 0 is not between 1 and 65535"),
    (lambda: server(idle_timeout_s=-1), "idle_timeout_s is -1; allowed: 0 to 2147483647"),
    (
        lambda: server(discovery_name="Orders"),
        "discovery_name is 'Orders'; it is written like orders, with at most 64 lower case "
        "letters, digits, _ and -",
    ),
    (lambda: name(ttl_s=-1), "ttl_s is -1; allowed: 0 to 2147483647"),
    (
        lambda: eb.Namespace(name="my prod"),
        "name is 'my prod'; it is written like prod, without spaces",
    ),
    (
        lambda: eb.DnsNamespace(name="arn:aws", vpc_id=VPC),
        "name is 'arn:aws'; it is written like prod.internal, without spaces",
    ),
    # instances
    (lambda: instances(target_percent=101), "target_percent is 101; allowed: 1 to 100"),
    (lambda: instances(min_size=-1), "min_size is -1; allowed: 0 and more"),
    (lambda: managed(storage_gib=0), "storage_gib is 0; allowed: 1 and more"),
    (lambda: needs(vcpu_min=0), "vcpu_min is 0; allowed: 1 and more"),
    (
        lambda: InstanceMix(types=("m7i.large",), on_demand_percent=101),
        "on_demand_percent is 101; allowed: 0 to 100",
    ),
    (
        lambda: InstanceMix(types=("m7i.large",), on_demand_base=-1),
        "on_demand_base is -1; allowed: 0 and more",
    ),
    # the rest
    (
        lambda: eb.Dashboard(service=WORD, name="my shop"),
        "name is 'my shop'; it is written like shop-overview, with at most 255 letters, digits, "
        "hyphens and underscores",
    ),
    (
        lambda: eb.Roles(task="arn:aws:iam::123456789012:role/shop"),  # type: ignore[arg-type]
        "task is eb.ExistingRole(arn), not str",
    ),
    (lambda: repository(untagged_days=0), "untagged_days is 0; allowed: 1 and more"),
    (
        lambda: repository(moving_tags=("a b",)),
        "a moving tag is 'a b'; it is written like branch-*",
    ),
    (
        lambda: repository(moving_tags=tuple("abcdef")),
        "6 moving_tags; ECR takes 5",
    ),
    (
        lambda: repository(pull_accounts=("1234",)),
        "pull_accounts: an account is '1234'; it is written as text, like \"111122223333\"",
    ),
    (
        lambda: eb.LogGroup(name="x", key_arn=None, retention_days="30"),  # type: ignore[arg-type]
        f'retention_days is "30", text; allowed: {", ".join(map(str, RETENTION_DAYS))}',
    ),
    (lambda: queue(max_receives=0), "max_receives of a queue is 0; allowed: 1 to 1000"),
    (lambda: eb.StateMachine(timeout_s=0), "timeout_s is 0; allowed: 1 to 99999999"),
    (lambda: eb.StateMachine(retries=100_000_000), "retries is 100000000; allowed: 0 to 99999999"),
    (lambda: eb.Session(timeout_s=604_801), "timeout_s is 604801; allowed: 1 to 604800"),
]


@pytest.mark.parametrize(("make", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_aws_refuses_is_refused_where_it_is_written(
    make: Callable[[], Any], message: str
) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message


TAKEN: list[Callable[[], Any]] = [
    lambda: count(schedule="at(2027-01-31T20:00:00)"),
    lambda: count(schedule="rate(6 hours)", time_zone="Asia/Tokyo"),
    lambda: count(schedule=WORD, time_zone=WORD, min_count=NUMBER, max_count=NUMBER),
    lambda: schedule(expression=WORD, time_zone=WORD, state=WORD, retries=NUMBER),
    lambda: bounds(schedule=(count(), count(name="Day", max_count=9))),
    lambda: bounds(cpu_percent=NUMBER, memory_percent=NUMBER, requests_per_minute=NUMBER),
    lambda: bounds(cpu_percent=150),
    lambda: eb.Cidr("2001:db8::/32", "ipv6"),
    lambda: eb.Cidr(WORD),
    lambda: eb.Route(source_ips=("203.0.113.7/32", "2001:db8::/32", WORD)),
    lambda: options(healthy_codes="200,202-299,404"),
    lambda: options(healthy_codes="0-99", protocol_version="GRPC"),
    lambda: group(deregistration_delay_s=NUMBER),
    lambda: eb.FailedTasks(count=NUMBER),
    lambda: eb.Rolling(minimum_healthy_percent=0, maximum_percent=100),
    lambda: eb.Ulimit("nofile", 10, 65536),
    lambda: eb.Ulimit("memlock", -1, -1),
    lambda: eb.Ulimit("memlock", 10, -1),
    lambda: size(memory_reservation_mib=6, memory_mib=6, cpu=0),
    lambda: eb.EbsVolume(name="disk", size_gib=NUMBER),
    lambda: efs(file_system_id=WORD, access_point_id=WORD),
    lambda: files(path="/"),
    *(
        lambda statistic=statistic: metric(statistic=statistic)
        for statistic in (
            *("p0", "p100", "tm90", "tc99.9", "ts90", "wm90", "IQM", "PR(1:100)", "PR(:0.5)"),
            *("TM(10%:90%)", "TC(:80%)", "TS(10%:)", "WM(10.5%:90%)"),
        )
    ),
    lambda: eb.BalancerOptions(desync_mode=WORD, idle_timeout_s=NUMBER),
    lambda: eb.Container(stop_timeout_s=600),
    lambda: size(memory_reservation_mib=2_000_000, memory_mib=2_000_000, cpu=400_000),
    lambda: managed(storage_gib=20_000),
    lambda: metric(statistic="p99.9", period_s=10),
    lambda: alarm(minutes=NUMBER),
    lambda: alarm(minutes=168, watches=metric(period_s=3600)),
    lambda: log_group(name=WORD, retention_days=NUMBER),
    lambda: server(discovery_name=WORD, idle_timeout_s=0, client_port=80),
    lambda: instances(min_size=0, target_percent=NUMBER),
    lambda: managed(storage_gib=NUMBER),
    lambda: repository(moving_tags=("latest", "branch-*"), pull_accounts=(TOKENS.account,)),
    lambda: eb.StateMachine(timeout_s=NUMBER, retries=NUMBER, retry_after_s=NUMBER),
]


@pytest.mark.parametrize("make", TAKEN)
def test_what_aws_takes_and_what_is_not_known_yet_is_taken(make: Callable[[], Any]) -> None:
    assert make() is not None
