"""One stack as it was and as it will be: what a review compares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from msgspec import Struct, field

from ecs_blocks.review.live import Live
from ecs_blocks.templates.loops import unrolled
from ecs_blocks.templates.read import defaults
from ecs_blocks.templates.resolve import Values, mapping, resolve, undecided

HIDDEN: Final = "(hidden)"
"""Stands wherever a secret would."""

LATER: Final = "Fn::Lookup"
"""Stands in a resolved template for a value that is looked up when the stack is deployed."""

RUNNING: Final = "the running "
"""So begins what is told of an image that a deploy keeps; its repository follows."""


class Side(Struct, frozen=True, kw_only=True, dict=True):
    """One stack in one environment, before or after.

    ``parameters`` are the values that are fed (text, as CloudFormation takes them), ``lookups``
    those that a deploy looks up, each as it is written: ``!StackOutput cluster-prod.KeyArn``.
    ``pseudo`` are the pseudo parameters that are known (``AWS::Region``); ``tags`` the stack's.
    ``places`` tell where a parameter's value is written (``stacks/hoge/environment.yaml:12``),
    ``images`` where a repository of an image is, and ``lines`` where a resource comes from
    (``stacks/hoge/stack.py:31``), as far as that is known.
    ``template_bytes`` is the size of the template as it is sent. ``is_file``: it is a template by
    itself, of no app that could be compared with what runs.
    """

    stack_name: str
    template: Mapping[str, Any]
    parameters: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, str] = field(default_factory=dict)
    pseudo: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    template_bytes: int = 0
    is_file: bool = False

    def value(self, parameter: str) -> str | None:
        """What *parameter* has on this side, as a person wrote it; None where nothing says."""
        default = self._declared(parameter).get("Default")
        given = self.lookups.get(parameter, self.parameters.get(parameter))
        return given if given is not None or default is None else str(default)

    def is_hidden(self, parameter: str) -> bool:
        """Whether the value of *parameter* must never be shown: it is declared NoEcho."""
        return str(self._declared(parameter).get("NoEcho", "")).lower() == "true"

    def _declared(self, parameter: str) -> Mapping[str, Any]:
        """How *parameter* is declared; empty where it is not, or not as a mapping."""
        return mapping(self.declared.get(parameter))

    @property
    def declared(self) -> Mapping[str, Any]:
        """The parameters of the template; none where the section is no mapping of names."""
        return mapping(self.template.get("Parameters"))

    def resolved(self) -> dict[str, Any]:
        """The template with every known value put in, secrets too: to compare, never to show.

        A value that is looked up stays ``{"Fn::Lookup": "!StackOutput …"}``, so that two different
        lookups differ and two equal ones do not. Defaults of the template count. It is made once:
        whoever takes it must not change it.
        """
        return self._resolved

    @cached_property
    def _resolved(self) -> dict[str, Any]:
        return resolve(self.unrolled, self._values({}))

    @cached_property
    def unrolled(self) -> Mapping[str, Any]:
        """The template with each ``Fn::ForEach`` written out whose collection is known."""
        return unrolled(self.template, self._values({}))

    def shown(self) -> dict[str, Any]:
        """As ``resolved``, with ``(hidden)`` in the place of what is declared NoEcho."""
        hidden = {name: HIDDEN for name in self.declared if self.is_hidden(name)}
        return resolve(self.unrolled, self._values(hidden))

    def open_conditions(self) -> frozenset[str]:
        """The conditions that only the deploy can decide."""
        return undecided(self.template, self._values({}))

    def _values(self, instead: Mapping[str, str]) -> Values:
        known = {name: one for name, one in defaults(self.template).items() if one is not None}
        known |= self.parameters
        known |= {name: {LATER: text} for name, text in self.lookups.items()}
        known |= instead
        return Values(parameters=known, pseudo=self.pseudo)


class Pair(Struct, frozen=True, kw_only=True):
    """What one app's stack is in one environment, and what it will be; None where there is none.

    ``live`` is what the account says of it, None where nobody asked.
    """

    app: str
    environment: str
    before: Side | None
    after: Side | None
    live: Live | None = None
