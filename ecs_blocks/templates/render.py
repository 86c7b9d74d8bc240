"""One app, rendered: a template for all its environments, and each one's parameters.

The script runs once with tokens: that is the template. It runs again with every environment's
values: so what only values can show, a Fargate size that does not exist, is found before any
deploy. Then the two are held against each other: the template with an environment's values put in
has to be what that environment's own run gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field, structs

from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import Lookup, SameAs
from ecs_blocks.environment.files import PlatformFile, read_app, read_platform
from ecs_blocks.environment.load import load
from ecs_blocks.environment.loaded import Place
from ecs_blocks.errors import EcsBlocksError, InputError, Problem
from ecs_blocks.naming import is_app_name
from ecs_blocks.priorities.lock import NAME, Lock, put_in, read_lock
from ecs_blocks.templates.company import Roles, load_company
from ecs_blocks.templates.mistakes import problem_of
from ecs_blocks.templates.resolve import Values, normalised, resolve
from ecs_blocks.templates.script import load_script, overheard
from ecs_blocks.templates.stack import encode, encode_body
from ecs_blocks.values import parameter_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecs_blocks.environment.declare import Environment
    from ecs_blocks.environment.fields import Field
    from ecs_blocks.environment.loaded import Loaded
    from ecs_blocks.templates.script import Script
    from ecs_blocks.templates.stack import Stack

MAX_PARAMETERS: Final = 200
MAX_RESOURCES: Final = 500
MAX_OUTPUTS: Final = 200


class RenderedEnvironment(Struct, frozen=True):
    """One environment of an app: its template, what is fed to it, and where that is written."""

    name: str
    stack_name: str
    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    lookups: Mapping[str, Lookup]
    pseudo: Mapping[str, str]
    public_subnet_ids: tuple[str, ...] = ()
    private_subnet_ids: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    def resolved(self) -> dict[str, Any]:
        """The template with this environment's values put in."""
        return resolve(self.template, Values(parameters=self.parameters, pseudo=self.pseudo))


class RenderedApp(Struct, frozen=True):
    """An app in all its environments.

    ``shapes`` are the fields that make templates differ between environments; where it is empty,
    all have the same. ``keys`` is all that the app declares, ``images`` where each is written.
    """

    app: str
    environments: tuple[RenderedEnvironment, ...]
    shapes: tuple[str, ...]
    keys: frozenset[str]
    images: Mapping[str, str] = field(default_factory=dict)


class Project(Struct, frozen=True):
    """A folder of apps (``stacks/``), its platform.yaml and its priorities.lock, read once.

    Without ``priorities`` the rules of shared listeners stay without a number.
    """

    root: Path
    platform: PlatformFile
    problems: tuple[Problem, ...]
    priorities: Lock | None = None

    @classmethod
    def open(cls, root: Path) -> Project:
        """Read platform.yaml and priorities.lock of the folder *root*.

        Raises:
            InputError: there is no such folder.
        """
        if not root.is_dir():
            message = "there is no such folder; run this where stacks/ is, or name it with --stacks"
            raise InputError([Problem(str(root), 0, 0, "", message)])
        platform, problems = read_platform(root / "platform.yaml", f"{root.name}/platform.yaml")
        priorities, more = read_lock(root / NAME, f"{root.name}/{NAME}")
        return cls(root, platform, (*problems, *more), priorities)

    def apps(self) -> list[str]:
        """Every app: a folder that holds a stack.py or an environment.yaml, by name."""
        return sorted(
            folder.name
            for folder in self.root.iterdir()
            if folder.is_dir()
            and ((folder / "stack.py").exists() or (folder / "environment.yaml").exists())
        )

    def has_app(self, name: str) -> bool:
        """Whether there is an app of this name."""
        return (self.root / name / "stack.py").is_file()


def render_app(project: Project, app: str, overrides: Mapping[str, str]) -> RenderedApp:
    """Render *app* in all its environments.

    Raises:
        InputError: with every problem of its files, its values and its script.
    """
    folder = f"{project.root.name}/{app}"
    if not is_app_name(app):
        message = "an app's folder is named with lower case words, joined by hyphens"
        raise InputError([Problem(folder, 0, 0, "", message)])
    platform = project.platform
    file = f"{folder}/environment.yaml"
    source, problems = read_app(project.root / app / "environment.yaml", app, file, platform)
    if project.problems and not platform.environments:
        raise InputError(project.problems)  # nothing that follows from it would be news
    problems = [*project.problems, *problems]
    try:
        script = load_script(project.root / app / "stack.py", f"{folder}/stack.py")
        rules = load_company(project.root)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    finish = (*([rules] if rules else []), Roles(platform.roles))
    script = structs.replace(script, finish=finish)
    loaded, more = load(script.environment, source, platform, overrides, project.has_app)
    problems += more
    fields = fields_of(script.environment)
    shapes = tuple(f.key for f in fields.values() if f.is_shape)
    rendered, more = _environments(script, fields, loaded, shapes=bool(shapes))
    problems += more
    if project.priorities is not None:
        problems += [p for e in rendered for p in put_in(e.template, app, project.priorities)]
    if not problems:
        problems += _unused(fields, loaded, rendered)
    if problems:
        raise InputError(problems)
    keys = frozenset(f.key for f in fields.values() if f.settable)
    return RenderedApp(app, tuple(rendered), shapes, keys, source.places)


