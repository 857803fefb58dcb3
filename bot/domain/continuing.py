"""Which models continue a clip, and with which options: the rules of *Continue*.

A model can if a prompt and one picture to begin with are all that it needs.
"""

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.fields import OptionKind, fields_for, options_for
from bot.domain.model_choice import ANY_PROMPT, Circumstances, makes
from bot.domain.pricing import Estimate, estimate
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest, complete

FRAME_OPTIONS = ("first_frame", "image")
"""The options that the frame is given to, the first that a model takes: a first frame is nothing else, an image may
also be a reference."""
SLUG_CHARACTERS_MAX = 60
"""Characters of a model's slug. A longer one fits no custom id beside the clip's."""


def continuers(
    catalogue: Catalogue, around: Circumstances, parent: GenerationRequest, frame: Attachment
) -> tuple[tuple[Capability, Estimate], ...]:
    """Return the models that a member may continue a clip with, each with the price of that.

    The model that made the clip comes first, then its family, then the others by price.
    """
    made_by = catalogue.get(parent.model_slug)
    able = [
        (model, price_of(model, parent, frame))
        for model in catalogue.models
        if makes(model, from_image=True) and around.allows(model) and len(model.slug) <= SLUG_CHARACTERS_MAX
    ]

    def order(offer: tuple[Capability, Estimate]) -> tuple[bool, bool, int, str]:
        model, price = offer
        other_family = made_by is None or model.engine != made_by.engine
        return model.slug != parent.model_slug, other_family, price.credits, model.name.casefold()

    return tuple(sorted((offer for offer in able if around.allows_price(offer[1].credits)), key=order))


def continuation(model: Capability, parent: GenerationRequest, frame: Attachment, prompt: str) -> GenerationRequest:
    """Return the complete request that continues a clip.

    Length, quality and sound are the parent's as far as the model has them, the length that is nearest. The ratio
    follows from the frame, or is the parent's where the frame's size is not known. The words of the parent's style go
    around this prompt, too.
    """
    specs = {spec.name: spec for spec in options_for(model)}
    option = next(name for name in FRAME_OPTIONS if name in specs)
    taken_over = ["quality", "sound"]
    if frame.width is None and not _excludes(model, option, "aspect_ratio"):
        taken_over.append("aspect_ratio")
    values: dict[str, OptionValue] = {"prompt": prompt, option: frame}
    for name in taken_over:
        given, spec = parent.values.get(name), specs.get(name)
        if spec is not None and given is not None and (spec.kind is OptionKind.BOOLEAN or given in spec.choices):
            values[name] = given
    seconds = parent.values.get("duration")
    if "duration" in specs and isinstance(seconds, int) and model.durations:
        values["duration"] = min(model.durations, key=lambda each: abs(each - seconds))
    return complete(GenerationRequest(model.slug, values, parent.style), model)


def price_of(model: Capability, parent: GenerationRequest, frame: Attachment) -> Estimate:
    """Return what it costs to continue a clip with a model."""
    return estimate(model, continuation(model, parent, frame, ANY_PROMPT))


def _excludes(model: Capability, option: str, other: str) -> bool:
    return any(option in field.names(takes) and other in field.not_with for field, takes in fields_for(model))
