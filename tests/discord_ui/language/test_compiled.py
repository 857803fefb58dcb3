"""What a start has checked and compiled serves the next one, until anything changes that decided about it."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from bot.discord_ui.language import catalogues, compiled
from bot.discord_ui.language.catalogues import FOLDER, TEMPLATE, complete_languages
from bot.discord_ui.language.speaking import say, speaking
from tests.discord_ui.language.pseudo import pseudo_catalogue

KEPT = Path(compiled.FOLDER) / "el.mo"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of catalogues whose one language was read once."""
    (tmp_path / TEMPLATE).write_bytes((FOLDER / TEMPLATE).read_bytes())
    with (tmp_path / "el.po").open("wb") as file:
        write_po(file, pseudo_catalogue())
    assert list(complete_languages(tmp_path)) == ["el"]
    return tmp_path


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the catalogues that are read and checked from now on."""
    seen: list[str] = []
    read = catalogues.read_catalogue

    def noted(path: Path) -> object:
        seen.append(path.name)
        return read(path)

    monkeypatch.setattr(catalogues, "read_catalogue", noted)
    return seen


def test_the_next_start_reads_no_catalogue(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = reads(monkeypatch)
    language = complete_languages(folder)["el"]
    assert seen == []
    with speaking(language):
        assert say("Nothing was charged.").startswith("Ñóţĥíñğ")


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("el.po", change),
        (TEMPLATE, change),
        (str(KEPT), change),
        (str(KEPT), cut_off),
        (str(KEPT), empty),
        (str(KEPT), Path.unlink),
    ],
)
def test_what_changed_is_read_and_checked_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, spoil: Callable[[Path], None]
) -> None:
    spoil(folder / name)
    seen = reads(monkeypatch)
    assert list(complete_languages(folder)) == ["el"]
    assert seen == [TEMPLATE, "el.po"]


def test_other_rules_are_asked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_RULES", ("choice.py",))
    seen = reads(monkeypatch)
    assert list(complete_languages(folder)) == ["el"]
    assert seen == [TEMPLATE, "el.po"]


def test_a_language_that_is_no_longer_whole_is_not_offered(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    catalogue = pseudo_catalogue()
    catalogue.delete("Nothing was charged.")
    with (folder / "el.po").open("wb") as file:
        write_po(file, catalogue)
    with caplog.at_level(logging.WARNING):
        assert complete_languages(folder) == {}
        assert complete_languages(folder) == {}, "nothing is kept of a catalogue with faults"


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / TEMPLATE).write_bytes((FOLDER / TEMPLATE).read_bytes())
    with (tmp_path / "el.po").open("wb") as file:
        write_po(file, pseudo_catalogue())
    (tmp_path / compiled.FOLDER).write_text("a file where the folder would be")
    assert list(complete_languages(tmp_path)) == ["el"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [compiled.FOLDER, "el.po", TEMPLATE]
