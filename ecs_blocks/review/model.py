"""What a review says. These are also the shapes of its JSON: a change here is a new ``VERSION``."""

from __future__ import annotations

import enum
from typing import Any, Final

from msgspec import Struct

VERSION: Final = 1
"""Of the JSON form. A field more is the same version; a field less or another meaning is not."""


class Weight(enum.StrEnum):
    """How much a reader has to care.

    CALM: happens with every deploy, or changes nothing that serves. NOTICE: read it. APPROVAL:
    somebody has to say yes: what holds data or an address is replaced or deleted, permissions or
    exposure grow, or there is a time without service.
    """

    CALM = "calm"
    NOTICE = "notice"
    APPROVAL = "approval"


WEIGHTS: Final = (Weight.APPROVAL, Weight.NOTICE, Weight.CALM)
"""The heaviest first."""


class Action(enum.StrEnum):
    """What happens to a resource as a member of the stack."""

    ADD = "add"
    MODIFY = "modify"
    REMOVE = "remove"


class Replacement(enum.StrEnum):
    """Whether a new physical resource takes the place of the old one.

    MAYBE: it is decided during the deploy, by a value or a condition that cannot be known before.
    """

    NO = "no"
    YES = "yes"
    MAYBE = "decided during deploy"


class Fate(enum.StrEnum):
    """What becomes of the old resource that is removed or replaced."""

    DELETED = "deleted"
    RETAINED = "retained"
    SNAPSHOT = "deleted after a snapshot"


class Noise(enum.StrEnum):
    """A difference that does nothing to what runs."""

    TAGS = "tags"
    ORDER = "order"
    METADATA = "metadata"
    POLICY = "policy"
    """DeletionPolicy, UpdateReplacePolicy, UpdatePolicy, CreationPolicy, DependsOn."""


class Cause(Struct, frozen=True, kw_only=True):
    """Why something changes.

    ``kind`` is ``parameter`` (its value changed), ``lookup`` (where it is looked up changed),
    ``template`` (what the template itself says changed), ``resource`` (what it refers to is
    replaced or may get another attribute) or ``tags`` (the stack's). ``name`` is the parameter's
    name or the logical id. ``place`` is where the new value is written, if that is known.
    """

    kind: str
    name: str
    before: str = ""
    after: str = ""
    place: str = ""


class PropertyChange(Struct, frozen=True, kw_only=True):
    """One property: ``path`` is dotted; items of a list of names carry theirs.

    ``ContainerDefinitions[app].Environment[JAVA_OPTS].Value``. ``before`` and ``after`` are None
    where the property is not there. ``hidden``: the value holds a secret, and both are
    ``(hidden)``. ``replacement`` is what this property alone leads to. ``noise`` is None for a real
    change.
    """

    path: str
    before: Any = None
    after: Any = None
    replacement: Replacement = Replacement.NO
    causes: tuple[Cause, ...] = ()
    hidden: bool = False
    noise: Noise | None = None


class ResourceChange(Struct, frozen=True, kw_only=True):
    """One resource that is added, changed or removed.

    ``fate`` is what becomes of the old one where it is removed or (perhaps) replaced. ``why`` says
    in one sentence what decides the replacement: the property, and where AWS says so. ``causes``
    are those of an addition or a removal; a changed property has its own. ``line`` is the line of
    Python or YAML that it comes from, as far as that is known. ``was`` is the type that it had,
    where another one stands under its logical id now: CloudFormation refuses that.
    """

    logical_id: str
    type: str
    action: Action
    replacement: Replacement = Replacement.NO
    fate: Fate | None = None
    why: str = ""
    causes: tuple[Cause, ...] = ()
    properties: tuple[PropertyChange, ...] = ()
    line: str = ""
    was: str = ""

    @property
    def is_noise(self) -> bool:
        """Whether nothing but tags, order, metadata or policies differ.

        A resource of another type is replaced, though no property of it is set beside another.
        """
        stays = self.action is Action.MODIFY and self.replacement is Replacement.NO
        return stays and all(p.noise for p in self.properties)


