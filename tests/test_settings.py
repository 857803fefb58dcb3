"""Settings: documented where people look, and wrong ones are said in one line that names them."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsProblem, load

ROOT = Path(__file__).resolve().parent.parent
NAMES = {name.upper() for name in Settings.model_fields}


def test_the_readmes_table_has_every_setting_and_no_other() -> None:
    rows = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"[A-Z_]+", row)]
    assert set(named) == NAMES
    assert len(named) == len(set(named))


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert set(named) == NAMES
    assert len(named) == len(set(named))


def test_the_example_with_both_keys_is_the_defaults(no_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text()
    text = text.replace("DISCORD_TOKEN=", "DISCORD_TOKEN=a").replace("STUDIO_API_KEY=", "STUDIO_API_KEY=b")
    (tmp_path / ".env").write_text(text)
    from_example = load()
    assert from_example == Settings.model_validate({"discord_token": "a", "studio_api_key": "b"})


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "STUDIO_API_KEY"])
def test_a_missing_key_is_named(no_environment: pytest.MonkeyPatch, name: str) -> None:
    for other in {"DISCORD_TOKEN", "STUDIO_API_KEY"} - {name}:
        no_environment.setenv(other, "x")
    with pytest.raises(SettingsProblem, match=f"^{name} is missing: set it in .env$"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OWNER_IDS", "12,abc"),
        ("DEFAULT_GUILD_CREDITS", "-1"),
        ("DEFAULT_GUILD_CREDITS", "lots"),
        ("HEALTH_ADDRESS", "8080"),
        ("STUDIO_BASE_URL", "ulazai.com"),
        ("STUDIO_API", "other"),
        ("WAIT_SCALE", "0"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(no_environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    no_environment.setenv("DISCORD_TOKEN", "x")
    no_environment.setenv("STUDIO_API_KEY", "x")
    no_environment.setenv(name, value)
    with pytest.raises(SettingsProblem, match=f"^{name} is wrong: ") as problem:
        load()
    assert "\n" not in str(problem.value)


def test_owner_ids_are_read_with_spaces(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setenv("DISCORD_TOKEN", "x")
    no_environment.setenv("STUDIO_API_KEY", "x")
    no_environment.setenv("OWNER_IDS", " 12, 34 ,")
    assert load().owner_ids == {12, 34}


def test_secrets_are_not_shown() -> None:
    settings = Settings.model_validate({"discord_token": "the-token", "studio_api_key": "the-key"})
    assert "the-token" not in repr(settings)
    assert "the-key" not in repr(settings)
