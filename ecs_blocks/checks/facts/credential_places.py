"""Where a credential stands that only what is beside it gives away.

Behind an option of a command (``--password x``, ``curl -u user:x``), in an assignment, in a header,
in JSON inside a text, beside the name of a variable or header. Made for what is shown: a value too
many is hidden here rather than one too few.

Sources: curl(1), ``-u``; wget(1), ``--user``; mysql(1), "the -p option"; redis-cli, ``-a``;
sshpass(1), ``-p``; the template reference of AWS::CloudFront::Distribution OriginCustomHeader, of
AWS::ElasticLoadBalancingV2::ListenerRule HttpHeaderConfig, and of AWS::WAFv2::WebACL
ByteMatchStatement; CloudFormation User Guide, "Dynamic references".
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.facts.credential_names import names_a_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NAMED_BY: Final = {
    "Value": ("Name", "Key", "ParameterKey"),
    "ParameterValue": ("ParameterKey",),
    "HeaderValue": ("HeaderName",),
    "Values": ("HttpHeaderName",),
    "RegexValues": ("HttpHeaderName",),
}
"""Which key of an item names the value that stands under another one."""
_SEARCHED: Final = "SearchString"
_HEADER_WORDS: Final = frozenset({"AUTHORIZATION", "AUTH", "COOKIE", "KEY", "VERIFY"})
"""A header with one of these words holds what lets somebody in (``X-Origin-Verify``)."""
_OF_A_HEADER: Final = "header secret"

_OPTION: Final = re.compile(r"--?(?!no-)([A-Za-z][\w.-]*)")
_ASSIGNED: Final = re.compile(r"(?:^|[?&;])-{0,2}([A-Za-z_][\w.-]*)=([^&;]+)")
_LOGIN_OPTIONS: Final = ("-u", "-U", "--user", "--proxy-user")
_LOGIN: Final = re.compile(r"(?!\d+:\d+$)[^\s:/]*:[^\s:$][^\s]*")
_JOINED_LOGIN: Final = re.compile(r"(?:-[uU]|--(?:proxy-)?user=)(?P<login>.+)")
_LOGS_IN: Final = re.compile(r"(?:.*[/(;&|`])?(?:curl|wget|https?)|.*://.*")
"""What makes a login of ``--user a:b``: a client of HTTP, or a URL, where the client is the entry
point. After ``docker run`` it is a user and a group.
"""
_TOOLS: Final = (
    (re.compile(r"(?:.*/)?(?:mysql|mariadb)[\w-]*"), "-p"),
    (re.compile(r"(?:.*/)?redis-cli"), "-a"),
    (re.compile(r"(?:.*/)?sshpass"), "-p"),
)
"""Commands with a short option for a password."""
_ELSEWHERE: Final = ("$", "arn:", "-", "<")
"""How begins what is no credential itself: a reference to one, another option, a place for one."""
_SWITCHES: Final = frozenset({"true", "false", "0", "1"})
_RESOLVE: Final = re.compile(r"\{\{resolve:(?:[^{}]|\$\{[^{}]*\})*\}\}")

_BETWEEN_WORDS: Final = re.compile(r"[\s\"',\[\]\\]+")
_AUTHORIZATION: Final = re.compile(
    r"\b(?:bearer|basic)\s+(?!\$)(?=\S*[0-9+/=_])[A-Za-z0-9._~+/=-]{6,}"
    r"|\bauthorization[\"'\\]*\s*[:=]\s*[\"'\\]*(?:(?:bearer|basic|token|apikey|digest)\s+)?"
    r"(?!(?:bearer|basic|token|apikey|digest)\b|\{\{resolve:)[^\s$\"'\\]{6,}",
    re.IGNORECASE,
)
"""What stands in the header, or behind its scheme alone; "basic alarms" is prose: without a digit
or a sign it is no token.
"""
_MEMBER: Final = re.compile(
    r"[\"']([\w.-]+)\\*[\"']\s*:\s*\\*[\"']?(?!true\b|false\b|null\b)([^\\\"'\s,}\[{]+)"
)
_BARE_HOLE: Final = re.compile(r"([:\[,]\s*)\$\{[^{}]*\}")


def name_beside(item: Mapping[str, Any], key: str) -> str:
    """What the value under *key* of *item* is called by the item itself; empty where it is not.

    ``DB_PASSWORD`` for the ``Value`` of ``{Name: DB_PASSWORD, Value: …}``.
    """
    if key == _SEARCHED:
        field = item.get("FieldToMatch")
        header = field.get("SingleHeader") if isinstance(field, dict) else None
        named = header.get("Name", header.get("name")) if isinstance(header, dict) else None
        return _header(named)
    for name in _NAMED_BY.get(key, ()):
        if isinstance(found := item.get(name), str):
            return _header(found) if "Header" in name else found
    return ""


def _header(name: Any) -> str:
    """The name of a header; one that is known to hold a credential is called so."""
    if not isinstance(name, str):
        return ""
    words = set(re.split(r"[^A-Z0-9]+", name.upper()))
    return _OF_A_HEADER if words & _HEADER_WORDS else name


def in_words(words: Sequence[str]) -> frozenset[int]:
    """The places of those *words* of a command that are a credential, or hold one."""
    found: set[int] = set()
    logs_in = any(map(_LOGS_IN.fullmatch, words))
    short = ""
    for place, word in enumerate(words):
        short = next((option for tool, option in _TOOLS if tool.fullmatch(word)), short)
        following = words[place + 1] if place + 1 < len(words) else ""
        joined = _JOINED_LOGIN.fullmatch(word) if logs_in else None
        if _assigns(word) or (joined and _LOGIN.fullmatch(joined["login"])):
            found.add(place)
        elif short and word.startswith(short) and word != short:
            found.update({place} if _is_one(word[len(short) :]) else ())
        is_login = logs_in and word in _LOGIN_OPTIONS and _LOGIN.fullmatch(following)
        if is_login or _is_behind(word, following, short):
            found.add(place + 1)
    return frozenset(found)


def _is_behind(word: str, following: str, short: str) -> bool:
    """Whether *word* is an option that makes a credential of the *following* one."""
    option = _OPTION.fullmatch(word)
    takes_one = option is not None and (word == short or names_a_secret(option[1]))
    return takes_one and _is_one(following)


def _assigns(word: str) -> bool:
    return any(names_a_secret(name) and _is_one(text) for name, text in _ASSIGNED.findall(word))


def _is_one(text: str) -> bool:
    if not text or text.startswith(_ELSEWHERE):
        return False
    return not is_plain(text)


def is_plain(text: str) -> bool:
    """Whether *text* is no credential whatever it is called: a switch, or ``{{resolve:…}}`` alone.

    That names a secret, and holds none.
    """
    return text.lower() in _SWITCHES or _RESOLVE.fullmatch(text) is not None


def without_resolves(text: str) -> str:
    """*text* without the ``{{resolve:…}}`` in it."""
    return _RESOLVE.sub("", text)


@lru_cache(maxsize=4096)
def holds_one(text: str) -> bool:
    """Whether a credential stands in *text*, a line of a shell or JSON, by what is beside it."""
    if _AUTHORIZATION.search(text):
        return True
    if any(names_a_secret(name) and _is_one(value) for name, value in _MEMBER.findall(text)):
        return True
    return bool(in_words([one for one in _BETWEEN_WORDS.split(text) if one]))


def json_in(text: str) -> Any:
    """The object or list that *text* is as JSON, else None. A bare ``${Reference}`` is a null."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    for written in _spelled(text):
        try:
            found = json.loads(written)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, (dict, list)) else None
    return None


def _spelled(text: str) -> Iterator[str]:
    yield text
    if "${" in text:
        yield _BARE_HOLE.sub(r"\1null", text)
