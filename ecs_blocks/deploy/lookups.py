"""The values that only a deploy can find, and the digests of the images that will run.

``!StackOutput`` is another stack's output, ``!Ssm`` a parameter of the Parameter Store; ``by_tags``
finds what is known by its tags. Without an ``ImageTag`` the image stays the one that runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.by_tags import find_by_tags
from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.cloudformation.stack import Stack, read_stack
from ecs_blocks.deploy.cloudformation.statuses import Way
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.image import Image, find_image, images_of
from ecs_blocks.deploy.looked_up import Found, LookedUp, Missing
from ecs_blocks.deploy.parameter_fit import misfit
from ecs_blocks.deploy.preflight.finding import Finding, Kind
from ecs_blocks.environment.credentials import credential_in
from ecs_blocks.naming import nearest
from ecs_blocks.templates.resolve import Values
from ecs_blocks.templates.resolve import resolve as put_in

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.place import Place
    from ecs_blocks.templates.render import RenderedEnvironment

_BATCH: Final = 10
"""What GetParameters takes at once."""

_WORST_FIRST: Final = (Exit.CREDENTIALS, Exit.STILL_RUNNING, Exit.INPUT)


class Resolved(Struct, frozen=True):
    """What was found, by parameter.

    ``values`` are what is fed to the template over what was rendered: every lookup, and every image
    with its digest. ``sources`` say in words where each comes from; ``missing`` why others could
    not be found. A problem of an image stands in its ``findings``: the pre-flight tells it together
    with all others.
    """

    values: Mapping[str, str]
    sources: Mapping[str, str]
    images: tuple[Image, ...]
    missing: Mapping[str, Missing] = {}

    @property
    def image_problems(self) -> list[Finding]:
        """What is wrong with the images."""
        found = (finding for image in self.images for finding in image.findings)
        return [one for one in found if one.kind is Kind.PROBLEM]


def resolve(aws: Aws, place: Place, rendered: RenderedEnvironment) -> Resolved:
    """As ``look_up``, where nothing may be missing.

    Raises:
        DeployError: with everything that cannot be found or does not fit, as ``refusal`` has it.
    """
    found = look_up(aws, place, rendered)
    if found.missing:
        raise refusal(rendered.stack_name, found, found.image_problems)
    return found


def look_up(aws: Aws, place: Place, rendered: RenderedEnvironment) -> Resolved:
    """Look up what *rendered*, which is for *place*, leaves open, and the images of its tasks.

    Raises:
        DeployError: CloudFormation does not say what the stack itself has.
    """
    own = read_stack(aws, rendered.stack_name)
    answers = {
        **_outputs(aws, place, rendered),
        **_parameters(aws, place, rendered),
        **find_by_tags(aws, place, rendered.lookups),
        **_running(place, rendered, own),
    }
    declared = rendered.template.get("Parameters", {})
    checked = {key: _fitting(declared[key], one) for key, one in answers.items()}
    found = {key: one for key, one in checked.items() if isinstance(one, Found)}
    images = _images(aws, rendered, found, own)
    missing = {key: one for key, one in checked.items() if isinstance(one, Missing)}
    pinned = {one.parameter: one for one in images if one.parameter}
    values = {key: one.value for key, one in found.items()}
    sources = {key: one.told or one.source for key, one in found.items()}
    for key, image in pinned.items():
        values[key] = image.runs
        if image.runs != image.given:
            sources[key] = f"digest of {image.given}"
    return Resolved(values, sources, images, missing)


def _of_kind(rendered: RenderedEnvironment, kind: str) -> Iterator[tuple[str, dict[str, str]]]:
    for key, lookup in rendered.lookups.items():
        if lookup.kind == kind:
            yield key, lookup.named


def _outputs(aws: Aws, place: Place, rendered: RenderedEnvironment) -> dict[str, LookedUp]:
    """The outputs of other stacks; each stack is read once."""
    wanted = dict(_of_kind(rendered, "StackOutput"))
    stacks: dict[str, Stack | Missing] = {}
    for name in dict.fromkeys(one["StackName"] for one in wanted.values()):
        stacks[name] = _stack(aws, place, rendered, name)
    answers: dict[str, LookedUp] = {}
    for key, one in wanted.items():
        name, output = one["StackName"], one["OutputName"]
        stack = stacks[name]
        if isinstance(stack, Missing):
            answers[key] = stack
        elif output in stack.outputs:
            answers[key] = Found(stack.outputs[output], f"output {output} of {name}")
        else:
            way = nearest(output, stack.outputs)
            way = way or f"; it has {', '.join(stack.outputs) or 'none'}"
            message = f"the stack {name} has no output {output}{way}"
            deploy = _deploy(place, rendered, name)
            hint = f"if the output is new, deploy its stack first: {deploy}"
            answers[key] = Missing(Exit.INPUT, message, hint)
    return answers


def _stack(aws: Aws, place: Place, rendered: RenderedEnvironment, name: str) -> Stack | Missing:
    app = _app_of(rendered, name)
    hint = f"deploy {app} first: {_deploy(place, rendered, name)}"
    try:
        stack = read_stack(aws, name)
    except DeployError as error:
        return Missing(error.code, error.message, error.hint)
    if stack is None:
        return Missing(Exit.REJECTED, f"the stack {name} does not exist", hint)
    if has_run(stack):
        return stack
    message = f"the stack {name} is {stack.status}, so there are no outputs to count on"
    return Missing(Exit.REJECTED, message, hint)


def has_run(stack: Stack) -> bool:
    """Whether a creation has ever succeeded, so that the stack's values are what runs."""
    return stack.row.way not in (
        Way.CREATE,
        Way.REPLACE,
    ) and not stack.status.startswith(("CREATE_IN_", "CREATE_FAILED", "ROLLBACK_", "DELETE_"))


