"""Settings, from the environment or from `.env`. Read once by the entry point and passed on; never at import."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.attachments import MEGABYTE
from bot.domain.cast import CastLimits

_QUOTES = ("'", '"', "“", "”", "‘", "’", "`")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


STAND_IN = "stand-in"
"""Stands for a secret that is not known, where the others are looked at all the same."""


class SettingsProblem(Exception):
    """A setting is missing or wrong; the message is one line that names it."""


class Settings(BaseSettings):
    """Every setting there is. The README's table and `.env.example` are checked against this class."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    discord_token: SecretStr
    """The bot's token from the Discord developer portal."""
    studio_api_key: SecretStr
    """The API key of the UlazAI account that pays."""
    discord_api_base: str | None = None
    """Another Discord REST address, for example a sandbox's."""
    discord_gateway_url: str | None = None
    """Another Discord gateway address, for example a sandbox's."""
    studio_base_url: str = "https://ulazai.com"
    """The provider's address."""
    studio_api: Literal["studio", "legacy"] = "studio"
    """`legacy` for accounts that only have the older endpoint, with its smaller model set."""
    database_url: Annotated[str, Field(repr=False)] = "sqlite+aiosqlite:///data/bot.db"
    """Where everything is kept: `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`."""
    models_file: Path | None = None
    """A TOML file with the owner's corrections of the provider's models; empty: none."""
    studio_posts_per_hour: Annotated[int, Field(ge=1, le=1_000_000)] = 24
    """Generate requests that the provider allows per API key and hour. 24 is what the provider's documentation says."""
    owner_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    """Discord ids of the people who own the bot, comma-separated; empty: the application's owner or team."""
    owner_guild_id: int | None = None
    """The guild in which `/owner` is registered; empty: every guild that an owner of the bot owns."""
    default_guild_credits: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    """Credits per month of a guild until its owner ceiling is set otherwise. 0: the owners are asked about each."""
    account_credits_per_month: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    """Credits per month that all guilds together may spend of the owner's account; empty: no bound."""
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 90
    """Days for which prompts, files and results are kept after a job has ended. Credits are kept for ever."""
    reel_seconds_max: Annotated[int, Field(ge=1, le=7200)] = 300
    """Seconds of the longest film that is made of a reel."""
    reel_waiting_max: Annotated[int, Field(ge=1, le=1000)] = 10
    """Films that may wait at once, of all servers together."""
    reel_threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads that encode a film. Each is a processor's worth of work, at a low priority."""
    cast_pictures_max: Annotated[int, Field(ge=0, le=25)] = 10
    """Pictures that each member can save with `/cast add`."""
    cast_picture_mb_max: Annotated[int, Field(ge=1, le=8)] = 4
    """Megabytes of one saved picture. They are kept in the database."""
    cast_total_mb_max: Annotated[int, Field(ge=0, le=1_000_000)] = 1_000
    """Megabytes of all saved pictures together. 0: nothing can be saved."""
    privacy_url: str | None = None
    """Where the owner's privacy policy can be read; empty: nowhere."""
    terms_url: str | None = None
    """Where the owner's terms can be read; empty: nowhere."""
    backup_folder: Path | None = None
    """Where the SQLite database is copied to once a day; empty: nowhere."""
    backups_kept: Annotated[int, Field(ge=1, le=10_000)] = 7
    """How many daily copies are kept in that folder."""
    health_address: str | None = None
    """`host:port` for /health and /ready; empty: off."""
    wait_scale: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Multiplies the engine's own waits. Below 1 for the sandbox only: lost answers are waited for less long too."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much is logged."""
    log_format: Literal["auto", "text", "json"] = "auto"
    """`text` for people, `json` for whatever collects logs, `auto` for text on a terminal and JSON elsewhere."""

    @property
    def cast_limits(self) -> CastLimits:
        """What of pictures may be saved."""
        return CastLimits(
            self.cast_pictures_max, self.cast_picture_mb_max * MEGABYTE, self.cast_total_mb_max * MEGABYTE
        )

    @field_validator("*", mode="before")
    @classmethod
    def _without_quotes(cls, value: object) -> object:
        """Refuse quotation marks around any value: a shell removes them, `docker --env-file` does not."""
        if isinstance(value, str) and value.strip()[:1] in _QUOTES and value.strip()[-1:] in _QUOTES:
            raise ValueError("it has quotation marks around it: remove them (docker --env-file keeps them)")
        return value

    @field_validator("discord_token", "studio_api_key")
    @classmethod
    def _plain_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """Name what copying has added to a token or key. Blanks and line breaks around it are removed."""
        secret = value.get_secret_value().strip()
        prefix = "Bot" if info.field_name == "discord_token" else "Bearer"
        if not secret:
            raise ValueError("it is empty: set it in .env")
        if secret[0] in _QUOTES or secret[-1] in _QUOTES:
            raise ValueError("it has a quotation mark at one end: remove it")
        if secret.lower().startswith(("bot ", "bearer ", "token ")):
            raise ValueError(
                f"it begins with “{secret.split()[0]} ”: remove that word, the bot adds “{prefix} ” itself"
            )
        if "=" in secret and secret.split("=")[0].strip().upper() == (info.field_name or "").upper():
            raise ValueError("it begins with its own name: remove the name and the “=”")
        if not all("!" <= char <= "~" for char in secret):
            raise ValueError("it has a blank, a line break or another odd character in it: copy it again, in one piece")
        return SecretStr(secret)

    @field_validator("log_level", mode="before")
    @classmethod
    def _plain_level(cls, value: object) -> object:
        word = value.strip().upper() if isinstance(value, str) else value
        if isinstance(word, str) and word not in _LEVELS:
            hint = ", without the note after it (docker --env-file keeps notes)" if "#" in word else ""
            raise ValueError(f"must be one of {', '.join(_LEVELS)}{hint}")
        return word

    @field_validator("owner_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError("must be Discord user ids (numbers), separated by commas")
        return frozenset(parts)

    @field_validator("studio_base_url", "discord_api_base", "discord_gateway_url", "privacy_url", "terms_url")
    @classmethod
    def _plain_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://", "ws://", "wss://")):
            raise ValueError("must begin with http(s):// or ws(s)://")
        return value.rstrip("/") if value else value

    @field_validator("studio_base_url")
    @classmethod
    def _without_path(cls, value: str) -> str:
        path = urlsplit(value).path
        if path.startswith("/api"):
            raise ValueError(f"must be the address alone: remove “{path}”, the bot adds it itself")
        return value

    @field_validator("health_address")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is not None:
            host, _, port = value.rpartition(":")
            if not host or not port.isdigit() or int(port) > 65535:
                raise ValueError("must be host:port, for example 127.0.0.1:8080")
        return value


def load() -> Settings:
    """Return the settings of this process.

    Raises SettingsProblem with one line for the first setting that is missing or wrong.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the required ones come from the environment
    except ValidationError as error:
        raise SettingsProblem(" ".join(first_problem(error))) from None


def load_for_examination() -> tuple[Settings, dict[str, str]]:
    """Return the settings with stand-ins for what is missing or wrong, and by field's name what is.

    A stand-in is the setting's default. A secret without one becomes `STAND_IN`.
    """
    wrong: dict[str, str] = {}
    while True:
        stand_ins = {name: _default(name) for name in wrong}
        try:
            return Settings(**stand_ins), wrong
        except ValidationError as error:
            found = {name.lower(): problem for name, problem in problems(error)}
            if not found.keys() - wrong.keys():
                raise
            wrong |= found


def first_problem(error: ValidationError) -> tuple[str, str]:
    """Return the name of the first setting that is missing or wrong, and what is wrong with it."""
    return next(problems(error))


def problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield the name of each setting that is missing or wrong, and what is wrong with it."""
    for one in error.errors(include_url=False, include_input=False):
        name = str(one["loc"][0]).upper()
        if one["type"] == "missing":
            yield name, "is missing: set it in .env"
        else:
            yield name, f"is wrong: {one['msg'].removeprefix('Value error, ')}"


def _default(name: str) -> Any:
    field = Settings.model_fields[name]
    return STAND_IN if field.is_required() else field.default
