"""Result addresses: what may be shown of them, and how long they live."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.links import expires_at, web_address

BASE = "https://media.example/clip.mp4"


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (BASE, BASE),
        (f"  {BASE}\n", BASE),
        ("http://127.0.0.1:9001/a-b_c~d.mp4?x=1&y=%2F#t", "http://127.0.0.1:9001/a-b_c~d.mp4?x=1&y=%2F#t"),
        ("https://[2001:db8::1]:8443/a.mp4", None),
        (f"{BASE}?a=[b](https://evil.example)", f"{BASE}?a=%5Bb%5D(https://evil.example)"),
        ("https://media.example/é`|\\.mp4", "https://media.example/%C3%A9%60%7C%5C.mp4"),
        ("https://media.example/two words.mp4", "https://media.example/two%20words.mp4"),
        (f"{BASE}\n**[Log in](x)**", f"{BASE}%0A**%5BLog%20in%5D(x)**"),
        ("https://media.example/<@1>", "https://media.example/%3C@1%3E"),
        ("https://media.example/\u202egnp.mp4", "https://media.example/%E2%80%AEgnp.mp4"),
        ("https://media.example/100%.mp4", "https://media.example/100%25.mp4"),
        ("https://media.example/\ud800.mp4", "https://media.example/?.mp4"),
        ("https://media.example/" + "a" * 2000, None),
        ("https://user:word@media.example/a.mp4", None),
        ("https://[media.example/a.mp4", None),
        ("https://exam[ple/a.mp4", None),
        ("https:///a.mp4", None),
        ("https://two words.example/a.mp4", None),
        ("ftp://media.example/a.mp4", None),
        ("javascript:alert(1)", None),
        ("/relative.mp4", None),
        ("", None),
    ],
)
def test_an_address_is_shown_encoded_or_not_at_all(stated: str, shown: str | None) -> None:
    assert web_address(stated) == shown


@given(st.text())
def test_whatever_is_shown_is_one_word_without_markup(stated: str) -> None:
    shown = web_address("https://media.example/" + stated)
    assert shown is None or not set(shown) & set(' \n<>[]`|\\"')
    assert shown is None or web_address(shown) == shown


@pytest.mark.parametrize(
    ("query", "moment"),
    [
        ("X-Amz-Date=20270101T000000Z&X-Amz-Expires=3600&X-Amz-Signature=a", 1_798_765_200.0),
        ("X-Goog-Date=20270101T000000Z&X-Goog-Expires=3600", 1_798_765_200.0),
        ("Expires=1798765200&Signature=a&Key-Pair-Id=b", 1_798_765_200.0),
        ("sv=2024&se=2027-01-01T01:00:00Z&sig=a", 1_798_765_200.0),
        ("X-Amz-Expires=3600", None),
        ("X-Amz-Date=soon&X-Amz-Expires=3600", None),
        ("X-Amz-Date=20270101T000000Z&X-Amz-Expires=99999999999999999999", None),
        ("Expires=never", None),
        ("Expires=nan", None),
        ("Expires=3600", None),
        ("se=tomorrow", None),
        ("", None),
    ],
)
def test_a_signed_address_tells_when_it_ends(query: str, moment: float | None) -> None:
    assert expires_at(f"{BASE}?{query}") == moment