def _app_of(rendered: RenderedEnvironment, stack_name: str) -> str:
    """The app of another stack: its name differs from ours only by the app."""
    app = rendered.tags["Application"]
    before, _, after = rendered.stack_name.partition(app)
    return stack_name.removeprefix(before).removesuffix(after)


def _deploy(place: Place, rendered: RenderedEnvironment, stack_name: str) -> str:
    return place.command("deploy", app=_app_of(rendered, stack_name))


def _parameters(aws: Aws, place: Place, rendered: RenderedEnvironment) -> dict[str, LookedUp]:
    """What the Parameter Store holds. What it holds encrypted is not asked for in the clear."""
    wanted = {key: one["Name"] for key, one in _of_kind(rendered, "Ssm")}
    names = list(dict.fromkeys(wanted.values()))
    known: dict[str, Any] = {}
    refused: dict[str, Missing] = {}
    for begin in range(0, len(names), _BATCH):
        batch = names[begin : begin + _BATCH]
        try:
            answer = asked(
                f"reading the SSM parameters {', '.join(batch)}",
                aws.client("ssm").get_parameters,
                Names=batch,
                WithDecryption=False,
            )
        except DeployError as error:
            refused |= dict.fromkeys(batch, Missing(error.code, error.message, error.hint))
        else:
            known |= {str(one["Name"]): one for one in answer.get("Parameters", ())}
    make = {
        name: place.aws_command(aws, f"ssm put-parameter --type String --name {name} --value …")
        for name in names
    }
    return {
        key: refused.get(name) or _stored(name, known, make[name]) for key, name in wanted.items()
    }


def _stored(name: str, known: Mapping[str, Any], make: str) -> LookedUp:
    one = known.get(name)
    if one is None:
        message = f"there is no SSM parameter {name}"
        return Missing(Exit.INPUT, message, f"make it: {make}")
    if one.get("Type") == "SecureString":
        message = f"the SSM parameter {name} is a SecureString, and would be readable in the stack"
        hint = "name it in stack.py under secrets= instead: ECS then reads it, and nobody else"
        return Missing(Exit.INPUT, message, hint)
    if kind := credential_in("", str(one["Value"])):
        message = f"the SSM parameter {name} holds what looks like {kind}"
        return Missing(Exit.INPUT, message, "store it as a SecureString, under secrets=")
    return Found(str(one["Value"]), f"SSM parameter {name}")


def _running(place: Place, rendered: RenderedEnvironment, own: Stack | None) -> dict[str, LookedUp]:
    answers: dict[str, LookedUp] = {}
    for key, one in _of_kind(rendered, "RunningImage"):
        hint = f"say which: {place.command('deploy')} --set ImageTag=…"
        value = own.parameters.get(key, "") if own is not None and has_run(own) else ""
        if not value:
            why = f"{rendered.stack_name} does not run an image yet"
            answers[key] = Missing(Exit.INPUT, f"no ImageTag was given, and {why}", hint)
        elif value.partition("@")[0].rpartition(":")[0] != one["Repository"] and not (
            value.startswith(f"{one['Repository']}@")
        ):
            message = f"{rendered.stack_name} runs {value}, which is not of {one['Repository']}"
            answers[key] = Missing(Exit.INPUT, message, hint)
        else:
            answers[key] = Found(value, f"what {rendered.stack_name} runs now")
    return answers


def _fitting(declaration: Mapping[str, Any], answer: LookedUp) -> LookedUp:
    if isinstance(answer, Missing) or not (wrong := misfit(declaration, answer.value)):
        return answer
    shown = answer.value if len(answer.value) <= 80 else f"{answer.value[:79]}…"
    return Missing(Exit.INPUT, f'the {answer.source} is "{shown}"; {wrong}')


def _images(
    aws: Aws, rendered: RenderedEnvironment, found: Mapping[str, Found], own: Stack | None
) -> tuple[Image, ...]:
    values = {**rendered.parameters, **{key: one.value for key, one in found.items()}}
    resolved = put_in(rendered.template, Values(parameters=values, pseudo=rendered.pseudo))
    wanted = images_of(rendered.template, resolved)
    before = own.parameters if own is not None and has_run(own) else {}
    kept = {key for key, lookup in rendered.lookups.items() if lookup.kind == "RunningImage"}
    return tuple(
        find_image(
            aws,
            structs.replace(one, keep=one.parameter in kept),
            before.get(one.parameter, ""),
        )
        for one in wanted
    )


def refusal(stack_name: str, found: Resolved, problems: Iterable[Finding]) -> DeployError:
    """What is missing, and other *problems*, as one error; what many wait for stands there once.

    Exit 14 or 12 where AWS does not tell; 2 where what was asked for is wrong; 15 where another
    stack is missing.
    """
    keys: dict[Missing, list[str]] = {}
    for key, one in found.missing.items():
        keys.setdefault(one, []).append(key)
    lines = [f"{', '.join(names)}: {one.message}" for one, names in keys.items()]
    hints = [one.hint for one in keys]
    codes = {one.code for one in keys}
    for problem in problems:
        lines.append(str(problem))
        hints.append(problem.hint)
    code = next((one for one in _WORST_FIRST if one in codes), Exit.REJECTED)
    head = f"{stack_name}: not every value is known; nothing was changed"
    message = "\n  ".join([head, *lines])
    return DeployError(code, message, "\n  ".join(dict.fromkeys(filter(None, hints))))
