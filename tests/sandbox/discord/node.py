"""discord.js for the tests: from the npm registry, pinned by hash, in a folder that git ignores."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent / "discord_js"
TOOLS = Path(__file__).resolve().parents[3] / ".tools"
NODE_MAJOR_MIN = 18
INSTALL_SECONDS_MAX = 90


def discord_js() -> Path:
    """Return the `node_modules` with discord.js. The test is skipped where node, npm or the registry is missing."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("no second client: discord.js needs node and npm")
    version = _run("node", "--version")
    if int(version.strip("v\n").partition(".")[0]) < NODE_MAJOR_MIN:
        pytest.skip(f"no second client: discord.js needs node {NODE_MAJOR_MIN}, here is {version}")
    lock = hashlib.sha256((PACKAGE / "package-lock.json").read_bytes()).hexdigest()
    folder = TOOLS / f"discord-js-{lock[:12]}"
    if not folder.exists():
        _install(folder)
    return folder / "node_modules"


def _install(folder: Path) -> None:
    """Made aside and then renamed, so that the folder is whole if it is there at all."""
    TOOLS.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=TOOLS))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PACKAGE / name, made)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", cwd=made)
        made.rename(folder)
    except (OSError, subprocess.SubprocessError) as error:
        if not folder.exists():  # Else another process was first.
            pytest.skip(f"no second client: npm could not install discord.js: {_reason(error)}")
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _run(*command: str, cwd: Path | None = None) -> str:
    # With the loglevel "error" npm says nothing beside the reason.
    environment = os.environ | {"npm_config_loglevel": "error"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=True
    )
    return done.stdout


def _reason(error: Exception) -> str:
    """npm's first line, which holds its error code."""
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else ""
    return next(iter(said.splitlines()), str(error))
