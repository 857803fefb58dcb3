"""The whole examination: every part is looked at, also where another one fails or a setting is missing."""

import asyncio
import logging
import platform
import sys
from collections.abc import Awaitable, Callable, Mapping

from bot.client import use_addresses
from bot.doctor.database_checks import check_database
from bot.doctor.discord_checks import check_clock, check_discord, check_owners
from bot.doctor.finding import Finding, Level, fail, ok
from bot.doctor.machine_checks import check_machine
from bot.doctor.provider_checks import check_provider
from bot.settings import Settings

log = logging.getLogger(__name__)

_NEEDS = {
    "Discord": {"discord_token", "discord_api_base"},
    "provider": {"studio_api_key", "studio_base_url", "studio_api", "models_file"},
    "database": {"database_url"},
    "clock": {"discord_api_base"},
}
"""The settings without which a part cannot be looked at."""


async def examine(settings: Settings, wrong: Mapping[str, str]) -> list[Finding]:
    """Look at everything. `wrong` tells by field what is missing or wrong; `settings` has stand-ins there."""
    use_addresses(settings)
    parts: dict[str, Callable[[], Awaitable[list[Finding]]]] = {
        "Discord": lambda: _discord(settings, owners_known="owner_ids" not in wrong),
        "provider": lambda: check_provider(settings),
        "clock": check_clock,
        "database": lambda: check_database(settings),
        "machine": lambda: check_machine(settings),
    }
    found = await asyncio.gather(*(_part(name, look, wrong) for name, look in parts.items()))
    return [
        ok("version", f"Python {platform.python_version()} on {sys.platform}."),
        *_settings(wrong),
        *(finding for part in found for finding in part),
    ]


def _settings(wrong: Mapping[str, str]) -> list[Finding]:
    cure = "Set it in .env; .env.example explains each setting."
    lines = [fail("settings", f"{name.upper()} {problem}.", cure) for name, problem in wrong.items()]
    return lines or [ok("settings", "All settings can be read.")]


async def _discord(settings: Settings, *, owners_known: bool) -> list[Finding]:
    findings = await check_discord(settings)
    logged_in = findings[0].level is Level.OK
    return findings + await check_owners(settings) if logged_in and owners_known else findings


async def _part(name: str, look: Callable[[], Awaitable[list[Finding]]], wrong: Mapping[str, str]) -> list[Finding]:
    lacking = " and ".join(field.upper() for field in sorted(_NEEDS.get(name, set()) & wrong.keys()))
    if lacking:
        return [fail(name, f"Not looked at, because {lacking} is not right.", f"Correct {lacking}.")]
    try:
        return await look()
    except Exception as error:
        # One part that fails in a way nobody thought of must not hide the others.
        log.debug("the examination of %s failed", name, exc_info=True)
        return [fail(name, f"Could not be looked at: {type(error).__name__}.", "Report it, with LOG_LEVEL=DEBUG.")]
