"""Serve MiniStack; run as a file, by MiniStack's own Python.

That Python does not know where ecs_blocks is. It is told of this one package, and not of the folder
that holds it: in an installation that is site-packages, with another botocore.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[3]


def main() -> None:
    """Make ``ecs_blocks`` importable, and serve."""
    spec = importlib.util.spec_from_file_location(
        PACKAGE.name, PACKAGE / "__init__.py", submodule_search_locations=[str(PACKAGE)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = sys.modules[PACKAGE.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    importlib.import_module("ecs_blocks.deploy.local.ministack.launcher").main()


if __name__ == "__main__":
    main()
