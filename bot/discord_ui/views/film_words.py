"""What is said about the film of a reel: on its card, in its message, and where it could not be made."""

from bot.discord_ui.language.speaking import all_of, mark, percent, say, say_many
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.reel_panel.words import clock
from bot.discord_ui.views.words import file_size
from bot.domain.audit import THE_BOT
from bot.domain.film_problems import FilmProblem
from bot.engine.reel_poster import FilmCard, FilmFailure, FilmMessage

MAKERS_MENTIONED = 40
"""People who are mentioned in one message. More would not fit beside the rest of its text."""
TITLE_SHOWN = 100
"""Characters of a reel's title that are shown."""
FILM_DELETED = mark("Deleted. The reel and its clips are as they were.")
NOT_YOUR_FILM = mark("Only whoever asked for this film, and moderators, can have it deleted.")

_PROBLEMS = {
    FilmProblem.EMPTY: mark("None of its clips can be had any more."),
    FilmProblem.UNREACHABLE: mark("A clip could not be fetched, however often I tried. Ask again later."),
    FilmProblem.TOO_LONG: mark("It is longer than the bot's owner allows. Cut clips out, or trim them."),
    FilmProblem.TOO_MANY_BYTES: mark("The files of its clips are too large together. Make two reels of it."),
    FilmProblem.TOO_LARGE: mark(
        "It is too long for a file that this server takes: nobody could recognise the picture. "
        "Cut clips out, or trim them."
    ),
    FilmProblem.DISK: mark("I have no room for it on my disk now. Ask again later, or tell the bot's owner."),
    FilmProblem.MEMORY: mark("It takes more memory than one film may have. Make two reels of it."),
    FilmProblem.TIME: mark("It took longer than one film may take. Make two reels of it, or ask again later."),
    FilmProblem.BROKEN: mark(
        "I tried several times, and each time it ended early. The bot's owner finds why in the log."
    ),
    FilmProblem.UNDELIVERABLE: mark("I cannot post it in the channel where it was asked for."),
}


def title_of(title: str) -> str:
    """Return a reel's title as it is shown; a stand-in where it was erased."""
    return excerpt(title, TITLE_SHOWN) if title.strip() else say("Untitled reel")


def card_words(card: FilmCard) -> str:
    """Return what the card of a film under way says."""
    title = title_of(card.title)
    if card.asked_by == THE_BOT:
        headline = f"🎬 **{title}**"
    else:
        headline = say("🎬 **{title}** for {member}", title=title, member=f"<@{card.asked_by}>")
    if card.percent is None:
        progress = say("Fetching the clips")
    else:
        progress = say("Joining the clips: {percent}", percent=percent(card.percent / 100))
    return f"{headline}\n{progress}"


def message_words(film: FilmMessage) -> str:
    """Return the text of a film's message. It mentions who asked for it and whose clips are in it, each once."""
    title = title_of(film.title)
    if film.asked_by == THE_BOT:
        lines = [f"🎬 **{title}**"]
    else:
        lines = [say("{member} the film of **{title}** is ready.", member=f"<@{film.asked_by}>", title=title)]
    others = [f"<@{maker}>" for maker in film.makers if maker != film.asked_by]
    if others:
        shown = all_of(others[:MAKERS_MENTIONED])
        lines.append(say("With clips by {makers}.", makers=shown))
    clips = say_many("{count} clip", "{count} clips", film.clips)
    lines.append(f"-# {' · '.join([clips, clock(film.ms), file_size(film.size)])}")
    if film.dropped:
        lines.append(
            say_many(
                "-# {count} clip could not be had any more, and is left out.",
                "-# {count} clips could not be had any more, and are left out.",
                film.dropped,
            )
        )
    if film.sound_missing:
        lines.append(say("-# The sound behind it could not be read: its file is of a kind that I do not know."))
    return "\n".join(lines)


def alternative_words(film: FilmMessage) -> str:
    """Return what a film is, for people who do not see it."""
    title = title_of(film.title)
    return say_many("The film {title}, of {count} clip", "The film {title}, of {count} clips", film.clips, title=title)


def failure_words(failure: FilmFailure) -> str:
    """Return the message that there is no film, and why. It mentions who asked for it."""
    title = title_of(failure.title)
    if failure.asked_by == THE_BOT:
        headline = say("The film of **{title}** could not be made.", title=title)
    else:
        member = f"<@{failure.asked_by}>"
        headline = say("{member} the film of **{title}** could not be made.", member=member, title=title)
    return f"{headline} {say(_PROBLEMS[failure.problem])}"
