"""Warnings about limits as moderators read them: each kind has words, and none is written in the code's."""

import re

import pytest

from bot.discord_ui.views.limit_warnings import warning_words
from bot.domain.limit_warnings import LimitWarning, limit_warnings
from bot.domain.quota import Limit, Rules
from tests.domain.test_limit_warnings import CASES, MONTH, ceiling, default, guild, mia, patrons

FOUND = [warning for _, limits, _ in CASES for warning in limit_warnings(limits, Rules(), owners_account=True)]
FOUND += limit_warnings([], Rules(price_max=1, confirm_above=1, approval_above=1), owners_account=True)
FOUND += limit_warnings([], Rules(price_max=0, member_jobs_max=0, guild_jobs_max=0), owners_account=True)


@pytest.mark.parametrize("warning", FOUND)
def test_every_warning_has_words(warning: LimitWarning) -> None:
    words = warning_words(warning, {9, 10})
    assert words[0].isupper() or words[0].isdigit()
    assert words.endswith(".")
    assert not re.search(r"None|_|\bScope|deleted", words)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (
            [default(50), patrons(None, MONTH)],
            "Giving <@&9> unlimited credits a month has no effect: 50 credits a day for everyone still holds. "
            "To lift it, set an amount a day for <@&9>, too.",
        ),
        (
            [ceiling(1000), guild(5000)],
            "Giving the server 5,000 credits a month has no effect: the bot's owner lets this server spend "
            "1,000 credits a month in all.",
        ),
        (
            [guild(1, MONTH), mia(500, MONTH)],
            "Giving <@7> 500 credits a month has no effect: this server as a whole may spend 1 credit a month.",
        ),
        (
            [default(50), patrons(1)],
            "Members with <@&9> can spend less than everybody else: 1 credit a day, "
            "where everyone has 50 credits a day.",
        ),
    ],
)
def test_a_warning_says_what_holds_instead(limits: list[Limit], words: str) -> None:
    [warning] = limit_warnings(limits, Rules(), owners_account=True)
    assert warning_words(warning, {9}) == words
