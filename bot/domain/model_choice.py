"""Which model makes a video that a member described without the command of one model: the rules of `/video`.

A model is offered if a prompt, with or without one image, is all that it needs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.domain.attachments import Attachment
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.fields import OptionKind, options_for
from bot.domain.guild_settings import GuildSettings
from bot.domain.json_value import JsonValue
from bot.domain.pricing import Estimate, estimate, price_span
from bot.domain.problems import OptionValue
from bot.domain.request import GenerationRequest, complete, validate

START_OPTIONS = ("image", "first_frame")
"""The options that the one image is given to, the first that a model takes."""

ANY_PROMPT = "a prompt"
"""Stands for a prompt that is not known yet."""
ANY_IMAGE = Attachment("https://example.org/image.png", "image.png")
"""Stands for an image that is not known yet."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member wants of a video, whichever model makes it. None is left to the model's defaults."""

    prompt: str
    image: Attachment | None = None
    aspect_ratio: str | None = None
    duration: int | None = None
    """Seconds."""
    quality: str | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides, beside the catalogue, which models a member is offered, and in which order."""

    recent: tuple[str, ...] = ()
    """The models of the member's latest requests in the guild by slug, the newest first."""
    settings: GuildSettings = field(default_factory=GuildSettings)
    """What moderators chose: the default model, and the models that are allowed."""
    price_max: int | None = None
    """The highest price of one request in the guild; None where it has none."""
    kept_away: frozenset[str] = frozenset()
    """The slugs of models that may not be used in this channel."""

    def allows(self, model: Capability) -> bool:
        """Return whether the guild's settings and rules leave a member anything that this model makes."""
        usable = self.settings.allows_model(model.slug) and model.slug not in self.kept_away
        return usable and self.allows_price(price_span(model).lowest)

    def allows_price(self, credits: int) -> bool:
        """Return whether one request may cost so much in the guild."""
        return self.price_max is None or credits <= self.price_max


@lru_cache(maxsize=1_024)
def makes(model: Capability, *, from_image: bool) -> bool:
    """Return whether a model needs nothing but a prompt, or nothing but a prompt and one image that it uses."""
    return _fits(model, Wish(ANY_PROMPT, ANY_IMAGE if from_image else None))


def offered(catalogue: Catalogue, around: Circumstances, *, has_image: bool) -> tuple[Capability, ...]:
    """Return the models that a member may choose from: favourites first, then the others by name.

    While there is no image, those that need one come last: it may still be added.
    """
    rank = {slug: place for place, slug in enumerate(favourites(around.recent))}

    def order(model: Capability) -> tuple[bool, int, str, str]:
        alone = has_image or makes(model, from_image=False)
        return not alone, rank.get(model.slug, len(rank)), model.name.casefold(), model.slug

    models = [
        model
        for model in catalogue.models
        if (makes(model, from_image=True) or (not has_image and makes(model, from_image=False)))
        and around.allows(model)
    ]
    return tuple(sorted(models, key=order))


def choose(catalogue: Catalogue, wish: Wish, around: Circumstances) -> Capability | None:
    """Return the model for a wish that names none.

    It is the guild's default, else the one that the member used last, else the cheapest; the first of them that can do
    everything that is wished for at a price that the guild allows. Where none can, it is the first that takes what
    there is to start from. None where no model does.
    """
    starting = [
        model for model in catalogue.models if makes(model, from_image=wish.image is not None) and around.allows(model)
    ]
    usual = {slug: place for place, slug in reversed([*enumerate((around.settings.default_model, *around.recent))])}

    def order(model: Capability) -> tuple[bool, int, int, str, str]:
        price = price_of(model, wish).credits
        if not (_fits(model, wish) and around.allows_price(price)):
            return True, usual.get(model.slug, len(usual)), price_span(model).lowest, model.name.casefold(), model.slug
        return False, usual.get(model.slug, len(usual)), price, model.name.casefold(), model.slug

    return min(starting, key=order, default=None)


def cheapest_credits(catalogue: Catalogue, around: Circumstances) -> int | None:
    """Return the lowest price of all models that are offered; None where there are none."""
    return min((price_span(model).lowest for model in offered(catalogue, around, has_image=False)), default=None)


def favourites(recent: Sequence[str]) -> tuple[str, ...]:
    """Return the slugs of recent requests, the most frequent first; of equally frequent ones the latest."""
    return tuple(slug for slug, _ in Counter(recent).most_common())


def named(catalogue: Catalogue, text: str) -> tuple[Capability, ...]:
    """Return the models with this slug or this name. Letter case and spaces do not matter. Several may share a name."""
    if (model := catalogue.get(text.strip())) is not None:
        return (model,)
    wanted = _folded(text)
    return tuple(model for model in catalogue.models if wanted in (_folded(model.slug), _folded(model.name)))


def matching(models: Sequence[Capability], typed: str) -> tuple[Capability, ...]:
    """Return the models, in their order, whose name, slug or engine contains every word that was typed."""
    words = _folded(typed).split()
    return tuple(
        model for model in models if all(word in _folded(f"{model.name} {model.slug} {model.engine}") for word in words)
    )


def request_for(model: Capability, wish: Wish) -> GenerationRequest:
    """Return the request that asks a model for a wish. It may have problems: `bot.domain.request.validate`."""
    specs = {spec.name: spec for spec in options_for(model)}
    values: dict[str, OptionValue] = {"prompt": wish.prompt}
    if wish.image is not None:
        values[image_option(model) or START_OPTIONS[0]] = wish.image
    if wish.aspect_ratio is not None:
        values["aspect_ratio"] = _spelt_as_in(model.aspect_ratios, wish.aspect_ratio)
    # A model with one length, or none to choose, may have no option for it.
    if wish.duration is not None and ("duration" in specs or model.durations != (wish.duration,)):
        values["duration"] = wish.duration
    if wish.quality is not None:
        values["quality"] = _spelt_as_in(model.quality_modes, wish.quality)
    return GenerationRequest(model.slug, values)


def price_of(model: Capability, wish: Wish, remembered: Mapping[str, JsonValue] | None = None) -> Estimate:
    """Return what a wish costs at a model.

    What is not wished for is as in `remembered`, the member's last choices, else as the model's defaults.
    """
    return estimate(model, complete(request_for(model, wish), model, remembered))


def image_option(model: Capability) -> str | None:
    """Return the option that an image is given to as what the video starts from; None where the model takes none."""
    taken = {spec.name for spec in options_for(model) if spec.kind is OptionKind.IMAGE}
    return next((name for name in START_OPTIONS if name in taken), None)


def _fits(model: Capability, wish: Wish) -> bool:
    return not validate(complete(request_for(model, wish), model), model)


def _spelt_as_in(choices: Sequence[str], typed: str) -> str:
    """Return the choice that was typed in other letter case; what was typed where there is none."""
    wanted = _folded(typed)
    return next((choice for choice in choices if _folded(choice) == wanted), typed)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
