"""The `doctor` command: check the provider, the database and Discord, and describe the catalogue of models."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import aiohttp
import discord

from bot.client import posting_client
from bot.discord_ui.views.words import alternatives
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.fields import OptionSpec, options_for
from bot.domain.json_value import JsonObject
from bot.domain.prices import Price, Rate
from bot.domain.quota import GuildDefaults
from bot.services.credits import CreditsService
from bot.storage.database import Database
from bot.storage.database_problems import DatabaseProblem
from bot.storage.migrations import versions
from bot.studio.capture import capture_answers
from bot.studio.client import StudioClient
from bot.studio.errors import Forbidden, StudioError, Unauthorized
from bot.studio.protocol import Provider
from bot.studio.reading.catalogue import built_in_catalogue, read_catalogue

INVITE_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    embed_links=True,  # a video that is linked unfolds
    read_message_history=True,
)
"""What the bot needs in a server."""

_KEY_HINTS: Mapping[type[StudioError], str] = {
    Unauthorized: " (STUDIO_API_KEY: copy the key again)",
    Forbidden: " (if the account has only the older endpoint, set STUDIO_API=legacy)",
}


async def check_catalogue(
    provider: Provider, cards: Mapping[str, JsonObject], write: Callable[[str], object] = print
) -> int:
    """Describe the provider's catalogue. Return the exit status: 0 if every model is understood, else 1.

    `cards` are the owner's statements about models (`bot.studio.models_file`).
    """
    try:
        answer = await provider.models()
    except StudioError as error:
        write(f"The provider did not answer: {type(error).__name__}: {error}")
        return 1
    catalogue = read_catalogue(answer, cards)
    for line in describe(catalogue):
        write(line)
    if not catalogue.understood:
        write("No model in the answer is understood. The bot offers those it knew before, or else these:")
        for line in describe(built_in_catalogue(cards)):
            write(line)
        write("Write the answer to a file with `doctor --capture FILE` and report it; MODELS_FILE can state models.")
    return 0 if catalogue.understood and not catalogue.skipped else 1


async def check_provider(
    provider: Provider, cards: Mapping[str, JsonObject], write: Callable[[str], object] = print
) -> bool:
    """Write whether the provider answers, accepts the key, and how many of its models are understood.

    Return whether the key is accepted and any model is understood. The history is asked for too, because the models may
    be shown to everybody. Whether the key may make videos shows only when one is made.
    """
    try:
        catalogue = read_catalogue(await provider.models(), cards)
        history = await provider.history(1)
    except StudioError as error:
        hint = _KEY_HINTS.get(type(error), "")
        write(f"provider: {type(error).__name__}: {error}{hint}")
        return False
    if not history.readable:
        write("provider: its history cannot be read; lost answers will need an owner (see --capture)")
    unused = sum(map(len, catalogue.unused.values()))
    write(
        f"provider: {len(catalogue.models)} models understood, {len(catalogue.skipped)} skipped, "
        f"{unused} facts not used (see --catalogue)"
    )
    return catalogue.understood


async def capture(
    provider: Provider, api_key: str, path: Path, *, with_prompts: bool, write: Callable[[str], object] = print
) -> int:
    """Write the provider's raw answers to a new file that only its owner can read. Return the exit status."""
    if not isinstance(provider, StudioClient):
        write("STUDIO_API=legacy asks the provider for no models: there is nothing to write.")
        return 1
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        write(f"{path} cannot be written: {error.strerror}")
        return 1
    answers = await capture_answers(provider, api_key, with_prompts=with_prompts)
    with os.fdopen(file, "w", encoding="utf-8") as written:
        json.dump(answers, written, ensure_ascii=True, indent=1)
    for answer in answers:
        write(f"{answer['path']}: {answer['status'] if 'status' in answer else answer['error']}")
    write(f"Written to {path}. The API key, names and mail addresses are left out, and so are signatures of links.")
    if not with_prompts:
        write("Prompts are left out too (--with-prompts keeps them). Look through the file before you publish it.")
    return 0


