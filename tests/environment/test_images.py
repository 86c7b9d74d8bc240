"""``images``, and the one image that is made of a repository and a tag."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.environment.web import ENVIRONMENT, FILE, LINE, REPOSITORY_URL, web

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

DIGEST = "sha256:" + "0123456789abcdef" * 4
HOGE = "registry.example.com/hoge"
HOW = f"write it without a tag, like {REPOSITORY_URL}"


def with_images(folder: Path, images: str, *, url: str = REPOSITORY_URL) -> Project:
    """A web service whose ``images`` are the lines *images*."""
    made = web(folder)
    text = ENVIRONMENT.replace(f"images:\n- {REPOSITORY_URL}", images)
    text = text.replace(f"Url: {REPOSITORY_URL}", f"Url: {url}")
    made.write("hoge/environment.yaml", text)
    return made


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("1.8.2", f"{REPOSITORY_URL}:1.8.2"),
        ("latest", f"{REPOSITORY_URL}:latest"),
        ("_a", f"{REPOSITORY_URL}:_a"),
        ("a" * 128, f"{REPOSITORY_URL}:{'a' * 128}"),
        (DIGEST, f"{REPOSITORY_URL}@{DIGEST}"),
    ],
)
@pytest.mark.parametrize("by_hand", [False, True])
def test_the_image_is_the_repository_with_its_tag_or_digest(
    tmp_path: Path, tag: str, expected: str, *, by_hand: bool
) -> None:
    made = web(tmp_path) if by_hand else web(tmp_path, f'ImageTag: "{tag}"')
    arguments = ["--set", f"ImageTag={tag}"] if by_hand else []
    content = json.loads(made.rendered("hoge", *arguments)["hoge/dev.json"])

    assert content["Parameters"]["Image"] == expected
    assert "Image" not in content["lookups"]


@pytest.mark.parametrize("lines", [[], ['ImageTag: ""']])
def test_without_a_tag_the_image_is_the_one_that_runs(tmp_path: Path, lines: list[str]) -> None:
    content = json.loads(web(tmp_path, *lines).rendered("hoge")["hoge/dev.json"])

    assert content["lookups"]["Image"] == {"RunningImage": {"Repository": REPOSITORY_URL}}
    assert "Image" not in content["Parameters"]


def test_an_environment_takes_back_the_tag_of_them_all(tmp_path: Path) -> None:
    made = web(tmp_path, 'ImageTag: ""')
    path = made.stacks / "hoge" / "environment.yaml"
    path.write_text(path.read_text().replace("  default:\n", '  default:\n    ImageTag: "1"\n'))
    content = json.loads(made.rendered("hoge")["hoge/dev.json"])

    assert content["lookups"]["Image"] == {"RunningImage": {"Repository": REPOSITORY_URL}}


@pytest.mark.parametrize("tag", ["-a", ".a", "a b", "a:b", "a/b", "a" * 129, "sha256:abc"])
def test_a_tag_that_ecr_does_not_know_is_refused(tmp_path: Path, tag: str) -> None:
    (problem,) = web(tmp_path, f'ImageTag: "{tag}"').refusal("hoge")

    assert problem.startswith(f"{FILE}:{LINE}:15: parameters.dev.ImageTag: got ")


def test_the_image_itself_is_not_written(tmp_path: Path) -> None:
    assert web(tmp_path, "Image: hoge:1").refusal("hoge") == [
        f"{FILE}:{LINE}:5: parameters.dev.Image: it is made from ImageRepositoryUrl and ImageTag; "
        "set those"
    ]


@pytest.mark.parametrize(
    "repository",
    [
        "xxxxxxxxxx.dkr.ecr.ap-northeast-1.amazonaws.com/hoge-image",
        "public.ecr.aws/nginx/nginx",
        "localhost:5000/hoge",
        "registry.example.com/a/b_c/d-e.f",
    ],
)
def test_a_repository_of_any_registry_may_stand_there(tmp_path: Path, repository: str) -> None:
    assert with_images(tmp_path, f"images: [{repository}]", url=repository).rendered("hoge")


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        f"{REPOSITORY_URL}:1",
        "registry.example.com/Hoge",
        "https://registry.example.com/hoge",
        "registry.example.com/hoge/",
        "registry.example.com//hoge",
    ],
)
def test_what_is_no_repository_is_refused(tmp_path: Path, image: str) -> None:
    problems = with_images(tmp_path, f"images:\n- {REPOSITORY_URL}\n- {image}").refusal("hoge")
    given = image if len(image) <= 60 else f"{image[:57]}\u2026"

    assert problems == [f'{FILE}:3:3: images: "{given}" is not a repository; {HOW}']


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (f"images:\n- {REPOSITORY_URL}\n- 12", "3:3: images: expected text, got the number 12"),
        (f"images:\n- {REPOSITORY_URL}\n-", "3:2: images: expected text, got nothing"),
        (f"images:\n- {REPOSITORY_URL}\n- [a]", "3:3: images: expected text, got a list"),
        (
            f"images: {REPOSITORY_URL}",
            f'1:9: images: expected a list, got text "{REPOSITORY_URL}"',
        ),
        ("images: {a: b}", "1:9: images: expected a list, got a mapping"),
        ("images:", "1:8: images: expected a list, got nothing"),
    ],
)
def test_images_are_a_list_of_text(tmp_path: Path, images: str, expected: str) -> None:
    problems = with_images(tmp_path, images).refusal("hoge")

    assert problems[0] == f"{FILE}:{expected}"


def test_each_repository_is_named_where_it_stands(tmp_path: Path) -> None:
    problems = with_images(tmp_path, f"images:\n- 12\n- nginx\n- {REPOSITORY_URL}").refusal("hoge")

    assert problems == [
        f"{FILE}:2:3: images: expected text, got the number 12",
        f'{FILE}:3:3: images: "nginx" is not a repository; {HOW}',
    ]


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (
            f"images: [{REPOSITORY_URL}]",
            f"{HOGE} does not stand under images, in dev; did you mean {REPOSITORY_URL}?",
        ),
        (
            "images: [registry.example.com/accounting]",
            f"{HOGE} does not stand under images, in dev; add it there",
        ),
        (
            f"images: [registry.example.com/accounting, {REPOSITORY_URL}s]",
            f"{HOGE} does not stand under images, in dev; did you mean {REPOSITORY_URL}s?",
        ),
        (
            "images: [registry.example.com/hogee]",
            f"{HOGE} does not stand under images, in dev; did you mean {HOGE}e?",
        ),
        (
            "images: []",
            "images is missing at the top of the file, in dev; list it there",
        ),
        (
            "# nothing is built here",
            "images is missing at the top of the file, in dev; list it there",
        ),
    ],
)
def test_an_app_runs_only_what_stands_under_images(
    tmp_path: Path, images: str, expected: str
) -> None:
    assert with_images(tmp_path, images, url=HOGE).refusal("hoge") == [
        f"{FILE}:7:25: parameters.default.ImageRepositoryUrl: {expected}"
    ]


def test_what_stands_in_the_environment_itself_is_told_without_its_name(tmp_path: Path) -> None:
    made = web(tmp_path, f"ImageRepositoryUrl: {HOGE}")

    assert made.refusal("hoge") == [
        f"{FILE}:{LINE}:25: parameters.dev.ImageRepositoryUrl: {HOGE} does not stand under images; "
        f"did you mean {REPOSITORY_URL}?"
    ]


def test_a_repository_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    made = with_images(tmp_path, f"images:\n- {REPOSITORY_URL}\n- {REPOSITORY_URL}")
    (problem,) = made.refusal("hoge")

    assert problem.startswith(f"{FILE}:3:3: images: ")
