"""The identity of a deploy: its names and tokens come from what is deployed, and onto what.

A process that was killed and starts again gives the same names to the same thing; so it finds its
own change set, and AWS itself refuses to execute it twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings
from ecs_blocks.templates.read import parsed

_DIGITS: Final = 32
"""Hexadecimal digits of a digest: so many no two contents share by chance, and no more are told."""
_TOKEN: Final = re.compile(r"eb-(?P<content>[0-9a-f]{32})-[0-9a-f]{32}")
NO_CONTENT: Final = f"eb-{'0' * 32}-"
"""For ``token_on``, where an operation deploys nothing: a deletion, a recovery."""
_COST: Final = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
"""scrypt takes 32 MiB and about a tenth of a second for each guess (RFC 7914, section 2)."""


class Content(Struct, frozen=True):
    """All that CloudFormation is given. A parameter that is None keeps the stack's value.

    ``settings`` go with it, beside the change set.

    ``sealed`` stands for the secret values where they were taken out, and for nothing else: all
    that is left is held against the digest. ``where`` is the account and the stack: the same secret
    has another digest in each.
    """

    template: str
    parameters: Mapping[str, str | None]
    tags: Mapping[str, str]
    role_arn: str = ""
    sealed: str = ""
    where: str = ""
    settings: StackSettings = StackSettings()

    @property
    def digest(self) -> str:
        """Half a SHA-256 in hexadecimal; the same for the same content, whatever the order of keys.

        It is published: values of NoEcho parameters are in it only through scrypt, so that a short
        one cannot be guessed from it.

        Raises:
            InputError: the template has such parameters, and cannot be read.
        """
        sealed, hidden = self.sealed or self._seal(), hidden_in(self.template)
        plain: list[object] = [
            self.template,
            [
                (key, None if key in hidden and not self.sealed else value)
                for key, value in sorted(self.parameters.items())
            ],
            sorted(self.tags.items()),
            self.role_arn,
        ]
        if self.settings != StackSettings():
            plain.append([self.settings.policy, self.settings.termination_protection])
        if sealed:
            plain.append(sealed)
        return _digest(plain)

    def _seal(self) -> str:
        """The digest of the secret values, all in one; empty where there are none."""
        given = {key: self.parameters.get(key) for key in sorted(hidden_in(self.template))}
        told = [
            (key, _slow(value, f"{self.where} {key}") if value else value)
            for key, value in given.items()
            if value is not None
        ]
        return _digest(told) if told else ""

    def hides(self, key: str) -> bool:
        """Whether the parameter *key* is NoEcho."""
        return key in hidden_in(self.template)

    @property
    def secrets(self) -> frozenset[str]:
        """The values of its NoEcho parameters, which are never shown."""
        values = (self.parameters.get(key) for key in hidden_in(self.template))
        return frozenset(value for value in values if value)

    def without_secrets(self) -> Content:
        """The same content, of the same digest, without the values of its NoEcho parameters."""
        left = {key: None if self.hides(key) else one for key, one in self.parameters.items()}
        return structs.replace(self, parameters=left, sealed=self.sealed or self._seal())


def _digest(plain: object) -> str:
    return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()[:_DIGITS]


@lru_cache(maxsize=64)
def hidden_in(template: str) -> frozenset[str]:
    """The NoEcho parameters of a template, given as text.

    Raises:
        InputError: it has such, and cannot be read.
    """
    if "NoEcho" not in template:
        return frozenset()
    whole = parsed(template.encode(), "the template")
    declared = whole.get("Parameters") if isinstance(whole, dict) else None
    return frozenset(
        key
        for key, one in (declared.items() if isinstance(declared, dict) else ())
        if isinstance(one, dict) and str(one.get("NoEcho", "")).lower() == "true"
    )


@lru_cache(maxsize=64)
def _slow(secret: str, salt: str) -> tuple[str, str]:
    """What stands for *secret*; a tuple, so that no plain value can stand for the same."""
    found = hashlib.scrypt(secret.encode(), salt=salt.encode(), **_COST)
    return "scrypt", found.hex()


class Names(Struct, frozen=True):
    """What a deploy of some content onto some base is called.

    ``change_set`` and ``token`` hold the beginnings of both digests: a running operation tells by
    its token which content it deploys.
    """

    change_set: str
    client_token: str
    description: str
    token: str

    @classmethod
    def of(cls, content: Content, base: str) -> Names:
        """The names for *content* on *base* (``base_of`` a stack)."""
        what = content.digest
        onto = hashlib.sha256(base.encode()).hexdigest()
        return cls(
            change_set=f"eb-{what[:20]}-{onto[:20]}",
            client_token=f"ebc-{what[:32]}-{onto[:32]}",
            description=f"ecs_blocks {what} on {onto}",
            token=f"eb-{what[:32]}-{onto[:32]}",
        )


def token_on(token: str, stack_id: str, base: str) -> str:
    """*token*, for the execution on one certain stack: a new one may have a predecessor."""
    what = token.split("-")[1]
    onto = hashlib.sha256(f"{stack_id} {base}".encode()).hexdigest()
    return f"eb-{what}-{onto[:32]}"


def content_of(token: str) -> str | None:
    """The content that an operation's token stands for, if it is one of ours."""
    found = _TOKEN.fullmatch(token)
    return found["content"] if found else None


_MOST_TAGS: Final = 50
_LONGEST_TAG: Final = (128, 256)


def misfits(content: Content, declared: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """What CloudFormation would refuse of *content* one by one, all at once.

    *declared* are the template's parameters, *known* those that the stack has values for.
    """
    given = content.parameters
    needed = [one for one, body in declared.items() if "Default" not in body and one not in given]
    unknown = [one for one in given if one not in declared]
    kept = [one for one, value in given.items() if value is None and one not in known]
    told = {
        "parameters without a value": needed,
        "parameters that the template does not have": unknown,
        "parameters that are to stay as they are, and that the stack does not have": kept,
    }
    return [
        *(f"{what}: {', '.join(names)}" for what, names in told.items() if names),
        *_tag_misfits(content.tags),
    ]


def _tag_misfits(tags: Mapping[str, str]) -> Iterator[str]:
    """Source: CreateChangeSet, Tags, and the API reference's Tag."""
    if len(tags) > _MOST_TAGS:
        yield f"{len(tags)} tags; CloudFormation takes {_MOST_TAGS}"
    for key, value in tags.items():
        if not isinstance(value, str) or not value:
            yield f"the tag {key} has no value; a tag that is not wanted is left out"
        elif key.startswith("aws:"):
            yield f"the tag {key}: names that begin with aws: are AWS's own"
        elif not 1 <= len(key) <= _LONGEST_TAG[0] or len(value) > _LONGEST_TAG[1]:
            yield (
                f"the tag {key}: a name has 1 to {_LONGEST_TAG[0]} characters, a value at most "
                f"{_LONGEST_TAG[1]}"
            )
