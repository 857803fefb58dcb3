"""What the pages say exists: links, files, names, make targets, command lines, settings and slash commands."""

import importlib
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.__main__ import command_parser
from bot.domain.jobs import TRANSITIONS
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.support.stage import make_services, running

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
ABOUT_THE_PRESENT = [page for page in PAGES if page.name != "CHANGELOG.md"]
"""The changelog also names what was removed."""
ABOUT_THE_BOT = [page for page in ABOUT_THE_PRESENT if page.name != "sandbox.md"]
"""The sandbox's page has the commands of other bots as examples."""

LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
FENCE = re.compile(r"^```.*?\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
FOLDERS = ("bot", "cogs", "sandbox", "tests", "benchmarks", "scripts", "docs", "requirements")
HTTP_PAGES = {"health", "ready", "metrics"}
"""Addresses that look like slash commands."""


def quoted(page: Path) -> list[str]:
    """Return what stands between backticks, outside of code blocks."""
    return QUOTED.findall(FENCE.sub("", page.read_text()))


def code(page: Path) -> str:
    """Return what stands between backticks and in code blocks, one a line."""
    return "\n".join([*FENCE.findall(page.read_text()), *quoted(page)])


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text()):
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"there is no {target}"
        assert not anchor or anchor in anchors(found), f"{found.name} has no heading #{anchor}"


@pytest.mark.parametrize("page", ABOUT_THE_PRESENT, ids=lambda page: page.name)
def test_every_file_and_name_of_the_code_is_there(page: Path) -> None:
    paths = [text for text in quoted(page) if re.fullmatch(rf"({'|'.join(FOLDERS)})/[\w./*-]*", text)]
    assert [path for path in paths if not any(ROOT.glob(path.rstrip("/")))] == []
    names = [text for text in quoted(page) if re.fullmatch(r"(bot|cogs)(\.\w+)+", text)]
    assert [name for name in names if not is_importable(name)] == []


def is_importable(name: str) -> bool:
    """Whether this is a module, or a name in one."""
    module, _, attribute = name.rpartition(".")
    return find_spec(name) is not None if attribute.islower() else hasattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("page", ABOUT_THE_PRESENT, ids=lambda page: page.name)
def test_every_command_line_can_be_run(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", code(page), flags=re.MULTILINE)) <= targets
    modules = re.findall(r"python -m ([\w.]+)(?: ([a-z]+))?", code(page))
    assert [name for name, _ in modules if find_spec(name) is None] == []
    for _, command in [found for found in modules if found[0] == "bot" and found[1]]:
        assert command in command_parser().format_help(), f"python -m bot has no {command}"


@pytest.fixture
async def commands(sandbox: DiscordSandbox, sqlite_database: Database) -> dict[str, set[str]]:
    """The commands that a server's owner sees, each with its subcommands; a menu's entry has none."""
    async with running(sandbox, make_services(sqlite_database, VEO_FAST, KLING)):
        shown = sandbox.persona("omar").commands("videos")
    return {command["name"]: set(subcommands(command.get("options", ()))) for command in shown}


def subcommands(options: list[dict[str, object]], group: str = "") -> Iterator[str]:
    for option in options:
        if option["type"] in (1, 2):
            yield f"{group}{option['name']}"
            nested = option.get("options")
            yield from subcommands(nested if isinstance(nested, list) else [], f"{option['name']} ")


async def test_the_readme_names_every_command(commands: dict[str, set[str]]) -> None:
    readme = (ROOT / "README.md").read_text()
    named = {text.split()[0].removeprefix("/") for text in QUOTED.findall(readme) if text.startswith("/")}
    named |= set(re.findall(r"\*([^*\n]+)\*", readme))
    assert commands.keys() - named == set()


async def test_no_page_names_a_command_that_is_not_there(commands: dict[str, set[str]]) -> None:
    unknown: list[str] = []
    for page in ABOUT_THE_BOT:
        for text in quoted(page):
            if (match := re.fullmatch(r"/([a-z-]+)((?: [\w-]+)*)", text)) is None or match[1] in HTTP_PAGES:
                continue
            name, words = match[1], match[2].split()
            known = name in commands and (not words or words[0] in commands[name] or not commands[name])
            unknown += [] if known else [f"{page.name}: {text}"]
    assert unknown == []


def test_the_architecture_page_has_every_transition_of_a_job() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    rows = re.findall(r"^\| `([a-z]+)`[^|]*\| ((?:`[a-z]+`(?:, )?)+) \|$", page, flags=re.MULTILINE)
    written = {state: set(QUOTED.findall(following)) for state, following in rows}
    assert written == {state.value: set(following) for state, following in TRANSITIONS.items() if following}
