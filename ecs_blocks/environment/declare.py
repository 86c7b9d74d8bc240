"""Declaring what environment.yaml may set: once, in Python, with types.

``Param[int]`` varies by environment and is a parameter of the one template: ``env.desired_count``
is a token while the template is made, and the number itself while an environment is checked.
``Shape[bool]`` decides what the template holds, so it is a plain value, and the app then has one
template per environment.
"""

from __future__ import annotations

import inspect
import sys
import typing
from types import MappingProxyType, SimpleNamespace
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    TypeVar,
    overload,
)

from ecs_blocks.environment.credentials import WAY_OUT, credential_in
from ecs_blocks.environment.fields import MISSING, Field, Lookup, Missing, SameAs, Spec
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import key_of
from ecs_blocks.parameter_types import TYPES
from ecs_blocks.values import AccountId, Region, Value  # noqa: TC001 - read at run time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")


class _Declared(Generic[T]):
    """A field of an environment class; a descriptor, so that reading it on an instance is typed."""

    def __init__(self, spec: Spec | None = None) -> None:
        self.spec = spec or Spec()
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


class Param(_Declared[T]):
    """A value that varies by environment and is a parameter of the template."""

    @overload
    def __get__(self, obj: None, owner: type) -> Param[T]: ...
    @overload
    def __get__(self, obj: Environment, owner: type) -> Value[T]: ...
    def __get__(self, obj: Environment | None, owner: type) -> Any:
        """Return the environment's value or token; on the class, the declaration itself."""
        return self if obj is None else obj._values[self.name]  # noqa: SLF001 - its own storage


class Shape(_Declared[T]):
    """A value that decides what the template holds: plain, and known at every render."""

    @overload
    def __get__(self, obj: None, owner: type) -> Shape[T]: ...
    @overload
    def __get__(self, obj: Environment, owner: type) -> T: ...
    def __get__(self, obj: Environment | None, owner: type) -> Any:
        """Return the environment's value; on the class, the declaration itself."""
        return self if obj is None else obj._values[self.name]  # noqa: SLF001 - its own storage


def param(
    *,
    default: T | SameAs | Missing = MISSING,
    help: str = "",  # noqa: A002 - the field's word for it, as in argparse and click
    choices: tuple[T, ...] = (),
    ge: float | None = None,
    le: float | None = None,
    pattern: str | None = None,
    min_items: int = 0,
) -> Param[T]:
    """Declare a parameter.

    Args:
        default: what an environment gets that says nothing. Without one, a value is required.
            ``same_as("other_field")`` takes the other field's value.
        help: one sentence for the template, the editor and the reference page.
        choices: the only values allowed.
        ge: the smallest number allowed.
        le: the largest number allowed.
        pattern: a regular expression that text has to match as a whole.
        min_items: how many items a list has at least.
    """
    return Param(
        Spec(
            default=default,
            help=help,
            choices=choices,
            ge=ge,
            le=le,
            pattern=pattern,
            min_items=min_items,
        )
    )


def shape(
    *,
    default: T | Missing = MISSING,
    help: str = "",  # noqa: A002 - as in param
    choices: tuple[T, ...] = (),
) -> Shape[T]:
    """Declare a value that decides what the template holds. Arguments as for ``param``."""
    return Shape(Spec(default=default, help=help, choices=choices))


def computed(
    compute: Callable[[Mapping[str, Any]], T | Lookup],
    *,
    of: tuple[str, ...],
    help: str = "",  # noqa: A002 - as in param
) -> Param[T]:
    """Declare a parameter whose value is made from the fields *of* each environment.

    *compute* gets their values by field name. It may return a ``Lookup`` where only a deploy can
    know the value. environment.yaml cannot set a computed parameter.
    """
    return Param(Spec(compute=compute, of=of, help=help))


def same_as(field: str) -> SameAs:
    """A default that is another field's value: ``param(default=same_as("desired_count"))``."""
    return SameAs(field)


