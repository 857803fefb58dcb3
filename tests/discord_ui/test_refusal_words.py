"""Every refusal has words, whatever its data are."""

import pytest

from bot.discord_ui.views.refusal_words import words_of
from bot.domain.refusals import Impossible, NotPossible

DATA: dict[Impossible, dict[str, int | str]] = {
    Impossible.NOT_AN_AMOUNT: {"maximum": 1_000_000_000},
    Impossible.AMOUNT_OUT_OF_RANGE: {"minimum": 1, "maximum": 1_000_000_000},
    Impossible.PRICE_OUT_OF_RANGE: {"price": 2_000_000_000, "maximum": 1_000_000_000},
    Impossible.REFUND_OUT_OF_RANGE: {"maximum": 1_200},
    Impossible.CHARGE_UNCHANGED: {"charged": 1_200},
    Impossible.CANNOT_POST: {"channel_id": 77},
    Impossible.DECIDED_BEFORE: {"decision": "denied"},
    Impossible.NOT_A_STYLE_NAME: {"maximum": 40},
    Impossible.NOT_A_TEMPLATE: {"count": 2},
    Impossible.TEMPLATE_TOO_LONG: {"maximum": 1_000},
    Impossible.NOT_A_LENGTH: {"maximum": 600},
    Impossible.NO_MODEL_HAS: {"option": "aspect_ratio", "value": "7:3"},
    Impossible.TOO_MANY_STYLES: {"maximum": 25},
    Impossible.NOT_A_CAST_NAME: {"maximum": 32},
    Impossible.PICTURE_TOO_LARGE: {"megabytes": 4},
    Impossible.TOO_MANY_PICTURES: {"maximum": 10},
    Impossible.NOT_UNRESOLVED: {"job_id": "abcdefghjkmn"},
}


@pytest.mark.parametrize("why", Impossible)
def test_every_reason_has_words_that_name_all_of_its_data(why: Impossible) -> None:
    data = DATA.get(why, {})
    words = words_of(NotPossible(why, **data))
    assert words.endswith(".")
    assert "{" not in words
    for value in data.values():
        assert (f"{value:,}" if isinstance(value, int) else value) in words
