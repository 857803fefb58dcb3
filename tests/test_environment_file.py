"""`.env` is read as the bot reads it, and written whole, for its own user only, without harm to what stands in it."""

import stat
from pathlib import Path

import pytest

from bot.installation.environment_file import read, write
from bot.settings import SettingsProblem


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    values = {
        "DISCORD_TOKEN": "MTA.b-c_d.e=#f",
        "DATABASE_URL": "postgresql+asyncpg://me:p%40ss#word$1@host/name?ssl=require",
        "OWNER_IDS": "1,2",
        "HEALTH_ADDRESS": "",
    }
    write(file, values)
    assert {name: value for name, value in values.items() if value}.items() <= read(file).items()
    write(file, values | {"OWNER_IDS": ""})
    assert "OWNER_IDS" not in read(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "A=new\n"),
        ("B=1", "B=1\nA=new\n"),
        ("# A=old\nA=old\nB=1\n", "# A=old\nA=new\nB=1\n"),
        ("export A = 'old'\nA=older\nAA=1\n", "A=new\nAA=1\n"),
        ("A=\n\nB=1\nA=x", "A=new\n\nB=1\n"),
    ],
)
def test_other_lines_stay_as_they_are(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / ".env"
    file.write_text(before)
    write(file, {"A": "new"})
    assert file.read_text() == after


@pytest.mark.parametrize("value", ["one #two", "'quoted'", "two\nlines", "${HOME}"])
def test_a_value_that_the_file_cannot_hold_is_refused(tmp_path: Path, value: str) -> None:
    file = tmp_path / ".env"
    file.write_text("A=old\n")
    with pytest.raises(SettingsProblem, match="A cannot stand"):
        write(file, {"A": value})
    assert file.read_text() == "A=old\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=old\n")
    (tmp_path / ".env").symlink_to(tmp_path / "real")
    write(tmp_path / ".env", {"A": "new"})
    assert (tmp_path / ".env").is_symlink()
    assert read(tmp_path / "real") == {"A": "new"}


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="cannot be written: No such file"):
        write(tmp_path / "nowhere" / ".env", {"A": "new"})
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsProblem, match="cannot be read"):
        read(tmp_path / ".env")
