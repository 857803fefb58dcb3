"""Files of several folders can be named in one call of pytest, in any order."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_files_of_a_folder_keep_its_fixtures_where_another_folders_stand_between() -> None:
    named = ["tests/discord_ui/test_posting_errors.py", "tests/test_settings.py", "tests/discord_ui/test_pages.py"]
    call = [sys.executable, "-m", "pytest", "-n0", "-q", "--setup-plan", "-p", "no:cacheprovider", *named]
    planned = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert planned.returncode == 0, planned.stdout[-2000:]
