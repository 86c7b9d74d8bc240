"""What an account would have before a deploy, made in the imitation under the names asked for.

The network, the zone, the certificate and the like are not an app's, and platform.yaml names them
by ids that AWS gave. Here they are made with those ids, and what containers are given as secrets
with the value ``local``. What is there already is left as it is; what another stack of the
environment makes is that stack's.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.deploy.account_setup import ROLES
from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.local import making
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.invented import invented
from ecs_blocks.deploy.local.needs import needs_of
from ecs_blocks.deploy.local.network_by_tags import with_network_by_tags
from ecs_blocks.deploy.local.registry import PLACEHOLDER_TAG, buildable, ensure, is_placeholder
from ecs_blocks.deploy.local.words import addresses, to_stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.target import Target
    from ecs_blocks.templates.render import RenderedEnvironment

_ONE_BY_ONE: Final = threading.Lock()
"""Several stacks are prepared side by side, and two would make one thing twice."""


def prepare_account(
    aws: Aws,
    target: Target,
    others: Iterable[Target] = (),
    say: Callable[[str], object] = to_stderr,
) -> Target:
    """Make what *target* needs of its account; the result, which has an image, is what to deploy.

    *others* are the environment's other stacks: what they make is left to them. *say* is told of
    images and values that stand in for something, and where to look after the deploy.

    Raises:
        DeployError: the server does not answer, or refuses something.
    """
    assert isinstance(aws, LocalAws), "only the imitation is prepared, never AWS"
    rendered = _with_images(aws, target.rendered)
    if _waits_for_another(aws, rendered):
        for image in needs_of(rendered).images:  # of which nothing has to be said then
            ensure(aws.local, image, lambda _: None)
        return structs.replace(target, rendered=rendered)  # the deploy says which stack comes first
    with _ONE_BY_ONE:
        for role in ROLES:
            making.make_service_role(aws, role)
        known = with_network_by_tags(aws, _with_parameters(aws, rendered, say), say)
        make_needed(aws, known, [one.rendered for one in others], say)
    outputs = known.resolved().get("Outputs", {})
    for url, here in addresses(aws.local, (one.get("Value") for one in outputs.values())):
        say(f"{target.stack_name}: {url} will be {here} here")
    return structs.replace(target, rendered=rendered)


def make_needed(
    aws: LocalAws,
    rendered: RenderedEnvironment,
    others: Iterable[RenderedEnvironment],
    say: Callable[[str], object],
) -> None:
    """Make everything that *rendered* names and neither it nor *others* make."""
    needs = needs_of(rendered, others)
    making.make_network(aws, needs.vpcs, needs.subnets)
    for zone_id, name in needs.zones.items():
        making.make_zone(aws, zone_id, name)
    for arn in needs.certificates:
        making.make_certificate(aws, arn, sorted(set(needs.zones.values())))
    for arn in needs.keys:
        making.make_key(aws, arn)
    for name in needs.topics:
        making.make_topic(aws, name)
    for name in needs.buckets:
        making.make_bucket(aws, name)
    for name in needs.clusters:
        making.make_cluster(aws, name)
    for arn, keys in needs.secrets.items():
        making.make_secret(aws, arn, keys)
    for name in needs.parameters:
        making.make_parameter(aws, name, making.SECRET, "SecureString")
    for name in needs.plain_parameters:
        if making.make_parameter(aws, name, making.SECRET, "String"):
            say(f"SSM parameter {name}: not there; made up as {making.SECRET}")
    for image in needs.images:
        ensure(aws.local, image, say)


def _waits_for_another(aws: Aws, rendered: RenderedEnvironment) -> bool:
    """Whether an output is looked up of a stack that is not there."""
    stacks = {
        lookup.named["StackName"]
        for lookup in rendered.lookups.values()
        if lookup.kind == "StackOutput"
    }
    return any(read_stack(aws, name) is None for name in sorted(stacks))


def _with_images(aws: LocalAws, rendered: RenderedEnvironment) -> RenderedEnvironment:
    """Without ``ImageTag`` the first deploy of a stack gets an image all the same.

    So does a later one in the place of a placeholder: by its tag, under which it may have been
    built since.
    """
    wanted = {
        key: lookup.named["Repository"]
        for key, lookup in rendered.lookups.items()
        if lookup.kind == "RunningImage"
    }
    stack = read_stack(aws, rendered.stack_name) if wanted else None
    if stack is None or stack.row.way in (Way.CREATE, Way.REPLACE):
        images = {key: f"{repository}:{PLACEHOLDER_TAG}" for key, repository in wanted.items()}
    else:
        running = {key: stack.parameters.get(key, "") for key in wanted}
        images = {
            key: buildable(aws.local, uri)
            for key, uri in running.items()
            if is_placeholder(aws.local, uri)
        }
    return structs.replace(
        rendered,
        parameters={**rendered.parameters, **images},
        lookups={key: one for key, one in rendered.lookups.items() if key not in images},
    )


def _with_parameters(
    aws: Aws, rendered: RenderedEnvironment, say: Callable[[str], object]
) -> RenderedEnvironment:
    """*rendered* with what is looked up in SSM, so that what it names is made as well.

    A parameter that is not there is given a value of the right form.
    """
    values = {}
    for key, lookup in rendered.lookups.items():
        if lookup.kind == "Ssm":
            name = lookup.named["Name"]
            value = invented(rendered.template["Parameters"][key], name)
            if making.make_parameter(aws, name, value, "String"):
                say(f"SSM parameter {name}: not there; made up as {value}")
            found = asked(f"reading {name}", aws.client("ssm").get_parameter, Name=name)
            values[key] = str(found["Parameter"]["Value"])
    return structs.replace(rendered, parameters={**rendered.parameters, **values})
