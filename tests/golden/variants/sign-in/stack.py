"""sign-in: users sign in by Cognito, the staff by OIDC on another port; a firewall in front."""

import ecs_blocks as eb


class SignIn(eb.FargateWebServiceEnvironment):
    """Who asks users who they are."""

    user_pool_arn: eb.Param[str] = eb.param(help="the users")
    user_pool_client_id: eb.Param[str] = eb.param(help="this application's client")
    issuer: eb.Param[str] = eb.param(help="the staff's identity provider")
    client_secret_arn: eb.Param[eb.SecretArn] = eb.param(help="the client's secret")
    web_acl_arn: eb.Param[str] = eb.param(help="the firewall")


def stack(env: SignIn) -> eb.Stack:
    """Two ports, two ways to sign in, one path for everybody."""
    stack = eb.Stack(env, description=__doc__)
    users = eb.Cognito(
        user_pool_arn=env.user_pool_arn, client_id=env.user_pool_client_id, domain="sign-in"
    )
    staff = eb.Oidc(
        issuer=env.issuer,
        authorization_endpoint=eb.text(env.issuer, "/authorize"),
        token_endpoint=eb.text(env.issuer, "/token"),
        user_info_endpoint=eb.text(env.issuer, "/userinfo"),
        client_id="staff",
        client_secret=eb.Secret(env.client_secret_arn, json_key="client_secret"),
        session=eb.Session(timeout_s=3600, cookie_name="StaffSession"),
    )
    admin = eb.Endpoint(
        name="Admin",
        port=9090,
        health_check_path="/health",
        routes=(eb.Route(hosts=(eb.text("admin.", env.hosted_zone_name),), authentication=staff),),
    )
    front = eb.Own(
        routes=(
            eb.Route(authentication=users),
            eb.Route(name="Open", paths=("/status", "/assets/*"), methods=("GET", "HEAD")),
        ),
        endpoints=(admin,),
        options=eb.TargetOptions(stickiness=eb.BalancerCookie(duration_s=3600)),
        web_acl=eb.WebAcl(env.web_acl_arn),
    )
    container = eb.Container(ports=(eb.Port(9090, "admin"),))
    stack.add("Site", eb.WebService.standard(env, port=8080, front=front, container=container))
    return stack
