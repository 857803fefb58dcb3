"""What is wrong with a request, in a sentence for each problem."""

from bot.discord_ui.language.speaking import decimal, mark, say
from bot.discord_ui.views.words import alternatives
from bot.domain.attachments import Attachment, MediaKind
from bot.domain.problems import OptionValue, Problem, Rule

SHOWN_CHARACTERS_MAX = 80
"""Characters of what was given that are shown."""

_KIND = {
    MediaKind.IMAGE: mark("`{option}` is {given}, but it must be an image file."),
    MediaKind.VIDEO: mark("`{option}` is {given}, but it must be a video file."),
    MediaKind.AUDIO: mark("`{option}` is {given}, but it must be an audio file."),
}
_CONTENTS = {
    MediaKind.IMAGE: mark("That file is not an image: {given} for `{option}` has other contents than its name says."),
    MediaKind.VIDEO: mark("That file is not a video: {given} for `{option}` has other contents than its name says."),
    MediaKind.AUDIO: mark("That file is not an audio: {given} for `{option}` has other contents than its name says."),
}


def problem_words(problem: Problem) -> str:
    """Return the sentence that says what was given and what is allowed."""
    option, given = problem.option, given_words(problem.value)
    match problem.rule:
        case Rule.GIVEN:
            return say(
                "`{option}` is {given}, but it must be given for {model}.",
                option=option,
                given=given,
                model=problem.model,
            )
        case Rule.GIVEN_OR_FILE:
            return say(
                "`{option}` is {given}, but it must be given, or a file instead of it, for {model}.",
                option=option,
                given=given,
                model=problem.model,
            )
        case Rule.GIVEN_WITH:
            return say(
                "`{option}` is {given}, but it must be given when `{other}` is.",
                option=option,
                given=given,
                other=problem.other,
            )
        case Rule.NOT_WITH:
            return say(
                "`{option}` is {given}, but it must be left out when `{other}` is given.",
                option=option,
                given=given,
                other=problem.other,
            )
        case Rule.KNOWN:
            return say("{model} has no option `{option}`, so leave it out.", model=problem.model, option=option)
        case Rule.ONE_OF:
            return say(
                "`{option}` is {given}, but it must be {choices}.",
                option=option,
                given=given,
                choices=alternatives(problem.choices),
            )
        case Rule.TEXT:
            return say("`{option}` is {given}, but it must be text.", option=option, given=given)
        case Rule.LENGTH:
            return say(
                "`{option}` is {given}, but it must be at most {most} characters long (it has {length}).",
                option=option,
                given=given,
                most=problem.most,
                length=len(str(problem.value)),
            )
        case Rule.LENGTH_WITH_STYLE | Rule.FIXED | Rule.STYLE:
            return _style_words(problem, given)
        case Rule.SWITCH:
            return say("`{option}` is {given}, but it must be on or off.", option=option, given=given)
        case Rule.ADDRESS | Rule.SIZE | Rule.KIND | Rule.SECONDS:
            return _file_words(problem, given)
        case Rule.CONTENTS:
            return say(_CONTENTS[problem.kind or MediaKind.IMAGE], given=given, option=option)
        case Rule.THERE:
            return say("Discord no longer has {given}. Please attach it again.", given=given)
        case Rule.REACHABLE:
            return say(
                "I could not look at {given}: Discord's file store does not answer. Please try again in a moment.",
                given=given,
            )


def given_words(value: OptionValue | None) -> str:
    """Return a value in words that the member recognises."""
    match value:
        case None | "":
            return say("empty")
        case bool():
            return say("on") if value else say("off")
        case Attachment():
            return say("the file “{name}”", name=_short(value.filename))
        case str():
            return say("“{text}”", text=_short(value))
    return str(value)


def _file_words(problem: Problem, given: str) -> str:
    """Say what is wrong with a file before anybody looked into it."""
    option, value = problem.option, problem.value
    match problem.rule:
        case Rule.ADDRESS:
            return say("`{option}` is {given}, but it must be at an http or https address.", option=option, given=given)
        case Rule.SIZE:
            return say(
                "`{option}` is {given}, but it must be at most {most} MB.",
                option=option,
                given=given,
                most=problem.most,
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


def _short(words: str) -> str:
    return words if len(words) <= SHOWN_CHARACTERS_MAX else words[: SHOWN_CHARACTERS_MAX - 1] + "…"
