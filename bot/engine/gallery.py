"""What Discord is asked about posted results, and how they are forwarded, as protocols."""

from datetime import date
from typing import Protocol

from bot.domain.showcase import Room


class ResultGone(Exception):
    """The message of a result is gone; `channel` says that its whole channel is."""

    def __init__(self, *, channel: bool) -> None:
        super().__init__("the channel is gone" if channel else "the message is gone")
        self.channel = channel


class ResultHidden(Exception):
    """The bot may not look at a result any more. Asking again changes nothing until somebody lets it."""


class ShowcaseLost(Exception):
    """The showcase channel is gone, or the bot may not post there."""


class ForwardRefused(Exception):
    """Discord does not forward this message. Another one may be forwarded."""


class Likes(Protocol):
    """Counts who liked a result. Every method raises ResultGone, ResultHidden, and DeliveryLater."""

    async def place_of(self, channel_id: int) -> int:
        """Return the channel whose permissions hold: for a thread the one that it is in.

        A private thread is a place of its own, which nobody is known to see.
        """

    async def count(self, channel_id: int, message_id: int, maker_id: int) -> int:
        """Return how many people reacted to a message. Whoever made the result does not count, and no bot does."""


class WeeklyWords(Protocol):
    """Names reels of the week, because words are not the engine's."""

    async def weekly(self, guild_id: int, first: date, last: date) -> tuple[str, str]:
        """Return the title of the reel of a week, by its days, and what its title card says."""


class ShowcasePoster(Protocol):
    """Forwards results. Every method raises DeliveryLater."""

    async def source(self, guild_id: int, channel_id: int) -> Room:
        """Return what the channel of a result tells about its readers. Raises ResultGone and ResultHidden."""

    async def showcase(self, guild_id: int, channel_id: int) -> Room:
        """Return what a showcase tells about its readers. Raises ShowcaseLost."""

    async def find(self, channel_id: int, message_id: int, since: float) -> int | None:
        """Return the bot's forward of a message, if a channel has one that was posted after `since`.

        Returns None also where the channel's history cannot be read.
        """

    async def forward(self, guild_id: int, source: tuple[int, int], channel_id: int, nonce: str) -> int:
        """Forward a message, given as channel and message id, and return the forward's id.

        The same nonce soon after gives back the first forward. Raises ResultGone, ShowcaseLost and ForwardRefused.
        """
