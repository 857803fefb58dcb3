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
    assert words[0].isupper() or words[0].isdigit() or words.startswith("<@")
    assert words.endswith(".")
    assert not re.search(r"None|_|\bScope|deleted", words)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (
            [default(50), patrons(None, MONTH)],
            "<@&9>: unlimited credits a month. That has no effect while the limit for everyone holds, too: "
            "50 credits a day. To lift it here, set an amount for the same period.",
        ),
        (
            [ceiling(1000), guild(5000)],
            "The server: 5,000 credits a month. That has no effect, because the bot's owner lets this server "
            "spend less: 1,000 credits a month.",
        ),
        (
            [guild(1, MONTH), mia(500, MONTH)],
            "<@7>: 500 credits a month. That has no effect, because this server as a whole may spend less: "
            "1 credit a month.",
        ),
        (
            [default(50), patrons(1)],
            "<@&9>: 1 credit a day. That is less than everybody else has: 50 credits a day.",
        ),
    ],
)
def test_a_warning_says_what_holds_instead(limits: list[Limit], words: str) -> None:
    [warning] = limit_warnings(limits, Rules(), owners_account=True)
    assert warning_words(warning, {9}) == words
