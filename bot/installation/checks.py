"""What an answer is worth, tried where it is used: at Discord, at the provider, in the database."""

from dataclasses import dataclass, field

import aiohttp
import discord

from bot import doctor
from bot.client import application_owners, posting_client, use_addresses
from bot.composition.provider import make_provider, read_cards
from bot.settings import Settings, SettingsProblem
from bot.studio.errors import Forbidden, StudioError, Unauthorized
from bot.studio.reading.catalogue import read_catalogue

PORTAL = "https://discord.com/developers/applications"

_NETWORK_ERRORS = (discord.HTTPException, aiohttp.ClientError, OSError)


@dataclass(slots=True)
class Verdict:
    """What came of a check."""

    notes: list[str] = field(default_factory=list)
    """What is so, one fact a line."""
    warnings: list[str] = field(default_factory=list)
    """What works and should be changed, with how."""
    problem: str | None = None
    """Why the answer cannot be used, with what to do. None: it can."""
    unreachable: bool = False
    """The answer could not be tried: it may still be right."""


async def check_discord(settings: Settings) -> Verdict:
    """Log in with the token, and look at the application's switches."""
    verdict = Verdict()
    async with posting_client() as client:
        if not await _log_in(client, settings, verdict) or client.application is None:
            return verdict
        application = client.application
        page = f"{PORTAL}/{application.id}"
        verdict.notes.append(f"{client.user}, the bot of the application {application.name} ({application.id})")
        verdict.notes.append("Privileged intents: none is needed, so all three can be off.")
        if application.interactions_endpoint_url:
            verdict.problem = (
                "The application has an Interactions Endpoint URL, so Discord sends the commands there and not to this "
                f"bot. Empty that field at {page}/information, and try again."
            )
        if application.bot_require_code_grant:
            verdict.problem = (
                "Requires OAuth2 Code Grant is on, so no invite link works. "
                f"Switch it off at {page}/bot, and try again."
            )
        if application.bot_public:
            verdict.warnings.append(
                "Public Bot is on: strangers can invite this bot into their servers, and ask for your credits there. "
                f"Set Install Link to None at {page}/installation, then switch Public Bot off at {page}/bot."
            )
    return verdict


async def check_owners(settings: Settings) -> Verdict:
    """Look up the owners' names."""
    verdict = Verdict()
    async with posting_client() as client:
        if not await _log_in(client, settings, verdict):
            return verdict
        for owner_id in sorted(settings.owner_ids or application_owners(client.application)):
            try:
                user = await client.fetch_user(owner_id)
            except discord.NotFound:
                verdict.problem = f"Discord knows nobody with the id {owner_id}."
            except _NETWORK_ERRORS as error:
                _note_unreachable(verdict, error)
            else:
                verdict.notes.append(f"{user.display_name} ({user.id}) may use /owner")
                if user.bot:
                    verdict.problem = f"{user} is a bot. Owners are people: take the id of your own account."
    return verdict


async def check_provider(settings: Settings) -> Verdict:
    """Ask the provider for its models and, because these may be shown to everybody, for the key's history."""
    try:
        cards = read_cards(settings)
    except SettingsProblem as problem:
        return Verdict(problem=str(problem))
    provider = make_provider(settings)
    try:
        catalogue = read_catalogue(await provider.models(), cards)
        await provider.history(1)
    except Unauthorized:
        return Verdict(problem="The provider does not accept this key. Copy it again, in one piece.")
    except Forbidden as error:
        return Verdict(
            problem=f"The provider does not let this key use the API ({error}). Accounts that have only the older "
            "endpoint need STUDIO_API=legacy in .env."
        )
    except StudioError as error:
        return Verdict(
            problem=f"The provider at {settings.studio_base_url} could not be asked: {error}.", unreachable=True
        )
    finally:
        await provider.close()
    return Verdict(
        notes=[f"The key is accepted; {len(catalogue.models)} models are understood."],
        warnings=[
            "The provider tells the balance with the first video only. The account needs purchased credits: "
            "welcome credits count on its website alone."
        ],
    )


async def check_database(settings: Settings) -> Verdict:
    """Open the database."""
    verdict = Verdict()
    said: list[str] = []
    fine = await doctor.check_database(settings.database_url, lambda line: said.append(str(line)))
    if fine:
        verdict.notes += [line.removeprefix("database: ") for line in said]
    else:
        verdict.problem = " ".join(line.removeprefix("database: ") for line in said)
    return verdict


async def _log_in(client: discord.Client, settings: Settings, verdict: Verdict) -> bool:
    use_addresses(settings)
    try:
        await client.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        verdict.problem = (
            f"Discord does not accept this token. Make a new one at {PORTAL} -> your application -> Bot -> Reset Token."
        )
    except _NETWORK_ERRORS as error:
        _note_unreachable(verdict, error)
    return verdict.problem is None


def _note_unreachable(verdict: Verdict, error: Exception) -> None:
    verdict.problem = f"Discord cannot be reached ({type(error).__name__})."
    verdict.unreachable = True
