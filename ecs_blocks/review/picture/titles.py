"""What a person calls a resource: the domain of a record, the port of a listener, an image's name.

Read from the properties with the values put in; what is not known there, or no text, is left out,
and the logical id stands in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_TITLE: Final = 44


def title_of(
    logical_id: str, type_name: str, properties: Mapping[str, Any], stack_name: str
) -> str:
    """The name of a resource in a picture: one line of at most ``MAX_TITLE`` characters.

    The stack's name before it is left out: it is the same in every box.
    """
    tell = _TITLES.get(type_name)
    told = tell(properties) if tell is not None else ""
    text = " ".join((told or logical_id).split())
    text = text.removeprefix(f"{stack_name}-") or text
    return text if len(text) <= MAX_TITLE else f"{text[: MAX_TITLE - 1]}…"


def _text(tree: Any, *path: str | int) -> str:
    """The scalar at *path* as text; empty where there is none, or where it is not known."""
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return ""
    return str(tree) if isinstance(tree, (str, int, float)) else ""


def _record(p: Mapping[str, Any]) -> str:
    return _text(p, "Name").rstrip(".")


def _balancer(p: Mapping[str, Any]) -> str:
    kind = {"network": "NLB", "gateway": "GWLB"}.get(_text(p, "Type"), "ALB")
    return f"{kind}, {_text(p, 'Scheme') or 'internet-facing'}"


def _listener(p: Mapping[str, Any]) -> str:
    port = _text(p, "Port")
    return f"{_text(p, 'Protocol')} :{port}".strip() if port else ""


def _rule(p: Mapping[str, Any]) -> str:
    conditions = p.get("Conditions")
    told: list[str] = []
    for condition in conditions if isinstance(conditions, list) else ():
        for config in condition.values() if isinstance(condition, dict) else ():
            values = config.get("Values") if isinstance(config, dict) else config
            if isinstance(values, list):
                told.append(" or ".join(v for v in values if isinstance(v, str)))
    return ", ".join(filter(None, told))


def _target_group(p: Mapping[str, Any]) -> str:
    port = _text(p, "Port")
    path = _text(p, "HealthCheckPath")
    return " ".join(filter(None, (f":{port}" if port else "", path)))


def _task_definition(p: Mapping[str, Any]) -> str:
    containers = p.get("ContainerDefinitions")
    named = [
        " ".join(filter(None, (_text(one, "Name"), _image(_text(one, "Image")))))
        for one in (containers if isinstance(containers, list) else ())
    ]
    return ", ".join(filter(None, named))


def _image(reference: str) -> str:
    """``(hoge:1.8.3)`` of a whole image reference: the registry is the same everywhere."""
    name = reference.rpartition("/")[2]
    return f"({name.partition('@')[0]})" if name else ""


def _alarm(p: Mapping[str, Any]) -> str:
    return _text(p, "AlarmName") or _text(p, "MetricName")


def _named(key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda p: _text(p, key)


_TITLES: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": _named("ResourceId"),
    "AWS::CertificateManager::Certificate": _named("DomainName"),
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _alarm,
    "AWS::DynamoDB::Table": _named("TableName"),
    "AWS::ECR::Repository": _named("RepositoryName"),
    "AWS::ECS::Cluster": _named("ClusterName"),
    "AWS::ECS::Service": _named("ServiceName"),
    "AWS::ECS::TaskDefinition": _task_definition,
    "AWS::ElasticLoadBalancingV2::Listener": _listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": _rule,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
    "AWS::Logs::LogGroup": _named("LogGroupName"),
    "AWS::Route53::RecordSet": _record,
    "AWS::S3::Bucket": _named("BucketName"),
    "AWS::SNS::Topic": _named("TopicName"),
    "AWS::SQS::Queue": _named("QueueName"),
    "AWS::Scheduler::Schedule": _named("ScheduleExpression"),
}
