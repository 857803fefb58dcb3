"""Reels in words: titles, lengths, parts, and why something cannot be done."""

from bot.discord_ui.language.speaking import decimal, mark, say, say_many
from bot.discord_ui.views.escaping import code, excerpt
from bot.discord_ui.views.words import file_size, person
from bot.domain.films import Fit, Transition
from bot.domain.reel_refusals import ReelProblem, ReelRefused
from bot.domain.reel_renders import ReelRenderState
from bot.domain.reel_rules import Measure, part_ms
from bot.domain.reels import ClipCondition, Reel, ReelAccess, ReelClip, ReelPart, TitleCard
from bot.services.reel_views import ReelView

ACCESS_WORDS = {
    ReelAccess.EVERYBODY: mark("everybody may add clips"),
    ReelAccess.NAMED: mark("named people may add clips"),
    ReelAccess.CLOSED: mark("closed: no more clips are taken"),
}
"""Who may add, as a part of a line."""
FIT_WORDS = {
    Fit.LETTERBOX: mark("clips of another shape have black bars"),
    Fit.CROP: mark("clips of another shape are cropped"),
}
"""What becomes of clips of another shape, as a part of a line."""
PROMPT_SHOWN = 90
"""Characters of a prompt, or of a title card, in the list of a reel's parts."""
_PROBLEMS = {
    ReelProblem.NO_SUCH_REEL: mark("There is no such reel here any more. `/reel list` shows this server's reels."),
    ReelProblem.NO_SUCH_PART: mark("This is not in the reel any more."),
    ReelProblem.CHANGED: mark(
        "Somebody changed the reel in the meantime, so nothing was done. You see it now as it is: please try again."
    ),
    ReelProblem.NOT_AN_EDITOR: mark("Only {person}, who made this reel, and moderators can do that."),
    ReelProblem.NOT_AMONG_NAMED: mark("This reel takes clips only from people whom its maker named."),
    ReelProblem.CLOSED: mark("This reel is closed: it takes no more clips."),
    ReelProblem.FULL: mark(
        "A reel holds at most {maximum} clips and title cards, and there is no room for this. Cut something out first."
    ),
    ReelProblem.TOO_MANY_OF_MEMBER: mark(
        "You have {maximum} reels here, and more are not possible. Delete one that you do not need, in its options."
    ),
    ReelProblem.TOO_MANY_IN_GUILD: mark(
        "This server has {maximum} reels, and more are not possible. Moderators can delete old ones, in their options."
    ),
    ReelProblem.NO_WORDS: mark("Write at least one letter that can be seen."),
    ReelProblem.STOPPED_WORDS: mark("These words are not allowed here. Nothing was changed, and moderators are told."),
    ReelProblem.NOT_A_VIDEO: mark("A reel takes only finished videos that I made in this server."),
    ReelProblem.VIDEO_DELETED: mark("This video was deleted, so it cannot be added."),
    ReelProblem.VIDEO_AGE_RESTRICTED: mark(
        "Videos of this model are for age-restricted channels. Add it from there, to a reel that is shown there."
    ),
    ReelProblem.ALREADY_IN: mark("This video is in the reel already."),
    ReelProblem.NOT_A_TIME: mark("I cannot read {text} as a time. Write seconds, such as `2.5`, or `1:02.5`."),
    ReelProblem.NOT_A_PLACE: mark("Write the place as a number: 1 is the beginning."),
    ReelProblem.PIECE_OUTSIDE: mark("This clip has {length}, and the piece must lie within."),
    ReelProblem.PIECE_TOO_SHORT: mark("A piece has at least {length}, and its end comes after its beginning."),
    ReelProblem.NOT_CARD_SECONDS: mark("A title card stands for {minimum} to {maximum} seconds."),
    ReelProblem.NOT_A_SOUND: mark("I cannot mix this file in as a sound. Attach an MP3, M4A, OGG, FLAC or WAV."),
    ReelProblem.SOUND_TOO_LARGE: mark("This file is too large: the sound behind a reel has at most {size}."),
    ReelProblem.SOUND_UNREACHABLE: mark("I cannot fetch this file from Discord now. Please try again."),
    ReelProblem.NO_ROOM_FOR_SOUND: mark(
        "The sounds behind this server's reels have at most {size} together. Take one away from another reel first."
    ),
    ReelProblem.EMPTY: mark("There is no clip in this reel that could be in a film yet."),
    ReelProblem.LAST_IS_COMING: mark(
        "The last video of this reel is still being made. The reel can be continued when it is there."
    ),
    ReelProblem.TOO_LONG: mark(
        "This film would have {length}, and films may have {length_max}. Cut out or trim {length_over} of it."
    ),
    ReelProblem.TOO_LARGE: mark(
        "This film would have {length}. This server takes files of {size}, into which about {length_max} fit well "
        "enough to be watched: cut out or trim {length_over}."
    ),
    ReelProblem.RENDERING: mark("This reel is being rendered just now. Its film is posted when it is done."),
    ReelProblem.TOO_MANY_RENDERS: mark("{maximum} films are waiting already. Please try again when some are done."),
    ReelProblem.CANNOT_RENDER: mark("I cannot make films here: the bot's owner has not installed what it takes."),
}


