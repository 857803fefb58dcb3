"""The provider's catalogue, described for the owner, and its raw answers as a file."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.discord_ui.views.words import alternatives
from bot.domain.capabilities import Capability, Catalogue
from bot.domain.fields import OptionSpec, options_for
from bot.domain.json_value import JsonObject
from bot.domain.prices import Price, Rate
from bot.studio.capture import capture_answers
from bot.studio.client import StudioClient
from bot.studio.errors import StudioError
from bot.studio.protocol import Provider
from bot.studio.reading.catalogue import built_in_catalogue, read_catalogue


async def check_catalogue(
    provider: Provider, cards: Mapping[str, JsonObject], write: Callable[[str], object] = print
) -> int:
    """Describe the provider's catalogue. Return the exit status: 0 if every model is understood, else 1.

    `cards` are the owner's statements about models (`bot.studio.models_file`).
    """
    try:
        answer = await provider.models()
    except StudioError as error:
        write(f"The provider did not answer: {type(error).__name__}: {error}")
        return 1
    catalogue = read_catalogue(answer, cards)
    for line in describe(catalogue):
        write(line)
    if not catalogue.understood:
        write("No model in the answer is understood. The bot offers those it knew before, or else these:")
        for line in describe(built_in_catalogue(cards)):
            write(line)
        write("Write the answer to a file with `doctor --capture FILE` and report it; MODELS_FILE can state models.")
    return 0 if catalogue.understood and not catalogue.skipped else 1


async def capture(
    provider: Provider, api_key: str, path: Path, *, with_prompts: bool, write: Callable[[str], object] = print
) -> int:
    """Write the provider's raw answers to a new file that only its owner can read. Return the exit status."""
    if not isinstance(provider, StudioClient):
        write("STUDIO_API=legacy asks the provider for no models: there is nothing to write.")
        return 1
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        write(f"{path} cannot be written: {error.strerror}")
        return 1
    answers = await capture_answers(provider, api_key, with_prompts=with_prompts)
    with os.fdopen(file, "w", encoding="utf-8") as written:
        json.dump(answers, written, ensure_ascii=True, indent=1)
    for answer in answers:
        write(f"{answer['path']}: {answer['status'] if 'status' in answer else answer['error']}")
    write(f"Written to {path}. The API key, names and mail addresses are left out, and so are signatures of links.")
    if not with_prompts:
        write("Prompts are left out too (--with-prompts keeps them). Look through the file before you publish it.")
    return 0


def describe(catalogue: Catalogue) -> Iterator[str]:
    """Describe a catalogue in lines for the owner."""
    for engine, models in catalogue.families.items():
        yield engine
        for model in models:
            yield from (f"  {line}" for line in _model(model))
            if model.slug in catalogue.unused:
                yield f"      NOT USED: {', '.join(catalogue.unused[model.slug])}"
            if model.slug in catalogue.own:
                yield "      only in MODELS_FILE, not in the provider's answer"
    for skipped in catalogue.skipped:
        yield f"SKIPPED {skipped.name}: {skipped.reason}"
    yield f"{len(catalogue.models)} models understood, {len(catalogue.skipped)} skipped; version {catalogue.version}"


def _model(model: Capability) -> Iterator[str]:
    yield f"{model.slug} · {model.name}"
    for spec in options_for(model):
        yield f"  {spec.name}: {_option(spec)}"
    yield f"  audio: {model.audio}"
    if model.clip_seconds is not None:
        yield f"  length: that of the clip, {model.clip_seconds.minimum} to {model.clip_seconds.maximum} s"
    yield f"  credits: {_price(model.price)}"
    if model.assumed:
        yield f"  not in the answer, from the provider's docs: {', '.join(model.assumed)}"


def _option(spec: OptionSpec) -> str:
    parts = [spec.kind.value]
    if spec.choices:
        parts.append(alternatives(spec.choices))
    if spec.max_length is not None:
        parts.append(f"at most {spec.max_length} characters")
    return ", ".join([*parts, "required" if spec.required else "optional"])


def _price(price: Price) -> str:
    if not price.rates:
        return "not understood; the highest price is held for every render"
    said = "; ".join(_rate(rate) for rate in price.rates)
    if price.sound_factor != 1:
        said += f"; times {price.sound_factor} with sound"
    if price.share_discount:
        said += f"; {price.share_discount} less when shared"
    return said if price.understood else f"{said}; and more that is not understood"


def _rate(rate: Rate) -> str:
    conditions = [
        rate.quality,
        None if rate.duration is None else f"{rate.duration} s",
        None if rate.sound is None else ("with sound" if rate.sound else "silent"),
    ]
    amount = f"{rate.credits} per second" if rate.per_second else f"{rate.credits}"
    return " ".join([amount, *(f"({condition})" for condition in conditions if condition)])
