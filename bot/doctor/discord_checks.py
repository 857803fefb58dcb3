"""Discord: the token, the application's switches in the developer portal, the owners, and the rights in each server."""

import time
from collections.abc import Sequence

import aiohttp
import discord
from discord.http import Route

from bot.client import application_owners, posting_client, use_addresses
from bot.doctor.clock_check import clock_finding
from bot.doctor.finding import Finding, fail, ok, warn
from bot.settings import Settings
from bot.studio.reading.moments import read_moment

PORTAL = "https://discord.com/developers/applications"
INVITE_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    embed_links=True,  # a video that is linked unfolds
    read_message_history=True,
)
"""What the bot needs in a server."""
GUILDS_LOOKED_AT = 200
"""Servers whose rights are looked at: one request's worth."""
GUILDS_NAMED = 5
"""Servers that a finding names."""
SESSIONS_FEW = 20
"""Starts of a gateway connection that should be left for the day."""
CLOCK_SECONDS_MAX = 10.0
"""Seconds that the question for Discord's time may take."""
_NETWORK_ERRORS = (discord.HTTPException, aiohttp.ClientError, OSError)


async def check_discord(settings: Settings) -> list[Finding]:
    """Log in with the token, and look at the application, its sessions and its servers."""
    async with posting_client() as client:
        refused = await _log_in(client, settings)
        if refused is not None or client.application is None:
            return [refused] if refused is not None else []
        findings = [*_application(client, client.application)]
        try:
            findings += [await _sessions(client), *await _guilds(client)]
        except _NETWORK_ERRORS as error:
            findings.append(_unreachable("Discord", error))
        return findings


async def check_owners(settings: Settings) -> list[Finding]:
    """Look up the owners' names."""
    async with posting_client() as client:
        refused = await _log_in(client, settings)
        if refused is not None:
            return [refused]
        owner_ids = sorted(settings.owner_ids or application_owners(client.application))
        return [await _owner(client, owner_id) for owner_id in owner_ids]


async def check_clock() -> list[Finding]:
    """Compare this machine's time with Discord's. Call `use_addresses` first."""
    try:
        timeout = aiohttp.ClientTimeout(total=CLOCK_SECONDS_MAX)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{Route.BASE}/gateway") as answer:
            told = read_moment(answer.headers.get("Date", ""))
            return [clock_finding("Discord", told, time.time())]
    except (aiohttp.ClientError, OSError) as error:
        return [_unreachable("clock", error)]


def invite_link(application_id: int) -> str:
    """Return the address that adds the bot to a server, with exactly the permissions that it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=INVITE_PERMISSIONS, scopes=("bot", "applications.commands")
    )


async def _log_in(client: discord.Client, settings: Settings) -> Finding | None:
    use_addresses(settings)
    try:
        await client.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        cure = f"Make a new one at {PORTAL} -> your application -> Bot -> Reset Token, and set DISCORD_TOKEN to it."
        return fail("token", "Discord does not accept this token.", cure)
    except _NETWORK_ERRORS as error:
        return _unreachable("Discord", error)
    return None


def _application(client: discord.Client, application: discord.AppInfo) -> list[Finding]:
    page = f"{PORTAL}/{application.id}"
    findings = [
        ok("token", f"{client.user}, the bot of the application {application.name} ({application.id})."),
        ok("intents", "Privileged intents: none is needed, so all three can be off."),
    ]
    if application.interactions_endpoint_url:
        text = "The application has an Interactions Endpoint URL: Discord sends the commands there and not to this bot."
        findings.append(fail("commands", text, f"Empty that field at {page}/information."))
    if application.bot_require_code_grant:
        text = "Requires OAuth2 Code Grant is on, so no invite link works."
        findings.append(fail("invite", text, f"Switch it off at {page}/bot."))
    else:
        findings.append(ok("invite", f"Invite it with {invite_link(application.id)}"))
        findings.append(
            ok(
                "permissions",
                f"That link asks for the permissions {INVITE_PERMISSIONS.value}: {_names(INVITE_PERMISSIONS)}.",
            )
        )
    if application.bot_public:
        text = "Public Bot is on: strangers can invite this bot into their servers, and ask for your credits there."
        cure = f"Set Install Link to None at {page}/installation, then switch Public Bot off at {page}/bot."
        findings.append(warn("public bot", text, cure))
    return findings


async def _sessions(client: discord.Client) -> Finding:
    """Look at how often Discord lets this bot connect today."""
    answer = await client.http.request(Route("GET", "/gateway/bot"))
    limit = answer["session_start_limit"]
    remaining, total = int(limit["remaining"]), int(limit["total"])
    shards = f"Shards that it advises: {answer['shards']}."
    text = f"Discord lets the bot connect {remaining:,} of {total:,} times now. {shards}"
    if remaining >= min(SESSIONS_FEW, total):
        return ok("sessions", text)
    hours = max(1, round(int(limit["reset_after"]) / 3_600_000))
    return warn("sessions", text, f"Do not start it again and again: the count begins anew in about {hours} h.")


async def _guilds(client: discord.Client) -> list[Finding]:
    """Look at what the bot's role may do in its servers. Channels can still forbid it."""
    guilds = await client.http.get_guilds(GUILDS_LOOKED_AT)
    if not guilds:
        return [warn("servers", "The bot is in no server.", "Open the invite link above and pick a server of yours.")]
    lacking = {
        guild["name"]: missing
        for guild in guilds
        if (missing := _missing(discord.Permissions(int(guild["permissions"]))))
    }
    if not lacking:
        text = f"The bot's role has all the permissions that it needs in each of its {len(guilds)} servers."
        return [ok("servers", text)]
    named = "; ".join(f"{name}: {_names(missing)}" for name, missing in list(lacking.items())[:GUILDS_NAMED])
    more = f"; and {len(lacking) - GUILDS_NAMED} more servers" if len(lacking) > GUILDS_NAMED else ""
    cure = "Give the bot's role these permissions in Server Settings -> Roles, or invite it again by the link above."
    return [warn("servers", f"Permissions are missing in {named}{more}.", cure)]


def _missing(has: discord.Permissions) -> discord.Permissions:
    if has.administrator:
        return discord.Permissions.none()
    return discord.Permissions(INVITE_PERMISSIONS.value & ~has.value)


async def _owner(client: discord.Client, owner_id: int) -> Finding:
    try:
        user = await client.fetch_user(owner_id)
    except discord.NotFound:
        return fail("owners", f"Discord knows nobody with the id {owner_id}.", "Correct OWNER_IDS.")
    except _NETWORK_ERRORS as error:
        return _unreachable("owners", error)
    if user.bot:
        cure = "Set OWNER_IDS to the id of your own account."
        return fail("owners", f"{user} ({owner_id}) is a bot. Owners are people.", cure)
    return ok("owners", f"{user.display_name} ({user.id}) may use /owner.")


def _unreachable(subject: str, error: Exception) -> Finding:
    cure = "Check this machine's network, and a proxy or firewall between."
    return fail(subject, f"Discord cannot be reached ({type(error).__name__}).", cure, passing=True)


def _names(permissions: discord.Permissions) -> str:
    """Return permissions as the portal and Discord's settings call them."""
    names: Sequence[str] = [
        "View Channels" if name == "read_messages" else name.replace("_", " ").title().replace(" In ", " in ")
        for name, allowed in permissions
        if allowed
    ]
    return ", ".join(names)
