"""What a member learns of a refund: a direct message, and the true state on the message that named what it cost.

Both are told once, right after the refund. `/credits` and the ledger have it in any case.
"""

import logging
from dataclasses import dataclass

import discord

from bot.discord_ui.commands.mentions import CommandMentions
from bot.discord_ui.language.choice import LocaleOf, member_language
from bot.discord_ui.language.speaking import say_many, speaking
from bot.discord_ui.posting.errors import CALL_ERRORS
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.links import message_link
from bot.discord_ui.views.quota_words import kept_words
from bot.domain.jobs import Job
from bot.domain.postings import Posting

log = logging.getLogger(__name__)

_HINT = "quota refund"
"""Stands in the line about what the provider kept, in every language: the command that gives it back."""


@dataclass(frozen=True, slots=True)
class Refunded:
    """Credits that a moderator gave back on a job."""

    job: Job
    posting: Posting | None
    """What became of the job's closing message."""
    credits: int
    left: int
    """Credits that the job still costs."""
    server: str
    """The guild's name."""


class RefundTeller:
    """Tells of refunds over Discord's REST interface."""

    def __init__(self, client: discord.Client, mentions: CommandMentions, locale_of: LocaleOf) -> None:
        self._client = client
        self._mentions = mentions
        self._locale_of = locale_of

    async def tell_member(self, refunded: Refunded) -> None:
        """Write to the job's member, in their language. A member who takes no messages is not told."""
        job = refunded.job
        with speaking(await member_language(self._locale_of, job.member_id)):
            words = say_many(
                "In **{server}** a moderator gave {count} credit back to you for **{model}**: {place}",
                "In **{server}** a moderator gave {count} credits back to you for **{model}**: {place}",
                refunded.credits,
                server=excerpt(refunded.server, 100),
                model=excerpt(job.model_name, 80),
                place=self._place(refunded),
            )
        try:
            channel = await self._client.create_dm(discord.Object(job.member_id))
            await channel.send(words, allowed_mentions=discord.AllowedMentions.none())
        except CALL_ERRORS as error:
            log.info("job %s: its refund is not told: %s", job.id, error, extra={"action": "refund", "job": job.id})

    async def mend(self, refunded: Refunded) -> None:
        """Replace the line of the closing message about what the provider kept, in the language in force."""
        job, posting = refunded.job, refunded.posting
        if posting is None or not posting.stands or posting.channel_id is None or posting.message_id is None:
            return
        channel = self._client.get_partial_messageable(posting.channel_id, guild_id=job.guild_id)
        try:
            message = await channel.fetch_message(posting.message_id)
            lines = [self._mended(refunded) if _HINT in line else line for line in message.content.splitlines()]
            if "\n".join(lines) != message.content:
                await message.edit(content="\n".join(lines), allowed_mentions=discord.AllowedMentions.none())
        except CALL_ERRORS as error:
            log.info("job %s: its message is not mended: %s", job.id, error, extra={"action": "refund", "job": job.id})

    def _mended(self, refunded: Refunded) -> str:
        in_all = (refunded.job.charged or 0) - refunded.left
        given = say_many("{count} credit was given back.", "{count} credits were given back.", in_all)
        if not refunded.left:
            return f"-# {given}"
        kept = self._mentions.in_text(kept_words(refunded.left), refunded.job.guild_id)
        return f"-# {given} {kept}"

    @staticmethod
    def _place(refunded: Refunded) -> str:
        if refunded.posting is not None and refunded.posting.stands:
            return message_link(refunded.posting, refunded.job.guild_id)
        return f"<#{refunded.job.channel_id}>"
