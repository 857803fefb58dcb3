"""The design's rules about the code as tests: layers import only downwards, files stay small, the core stays pure."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES_MAX = {"bot": 300, "cogs": 300, "sandbox": 300, "benchmarks": 300, "tests": 500}
"""Lines of a file, by its top folder."""

LAYERS = [
    ("cogs",),
    (
        "bot.app",
        "bot.__main__",
        "bot.gateway",
        "bot.watching",
        "bot.logs",
        "bot.backup",
        "bot.moving",
        "bot.doctor",
        "bot.installation",
    ),
    ("bot.client",),
    ("bot.composition",),
    ("bot.discord_ui", "bot.workers"),
    ("bot.services",),
    ("bot.media",),
    ("bot.settings",),
    ("bot.engine",),
    ("bot.studio", "bot.storage"),
    ("bot.domain",),
]
"""From the top down; the parts of one layer do not import each other, except the entry points of the second."""

MAY_IMPORT_DISCORD = (
    "cogs", "bot.discord_ui", "bot.client", "bot.app", "bot.composition",
    "bot.gateway", "bot.doctor", "bot.installation", "bot.__main__",
)  # fmt: skip
"""The composition root logs the clients in; everything else that knows discord.py renders or glues."""

BELOW_THE_UI = ("bot.domain", "bot.storage", "bot.studio", "bot.engine", "bot.media", "bot.services", "bot.workers")

FORBIDDEN_IN_DOMAIN = {"time", "asyncio", "aiohttp", "sqlalchemy", "discord", "pydantic", "os", "socket", "pathlib"}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("bot", "cogs"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if "versions" in path.parts:
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def strings(path: Path) -> Iterator[str]:
    """Yield every string that the program itself uses: docstrings are for its readers."""
    tree = ast.parse(path.read_text())
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def layer_of(module: str) -> int | None:
    for depth, parts in enumerate(LAYERS):
        if any(module == part or module.startswith(part + ".") for part in parts):
            return depth
    return None


def part_of(module: str) -> str:
    return next(part for parts in LAYERS for part in parts if module == part or module.startswith(part + "."))


ALL = dict(modules())


@pytest.mark.parametrize("module", ALL)
def test_layers_import_only_downwards(module: str) -> None:
    if module == "bot":
        return
    own = layer_of(module)
    assert own is not None, f"{module} belongs to no layer: name it in LAYERS and in docs/architecture.md"
    for imported in imports(ALL[module]):
        assert not imported.startswith("sandbox"), f"{module} imports the sandbox"
        theirs = layer_of(imported)
        if theirs is None:
            continue
        same_part = part_of(module) == part_of(imported)
        entry_points = own == theirs == 1
        assert theirs > own or same_part or entry_points, f"{module} imports {imported}, which is not below it"


@pytest.mark.parametrize("module", ALL)
def test_only_the_discord_side_knows_discord(module: str) -> None:
    if not module.startswith(MAY_IMPORT_DISCORD):
        assert not {name for name in imports(ALL[module]) if name.split(".")[0] == "discord"}


@pytest.mark.parametrize("module", [name for name in ALL if name.startswith("bot.domain")])
def test_the_domain_has_no_io_and_no_clock(module: str) -> None:
    assert not {name.split(".")[0] for name in imports(ALL[module])} & FORBIDDEN_IN_DOMAIN


@pytest.mark.parametrize("module", [name for name in ALL if not name.startswith("bot.storage")])
def test_all_sql_is_in_the_storage(module: str) -> None:
    names = {name for name in imports(ALL[module]) if name.split(".")[0] == "sqlalchemy"}
    assert names <= {"sqlalchemy", "sqlalchemy.Connection"}


MARKUP = ("<@", "<#", "<t:", "`/", "**")
"""Discord's mentions and moments, and the way in which a command is named to people."""


def test_rows_are_locked_without_their_keys() -> None:
    """A lock of the whole row keeps out everybody who writes a row that refers to it, and deadlocks with them."""
    for path in sorted((ROOT / "bot" / "storage").rglob("*.py")):
        for arguments in re.findall(r"with_for_update\(([^)]*)\)", path.read_text()):
            assert "key_share=True" in arguments, f"{path.name}: {arguments}"


@pytest.mark.parametrize("module", [name for name in ALL if name.startswith(BELOW_THE_UI)])
def test_nothing_below_the_ui_writes_for_discord(module: str) -> None:
    found = [text for text in strings(ALL[module]) if any(mark in text for mark in MARKUP)]
    assert not found


@pytest.mark.parametrize("module", [name for name in ALL if name.startswith("cogs.")])
def test_no_cog_knows_another(module: str) -> None:
    own = module.split(".")[1]
    others = {name for name in imports(ALL[module]) if name.startswith("cogs.") and name.split(".")[1] != own}
    assert not others
    assert "get_cog" not in ALL[module].read_text()


def test_the_local_discord_stands_alone() -> None:
    for path in (ROOT / "sandbox" / "discord").rglob("*.py"):
        outside = {
            name
            for name in imports(path)
            if name.split(".")[0] in ("bot", "cogs") or name.startswith(("sandbox.playground", "sandbox.studio"))
        }
        assert not outside, f"{path.relative_to(ROOT)} imports {outside}"


@pytest.mark.parametrize("module", [name for name in ALL if name.startswith(("bot.discord_ui", "cogs"))])
def test_interfaces_reach_the_database_through_services(module: str) -> None:
    assert not {name for name in imports(ALL[module]) if name.startswith("bot.storage")}


def test_the_tool_for_media_files_knows_nothing_of_the_bot_but_a_films_plan() -> None:
    """It handles strangers' files: nothing that has secrets or connections may come into its process."""
    for module in [name for name in ALL if name.startswith("bot.media.tool")]:
        outside = {name for name in imports(ALL[module]) if name.split(".")[0] in {"bot", "cogs"}}
        assert all(name.startswith(("bot.media.tool", "bot.domain.films")) for name in outside), module


@pytest.mark.parametrize(("top", "lines_max"), LINES_MAX.items())
def test_files_hold_one_idea(top: str, lines_max: int) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / top).rglob("*.py")
        if "versions" not in path.parts and (lines := len(path.read_text().splitlines())) > lines_max
    }
    assert not long


@pytest.mark.parametrize("top", ["bot", "cogs", "sandbox", "benchmarks"])
def test_a_modules_logger_is_called_log(top: str) -> None:
    """Ruff holds the rest of the dialect (imports, annotations, no Final); it has no rule for this."""
    own_logger = re.compile(r"^(.*)logging\.getLogger\(__name__\)", flags=re.MULTILINE)
    others = {
        str(path.relative_to(ROOT)): found
        for path in (ROOT / top).rglob("*.py")
        if (found := set(own_logger.findall(path.read_text())) - {"log = "})
    }
    assert not others
