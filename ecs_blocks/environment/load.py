"""From files to environments: later wins, and every problem is listed.

platform default < platform environment < app default < app environment < ``--set``. Each value is
read once, where it stands, so that a mistake in ``default`` is one line and not one for each
environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic

from msgspec import structs

from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import MISSING, Lookup, SameAs
from ecs_blocks.environment.loaded import E, Given, Loaded, Place
from ecs_blocks.environment.nodes import Refused
from ecs_blocks.environment.read import MAX_BYTES, read_node, read_text
from ecs_blocks.environment.rules import broken_rules, words
from ecs_blocks.errors import Problem
from ecs_blocks.naming import MAX_STACK_NAME, did_you_mean, near, stack_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.environment.fields import Field
    from ecs_blocks.environment.files import AppFile, PlatformFile, Section

SET: Final = "--set"


def load(
    cls: type[E],
    app: AppFile,
    platform: PlatformFile,
    overrides: Mapping[str, str],
    has_app: Callable[[str], bool] = lambda _: True,
) -> tuple[dict[str, Loaded[E]], list[Problem]]:
    """Every environment of *app*, read by what *cls* declares.

    *overrides* are the ``--set`` values; *has_app* says whether an app is there to be looked up.
    An environment with a problem is left out of the result.
    """
    reader = _Reader(cls, app, platform, has_app)
    set_by_hand = reader.overrides(overrides)
    platform_default = reader.section(platform.default, by_app=False)
    app_default = reader.section(app.default)
    found: dict[str, Loaded[E]] = {}
    for name, section in app.environments.items():
        platform_section = reader.section(platform.environments.get(name), by_app=False)
        own = reader.section(section)
        given = platform_default | platform_section | app_default | own | set_by_hand
        before = len(reader.problems)
        loaded = reader.environment(name, section, given)
        if loaded is not None and len(reader.problems) == before:
            found[name] = loaded
    reader.tell_missing()
    broken, problems = broken_rules(found.values())
    return {n: one for n, one in found.items() if n not in broken}, [*reader.problems, *problems]


class _Reader(Generic[E]):
    """Reads the sections of one app, and collects what is wrong with them."""

    def __init__(
        self, cls: type[E], app: AppFile, platform: PlatformFile, has_app: Callable[[str], bool]
    ) -> None:
        self._cls = cls
        self._app = app
        self._platform = platform
        self._has_app = has_app
        self._fields = fields_of(cls)
        self._by_key = {f.key: f for f in self._fields.values()}
        self._broken: set[str] = set()
        self._read: dict[int, dict[str, Given]] = {}
        self._absent: dict[str, dict[str, Place]] = {}
        self.problems: list[Problem] = []

    def section(self, section: Section | None, *, by_app: bool = True) -> dict[str, Given]:
        """The declared values of one section by field name. A section is read once."""
        if section is None or section.values is None:
            return {}
        if id(section) in self._read:
            return self._read[id(section)]
        found = self._read[id(section)] = {}
        for key, node in section.values.pairs:
            declared = self._by_key.get(key.text)
            if by_app and (message := self._forbidden(key.text, declared)):
                self.problems.append(section.problem(key, key.text, message))
                continue
            if declared is None or not declared.settable:
                continue  # a platform value that this app does not use
            place = Place(section.file, node.line, node.column, f"{section.where}.{key.text}")
            try:
                value = read_node(declared, node)
                self._known_app(value)
            except Refused as refused:
                at = refused.at or node
                self.problems.append(section.problem(at, key.text, str(refused)))
                self._broken.add(declared.name)
                continue
            found[declared.name] = Given(value, place)
        return found

    def overrides(self, overrides: Mapping[str, str]) -> dict[str, Given]:
        """The ``--set`` values that this app declares."""
        found: dict[str, Given] = {}
        for key, text in overrides.items():
            declared = self._by_key.get(key)
            if declared is None:
                continue  # the command checks that some app declares it
            place = Place(SET, 0, 0, key)
            if message := self._forbidden(key, declared):
                self.problems.append(place.problem(message))
                continue
            try:
                found[declared.name] = Given(read_text(declared, text), place)
            except Refused as refused:
                self.problems.append(place.problem(str(refused)))
                self._broken.add(declared.name)
        return found

    def _forbidden(self, key: str, declared: Field | None) -> str | None:
        """Why an app may not set *key*, or None."""
        if declared is None:
            settable = [f.key for f in self._fields.values() if f.settable]
            open_ones = [k for k in settable if k not in self._platform.locked]
            if meant := near(key, open_ones):  # then that is not missing as well
                self._broken.add(self._by_key[meant].name)
            return "unknown key" + (did_you_mean(meant) or self._how_to_declare(key))
        if not declared.settable:
            parts = " and ".join(self._fields[name].key for name in declared.spec.of)
            return f"it is made from {parts}; set those"
        if key in self._platform.locked:
            return f"it is fixed for the whole environment in {self._platform.file}"
        return None

    def _how_to_declare(self, key: str) -> str:
        if key.isidentifier() and key[0].isupper():
            return f"; {self._cls.__name__} in stack.py does not declare it"
        return "; keys are written like TaskMemory"

    def _known_app(self, value: object) -> None:
        if isinstance(value, Lookup) and value.kind == "StackOutput":
            app = value.named["App"]
            if app == self._app.app:
                raise Refused(f"!StackOutput: {app} cannot look up an output of its own stack")
            if not self._has_app(app):
                raise Refused(f"!StackOutput: there is no app {app}")

    def environment(self, name: str, section: Section, given: dict[str, Given]) -> Loaded[E] | None:
        """One environment from its merged values; None where one of them is missing or broken."""
        at = Place(section.file, section.at.line, section.at.column, section.where)
        values = {field: one.value for field, one in given.items()}
        complete = True
        for declared in self._fields.values():
            if declared.name in values or not declared.settable:
                continue
            default = declared.spec.default
            if default is not MISSING and not isinstance(default, SameAs):
                values[declared.name] = default
            elif default is MISSING:
                complete = False
                if declared.name not in self._broken:
                    self._absent.setdefault(declared.name, {})[name] = at
        for declared in self._fields.values():
            if isinstance(declared.spec.default, SameAs) and declared.name not in values:
                same = declared.spec.default.field
                complete = complete and same in values
                values[declared.name] = values.get(same)
        if not complete or self._broken:
            return None
        for declared in self._fields.values():
            if declared.spec.compute is not None:
                value = values[declared.name] = declared.spec.compute(values)
                if isinstance(value, str) and len(value.encode()) > MAX_BYTES:
                    message = f"{declared.key} is longer than {MAX_BYTES:,} bytes"
                    self.problems.append(at.problem(message))
        return self._loaded(name, at, values, self._places(given))

    def _places(self, given: dict[str, Given]) -> dict[str, Place]:
        """Where each value is written, or the one that it follows."""
        places = {field: one.place for field, one in given.items()}
        for declared in self._fields.values():
            default = declared.spec.default
            if isinstance(default, SameAs) and default.field in places:
                source = places[default.field]
                there = structs.replace(source, follows=self._fields[default.field].key)
                places.setdefault(declared.name, there)
        return places

    def tell_missing(self) -> None:
        """What has no value: once, where that is so in each of several environments."""
        for field, places in self._absent.items():
            declared = self._fields[field]
            everywhere = len(places) == len(self._app.environments) > 1
            if everywhere and declared.key not in self._platform.locked:
                self._missing_everywhere(declared, places)
                continue
            for name, at in places.items():
                self._missing(declared, name, at)

    def _missing_everywhere(self, declared: Field, places: dict[str, Place]) -> None:
        default, first = self._app.default, next(iter(places.values()))
        line, column = (
            (default.at.line, default.at.column) if default else (first.line, first.column)
        )
        message = (
            f"missing in {words([*places])}{_wanted(declared)}, under default, in each of them, "
            f"or for every app in {self._platform.file}"
        )
        where = f"parameters.default.{declared.key}"
        self.problems.append(Problem(first.file, line, column, where, message))

    def _missing(self, declared: Field, name: str, at: Place) -> None:
        if declared.key in self._platform.locked:
            message = f"missing{_wanted(declared)}"
            where = f"parameters.{name}.{declared.key}"
            section = self._platform.environments.get(name)
            line, column = (section.at.line, section.at.column) if section else (0, 0)
            self.problems.append(Problem(self._platform.file, line, column, where, message))
            return
        message = f"missing{_wanted(declared)}, here or under default"
        problem = Problem(at.file, at.line, at.column, f"{at.where}.{declared.key}", message)
        self.problems.append(problem)

    def _loaded(
        self, name: str, at: Place, values: dict[str, Any], places: dict[str, Place]
    ) -> Loaded[E]:
        lookups = {
            self._fields[field].key: self._in_environment(value, name)
            for field, value in values.items()
            if isinstance(value, Lookup)
        }
        seen = {
            field: self._fields[field].token()
            if isinstance(value, Lookup) or self._fields[field].type.resolved_on_deploy
            else value
            for field, value in values.items()
        }
        written = {
            field: value
            for field, value in values.items()
            if self._fields[field].type.resolved_on_deploy and isinstance(value, str)
        }
        environment = self._cls(
            app=self._app.app, images=self._app.images, values=seen, written=written
        )
        stack = stack_name(self._platform.stack_name, app=self._app.app, environment=name)
        if len(stack) > MAX_STACK_NAME:
            message = f"the stack's name {stack} is longer than {MAX_STACK_NAME} characters"
            self.problems.append(at.problem(message))
        tags = {"Application": self._app.app, "Environment": name} | self._platform.tags
        return Loaded(name, stack, tags, values, places, environment, at, lookups)

    def _in_environment(self, lookup: Lookup, name: str) -> Lookup:
        """A stack output's app becomes the stack of this environment."""
        if lookup.kind != "StackOutput":
            return lookup
        arguments = lookup.named
        pattern = self._platform.stack_name
        stack = stack_name(pattern, app=arguments["App"], environment=name)
        return Lookup(
            "StackOutput", (("StackName", stack), ("OutputName", arguments["OutputName"]))
        )


def _wanted(declared: Field) -> str:
    """What a value that is missing means, and what to give."""
    example = f", like {declared.type.example}" if declared.type.example else ""
    meaning = f" ({declared.spec.help})" if declared.spec.help else ""
    return f"{meaning}; give it {declared.type.name}{example}"