class Consequence(Struct, frozen=True, kw_only=True):
    """One thing that will happen, in a sentence that a person can act on.

    ``kind`` groups them: ``rollout``, ``replacement``, ``deletion``, ``data``, ``address``,
    ``downtime``, ``permission``, ``exposure``, ``scaling``, ``configuration``, ``alarm``,
    ``addition``, ``unknown``; and of a live stack ``blocked`` (the deploy would be refused, or
    would fail), ``running`` (how it stands now). ``details`` are further sentences. ``resources``
    are the logical ids that it is about; ``causes`` what it follows from, collapsed to the first
    cause.
    """

    kind: str
    weight: Weight
    text: str
    details: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()


class ParameterChange(Struct, frozen=True, kw_only=True):
    """A parameter's value; None on a side where it is not declared. Hidden values read (hidden)."""

    name: str
    before: str | None
    after: str | None
    hidden: bool = False
    place: str = ""


class Reversal(enum.StrEnum):
    """Whether a later rollback brings back what was."""

    REVERSIBLE = "reversible"
    BY_HAND = "needs a hand"
    IRREVERSIBLE = "not reversible"


class RollbackStory(Struct, frozen=True, kw_only=True):
    """Whether one can go back after this deploy, and what stands against it, in sentences."""

    reversal: Reversal
    reasons: tuple[str, ...] = ()


class Headroom(Struct, frozen=True, kw_only=True):
    """How much of a limit is used after the change. ``name``: ``template bytes``; with its unit."""

    name: str
    used: int
    limit: int
    before: int = 0
    source: str = ""


class Status(enum.StrEnum):
    """What becomes of a stack."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    """It is on the first side only. A deploy does not delete it: that takes ``delete``."""


class StackReview(Struct, frozen=True, kw_only=True):
    """One stack in one environment.

    ``headline`` is one sentence for a list. ``consequences`` come in the order in which they should
    be read, the weightiest first. ``changes`` are all resources that differ. ``unknowns`` say what
    could not be known, and what would tell. ``facts`` are what else the account says, of a review
    against what runs. ``outputs`` are the outputs that differ or give another
    value; their paths begin with the output's name (``ClusterArn.Export.Name``).
    """

    app: str
    environment: str
    stack_name: str
    status: Status
    headline: str
    consequences: tuple[Consequence, ...] = ()
    changes: tuple[ResourceChange, ...] = ()
    parameters: tuple[ParameterChange, ...] = ()
    outputs: tuple[PropertyChange, ...] = ()
    rollback: RollbackStory | None = None
    headroom: tuple[Headroom, ...] = ()
    unknowns: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    digest: str = ""
    """Of the template, the parameters and the lookups that this is about: what one approves."""

    @property
    def weight(self) -> Weight:
        """The weight of its weightiest consequence."""
        weights = (one.weight for one in self.consequences)
        return min(weights, key=WEIGHTS.index, default=Weight.CALM)


class ParameterRow(Struct, frozen=True, kw_only=True):
    """One parameter in every environment of an app, after the change. None: not declared there."""

    name: str
    values: dict[str, str | None]
    differs: bool


class EnvironmentsSideBySide(Struct, frozen=True, kw_only=True):
    """How the environments of one app differ from each other after the change.

    ``resources`` are sentences about what the values do not say: a resource that only one of them
    has, a property that differs.
    """

    app: str
    parameters: tuple[ParameterRow, ...]
    resources: tuple[str, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether anything is not the same in all of them."""
        return bool(self.resources) or any(row.differs for row in self.parameters)


class Review(Struct, frozen=True, kw_only=True):
    """All that is said about a change. ``base`` and ``head`` name the two sides as a person would.

    ``digest`` is a hash over everything that is reviewed: an approval is bound to it. Without
    stacks it is only about how the environments differ.
    """

    version: int
    base: str
    head: str
    stacks: tuple[StackReview, ...]
    environments: tuple[EnvironmentsSideBySide, ...] = ()
    notes: tuple[str, ...] = ()
    digest: str = ""

    @property
    def weight(self) -> Weight:
        """The weight of its weightiest stack; without stacks, to be read where anything differs."""
        if not self.stacks:
            return Weight.CALM if self.is_unchanged else Weight.NOTICE
        weights = (stack.weight for stack in self.stacks)
        return min(weights, key=WEIGHTS.index, default=Weight.CALM)

    @property
    def is_unchanged(self) -> bool:
        """Whether no stack differs; without stacks, whether no environment differs from another."""
        if not self.stacks:
            return not any(one.differ for one in self.environments)
        return all(stack.status is Status.UNCHANGED for stack in self.stacks)
