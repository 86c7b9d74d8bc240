"""Every attribute of load balancers, target groups and listeners that AWS knows.

Source: the API model of elbv2 in botocore 1.44.5 (LoadBalancerAttribute, TargetGroupAttribute and
ListenerAttribute, ``Key``); where AWS gives no list of values, any text is taken.
"""

from __future__ import annotations

from typing import Final

from ecs_blocks.checks.facts.attribute_forms import ALB, ANY, GWLB, NLB, Form, switch

_ALB_NLB: Final = ALB | NLB
_NLB_GWLB: Final = NLB | GWLB
_WEEK_SECONDS: Final = 604_800

LOAD_BALANCER_ATTRIBUTES: Final[dict[str, Form]] = {
    "deletion_protection.enabled": switch(),
    "load_balancing.cross_zone.enabled": switch(),
    "access_logs.s3.enabled": switch(_ALB_NLB),
    "access_logs.s3.bucket": Form(_ALB_NLB),
    "access_logs.s3.prefix": Form(_ALB_NLB),
    "ipv6.deny_all_igw_traffic": switch(_ALB_NLB),
    "zonal_shift.config.enabled": switch(_ALB_NLB),
    "idle_timeout.timeout_seconds": Form(ALB, low=1, high=4000),
    "client_keep_alive.seconds": Form(ALB, low=60, high=_WEEK_SECONDS),
    "connection_logs.s3.enabled": switch(ALB),
    "connection_logs.s3.bucket": Form(ALB),
    "connection_logs.s3.prefix": Form(ALB),
    "health_check_logs.s3.enabled": switch(ALB),
    "health_check_logs.s3.bucket": Form(ALB),
    "health_check_logs.s3.prefix": Form(ALB),
    "routing.http.desync_mitigation_mode": Form(ALB, ("monitor", "defensive", "strictest")),
    "routing.http.drop_invalid_header_fields.enabled": switch(ALB),
    "routing.http.preserve_host_header.enabled": switch(ALB),
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": switch(ALB),
    "routing.http.xff_client_port.enabled": switch(ALB),
    "routing.http.xff_header_processing.mode": Form(ALB, ("append", "preserve", "remove")),
    "routing.http2.enabled": switch(ALB),
    "waf.fail_open.enabled": switch(ALB),
    "dns_record.client_routing_policy": Form(
        NLB,
        (
            "availability_zone_affinity",
            "partial_availability_zone_affinity",
            "any_availability_zone",
        ),
    ),
    "secondary_ips.auto_assigned.per_subnet": Form(NLB, low=0, high=7),
}

_HEALTH: Final = "target_group_health"
_FAILOVER: Final = Form(GWLB, ("rebalance", "no_rebalance"))

TARGET_GROUP_ATTRIBUTES: Final[dict[str, Form]] = {
    "deregistration_delay.timeout_seconds": Form(ANY, low=0, high=3600),
    "stickiness.enabled": switch(),
    "stickiness.type": Form(
        ANY,
        ("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
    ),
    "load_balancing.cross_zone.enabled": Form(
        _ALB_NLB, ("true", "false", "use_load_balancer_configuration")
    ),
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.count": Form(_ALB_NLB, ("off",), low=1),
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.percentage": Form(
        _ALB_NLB, ("off",), low=1, high=100
    ),
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count": Form(_ALB_NLB, low=1),
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage": Form(
        _ALB_NLB, ("off",), low=1, high=100
    ),
    "load_balancing.algorithm.type": Form(
        ALB, ("round_robin", "least_outstanding_requests", "weighted_random")
    ),
    "load_balancing.algorithm.anomaly_mitigation": Form(ALB, ("on", "off")),
    "slow_start.duration_seconds": Form(ALB, ("0",), low=30, high=900),
    "stickiness.app_cookie.cookie_name": Form(ALB),
    "stickiness.app_cookie.duration_seconds": Form(ALB, low=1, high=_WEEK_SECONDS),
    "stickiness.lb_cookie.duration_seconds": Form(ALB, low=1, high=_WEEK_SECONDS),
    "lambda.multi_value_headers.enabled": switch(ALB),
    "deregistration_delay.connection_termination.enabled": switch(NLB),
    "preserve_client_ip.enabled": switch(NLB),
    "proxy_protocol_v2.enabled": switch(NLB),
    "target_health_state.unhealthy.connection_termination.enabled": switch(NLB),
    "target_health_state.unhealthy.draining_interval_seconds": Form(NLB, low=0, high=360_000),
    "target_failover.on_deregistration": _FAILOVER,
    "target_failover.on_unhealthy": _FAILOVER,
    "send_tcp_reset.on_unhealthy.enabled": switch(GWLB),
    "send_tcp_reset.on_deregistration.enabled": switch(GWLB),
}

STICKINESS_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "application": ("lb_cookie", "app_cookie"),
    "network": ("source_ip",),
    "gateway": ("source_ip_dest_ip", "source_ip_dest_ip_proto"),
}
"""The values of ``stickiness.type`` by the kind of load balancer."""

_CERTIFICATE: Final = "routing.http.request.x_amzn_mtls_clientcert"
_RESPONSE: Final = "routing.http.response"

LISTENER_ATTRIBUTES: Final[dict[str, Form]] = {
    "tcp.idle_timeout.seconds": Form(_NLB_GWLB, low=60, high=6000),
    "send_tcp_reset.on_idle_timeout.enabled": switch(GWLB),
    f"{_CERTIFICATE}.header_name": Form(ALB),
    f"{_CERTIFICATE}_serial_number.header_name": Form(ALB),
    f"{_CERTIFICATE}_issuer.header_name": Form(ALB),
    f"{_CERTIFICATE}_subject.header_name": Form(ALB),
    f"{_CERTIFICATE}_validity.header_name": Form(ALB),
    f"{_CERTIFICATE}_leaf.header_name": Form(ALB),
    "routing.http.request.x_amzn_tls_version.header_name": Form(ALB),
    "routing.http.request.x_amzn_tls_cipher_suite.header_name": Form(ALB),
    f"{_RESPONSE}.server.enabled": switch(ALB),
    f"{_RESPONSE}.strict_transport_security.header_value": Form(ALB),
    f"{_RESPONSE}.access_control_allow_origin.header_value": Form(ALB),
    f"{_RESPONSE}.access_control_allow_methods.header_value": Form(ALB),
    f"{_RESPONSE}.access_control_allow_headers.header_value": Form(ALB),
    f"{_RESPONSE}.access_control_allow_credentials.header_value": Form(ALB),
    f"{_RESPONSE}.access_control_expose_headers.header_value": Form(ALB),
    f"{_RESPONSE}.access_control_max_age.header_value": Form(ALB),
    f"{_RESPONSE}.content_security_policy.header_value": Form(ALB),
    f"{_RESPONSE}.x_content_type_options.header_value": Form(ALB),
    f"{_RESPONSE}.x_frame_options.header_value": Form(ALB),
}
