"""The provider: the key, the models, and whether its history can be read."""

import time
from collections.abc import Mapping

from bot.composition.provider import make_provider, read_cards
from bot.doctor.clock_check import clock_finding
from bot.doctor.finding import Finding, fail, ok, warn
from bot.domain.json_value import JsonObject
from bot.settings import Settings, SettingsProblem
from bot.studio.errors import Forbidden, StudioError, Unauthorized
from bot.studio.protocol import Provider
from bot.studio.reading.catalogue import read_catalogue


async def check_provider(settings: Settings) -> list[Finding]:
    """Ask for the models and, because these may be shown to everybody, for the key's history."""
    try:
        cards = read_cards(settings)
    except SettingsProblem as problem:
        return [fail("models file", f"{problem}.", "Correct the file, see docs/provider.md.")]
    provider = make_provider(settings)
    try:
        return await _ask(settings, provider, cards)
    except Unauthorized:
        cure = "Copy STUDIO_API_KEY again, in one piece."
        return [fail("provider", "The provider does not accept this key.", cure)]
    except Forbidden as error:
        cure = "Accounts that have only the older endpoint need STUDIO_API=legacy."
        return [fail("provider", f"The provider does not let this key use the API ({error}).", cure)]
    except StudioError as error:
        cure = "Check STUDIO_BASE_URL and this machine's network; otherwise wait, the bot goes on by itself."
        text = f"The provider at {settings.studio_base_url} could not be asked: {error}."
        return [fail("provider", text, cure, passing=True)]
    finally:
        await provider.close()


async def _ask(settings: Settings, provider: Provider, cards: Mapping[str, JsonObject]) -> list[Finding]:
    catalogue = read_catalogue(await provider.models(), cards)
    history = await provider.history(1)
    findings = [ok("provider", "The key is accepted.")]
    look = "See what is missing with `doctor --catalogue`; MODELS_FILE can state models."
    if not catalogue.understood:
        findings.append(fail("models", "No model in the provider's answer is understood.", look))
    elif catalogue.skipped or catalogue.unused:
        unused = sum(map(len, catalogue.unused.values()))
        text = f"{len(catalogue.models)} models understood, {len(catalogue.skipped)} skipped, {unused} facts not used."
        findings.append((warn("models", text, look)) if catalogue.skipped else ok("models", text))
    else:
        findings.append(ok("models", f"{len(catalogue.models)} models understood."))
    if settings.studio_api == "studio":
        if not history.readable:
            text = "The provider's history cannot be read, so an owner must decide about each lost answer."
            cure = "Write its answer to a file with `doctor --capture FILE`, and report it."
            findings.append(warn("history", text, cure))
        findings.append(clock_finding("the provider", history.said_at, time.time()))
    return findings
