"""What is deployed, and where to: one app in one environment, rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.stack_settings import StackSettings
from ecs_blocks.deploy.content import Content
from ecs_blocks.deploy.place import Place
from ecs_blocks.templates.render import RenderedEnvironment
from ecs_blocks.templates.resolve import Values, resolve


class Target(Struct, frozen=True):
    """One app in one environment. ``text`` is the template as CloudFormation gets it.

    ``lines`` are where its resources come from (``stacks/hoge/stack.py:14``), as far as that is
    known; ``others`` the other environments of the app.
    """

    place: Place
    rendered: RenderedEnvironment
    text: str
    lines: Mapping[str, str] = {}
    others: tuple[str, ...] = ()

    @property
    def app(self) -> str:
        """The name of the app."""
        return self.place.app

    @property
    def environment(self) -> str:
        """The name of the environment."""
        return self.place.environment

    @property
    def stack_name(self) -> str:
        """The name of the stack."""
        return self.place.stack_name

    @property
    def account_id(self) -> str:
        """The account, as platform.yaml gives it."""
        return self.place.account_id

    def content(self, found: Mapping[str, str]) -> Content:
        """All that CloudFormation is given; *found* are the values that were looked up.

        Raises:
            InputError: the file of the environment's stack policy is none.
        """
        return Content(
            template=self.text,
            parameters={**self.rendered.parameters, **found},
            tags=dict(self.rendered.tags),
            role_arn=self.place.settings.service_role_arn or "",
            where=f"{self.account_id} {self.stack_name}",
            settings=StackSettings.of(self.place.settings),
        )

    def resolved(self, found: Mapping[str, str]) -> dict[str, Any]:
        """The template with every value put in."""
        parameters = {**self.rendered.parameters, **found}
        return resolve(
            self.rendered.template, Values(parameters=parameters, pseudo=self.rendered.pseudo)
        )
