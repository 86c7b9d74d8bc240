"""A verb whose last words are a command of somebody else's: ``ecs-blocks exec hoge -- ls -l``."""

from __future__ import annotations

import click


class ForeignCommand(click.Command):
    """Says where such a command's options belong: without ``--`` they are taken for the verb's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it.

        Raises:
            click.UsageError: an argument is wrong.
        """
        is_marked = "--" in args
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if is_marked:
                raise
            way = f"{ctx.command_path} APP --env ENV -- ls -l"
            raise click.UsageError(
                f"{error.format_message()} What belongs to a command in the container stands "
                f"behind --, as in: {way}",
                ctx=ctx,
            ) from error
