"""What a failed call to Discord means: every error that discord.py and aiohttp raise has its place in one table."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.posting.errors import CALL_ERRORS, FailureKind, failure_kind, retry_after
from bot.discord_ui.posting.owners import DiscordOwnerMessenger
from bot.domain.notices import Notice, NoticeKind
from sandbox.discord import DiscordSandbox, RestFault

OWNER_ID, OTHER_OWNER_ID = 1150000000000000001, 1150000000000000002
NOTICE = Notice("key", NoticeKind.KEY_REFUSED)


def answered(
    status: int, code: int = 0, kind: type[discord.HTTPException] = discord.HTTPException, wait: str | None = None
) -> discord.HTTPException:
    """Return an error as discord.py builds it from an answer; `wait` is the answer's Retry-After."""
    headers = {} if wait is None else {"Retry-After": wait}
    response: Any = SimpleNamespace(status=status, reason="", headers=headers)
    return kind(response, {"code": code, "message": "no"})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answered(400, 50035), FailureKind.REFUSED),
        (answered(401), FailureKind.TRANSIENT),
        (answered(403, 50007, discord.Forbidden), FailureKind.REFUSED),
        (answered(404, 10003, discord.NotFound), FailureKind.GONE),
        (answered(405), FailureKind.REFUSED),
        (answered(408), FailureKind.TRANSIENT),
        (answered(413, 40005), FailureKind.REFUSED),
        (answered(429), FailureKind.RATE_LIMITED),
        (answered(500, 0, discord.DiscordServerError), FailureKind.TRANSIENT),
        (answered(500), FailureKind.TRANSIENT),
        (answered(503, 0, discord.DiscordServerError), FailureKind.TRANSIENT),
        (discord.RateLimited(120.0), FailureKind.RATE_LIMITED),
        (aiohttp.ServerDisconnectedError(), FailureKind.TRANSIENT),
        (aiohttp.ClientPayloadError(), FailureKind.TRANSIENT),
        (ConnectionResetError(), FailureKind.TRANSIENT),
        (TimeoutError(), FailureKind.TRANSIENT),
    ],
    ids=repr,
)
def test_every_failed_call_has_one_meaning(error: Exception, kind: FailureKind) -> None:
    assert isinstance(error, CALL_ERRORS)
    assert failure_kind(error) is kind
    assert kind.passes == (kind in (FailureKind.TRANSIENT, FailureKind.RATE_LIMITED))


def test_no_error_of_the_libraries_below_is_left_out() -> None:
    answers = [kind for kind in vars(discord.errors).values() if _is_kind(kind, discord.HTTPException)]
    failures = [kind for kind in vars(aiohttp).values() if _is_kind(kind, aiohttp.ClientError)]
    assert len(answers) > 3
    assert len(failures) > 10
    assert all(issubclass(kind, CALL_ERRORS) for kind in [*answers, *failures, discord.RateLimited])


def _is_kind(kind: object, base: type[Exception]) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (discord.RateLimited(120.0), 120.0),
        (discord.RateLimited(1e12), 3600.0),
        (answered(429, wait="12.5"), 12.5),
        (answered(429, wait="soon"), None),
        (answered(429, wait="nan"), None),
        (answered(429, wait="-1"), None),
        (answered(429), None),
        (answered(503, wait="12.5"), None),
        (ConnectionResetError(), None),
    ],
    ids=repr,
)
def test_a_wait_that_discord_asks_for_is_heard_and_bounded(error: Exception, seconds: float | None) -> None:
    assert retry_after(error) == seconds


@pytest.mark.parametrize(
    "fault",
    [
        RestFault("POST", "/channels/*/messages", status=429, via=False),
        RestFault("POST", "/users/@me/channels", status=429, via=False),
        RestFault("POST", "/channels/*/messages", status=503),
        RestFault("POST", "/channels/*/messages", status=401),
    ],
    ids=lambda fault: f"{fault.status} {fault.path}",
)
async def test_an_owner_who_cannot_be_told_now_is_told_later(
    sandbox: DiscordSandbox, poster: discord.Client, mentions: CommandMentions, fault: RestFault
) -> None:
    messenger = DiscordOwnerMessenger(poster, mentions, [OWNER_ID])
    sandbox.controls.add_fault(fault)
    assert not await messenger.tell(NOTICE)
    assert await messenger.tell(NOTICE)
    assert len([message for message in sandbox.record.messages() if "API key" in message.content]) == 1


async def test_an_owner_who_takes_no_messages_does_not_hold_up_the_notice(
    sandbox: DiscordSandbox, poster: discord.Client, mentions: CommandMentions
) -> None:
    sandbox.controls.add_fault(RestFault("POST", "/channels/*/messages", status=403, code=50007))
    assert await DiscordOwnerMessenger(poster, mentions, [OWNER_ID, OTHER_OWNER_ID]).tell(NOTICE)


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(400, 50035, "Discord refuses the notice itself"), (403, 50007, "takes no direct messages")],
)
async def test_the_log_tells_a_refused_notice_from_an_owner_who_takes_no_messages(
    sandbox: DiscordSandbox,
    poster: discord.Client,
    mentions: CommandMentions,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
    said: str,
) -> None:
    sandbox.controls.add_fault(RestFault("POST", "/channels/*/messages", status=status, code=code))
    assert await DiscordOwnerMessenger(poster, mentions, [OWNER_ID]).tell(NOTICE)
    assert [said in record.getMessage() for record in caplog.records if record.name.endswith("owners")] == [True]
