import pytest

from bot.discord_ui.views.message_limits import CHOICE_MAX, length
from bot.discord_ui.views.model_words import about_time, model_label, price_words, usual_time
from bot.domain.capabilities import Capability
from bot.domain.durations import Durations, learned
from tests.discord_ui.catalogues import KLING, SEEDANCE_2, VEO_FAST, WAN_REMIX, awkward, plain


@pytest.mark.parametrize(
    ("model", "price"),
    [
        (VEO_FAST, "100 credits"),
        (KLING, "60 to 600 credits"),
        (SEEDANCE_2, "at most 600 credits"),
        (WAN_REMIX, "120 credits"),
    ],
)
def test_a_price_is_a_sum_a_span_or_the_most_that_it_can_be(model: Capability, price: str) -> None:
    assert price_words(model) == price


@pytest.mark.parametrize(
    ("durations", "usual"),
    [
        (Durations(), "about 90 s"),  # nothing seen yet
        (Durations(60.0, 0.2), "50-70 s"),
        (Durations(60.0, 0.05), "about 60 s"),
        (Durations(8.0, 0.1), "7-9 s"),
        (Durations(22.0, 0.2), "20-25 s"),
        (Durations(120.0, 0.3), "90 s to 3 min"),
        (Durations(180.0, 0.3), "2-4 min"),
        (Durations(60.0, 0.9), "about 90 s"),  # a range of 28 s to 128 s says nothing
        (learned([60.0] * 20), "about 60 s"),
        (learned([50.0, 55.0, 60.0, 65.0, 70.0] * 4), "50-70 s"),
        (learned([1e6]), "about 60 min"),  # the longest that is named
    ],
)
def test_the_usual_time_is_an_honest_range_or_one_number(durations: Durations, usual: str) -> None:
    assert usual_time(durations) == usual


def test_the_time_of_a_command_changes_only_when_the_model_has_become_another() -> None:
    assert {about_time(Durations(median, 0.2)) for median in range(75, 99)} == {"about 90 s"}
    assert about_time(Durations(170.0, 0.2)) == "about 3 min"


def test_a_model_is_one_line_with_price_and_time() -> None:
    assert model_label(VEO_FAST, Durations()) == "Veo 3.1 Fast · 100 credits · about 90 s"
    assert model_label(KLING, Durations(60.0, 0.2)) == "Kling 3.0 · 60 to 600 credits · 50-70 s"


def test_the_price_survives_a_long_name_and_every_line_fits_a_choice() -> None:
    assert model_label(plain("a", "A" * 300, "A"), Durations()).endswith("A… · 50 credits · about 90 s")
    for model in awkward():
        assert 1 <= length(model_label(model, Durations())) <= CHOICE_MAX
