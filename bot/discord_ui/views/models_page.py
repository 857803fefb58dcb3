"""`/models`: what each model takes and costs and how long it usually needs here, a few models to a page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import say, say_many
from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.message_limits import cut
from bot.discord_ui.views.model_words import price_words, shown_name, usual_time
from bot.discord_ui.views.option_words import value_words
from bot.discord_ui.views.page_button import PagedList, page_row
from bot.domain.capabilities import Audio, Capability, Count, Need
from bot.domain.comparisons import Standing
from bot.domain.durations import Durations
from bot.domain.fields import options_for
from bot.services.commands import CommandName

PAGE_SIZE = 5
"""Models on a page."""


def models_view(
    models: Sequence[Capability],
    names: Mapping[str, CommandName],
    durations_of: Callable[[str], Durations],
    page: int,
    not_allowed: int = 0,
    standings: Mapping[str, Standing] | None = None,
    age_restricted: Collection[str] = (),
) -> discord.ui.LayoutView:
    """Return one page of the models, in the order of their commands. A page beyond the last one is the last one.

    `not_allowed` counts the models that the server does not allow. `standings` tell how models fared in the server's
    comparisons, by slug; `age_restricted` are the slugs of models for age-restricted channels.
    """
    ordered = sorted(models, key=lambda model: (names.get(model.slug, CommandName("~", "")), model.name))
    pages = max(1, -(-len(ordered) // PAGE_SIZE))
    page = min(max(page, 0), pages - 1)
    container: discord.ui.Container[Any] = discord.ui.Container()
    lines = [f"## {models_words(len(ordered))}"]
    if not_allowed:
        others = say_many(
            "{count} other model may not be used in this server.",
            "{count} other models may not be used in this server.",
            not_allowed,
        )
        lines.append(f"-# {others}")
    container.add_item(discord.ui.TextDisplay("\n".join(lines)))
    for model in ordered[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]:
        container.add_item(discord.ui.Separator())
        text = model_text(
            model,
            names.get(model.slug),
            durations_of(model.slug),
            (standings or {}).get(model.slug),
            age_restricted=model.slug in age_restricted,
        )
        container.add_item(discord.ui.TextDisplay(text))
    if pages > 1:
        container.add_item(page_row(PagedList.MODELS, page, pages))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def models_words(count: int) -> str:
    """Return a number of models: "12 models"."""
    return say_many("{count} model", "{count} models", count)


def model_text(
    model: Capability,
    name: CommandName | None,
    durations: Durations,
    standing: Standing | None = None,
    *,
    age_restricted: bool = False,
) -> str:
    """Describe a model in a few lines: name and command, what it takes, what it costs, and how it fared here."""
    command = f"`{name}`" if name is not None else say("(no command: no room)")
    title = f"**{escape(shown_name(model))}**  {command}"
    about = f"{escape(cut(model.description, 100))}\n" if model.description.strip() else ""
    cost = say("{price} · usually {time}", price=price_words(model), time=usual_time(durations))
    lines = [f"{title}\n{about}{cut(' · '.join(takes(model)), 200)}", f"-# {cost}"]
    if age_restricted:
        lines.append(say("-# 🔞 in age-restricted channels only"))
    if standing is not None:
        lines.append(f"-# {standing_words(standing)}")
    return "\n".join(lines)


def standing_words(standing: Standing) -> str:
    """Return how a model fared in the comparisons of a server, and whether that says much yet."""
    words = [
        say_many(
            "won {number} of {count} comparison here",
            "won {number} of {count} comparisons here",
            standing.compared,
            number=standing.won,
        ),
        say_many("{count} vote", "{count} votes", standing.votes),
    ]
    return " · ".join(words if standing.is_telling else [*words, say("too few to say much")])


def takes(model: Capability) -> list[str]:
    """Return what a model lets a member choose, each in a few words."""
    qualities = [value_words("quality", mode) for mode in model.quality_modes]
    words = [_list(model.aspect_ratios), _lengths(model), _list(qualities)]
    if model.prompt is not Need.NONE:
        words.append(_prompt(model.prompt, model.prompt_max))
    words += [_images(model.images), _clips(model.videos)]
    if model.start_end_frames or any(spec.name == "first_frame" for spec in options_for(model)):
        words.append(say("first and last frame"))
    if any(spec.name.startswith("reference_") for spec in options_for(model)):
        words.append(say("references"))
    if model.audio is Audio.NATIVE:
        words.append(say("always with sound"))
    elif model.audio is Audio.OPTIONAL:
        words.append(say("sound if you like"))
    return [word for word in words if word]


def _list(values: Sequence[str]) -> str:
    shown = escape(", ".join(values[:6]))
    return say("{names} and {number} more", names=shown, number=len(values) - 6) if len(values) > 6 else shown


def _lengths(model: Capability) -> str:
    lengths = model.durations
    if not lengths:
        longest = model.clip_seconds.maximum if model.clip_seconds else None
        return say("as long as the clip, up to {number} s", number=longest) if longest is not None else ""
    if len(lengths) > 2 and lengths == tuple(range(lengths[0], lengths[-1] + 1)):
        return say("{low} to {high} s", low=lengths[0], high=lengths[-1])
    return say("{lengths} s", lengths=", ".join(map(str, lengths[:8])))


def _prompt(need: Need, most: int | None) -> str:
    if need is Need.REQUIRED:
        return say("prompt up to {number} characters", number=most) if most else say("prompt")
    return say("optional prompt up to {number} characters", number=most) if most else say("optional prompt")


def _images(count: Count) -> str:
    low, high = count.minimum, count.maximum
    if not high:
        return ""
    if low == high:
        return say_many("{count} image", "{count} images", high)
    if low:
        return say_many("{low} to {count} image", "{low} to {count} images", high, low=low)
    return say_many("up to {count} image", "up to {count} images", high)


def _clips(count: Count) -> str:
    low, high = count.minimum, count.maximum
    if not high:
        return ""
    if low == high:
        return say_many("{count} clip", "{count} clips", high)
    if low:
        return say_many("{low} to {count} clip", "{low} to {count} clips", high, low=low)
    return say_many("up to {count} clip", "up to {count} clips", high)
