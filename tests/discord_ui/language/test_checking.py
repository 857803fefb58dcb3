"""What is wrong with a catalogue is found, and a language with a fault is not offered."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po

from bot.discord_ui.language.catalogues import FOLDER, TEMPLATE, complete_languages, language_from
from bot.discord_ui.language.checking import faults
from bot.discord_ui.language.speaking import all_of, either, number, say, say_many, say_on, signed, speaking
from tests.discord_ui.language.pseudo import pseudo_catalogue

ONE, MANY = "{count} server", "{count} servers"


def template() -> Catalog:
    found = Catalog()
    found.add("Hello **{name}**, use `/video`.")
    found.add((ONE, MANY))
    found.add("Again", context="button")
    found.add("The {ordinal} image")
    found.add("Nothing was charged for this request.")
    return found


def german(**changes: str | tuple[str, ...]) -> Catalog:
    found = Catalog(locale="de")
    found.add("Hello **{name}**, use `/video`.", changes.get("hello", "Hallo **{name}**, nimm `/video`."))
    found.add((ONE, MANY), changes.get("servers", ("ein Server", "{count} Server")))
    found.add("Again", changes.get("again", "Nochmal"), context="button")
    found.add("The {ordinal} image", changes.get("image", "Bild {number}"))
    found.add("Nothing was charged for this request.", changes.get("long", "Diese Anfrage hat nichts gekostet."))
    return found


def test_a_whole_catalogue_has_no_faults() -> None:
    assert faults(german(), template()) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"hello": ""}, "not translated"),
        ({"servers": ("ein Server", "")}, "not translated"),
        ({"hello": "Hallo **{namen}**, nimm `/video`."}, "other placeholders"),
        ({"hello": "Hallo **du**, nimm `/video`."}, "other placeholders"),
        ({"hello": "Hallo **{name}**, nimm `/film`."}, "other markdown"),
        ({"hello": "Hallo {name}, nimm `/video`."}, "other markdown"),
        ({"hello": "Hallo **{name}**,\nnimm `/video`."}, "other markdown"),
        ({"hello": "Hallo **{name**, nimm `/video`."}, "braces that do not pair"),
        ({"hello": "Hallo **{name:>9}**, nimm `/video`."}, "braces that do not pair"),
        ({"hello": "Hallo **{name}**, nimm `/video`. "}, "white space around it"),
        ({"servers": ("{count} Server",)}, "1 plural forms instead of 2"),
        ({"again": "Nochmal" * 12}, "characters, where Discord takes 80"),
        ({"image": "Das Bild"}, "other placeholders"),
        ({"long": "Nothing was charged for this request."}, "a copy of the English"),
    ],
)
def test_a_fault_is_named(changes: dict[str, str | tuple[str, ...]], fault: str) -> None:
    [found] = faults(german(**changes), template())
    assert fault in found


def fuzzy(catalogue: Catalog) -> None:
    message = catalogue.get("Again", "button")
    assert message is not None
    message.flags.add("fuzzy")


def of_yesterday(catalogue: Catalog) -> None:
    catalogue.add("Good bye", "Tschüss")


@pytest.mark.parametrize(
    ("spoil", "fault"), [(fuzzy, "not translated: “Again” (button)"), (of_yesterday, "unused: “Good bye”")]
)
def test_what_changed_in_english_is_translated_again(spoil: Callable[[Catalog], None], fault: str) -> None:
    catalogue = german()
    spoil(catalogue)
    assert faults(catalogue, template()) == [fault]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / TEMPLATE).write_bytes((FOLDER / TEMPLATE).read_bytes())
    return tmp_path


def save(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue)


def test_a_complete_language_is_offered(folder: Path) -> None:
    save(pseudo_catalogue(), folder / "el.po")
    assert list(complete_languages(folder)) == ["el"]


def test_one_missing_sentence_and_the_language_is_not_offered(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    catalogue = pseudo_catalogue()
    catalogue.delete("Nothing was charged.")
    save(catalogue, folder / "el.po")
    with caplog.at_level(logging.WARNING):
        assert complete_languages(folder) == {}
    assert "Nothing was charged." in caplog.text


@pytest.mark.parametrize("content", [b'msgid "broken', b"\xff\xfe", b""])
def test_a_file_that_cannot_be_read_is_not_offered(folder: Path, content: bytes) -> None:
    (folder / "el.po").write_bytes(content)
    assert complete_languages(folder) == {}


@pytest.mark.parametrize("name", ["xx-nowhere", "de"])
def test_a_file_is_of_the_language_that_it_is_named_after(folder: Path, name: str) -> None:
    save(pseudo_catalogue(), folder / f"{name}.po")
    assert complete_languages(folder) == {}


def test_every_catalogue_of_the_bot_is_complete() -> None:
    assert set(complete_languages(FOLDER)) == {path.stem for path in FOLDER.glob("*.po")}


def test_sentences_numbers_and_lists_are_those_of_the_language_in_force() -> None:
    assert say("Hello **{name}**, use `/video`.", name="Mia") == "Hello **Mia**, use `/video`."
    assert (number(1_000), signed(-30), either(["a", "b", "c"])) == ("1,000", "-30", "a, b or c")
    with speaking(language_from(german())):
        assert say("Hello **{name}**, use `/video`.", name="{Mia}") == "Hallo **{Mia}**, nimm `/video`."
        assert [say_many(ONE, MANY, count) for count in (1, 1_000)] == ["ein Server", "1.000 Server"]
        assert say_on("button", "Again") == "Nochmal"
        assert say("Again") == "Again", "what is not in a catalogue stays as it is"
        assert (number(1_000), all_of(["a", "b"])) == ("1.000", "a und b")
    assert say_many(ONE, MANY, 1) == "1 server"
