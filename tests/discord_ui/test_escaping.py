"""Texts of members and of the provider are shown as they were typed, and hide nothing."""

import re

import pytest

from bot.discord_ui.views.escaping import code, escape, excerpt
from bot.discord_ui.views.message_limits import CONTENT_MAX, clean, cut, cut_lines, length
from bot.discord_ui.views.notices import notice_text
from bot.domain.json_value import JsonObject
from bot.domain.notices import Notice, NoticeKind

POOR: JsonObject = {"job_id": "a1", "model_name": "Kling", "required": 220}
NASTY = "\u202e\n**[Log in here](https://evil.example)** @everyone <@1> `" + "x" * 5_000


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a fox", "a fox"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u2066\u2067hidden\u2069", "hidden"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("a\u200db", "ab"),
        ("NUL\x00 and \x1b[31mred", "NUL and [31mred"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("שלום", "שלום"),
    ],
)
def test_what_hides_or_turns_text_is_taken_out_and_languages_stay(typed: str, shown: str) -> None:
    assert clean(typed) == shown
    assert cut(typed, 100) == shown


@pytest.mark.parametrize(
    "link",
    ["discord.gg/abc", "DISCORD.GG/abc", "dis\u200bcord.gg/abc", "discord.com/invite/abc", "https://discord.gg/abc"],
)
def test_no_link_unfolds(link: str) -> None:
    shown = escape(f"come to {link} now")
    assert "discord.gg" not in shown.lower()
    assert "discord.com" not in shown.lower()
    assert "://" not in shown
    assert "abc now" in shown


def test_code_cannot_be_left() -> None:
    assert code("a`b") == "`aˋb`"
    assert code("x" * 300, 10) == "`xxxxxxxxx…`"


def test_lines_are_kept_and_bounded() -> None:
    assert cut_lines("one\ntwo", 10) == "one\ntwo"
    assert length(cut_lines("🦊\n" * 3_000, CONTENT_MAX)) <= CONTENT_MAX


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_with_the_nastiest_texts_fits_a_message_and_formats_nothing(kind: NoticeKind) -> None:
    data: JsonObject = {"job_id": "0123456789ab", "model_name": NASTY, "why": NASTY, "status": NASTY}
    data |= {"remote_ids": [NASTY] * 20, "unnamed": 3, "held": 1, "available": 1, "required": 2, "guild_id": 5}
    data |= {"asked": 86_400, "seconds": 3_600, "was": "no_credits", "legacy_may_help": True}
    text = notice_text(Notice("key", kind, data), NASTY)
    assert 0 < length(text) <= CONTENT_MAX
    for forbidden in ("://", "@everyone", r"(?<!\\)\[Log in", r"(?<!\\)<@1>"):
        assert not re.search(forbidden, re.sub("`[^`]*`", "", text)), "outside of code"
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (NoticeKind.NO_CREDITS, POOR | {"available": 0}, "for job `a1` (Kling, 220 credits; left: 0 credits)."),
        (NoticeKind.NO_CREDITS, POOR | {"available": None}, "(Kling, 220 credits). The queue waits."),
        (NoticeKind.NO_CREDITS, POOR | {"available": 1}, "left: 1 credit). Requests that cost more than that wait."),
        (NoticeKind.NO_CREDITS, {"required": 1, "available": None}, "cannot pay. The queue waits."),
        (NoticeKind.KEY_FORBIDDEN, {"legacy_may_help": True}, "set STUDIO_API=legacy"),
        (NoticeKind.LOW_CREDITS, {"available": 1}, "Left: 1 credit."),
        (NoticeKind.WORKS_AGAIN, {"was": NoticeKind.UNREACHABLE}, "is reached again. The queue goes on"),
        (NoticeKind.UNREACHABLE, {"why": "HTTP 404"}, "has not been reached for some minutes: HTTP 404."),
        (NoticeKind.LONG_PAUSE, {"asked": 10**12, "seconds": 3_600}, "a long pause: more than a month."),
        (
            NoticeKind.LONG_PAUSE,
            {"asked": 86_400, "seconds": 3_600},
            "a long pause: 24 h. Nothing is sent now (60 min);",
        ),
    ],
)
def test_a_notice_says_what_is_true(kind: NoticeKind, data: JsonObject, words: str) -> None:
    assert words in notice_text(Notice("key", kind, {**data}))


def test_renders_that_nobody_owns_are_named_and_counted() -> None:
    data: JsonObject = {"job_id": "0123456789ab", "remote_ids": ["one", "two"], "unnamed": 19_998}
    assert "`one`, `two`, 19,998 more. Look" in notice_text(Notice("key", NoticeKind.UNOWNED_RENDER, data))
    assert "`one`, `two`. Look" in notice_text(Notice("key", NoticeKind.UNOWNED_RENDER, {**data, "unnamed": 0}))


def test_an_excerpt_is_one_line() -> None:
    assert excerpt("a\nb\tc   d") == "a b c d"