def _environments(
    script: Script,
    fields: Mapping[str, Field],
    loaded: Mapping[str, Loaded[Environment]],
    *,
    shapes: bool,
) -> tuple[list[RenderedEnvironment], list[Problem]]:
    rendered: list[RenderedEnvironment] = []
    problems: list[Problem] = []
    template: dict[str, Any] | None = None
    for one in loaded.values():
        try:
            if template is None or shapes:
                tokens = _with_tokens(script, fields, one)
                template = _run(script, tokens, "", lambda s: encode(s, fields))
            own = _run(script, one.environment, f"in {one.name}", encode_body)
        except InputError as error:
            problems += error.problems
            continue
        feed, lookups = _feed(fields, one, template)
        public, private = (_known_ids(one, f"{kind}_subnet_ids") for kind in ("public", "private"))
        environment = RenderedEnvironment(
            one.name,
            one.stack_name,
            template,
            feed,
            one.tags,
            lookups,
            one.pseudo,
            public,
            private,
            {fields[name].key: place for name, place in one.places.items()},
        )
        problems += _limits(script.file, template)
        problems += _differences(script.file, environment, own)
        rendered.append(environment)
    return rendered, problems


def _with_tokens(
    script: Script, fields: Mapping[str, Field], one: Loaded[Environment]
) -> Environment:
    values = {
        name: one.values[name] if field.is_shape else field.token()
        for name, field in fields.items()
    }
    example = one.environment
    return script.environment(app=example.app, images=example.images, values=values)


def _run(
    script: Script,
    environment: Environment,
    note: str,
    encoded: Callable[[Stack], dict[str, Any]],
) -> dict[str, Any]:
    try:
        with overheard():
            return encoded(script.run(environment, note))
    except InputError:
        raise
    except (EcsBlocksError, ValueError, TypeError, AttributeError) as error:
        # troposphere checks required properties when it encodes, and raises what Python has
        raise InputError([problem_of(error, script.path, script.file, note)]) from error


def _feed(
    fields: Mapping[str, Field], one: Loaded[Environment], template: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, Lookup]]:
    """The values and the lookups of the parameters that the template has, in its order."""
    by_key = {field.key: field for field in fields.values()}
    declared = template.get("Parameters", {})
    feed = {
        key: parameter_value(one.values[by_key[key].name])
        for key in declared
        if key not in one.lookups
    }
    return feed, {key: one.lookups[key] for key in declared if key in one.lookups}


def _known_ids(one: Loaded[Environment], name: str) -> tuple[str, ...]:
    value = one.values.get(name)
    return tuple(value) if isinstance(value, list) else ()


def _limits(file: str, template: Mapping[str, Any]) -> Iterator[Problem]:
    for section, limit in (
        ("Parameters", MAX_PARAMETERS),
        ("Resources", MAX_RESOURCES),
        ("Outputs", MAX_OUTPUTS),
    ):
        count = len(template.get(section, {}))
        if count > limit:
            message = (
                f"the template has {count} {section.lower()}; CloudFormation takes {limit}: "
                "split the stack"
            )
            yield Problem(file, 0, 0, "", message)
    if not template.get("Resources"):
        message = "the stack has no resources; CloudFormation needs at least one"
        yield Problem(file, 0, 0, "", message)


def _differences(
    file: str, environment: RenderedEnvironment, own: Mapping[str, Any]
) -> Iterator[Problem]:
    """The invariant: the template with the values put in is what the values' own run gave."""
    expected = environment.resolved()
    actual = resolve(own, Values(parameters={}, pseudo=environment.pseudo))
    expected.pop("Parameters", None)
    left, right = normalised(expected), normalised(actual)
    place = None if left == right else _first_difference(left, right, "")
    if place is not None:
        where, left, right = place
        message = (
            f"{where} is {left} in the template, but {right} with the values of "
            f"{environment.name}: the script decides it by a value that may differ; pass the value "
            "on, or declare it as a Shape"
        )
        yield Problem(file, 0, 0, "", message)


def _first_difference(left: Any, right: Any, where: str) -> tuple[str, str, str] | None:
    if type(left) is type(right) and isinstance(left, (dict, list)):
        pairs: Iterator[tuple[Any, Any, Any]]
        if isinstance(left, dict):
            keys = dict.fromkeys([*left, *right])
            pairs = ((key, left.get(key), right.get(key)) for key in keys)
        else:
            length = max(len(left), len(right))
            pad = [None] * length
            pairs = ((n, (left + pad)[n], (right + pad)[n]) for n in range(length))
        for key, one, other in pairs:
            found = _first_difference(one, other, f"{where}.{key}" if where else str(key))
            if found is not None:
                return found
        return None
    return None if left == right else (where, _shown(left), _shown(right))


def _shown(value: object) -> str:
    if value is None:
        return "not there"
    shown = str(value)
    return shown if len(shown) <= 80 else shown[:77] + "…"


def _unused(
    fields: Mapping[str, Field],
    loaded: Mapping[str, Loaded[Environment]],
    rendered: list[RenderedEnvironment],
) -> Iterator[Problem]:
    """Values that an app sets and that change nothing: a reader would believe that they do."""
    used = {key for environment in rendered for key in environment.template.get("Parameters", {})}
    names = {f.name for f in fields.values() if f.key in used or f.is_shape or f.spec.pseudo}
    for declared in fields.values():
        if declared.name in names:
            names.update(declared.spec.of)
            if isinstance(declared.spec.default, SameAs):
                names.add(declared.spec.default.field)
    for one in loaded.values():
        for name, place in one.places.items():
            if name not in names and not place.follows and place.file == one.section.file:
                yield place.problem("it is set, but nothing in stack.py uses it; remove it")
