"""Settings: documented where people look, and wrong ones are said in one line that names them."""

import re
from pathlib import Path

import pytest

from bot.composition.provider import read_cards
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


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        *((name, quoted, "quotation marks around it: remove them")
          for name in ("DISCORD_TOKEN", "STUDIO_API_KEY") for quoted in ('"x1"', "'x1'", "“x1”")),
        ("STUDIO_API_KEY", '"ulazai_live_1', "quotation mark at one end: remove it"),
        ("STUDIO_BASE_URL", '"https://ulazai.com"', "quotation marks around it: remove them"),
        ("DATABASE_URL", "'sqlite+aiosqlite:///x.db'", "quotation marks around it: remove them"),
        ("STUDIO_API_KEY", "Bearer ulazai_live_1", "begins with “Bearer ”: remove that word"),
        ("STUDIO_API_KEY", "Token ulazai_live_1", "begins with “Token ”: remove that word"),
        ("DISCORD_TOKEN", "Bot MTA.x.y", "begins with “Bot ”: remove that word"),
        ("STUDIO_API_KEY", "STUDIO_API_KEY=ulazai_live_1", "begins with its own name"),
        ("STUDIO_API_KEY", "ulazai_\nlive_1", "has a blank, a line break or another odd character in it"),
        ("DISCORD_TOKEN", "MTA .x", "has a blank, a line break or another odd character in it"),
        ("DISCORD_TOKEN", "MTAé.x", "has a blank, a line break or another odd character in it"),
        ("STUDIO_API_KEY", "  ", "is empty: set it in .env"),
        ("LOG_LEVEL", "INFO # how much", "one of DEBUG, INFO, WARNING, ERROR, without the note after it"),
        ("LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR"),
        ("STUDIO_BASE_URL", "https://ulazai.com/api/v1/", "must be the address alone: remove “/api/v1”"),
    ],
)  # fmt: skip
def test_what_copying_adds_is_named_with_its_cure(
    no_environment: pytest.MonkeyPatch, name: str, value: str, cure: str
) -> None:
    no_environment.setenv("DISCORD_TOKEN", "x")
    no_environment.setenv("STUDIO_API_KEY", "x")
    no_environment.setenv(name, value)
    with pytest.raises(SettingsProblem) as problem:
        load()
    assert str(problem.value).startswith(f"{name} is wrong: ")
    assert cure in str(problem.value)
    assert "ulazai_live" not in str(problem.value)


def test_blanks_around_a_key_and_small_letters_do_no_harm(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setenv("DISCORD_TOKEN", " the-token\r\n")
    no_environment.setenv("STUDIO_API_KEY", "\tthe-key ")
    no_environment.setenv("LOG_LEVEL", " debug ")
    settings = load()
    assert settings.discord_token.get_secret_value() == "the-token"
    assert settings.studio_api_key.get_secret_value() == "the-key"
    assert settings.log_level == "DEBUG"


def test_a_models_file_that_cannot_be_used_is_a_wrong_setting(
    no_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "models.toml"
    path.write_text("[models.m]\nfps = 24\n")
    no_environment.setenv("DISCORD_TOKEN", "x")
    no_environment.setenv("STUDIO_API_KEY", "x")
    no_environment.setenv("MODELS_FILE", str(path))
    settings = load()
    with pytest.raises(SettingsProblem, match=r"^MODELS_FILE is wrong: .*models\.toml, line 2: m: fps: unknown field"):
        read_cards(settings)
    path.write_text("[models.m]\ndurations = 5\n")
    assert read_cards(settings) == {"m": {"durations": 5}}


def test_the_settings_show_no_secret(no_environment: pytest.MonkeyPatch) -> None:
    secrets = {
        "DISCORD_TOKEN": "the-token",
        "STUDIO_API_KEY": "the-key",
        "DATABASE_URL": "postgresql+asyncpg://bot:the-password@127.0.0.1/x",
    }
    for name, value in secrets.items():
        no_environment.setenv(name, value)
    shown = f"{load()!r} {load()}"
    assert not [secret for secret in ("the-token", "the-key", "the-password") if secret in shown]