class Environment:
    """Base of what an app's stack script declares; one instance is one environment of one app.

    Subclass it (or, for a web service, ``WebServiceEnvironment``), annotate fields with ``Param``
    and ``Shape``, and take it as the argument of ``stack``. Override ``problems`` for rules that
    concern more than one value.
    """

    account_id: Param[AccountId] = Param(
        Spec(pseudo="AWS::AccountId", help="the account that the environment lives in")
    )
    region: Param[Region] = Param(
        Spec(pseudo="AWS::Region", help="the region that the environment lives in")
    )

    _fields: ClassVar[Mapping[str, Field]] = MappingProxyType({})

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._fields = _collect(cls)

    def __init__(
        self,
        *,
        app: str,
        images: tuple[str, ...],
        values: Mapping[str, Any],
        written: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.app = app
        self.images = images
        self._values = MappingProxyType(dict(values))
        self._written = written

    def __setattr__(self, name: str, value: object) -> None:
        if name in type(self)._fields:
            raise BlockError(f"{name} is set in environment.yaml, not by the script")
        super().__setattr__(name, value)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (field, message) for what only several values together show to be wrong."""
        yield from ()

    def parameter_name(self, field: str) -> str:
        """The SSM parameter's name that is given for *field*, which is one of ``ImageIdParameter``.

        The field itself is what CloudFormation finds under that name. For ``problems``: empty
        where the name is looked up, and in the run with tokens.
        """
        return self._written.get(field, "")


def fields_of(environment: type[Environment]) -> Mapping[str, Field]:
    """The fields of an environment class by name, those of its bases first."""
    return environment._fields


_RESERVED: Final = frozenset({"app", "images", "problems", "name"})


def _collect(cls: type[Environment]) -> Mapping[str, Field]:
    _check_methods(cls)
    found: dict[str, Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found.update(vars(base).get("_fields", {}))
    for name, field in found.items():
        if inspect.isfunction(vars(cls).get(name)):
            kind = "Shape" if field.is_shape else "Param"
            raise BlockError(
                f"{cls.__name__}.{name} is a value of environment.yaml and no method; write "
                f"{name}: eb.{kind}[…] = eb.{kind.lower()}(default=…)"
            )
    for name, hint in _own_hints(cls).items():
        kind = typing.get_origin(hint)
        declared = vars(cls).get(name)
        if declared is None:
            declared = kind()
            setattr(cls, name, declared)
            declared.__set_name__(cls, name)
        if not isinstance(declared, kind):
            raise BlockError(
                f"{cls.__name__}.{name}: a {kind.__name__} is declared with "
                f"{kind.__name__.lower()}(...), not with {declared!r}"
            )
        found[name] = _field(cls, name, typing.get_args(hint)[0], declared)
    for name, hint in vars(cls).get("__annotations__", {}).items():
        if name not in found and not name.startswith("_") and "ClassVar" not in str(hint):
            kind = getattr(hint, "__name__", hint)
            raise BlockError(
                f"{cls.__name__}.{name}: what environment.yaml may set is written "
                f"{name}: eb.Param[{kind}] = eb.param(…), not {name}: {kind}"
            )
    for name, value in vars(cls).items():
        if isinstance(value, _Declared) and name not in found:
            kind = type(value).__name__
            raise BlockError(f"{cls.__name__}.{name}: annotate it: {name}: eb.{kind}[str] = …")
    _check(cls, found)
    return MappingProxyType(found)


def _check_methods(cls: type[Environment]) -> None:
    """Refuse a value where a class has a method to override: blocks would call the value."""
    methods: dict[str, type] = {}
    for base in reversed(cls.__mro__):
        for name in methods.keys() & (vars(base).keys() | vars(base).get("__annotations__", {})):
            if not callable(getattr(vars(base).get(name), "__func__", vars(base).get(name))):
                raise BlockError(
                    f"{cls.__name__}.{name} has to be a method, as {methods[name].__name__} has "
                    f"it: def {name}(self); name a value of environment.yaml otherwise"
                )
        for name, value in vars(base).items():
            if inspect.isfunction(value) and not name.startswith("__"):
                methods.setdefault(name, base)


def _own_hints(cls: type) -> dict[str, Any]:
    """The annotations of *cls* itself that are a Param or a Shape, evaluated."""
    own = {
        name: hint
        for name, hint in vars(cls).get("__annotations__", {}).items()
        if not isinstance(hint, str) or "Param[" in hint or "Shape[" in hint
    }
    try:
        hints = typing.get_type_hints(
            SimpleNamespace(__annotations__=own), vars(sys.modules[cls.__module__])
        )
    except NameError as error:
        raise BlockError(
            f"{cls.__name__}: {error.name} in an annotation is not known when the class is made; "
            "import it outside of TYPE_CHECKING"
        ) from error
    return {name: hint for name, hint in hints.items() if typing.get_origin(hint) in (Param, Shape)}


def _field(cls: type, name: str, argument: Any, declared: _Declared[Any]) -> Field:
    spec = declared.spec
    if typing.get_origin(argument) is Literal:
        choices = typing.get_args(argument)
        argument = type(choices[0])
        spec = Spec(default=spec.default, help=spec.help, choices=choices)
    row = TYPES.get(argument)
    if row is None:
        known = ", ".join(sorted({getattr(kind, "__name__", str(kind)) for kind in TYPES}))
        raise BlockError(f"{cls.__name__}.{name}: {argument} cannot be a value; there are: {known}")
    if not row.takes(spec.default) and not isinstance(spec.default, (Missing, SameAs, Lookup)):
        raise BlockError(f"{cls.__name__}.{name}: the default {spec.default!r} is not {row.name}")
    if isinstance(spec.default, str) and (kind := credential_in(key_of(name), spec.default)):
        raise BlockError(f"{cls.__name__}.{name}: the default looks like {kind}; {WAY_OUT}")
    return Field(
        name=name, key=key_of(name), type=row, is_shape=isinstance(declared, Shape), spec=spec
    )


def _check(cls: type[Environment], fields: Mapping[str, Field]) -> None:
    keys: dict[str, str] = {}
    for field in fields.values():
        place = f"{cls.__name__}.{field.name}"
        if field.name in _RESERVED:
            raise BlockError(f"{place}: the name is taken; choose another")
        if field.key in keys:
            raise BlockError(f"{place} and {keys[field.key]} both give the key {field.key}")
        keys[field.key] = place
        default = field.spec.default
        others = (default.field,) if isinstance(default, SameAs) else field.spec.of
        for other in others:
            if other not in fields:
                raise BlockError(f"{place} is made from {other}, which is not declared")


Environment._fields = _collect(Environment)
