"""MiniStack on 127.0.0.1, port ``$GATEWAY_PORT``, with what it lacks for ECS stacks added.

MiniStack has one table from resource type to the functions that create, update and delete it; types
are added to it, and entries replaced that drop or refuse what a template says. MiniStack's services
do the work, so that their APIs show the result.
"""

# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import os

from ministack import app

from ecs_blocks.deploy.local.ministack import (
    change_sets,
    chosen_ids,
    containers,
    ecs_types,
    front_door,
    health,
    images,
    lifetime,
    resource_types,
)


def main() -> None:
    """Put everything in, and serve until the process is ended."""
    # MiniStack would listen on every interface, and open a port for MQTT.
    os.environ |= {"BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}
    parts = (
        *(resource_types, ecs_types, change_sets, chosen_ids),
        *(images, containers, health, front_door),
    )
    for part in parts:
        part.install()
    lifetime.end_with_starter()
    app.main()
