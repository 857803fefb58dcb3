"""Whatever the options of a documented model allow is accepted by the sandbox's own reading of the contract."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.pricing import estimate
from bot.domain.request import GenerationRequest, complete, payload, validate
from bot.studio.reading.catalogue import read_catalogue
from sandbox.studio.catalogue import BY_SLUG, MODELS
from sandbox.studio.shapes import model_json
from sandbox.studio.validation import check
from tests.support.capability_strategies import choices

CATALOGUE = read_catalogue([model_json(model) for model in MODELS])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_request_without_problems_is_accepted_and_costs_what_was_estimated(data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(CATALOGUE.models))
    request = complete(GenerationRequest(model.slug, data.draw(choices(model))), model)
    if validate(request, model):
        return
    body: dict[str, Any] = payload(request, model)
    order = check(body, BY_SLUG)
    price = estimate(model, request)
    if order.seconds is not None:
        charge = order.model.price.credits(
            seconds=order.seconds, quality=order.quality, sound=order.sound, optin=order.optin
        )
        assert (price.credits, price.certain) == (charge, True)
