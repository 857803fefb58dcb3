"""The largest file to try in a guild, from what Discord said and what it refused."""

import pytest

from bot.domain.uploads import UPLOAD_BYTES_DEFAULT, upload_limit

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("stated", "refused", "limit"),
    [
        (None, None, UPLOAD_BYTES_DEFAULT),
        (10 * MIB, None, 10 * MIB),
        (100 * MIB, None, 100 * MIB),
        # A member's own subscription can make an interaction name more than the channel takes.
        (500 * MIB, 60 * MIB, 50 * MIB),
        (None, 15 * MIB, 10 * MIB),
        (10 * MIB, 15 * MIB, 10 * MIB),
        (None, 10 * MIB, 5 * MIB),
        (None, 1000, 500),
        (None, 1, 0),
    ],
)
def test_a_refusal_counts_for_more_than_a_stated_limit(stated: int | None, refused: int | None, limit: int) -> None:
    assert upload_limit(stated, refused) == limit
    assert refused is None or upload_limit(stated, refused) < refused