def problem_words(refused: ReelRefused) -> str:
    """Return why something cannot be done with a reel, for whoever wanted it."""
    data, values = refused.data, dict(refused.data)
    if "maker" in data:
        values["person"] = person(int(data["maker"]))
    if "text" in data:
        values["text"] = code(str(data["text"]))
    if "bytes" in data:
        values["size"] = file_size(int(data["bytes"]))
    if "ms" in data:
        values["length"] = length_words(int(data["ms"]))
    if "seconds" in data and "maximum" in data:
        seconds, maximum = int(data["seconds"]), int(data["maximum"])
        values |= {"length": clock(seconds * 1000), "length_max": clock(maximum * 1000)}
        values["length_over"] = clock((seconds - maximum) * 1000)
    return say(_PROBLEMS[refused.problem], **values)


def title_of(reel: Reel) -> str:
    """Return a reel's title, escaped."""
    return excerpt(reel.title) if reel.title else say("Untitled reel")


def plain_title(reel: Reel) -> str:
    """Return a reel's title for places where Discord shows no markup."""
    return reel.title or say("Untitled reel")


def clock(ms: int) -> str:
    """Return a length of minutes as a clock: "1:05"."""
    minutes, seconds = divmod(-(-ms // 1000), 60)
    return f"{minutes}:{seconds:02}"


def length_words(ms: int) -> str:
    """Return a length of seconds: "8.0 s"."""
    return say("{seconds} s", seconds=decimal(ms / 1000))


def part_words(part: ReelPart, place: int) -> str:
    """Return a part in two lines. `place` is counted from 0."""
    about = " · ".join(_about(part))
    if isinstance(part, TitleCard):
        return f"**{place + 1}.** 🪧 {excerpt(part.text, PROMPT_SHOWN)}\n-# {about}"
    return f"**{place + 1}.** {excerpt(part.prompt or part.model_name, PROMPT_SHOWN)}\n-# {about}"


def part_label(part: ReelPart, place: int) -> str:
    """Return a part in one line without markup. `place` is counted from 0."""
    if isinstance(part, TitleCard):
        return f"{place + 1} · 🪧 {part.text}"
    return f"{place + 1} · {part.prompt or part.model_name}"


def _about(part: ReelPart) -> list[str]:
    ms = part_ms(part)
    words = [length_words(ms)] if ms is not None else []
    if isinstance(part, ReelClip):
        words.append(say("by {member}", member=person(part.maker_id)))
        match part.condition:
            case ClipCondition.COMING:
                return [*words, say("⏳ is being made")]
            case ClipCondition.GONE:
                return [*words, say("⚠️ its video is gone: not in the film")]
            case ClipCondition.READY:
                pass
        if part.start_ms or part.end_ms is not None:
            words.append(_piece_words(part))
        if not part.sound:
            words.append(say("🔇 without its sound"))
    if part.transition is Transition.FADE:
        words.append(say("fades in"))
    return words


def _piece_words(clip: ReelClip) -> str:
    start = decimal(clip.start_ms / 1000)
    if clip.end_ms is None:
        return say("✂️ from {start} s", start=start)
    return say("✂️ {start} s to {end} s", start=start, end=decimal(clip.end_ms / 1000))


def summary_words(view: ReelView) -> str:
    """Return what a reel is, in a few lines below its title."""
    reel, sums = view.reel, view.measure
    access = say(ACCESS_WORDS[reel.access])
    lines = [say("-# by {member} · {access}", member=person(reel.maker_id), access=access)]
    if not view.parts:
        lines.append(say("Nothing is in this reel yet. Press *Add to reel* below a video, or use `/reel add`."))
        return "\n".join(lines)
    lines.append(_sums(sums))
    about = [f"{sums.format.width} × {sums.format.height}", say(FIT_WORDS[reel.fit])]
    about.append(say("with credits") if reel.credits else say("without credits"))
    lines.append(f"-# {' · '.join(about)}")
    if view.background is not None:
        lines.append(f"🎵 {excerpt(view.background.name, 60)} ({file_size(view.background.size_bytes)})")
    lines += _notes(sums)
    if view.render is not None:
        lines.append(_render_words(view))
    return "\n".join(lines)


def _sums(sums: Measure) -> str:
    return say_many(
        "**{count} clip, {length}**, about {size} (this server takes {size_max})",
        "**{count} clips, {length}**, about {size} (this server takes {size_max})",
        sums.clips,
        length=clock(sums.ms),
        size=file_size(sums.bytes),
        size_max=file_size(sums.size_max),
    )


def _notes(sums: Measure) -> list[str]:
    notes = []
    if sums.unseen:
        notes.append(
            say_many(
                "-# The length of {count} clip is not known yet.",
                "-# The lengths of {count} clips are not known yet.",
                sums.unseen,
            )
        )
    if sums.coming:
        notes.append(
            say_many("⏳ {count} video is still being made.", "⏳ {count} videos are still being made.", sums.coming)
        )
    if sums.gone:
        notes.append(
            say_many(
                "⚠️ {count} video is gone and will not be in the film.",
                "⚠️ {count} videos are gone and will not be in the film.",
                sums.gone,
            )
        )
    return notes


def _render_words(view: ReelView) -> str:
    if view.render is not None and view.render.state is ReelRenderState.RUNNING:
        return say("🎬 Its film is being made.")
    if not view.renders_ahead:
        return say("🎬 Its film is about to be made.")
    return say_many(
        "🎬 Its film waits for {count} other film.", "🎬 Its film waits for {count} other films.", view.renders_ahead
    )
