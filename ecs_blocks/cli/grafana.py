"""``ecs-blocks grafana``: one Grafana dashboard for all services."""

from __future__ import annotations

import click

from ecs_blocks.grafana.dashboard import grafana_dashboard
from ecs_blocks.templates.text import to_json


@click.command()
def grafana() -> None:
    """Print a Grafana dashboard for all services, as JSON to import or to provision.

    Cluster and service are chosen in Grafana, from what CloudWatch knows: one dashboard is enough
    for every app and environment, and stays right when apps come and go.
    """
    click.echo(to_json(grafana_dashboard()), nl=False)
