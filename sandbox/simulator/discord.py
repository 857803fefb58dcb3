"""The simulated Discord: cards, closing messages, approval cards and the owners' direct messages, with its faults."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from bot.domain.notices import Notice
from bot.engine.approval import CardLater, Question
from bot.engine.input_files import FilesLater
from bot.engine.notifier import (
    Closing,
    Delivered,
    DeliveryLater,
    Result,
    StatusCard,
    Unattached,
    UploadTooLarge,
)
from bot.media.download import Downloads
from sandbox.simulator.clock import SimulatedClock
from sandbox.simulator.dials import Dials
from sandbox.simulator.story import Story

NONCE_SECONDS = 180.0
"""Seconds for which Discord knows a message's nonce and gives the first message back."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A closing message that stands in a channel."""

    job_id: str
    copy: int
    message_id: int
    at: float
    succeeded: bool


class SimulatedDiscord:
    """What the bot needs of Discord, for all processes."""

    def __init__(self, clock: SimulatedClock, dials: Dials, chance: random.Random, story: Story) -> None:
        self.closings: list[Posted] = []
        self.cards: dict[str, StatusCard] = {}
        self.told: list[Notice] = []
        """What the owners were told."""
        self.rough = dials.rough_discord
        self.away = False
        """Whether Discord answers nothing but 503."""
        self._clock = clock
        self._chance = chance
        self._story = story
        self._ids = count(1)

    async def show_status(self, card: StatusCard) -> int | None:
        """See `Notifier.show_status`."""
        self._fail_now_and_then()
        self.cards[card.job_id] = card
        return card.message_id or next(self._ids)

    async def find_card(self, card: StatusCard, since: float) -> int | None:
        """See `Notifier.find_card`."""
        self._fail_now_and_then()
        return None

    async def remove_card(self, card: StatusCard) -> None:
        """See `Notifier.remove_card`."""
        self._fail_now_and_then()
        self.cards.pop(card.job_id, None)

    async def turn_card(self, closing: Closing) -> Delivered | None:
        """See `Notifier.turn_card`."""
        self._fail_now_and_then()
        if closing.status_message_id is None:
            return None
        now = self._clock.now
        if not any(one.job_id == closing.job_id for one in self.closings):
            self.closings.append(Posted(closing.job_id, closing.copy, closing.status_message_id, now, succeeded=False))
        return Delivered(closing.channel_id, closing.status_message_id, "card")

    async def post_closing(self, closing: Closing, upload_limit: int) -> Delivered:
        """See `Notifier.post_closing`."""
        self._fail_now_and_then()
        if self._strikes() and upload_limit > 0:
            raise UploadTooLarge(upload_limit)
        now = self._clock.now
        same = [one for one in self.closings if (one.job_id, one.copy) == (closing.job_id, closing.copy)]
        if not same or same[-1].at < now - NONCE_SECONDS:
            succeeded = closing.state == "succeeded"
            self.closings.append(Posted(closing.job_id, closing.copy, next(self._ids), now, succeeded))
            self._story.tell("Discord", f"closing message of job {closing.job_id}: {closing.state}, {closing.reason}")
        if self._strikes():
            # It was posted, but its answer is lost.
            raise self._chance.choice((DeliveryLater("lost"), ConnectionResetError("lost")))
        return Delivered(closing.channel_id, self.closings[-1].message_id, "channel")

    async def remove(self, channel_id: int, message_id: int) -> None:
        """See `MessageRemover.remove`."""
        self._fail_now_and_then()

    async def refresh(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """See `InputFiles.refresh`."""
        if self.away or self._strikes():
            raise FilesLater("503")
        return {address: address for address in addresses}

    async def on_card(self, channel_id: int, message_id: int, filenames: Collection[str]) -> Mapping[str, str]:
        """See `InputFiles.on_card`. No request here has such files."""
        return {}

    async def is_age_restricted(self, channel_id: int) -> bool:
        """See `Notifier.is_age_restricted`."""
        return False

    async def find_posted(self, channel_id: int, job_id: str, since: float) -> tuple[int, int] | None:
        """See `Notifier.find_posted`."""
        self._fail_now_and_then()
        return next(((channel_id, one.message_id) for one in self.closings if one.job_id == job_id), None)

    async def post(self, question: Question) -> int | None:
        """See `ApprovalCards.post`."""
        if self.away or self._strikes():
            raise CardLater("503")
        return next(self._ids)

    async def close(self, question: Question) -> None:
        """See `ApprovalCards.close`."""
        if self.away or self._strikes():
            raise CardLater("503")

    async def tell(self, notice: Notice) -> bool:
        """See `OwnerMessenger.tell`."""
        if self.away or self._strikes():
            return False
        self.told.append(notice)
        self._story.tell("owners", f"hear {notice.kind} {notice.data}")
        return True

    def _strikes(self) -> bool:
        return self._chance.random() < self.rough

    def _fail_now_and_then(self) -> None:
        if self.away:
            raise DeliveryLater("503")
        if self._strikes():
            waits = (None, 2.0, 40.0)
            raise DeliveryLater(self._chance.choice(("429", "500", "no answer")), self._chance.choice(waits))


class SimulatedDownloads(Downloads):
    """Downloads whose files are all linked, or cannot be had for one reason or another."""

    def __init__(self, discord: SimulatedDiscord, chance: random.Random) -> None:
        self._discord = discord
        self._chance = chance

    async def fetch(self, job_id: str, urls: Sequence[str]) -> tuple[Result, ...]:
        """Fetch nothing."""
        if self._chance.random() < self._discord.rough:
            return tuple(Result(url, problem=self._chance.choice(list(Unattached))) for url in urls)
        return tuple(Result(url) for url in urls)

    async def discard(self, job_id: str) -> None:
        """Nothing was written."""
