"""The CDK's commands, where node and npm are at hand."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from benchmarks.measure import Case

FOLDER: Final = Path(__file__).parent / "cdk"
LIBRARY: Final = "CDK, node app.js without validation"
VALIDATED: Final = "CDK, node app.js as shipped"
SYNTH: Final = "CDK, cdk synth"


def problem() -> str | None:
    """Why the CDK cannot be measured here; installs it into benchmarks/cdk where it is missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None:
        return "there is no node"
    if not (FOLDER / "node_modules" / "aws-cdk-lib").is_dir():
        if npm is None:
            return "there is no npm"
        command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
        if subprocess.run(command, cwd=FOLDER, check=False).returncode:
            return "npm could not install it"
    return None


def cases(out: Path) -> list[Case]:
    """The app in three environments: the library alone, with its validation, and the command."""
    node = shutil.which("node") or "node"
    app = [node, "app.js"]
    found = [
        Case(LIBRARY, app, {"CDK_OUTDIR": str(out / "library"), "CDK_VALIDATION": "false"}, FOLDER),
        Case(VALIDATED, app, {"CDK_OUTDIR": str(out / "validated")}, FOLDER),
    ]
    command = FOLDER / "node_modules" / ".bin" / "cdk"
    if command.exists():
        synth = [str(command), "synth", "--quiet", "--no-notices", "--output", str(out / "synth")]
        found.append(Case(SYNTH, synth, {}, FOLDER))
    else:
        print(f"skipped: {SYNTH}; {command} is not installed")
    return found


def many(out: Path, stacks: int) -> Case:
    """So many stacks, of one environment each, by the library alone."""
    node = shutil.which("node") or "node"
    env = {"CDK_VALIDATION": "false", "CDK_OUTDIR": str(out / f"{stacks}"), "STACKS": f"{stacks}"}
    return Case(f"CDK, {stacks} stacks without validation", [node, "app.js"], env, FOLDER)
