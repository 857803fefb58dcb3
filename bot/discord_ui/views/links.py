"""Links to messages, which Discord shows as the channel's name, and what became of messages without one."""

from bot.discord_ui.language.speaking import say
from bot.domain.jobs import Job
from bot.domain.postings import DIRECT, UNDELIVERABLE, Posting


def message_link(posting: Posting, guild_id: int) -> str:
    """Return the address of a posted closing message."""
    place = "@me" if posting.outcome == DIRECT else guild_id
    return f"https://discord.com/channels/{place}/{posting.channel_id}/{posting.message_id}"


def message_address(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the address of a message in a guild."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def posted_words(posting: Posting, job: Job) -> str:
    """Say where a job's closing message is, or what became of it."""
    if posting.removed_by_others(job.member_id):
        return say("deleted by a moderator")
    if posting.deleted_at is not None:
        return say("deleted")
    if posting.stands:
        return message_link(posting, job.guild_id)
    if posting.done_at is None:
        return say("its message is on its way")
    if posting.outcome == UNDELIVERABLE:
        return say("its message could not be posted")
    return say("its channel is gone") if job.comparison_id is None else say("its comparison's message is gone")
