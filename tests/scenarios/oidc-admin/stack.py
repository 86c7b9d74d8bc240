"""oidc-admin: the back office; everybody signs in with the company's identity provider."""

import ecs_blocks as eb


class Admin(eb.FargateWebServiceEnvironment):
    """The identity provider's client for this environment, and the firewall of prod."""

    oidc_issuer: eb.Param[str] = eb.param(help="the identity provider")
    oidc_client_id: eb.Param[str] = eb.param(help="as whom it knows this application")
    oidc_secret: eb.Param[eb.SecretArn] = eb.param(help="its secret, under the key client_secret")
    firewall: eb.Shape[bool] = eb.shape(default=False, help="whether there is a web ACL in front")
    web_acl_arn: eb.Param[str] = eb.param(default="", help="the regional web ACL")


def stack(env: Admin) -> eb.Stack:
    """People sign in; what machines call has a path of its own, and answers 401 instead."""
    stack = eb.Stack(env, description=__doc__)

    def sign_in(session: eb.Session) -> eb.Oidc:
        return eb.Oidc(
            issuer=env.oidc_issuer,
            authorization_endpoint=eb.text(env.oidc_issuer, "/authorize"),
            token_endpoint=eb.text(env.oidc_issuer, "/token"),
            user_info_endpoint=eb.text(env.oidc_issuer, "/userinfo"),
            client_id=env.oidc_client_id,
            client_secret=eb.Secret(env.oidc_secret, json_key="client_secret"),
            scope="openid email",
            session=session,
        )

    routes = (
        eb.Route(authentication=sign_in(eb.Session())),
        eb.Route(
            name="Api",
            paths=eb.under("/api"),
            authentication=sign_in(eb.Session(unauthenticated="deny")),
        ),
        eb.Route(name="Hooks", paths=("/hooks/*",), methods=("POST",)),
    )
    web_acl = eb.WebAcl(env.web_acl_arn) if env.firewall else eb.NoWebAcl()
    front = eb.Own(routes=routes, web_acl=web_acl)
    stack.add("Admin", eb.WebService.standard(env, port=8080, front=front))
    return stack
