"""``ecs-blocks review``, and ``python -m stacks.review``: what a change will do."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

import click

import ecs_blocks
from ecs_blocks.cli.aws_options import access_of, aws_options
from ecs_blocks.cli.options import apps_argument, parsed_overrides, set_option, stacks_option
from ecs_blocks.cli.review_lines import PLAIN_COLUMNS, as_text, print_lines
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.show.safe_text import clean_json, clean_markup
from ecs_blocks.errors import EcsBlocksError, InputError, OutputError
from ecs_blocks.review.model import Weight
from ecs_blocks.review.reviewing import compared, reviewed
from ecs_blocks.review.sources.files import two_files
from ecs_blocks.review.sources.gathering import Wanted, gather, gather_head
from ecs_blocks.whole_file import write_whole

if TYPE_CHECKING:
    from ecs_blocks.deploy.place import Access
    from ecs_blocks.review.model import Review, StackReview
    from ecs_blocks.review.side import Pair

Format: TypeAlias = Literal["text", "markdown", "html", "json"]
_LIVE: Final = "live"
_OF_THE_PAGE: Final = {"igraph", "jinja2", "markupsafe"}
_ENDINGS: Final[dict[str, Format]] = {
    ".md": "markdown",
    ".html": "html",
    ".json": "json",
    ".txt": "text",
    "": "text",
}


@click.command()
@apps_argument
@click.option(
    "--base",
    metavar="REV|FOLDER|FILE|live",
    help="What to compare with: a git revision, a folder of apps or of renders, the stacks as they "
    "run (live), or with --template a template. By default where this branch left the remote's "
    "main branch; without one, HEAD.",
)
@click.option(
    "--head",
    metavar="REV|FOLDER",
    help="What to review in the place of the work tree: a revision, a folder of apps or renders.",
)
@click.option(
    "--env",
    "environments",
    multiple=True,
    metavar="ENV",
    help="Review only these environments. May be repeated.",
)
@click.option(
    "--compare",
    is_flag=True,
    help="Instead show how the environments differ from each other, for a promotion.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="Review this template file, whoever wrote it, against the one given with --base.",
)
@click.option(
    "--parameters",
    type=click.Path(path_type=Path),
    help='Its parameters: {"Parameters": {…}}, or the AWS CLI\'s list.',
)
@click.option(
    "--base-parameters",
    type=click.Path(path_type=Path),
    help="Those of the template given with --base; by default the same.",
)
@set_option
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
    help="By default what the ending of --out says (.md, .html, .json, .txt), else text.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to, instead of stdout, which is also -.",
)
@click.option(
    "--exit-code",
    "with_code",
    is_flag=True,
    help="End with 3 where something changes, with 4 where that needs approval.",
)
@click.option(
    "--drift", is_flag=True, help="With --base live: look now for what was changed by hand."
)
@aws_options
@stacks_option
def review(  # noqa: PLR0917 - click gives them by name
    apps: tuple[str, ...],
    base: str | None,
    head: str | None,
    environments: tuple[str, ...],
    template: Path | None,
    parameters: Path | None,
    base_parameters: Path | None,
    overrides: tuple[str, ...],
    form: Format | None,
    out: Path | None,
    profile: str | None,
    root: Path,
    *,
    compare: bool,
    with_code: bool,
    drift: bool,
    local: bool,
) -> int:
    """Say what a change to each APP will do, before it is done; without APP, to all.

    No AWS is needed: the templates and values of two revisions, folders or files are compared.
    With --base live the stacks are asked what they are, and AWS what stands in the way.
    """
    form = form or _format_of(out)
    out = None if out == Path("-") else out
    is_live = base == _LIVE and template is None
    if not is_live and (drift or local or profile):
        raise click.UsageError("--drift, --profile and --local go with --base live")
    if template is None and (parameters or base_parameters):
        raise click.UsageError("--parameters and --base-parameters go with --template")
    try:
        if is_live:
            _refuse_beside_live(head, environments, compare=compare)
            access = access_of(root, profile, local=local)
            found, pairs = _live(apps, environments, overrides, access, root, drift)
        elif template is not None:
            _refuse_beside_template(apps, head, environments, overrides, compare=compare)
            found, pairs = _of_templates(base, template, base_parameters, parameters)
        else:
            wanted = Wanted(
                root=root.absolute(),
                apps=tuple(dict.fromkeys(app.rstrip("/") for app in apps)),
                environments=frozenset(environments),
                base=base,
                head=head,
                overrides=parsed_overrides(overrides),
                version=ecs_blocks.__version__,
            )
            found, pairs = _of_apps(wanted, compare=compare)
    except InputError as error:
        error.closing = "nothing was reviewed"
        raise
    _give(found, pairs, form, out)
    return int(_code(found)) if with_code else 0


def _format_of(out: Path | None) -> Format:
    ending = out.suffix.lower() if out is not None else ""
    if ending not in _ENDINGS:
        known = ", ".join(filter(None, _ENDINGS))
        message = f"--out {out}: no format is written as {ending}; allowed: {known}, or --format"
        raise click.UsageError(message)
    return _ENDINGS[ending]


def _refuse_beside_live(head: str | None, environments: tuple[str, ...], *, compare: bool) -> None:
    if not environments:
        raise click.UsageError("--base live needs --env: each environment has its own account")
    if head is not None or compare:
        raise click.UsageError("--base live is for the work tree: without --head and --compare")


def _live(  # noqa: PLR0917 - what was typed
    apps: tuple[str, ...],
    environments: tuple[str, ...],
    overrides: tuple[str, ...],
    access: Access,
    root: Path,
    detects: bool,  # noqa: FBT001 - what was typed
) -> tuple[Review, tuple[Pair, ...]]:
    from ecs_blocks.cli.live_review import Asked, live_review  # noqa: PLC0415 - it loads boto3
    from ecs_blocks.templates.render import Project  # noqa: PLC0415 - with it

    asked = Asked(
        apps=apps,
        environments=environments,
        overrides=parsed_overrides(overrides),
        access=access,
        detects=detects,
    )
    return live_review(Project.open(root.absolute()), asked)


def _refuse_beside_template(
    apps: tuple[str, ...],
    head: str | None,
    environments: tuple[str, ...],
    overrides: tuple[str, ...],
    *,
    compare: bool,
) -> None:
    given = {
        "APP": apps,
        "--head": head,
        "--env": environments,
        "--set": overrides,
        "--compare": compare,
    }
    wrong = [name for name, value in given.items() if value]
    if wrong:
        raise click.UsageError(f"--template stands without {', '.join(wrong)}")


def _of_templates(
    base: str | None, template: Path, base_parameters: Path | None, parameters: Path | None
) -> tuple[Review, tuple[Pair, ...]]:
    if base is None:
        raise click.UsageError("--template is compared with the one given as --base FILE")
    sides = two_files(Path(base), template, before_values=base_parameters, after_values=parameters)
    return reviewed(*sides)


def _of_apps(wanted: Wanted, *, compare: bool) -> tuple[Review, tuple[Pair, ...]]:
    if not compare:
        return reviewed(*gather(wanted), wanted.environments)
    if wanted.base is not None:
        raise click.UsageError("--compare takes no --base: it is about one side")
    return compared(gather_head(wanted), wanted.environments), ()


def _give(found: Review, pairs: tuple[Pair, ...], form: Format, out: Path | None) -> None:
    if form == "text":
        from ecs_blocks.review.show.text import lines  # noqa: PLC0415 - each format loads its own

        if out is None:
            print_lines(lines(found))
        else:
            _write(out, as_text(lines(found), PLAIN_COLUMNS))
        return
    text = _text(found, pairs, form)
    if out is None:
        safe = clean_json(text) if form == "json" else clean_markup(text)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # its readers take no other
        click.echo(safe, nl=False)
    else:
        _write(out, text)


def _text(found: Review, pairs: tuple[Pair, ...], form: Format) -> str:
    """As a machine or a browser reads it; each format loads what it needs."""
    if form == "json":
        from ecs_blocks.review.show.machine import to_json  # noqa: PLC0415

        return to_json(found)
    if form == "html":
        from ecs_blocks.review.show.page import page  # noqa: PLC0415

        try:
            return page(found, pairs)
        except ModuleNotFoundError as error:
            if error.name not in _OF_THE_PAGE:
                raise
            message = "a page needs more than a text: pip install 'ecs-blocks[review]'"
            raise EcsBlocksError(message) from error
    from ecs_blocks.review.picture.mermaid import mermaid  # noqa: PLC0415
    from ecs_blocks.review.show.markdown import markdown  # noqa: PLC0415

    by_stack = {(one.app, one.environment): one for one in pairs}

    def picture(stack: StackReview) -> str | None:
        pair = by_stack.get((stack.app, stack.environment))
        return mermaid(pair, stack) if pair else None

    return markdown(found, picture)


def _write(out: Path, text: str) -> None:
    """Write *text* to *out*, whole or not at all.

    Raises:
        OutputError: it cannot be written; what was there is as it was.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, text.encode(), 0o644)  # as any other file: a job hands it on
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error


def _code(found: Review) -> Exit:
    if found.weight is Weight.APPROVAL:
        return Exit.NEEDS_APPROVAL
    return Exit.DONE if found.is_unchanged else Exit.CHANGES
