"""The same content on the same base has the same names, whoever asks and whenever."""

from __future__ import annotations

import hashlib
import itertools
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings
from ecs_blocks.deploy.content import Content, Names, content_of, token_on

CONTENT = Content(
    template="Resources: {}\n",
    parameters={"A": "1", "B": "2", "Hidden": None},
    tags={"Application": "hoge"},
)
SECRET = "hunter2"
HIDING = Content(
    template="Parameters: {A: {Type: String}, Password: {Type: String, NoEcho: true}}\n",
    parameters={"A": "1", "Password": SECRET},
    tags={},
    where="123456789012 hoge-prod",
)
ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/hoge-prod/0a1b"


def test_the_values_of_noecho_parameters_are_its_secrets() -> None:
    kept = structs.replace(HIDING, parameters={"A": "1", "Password": None})

    assert [set(one.secrets) for one in (HIDING, kept, CONTENT)] == [{SECRET}, set(), set()]
    assert (HIDING.hides("Password"), HIDING.hides("A")) == (True, False)


@pytest.mark.parametrize(
    "other",
    [
        structs.replace(CONTENT, template="Resources: {} \n"),
        structs.replace(CONTENT, parameters={**CONTENT.parameters, "A": "2"}),
        structs.replace(CONTENT, parameters={**CONTENT.parameters, "Hidden": ""}),
        structs.replace(CONTENT, parameters={**CONTENT.parameters, "C": ""}),
        structs.replace(CONTENT, tags={"Application": "fuga"}),
        structs.replace(CONTENT, role_arn="arn:aws:iam::123456789012:role/r"),
    ],
)
def test_whatever_differs_gives_another_digest(other: Content) -> None:
    assert other.digest != CONTENT.digest


@pytest.mark.slow
@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_the_order_of_parameters_is_nothing(parameters: dict[str, str]) -> None:
    turned = dict(reversed(parameters.items()))

    assert Content("", turned, {}).digest == Content("", parameters, {}).digest


@given(st.text(), st.text())
def test_names_are_what_cloudformation_takes(template: str, base: str) -> None:
    names = Names.of(Content(template, {}, {}), base)
    token = token_on(names.token, ARN, base)

    assert re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", names.change_set)
    assert re.fullmatch(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}", names.token)
    assert re.fullmatch(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}", token)
    assert len(names.client_token) <= 128
    assert len(names.description) <= 1024


def test_a_running_operation_tells_its_content_by_its_token() -> None:
    token = token_on(Names.of(CONTENT, "new").token, ARN, "new")

    assert content_of(token) == CONTENT.digest


@pytest.mark.parametrize("token", ["", "x", "Console-ExecuteChangeSet-0a1b", "eb-12-34"])
def test_a_foreign_token_tells_nothing(token: str) -> None:
    assert content_of(token) is None


def test_another_base_gives_another_token() -> None:
    token = Names.of(CONTENT, "new").token

    assert len({token_on(token, ARN, base) for base in ("new", "then", "later")}) == 3


def published(content: Content) -> str:
    """All of a content's names, and what a plan's file says instead of its secrets."""
    names = Names.of(content, "new")
    return " ".join(
        [*map(str, msgspec.to_builtins(names).values()), content.without_secrets().sealed]
    )


def hashes_of(content: Content) -> set[str]:
    """What a guesser who knows everything but the secret would compare with: plain hashes."""
    fields = [content.template, sorted(content.parameters.items()), sorted(content.tags.items())]
    plain = msgspec.json.encode([*fields, content.role_arn])
    salted = f"{content.where} Password".encode()
    secret = str(content.parameters["Password"]).encode()
    tried = [plain, secret, salted + secret, secret + salted]
    return {hashlib.sha256(one).hexdigest()[:20] for one in tried}


def test_a_secret_cannot_be_guessed_from_what_is_published_with_a_fast_hash() -> None:
    found = published(HIDING)

    assert not any(one in found for one in hashes_of(HIDING))


def test_a_secret_enters_the_digest_through_scrypt_with_its_place_as_salt() -> None:
    salt = b"123456789012 hoge-prod Password"
    slow = hashlib.scrypt(SECRET.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26)
    told = msgspec.json.encode([("Password", ("scrypt", slow.hex()))])
    sealed = hashlib.sha256(told).hexdigest()[:32]
    parameters = [("A", "1"), ("Password", None)]
    plain = msgspec.json.encode([HIDING.template, parameters, [], "", sealed])

    assert HIDING.without_secrets().sealed == sealed
    assert HIDING.digest == hashlib.sha256(plain).hexdigest()[:32]


def test_no_more_of_a_digest_than_is_compared_is_published() -> None:
    names = Names.of(HIDING, "new")
    told = re.findall(r"[0-9a-f]+", published(HIDING))

    assert names.description.split()[1] == HIDING.digest
    assert len(HIDING.without_secrets().sealed) == 32
    assert [one for one in told if len(one) > 32] == [names.description.split()[3]]


@pytest.mark.slow
def test_the_same_secret_has_another_digest_in_each_place_and_each_parameter() -> None:
    template = HIDING.template.replace("A: {Type: String}", "A: {Type: String, NoEcho: 'true'}")
    both = structs.replace(HIDING, template=template, parameters={"A": SECRET, "Password": SECRET})
    changed = [
        HIDING,
        structs.replace(HIDING, where="123456789012 hoge-dev"),
        structs.replace(HIDING, parameters={**HIDING.parameters, "Password": "hunter3"}),
        structs.replace(HIDING, parameters={**HIDING.parameters, "Password": None}),
        structs.replace(HIDING, parameters={**HIDING.parameters, "Password": ""}),
        both,
        structs.replace(both, where="210987654321 hoge-prod"),
    ]

    assert all(a.digest != b.digest for a, b in itertools.combinations(changed, 2))


def test_without_its_secrets_a_content_has_the_digest_of_before() -> None:
    left = HIDING.without_secrets()

    assert left.parameters == {"A": "1", "Password": None}
    assert left.digest == HIDING.digest == structs.replace(HIDING).digest


@pytest.mark.parametrize(
    "forged",
    [
        {"template": HIDING.template + "Resources: {}\n"},
        {"template": "Parameters: {A: {Type: String}, Password: {Type: String}}\n"},
        {"parameters": {"A": "2", "Password": None}},
        {"parameters": {"A": "1"}},
        {"parameters": {"A": "1", "Password": "another"}},
        {"tags": {"Owner": "me"}},
        {"role_arn": "arn:aws:iam::123456789012:role/admin"},
        {"settings": StackSettings(termination_protection=False)},
        {"sealed": HIDING.digest},
        {"sealed": ""},
    ],
    ids=str,
)
def test_what_is_left_without_secrets_cannot_be_changed(forged: dict[str, Any]) -> None:
    """A plan's file says what stands for the secrets; it says it of nothing else."""
    assert structs.replace(HIDING.without_secrets(), **forged).digest != HIDING.digest


def test_where_nothing_is_secret_nothing_stands_for_it() -> None:
    forged = structs.replace(CONTENT, template="Resources: {A: {}}\n", sealed=CONTENT.digest)

    assert CONTENT.without_secrets() == CONTENT
    assert forged.digest != CONTENT.digest


@pytest.mark.parametrize(
    "template", ['["NoEcho"]', "Parameters: [NoEcho]", "Parameters: {A: NoEcho}", '"NoEcho"']
)
def test_what_is_no_template_hides_nothing(template: str) -> None:
    assert not structs.replace(CONTENT, template=template).hides("A")