def describe(catalogue: Catalogue) -> Iterator[str]:
    """Describe a catalogue in lines for the owner."""
    for engine, models in catalogue.families.items():
        yield engine
        for model in models:
            yield from (f"  {line}" for line in _model(model))
            if model.slug in catalogue.unused:
                yield f"      NOT USED: {', '.join(catalogue.unused[model.slug])}"
            if model.slug in catalogue.own:
                yield "      only in MODELS_FILE, not in the provider's answer"
    for skipped in catalogue.skipped:
        yield f"SKIPPED {skipped.name}: {skipped.reason}"
    yield f"{len(catalogue.models)} models understood, {len(catalogue.skipped)} skipped; version {catalogue.version}"


def _model(model: Capability) -> Iterator[str]:
    yield f"{model.slug} · {model.name}"
    for spec in options_for(model):
        yield f"  {spec.name}: {_option(spec)}"
    yield f"  audio: {model.audio}"
    if model.clip_seconds is not None:
        yield f"  length: that of the clip, {model.clip_seconds.minimum} to {model.clip_seconds.maximum} s"
    yield f"  credits: {_price(model.price)}"
    if model.assumed:
        yield f"  not in the answer, from the provider's docs: {', '.join(model.assumed)}"


def _option(spec: OptionSpec) -> str:
    parts = [spec.kind.value]
    if spec.choices:
        parts.append(alternatives(spec.choices))
    if spec.max_length is not None:
        parts.append(f"at most {spec.max_length} characters")
    return ", ".join([*parts, "required" if spec.required else "optional"])


def _price(price: Price) -> str:
    if not price.rates:
        return "not understood; the highest price is held for every render"
    said = "; ".join(_rate(rate) for rate in price.rates)
    if price.sound_factor != 1:
        said += f"; times {price.sound_factor} with sound"
    if price.share_discount:
        said += f"; {price.share_discount} less when shared"
    return said if price.understood else f"{said}; and more that is not understood"


def _rate(rate: Rate) -> str:
    conditions = [
        rate.quality,
        None if rate.duration is None else f"{rate.duration} s",
        None if rate.sound is None else ("with sound" if rate.sound else "silent"),
    ]
    amount = f"{rate.credits} per second" if rate.per_second else f"{rate.credits}"
    return " ".join([amount, *(f"({condition})" for condition in conditions if condition)])


async def check_database(url: str, write: Callable[[str], object] = print) -> bool:
    """Write the database's state and version. Return whether it can be used and its counters agree with the ledger."""
    try:
        database = await Database.open(url)
    except DatabaseProblem as problem:
        write(f"database: {problem}")
        return False
    try:
        current, newest = await versions(database)
        if current != newest:
            write(
                f"database: reachable, at version {current or 'none'} of {newest}: the next start brings it up to date"
            )
            return True
        wrong = await CreditsService(database, time.time, GuildDefaults()).check(repair=False)
    except DatabaseProblem as problem:
        write(f"database: {problem}")
        return False
    finally:
        await database.close()
    write(f"database: reachable, at version {current}")
    for line in wrong:
        write(f"ledger: {line}")
    return not wrong


async def check_discord(token: str, write: Callable[[str], object] = print) -> bool:
    """Write whether Discord accepts the token, and the invite link. Return whether it is accepted."""
    client = posting_client()
    try:
        await client.login(token)
        write(f"Discord: logged in as {client.user}")
        write(f"Discord: invite it with {invite_link(client.application_id or 0)}")
        write(f"Discord: that link asks for the permissions {INVITE_PERMISSIONS.value}: {_names(INVITE_PERMISSIONS)}")
        if client.application is not None and client.application.bot_public:
            write("Discord: anybody may invite this bot; to forbid it, switch Public Bot off in the developer portal")
    except discord.LoginFailure:
        write("Discord: DISCORD_TOKEN is not accepted: copy it again from the developer portal")
        return False
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        write(f"Discord: cannot be reached: {type(error).__name__}")
        return False
    finally:
        await client.close()
    return True


def invite_link(application_id: int) -> str:
    """Return the address that adds the bot to a server, with exactly the permissions that it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=INVITE_PERMISSIONS, scopes=("bot", "applications.commands")
    )


def _names(permissions: discord.Permissions) -> str:
    """Return permissions as the portal and Discord's settings call them."""
    names = (
        "View Channels" if name == "read_messages" else name.replace("_", " ").title().replace(" In ", " in ")
        for name, allowed in permissions
        if allowed
    )
    return ", ".join(names)
