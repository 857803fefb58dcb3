"""What is wrong with a request, in a sentence for each problem."""

from bot.discord_ui.language.speaking import decimal, mark, say
from bot.discord_ui.views.words import alternatives
from bot.domain.attachments import Attachment, MediaKind
from bot.domain.problems import OptionValue, Problem, Rule

SHOWN_CHARACTERS_MAX = 80
"""Characters of what was given that are shown."""

_KIND = {
    MediaKind.IMAGE: mark("`{option}` must be an image file. Given: {given}."),
    MediaKind.VIDEO: mark("`{option}` must be a video file. Given: {given}."),
    MediaKind.AUDIO: mark("`{option}` must be an audio file. Given: {given}."),
}
_CONTENTS = {
    MediaKind.IMAGE: mark("That file is not an image, whatever its name says. `{option}`: {given}."),
    MediaKind.VIDEO: mark("That file is not a video, whatever its name says. `{option}`: {given}."),
    MediaKind.AUDIO: mark("That file is not a recording, whatever its name says. `{option}`: {given}."),
}


def problem_words(problem: Problem) -> str:
    """Return the sentence that says what was given and what is allowed."""
    option, given = problem.option, given_words(problem.value)
    match problem.rule:
        case Rule.GIVEN:
            return say("{model} needs `{option}`.", model=problem.model, option=option)
        case Rule.GIVEN_OR_FILE:
            return say("{model} needs `{option}`, or a file instead of it.", model=problem.model, option=option)
        case Rule.GIVEN_WITH:
            return say("`{option}` must be given when `{other}` is.", option=option, other=problem.other)
        case Rule.NOT_WITH:
            return say("`{option}` must be left out when `{other}` is given.", option=option, other=problem.other)
        case Rule.KNOWN:
            return say("{model} has no option `{option}`, so leave it out.", model=problem.model, option=option)
        case Rule.ONE_OF:
            return say(
                "Not possible for `{option}`: {given}. Possible: {choices}.",
                option=option,
                given=given,
                choices=alternatives(problem.choices),
            )
        case Rule.TEXT:
            return say("`{option}` must be text. Given: {given}.", option=option, given=given)
        case Rule.LENGTH:
            return say(
                "`{option}` must be at most {most} characters long; this has {length}. Given: {given}.",
                option=option,
                given=given,
                most=problem.most,
                length=len(str(problem.value)),
            )
        case Rule.CAST | Rule.CAST_COUNT | Rule.CAST_SIZE | Rule.CAST_ROOM | Rule.CAST_GONE:
            return _cast_words(problem, given)
        case Rule.LENGTH_WITH_STYLE | Rule.FIXED | Rule.STYLE:
            return _style_words(problem, given)
        case Rule.SWITCH:
            return say("`{option}` must be on or off. Given: {given}.", option=option, given=given)
        case Rule.ADDRESS | Rule.SIZE | Rule.KIND | Rule.SECONDS:
            return _file_words(problem, given)
        case Rule.CONTENTS:
            return say(_CONTENTS[problem.kind or MediaKind.IMAGE], given=given, option=option)
        case Rule.THERE:
            return say("Discord no longer has this file: {given}. Please attach it again.", given=given)
        case Rule.REACHABLE:
            return say(
                "I could not look at this file: {given}. Discord's file store does not answer. "
                "Please try again in a moment.",
                given=given,
            )


def given_words(value: OptionValue | None) -> str:
    """Return a value in words that the member recognises."""
    match value:
        case None | "":
            return say("nothing")
        case bool():
            return say("on") if value else say("off")
        case Attachment():
            return say("“{text}”", text=_short(value.filename))
        case str():
            return say("“{text}”", text=_short(value))
    return str(value)


def _file_words(problem: Problem, given: str) -> str:
    """Say what is wrong with a file before anybody looked into it."""
    option, value = problem.option, problem.value
    match problem.rule:
        case Rule.ADDRESS:
            return say("`{option}` must be at an http or https address. Given: {given}.", option=option, given=given)
        case Rule.SIZE:
            return say(
                "`{option}` must be at most {most} MB. Given: {given}.", option=option, given=given, most=problem.most
            )
        case Rule.SECONDS:
            seconds = value.duration if isinstance(value, Attachment) and value.duration is not None else 0.0
            return say(
                "`{option}` is {seconds} seconds long, but with these options it must be between {least} and {most} "
                "seconds long.",
                option=option,
                seconds=round(seconds) if seconds == round(seconds) else decimal(seconds),
                least=problem.least,
                most=problem.most,
            )
    return say(_KIND[problem.kind or MediaKind.IMAGE], option=option, given=given)


def _style_words(problem: Problem, given: str) -> str:
    """Say what is wrong between a request and a style."""
    style = _short(problem.other)
    match problem.rule:
        case Rule.STYLE:
            return say(
                "There is no style {given} here. Pick one from the list that appears while you type.", given=given
            )
        case Rule.FIXED:
            return say(
                "The style “{style}” wants {given} for `{option}`, and {model} takes {choices}: choose `{option}` "
                "yourself, or another model.",
                style=style,
                given=given,
                option=problem.option,
                model=problem.model,
                choices=alternatives(problem.choices),
            )
    if problem.most <= 0:
        return say(
            "The style “{style}” leaves no room for a prompt with {model}: choose another model, or no style.",
            style=style,
            model=problem.model,
        )
    return say(
        "With the style “{style}”, `{option}` can be at most {most} characters long for {model} (it has {length}).",
        style=style,
        option=problem.option,
        most=problem.most,
        model=problem.model,
        length=len(str(problem.value)),
    )


def _cast_words(problem: Problem, given: str) -> str:
    """Say what is wrong with the saved pictures of a request."""
    match problem.rule:
        case Rule.CAST:
            return say(
                "There is no saved picture {given}. {command} shows those that there are.",
                given=given,
                command="`/cast list`",
            )
        case Rule.CAST_COUNT:
            return say("At most {most} saved pictures can be used at once.", most=problem.most)
        case Rule.CAST_SIZE:
            return say(
                "Saved pictures can have at most {most} MB together: use fewer, or smaller ones.", most=problem.most
            )
        case Rule.CAST_GONE:
            return say("A saved picture of this request was removed meanwhile: use the command with another one.")
    if problem.other:
        return say(
            "{model} has no free option `{option}` for the saved picture {given}.",
            model=problem.model,
            option=_short(problem.other),
            given=given,
        )
    return say("{model} has no free option for the saved picture {given}.", model=problem.model, given=given)


def _short(words: str) -> str:
    return words if len(words) <= SHOWN_CHARACTERS_MAX else words[: SHOWN_CHARACTERS_MAX - 1] + "…"
