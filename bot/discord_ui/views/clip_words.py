"""What members read where a clip cannot be had."""

from bot.discord_ui.language.speaking import mark, say
from bot.engine.clips import ClipProblem

_WORDS = {
    ClipProblem.UNKNOWN: mark("I do not keep this video any more."),
    ClipProblem.DELETED: mark("The message with this video was deleted, and so I do not use it any more."),
    ClipProblem.AGE_RESTRICTED: mark(
        "This video was made by a model for age-restricted channels, and this is not one."
    ),
    ClipProblem.LOST: mark("This video's file is gone: neither Discord nor the provider has it any more."),
    ClipProblem.TOO_LARGE: mark("This video's file is too large for me to fetch."),
    ClipProblem.NOT_A_VIDEO: mark("This result is not a video."),
    ClipProblem.NO_PICTURE: mark("I cannot take a picture of this video: its file is damaged, or of an unusual kind."),
    ClipProblem.NO_TOOL: mark(
        "I cannot take pictures of videos: what does that is not installed. My owner can install it "
        "(the extra `video`)."
    ),
    ClipProblem.UNREACHABLE: mark("I cannot fetch this video at the moment. Please try again in a minute."),
}


def clip_words(problem: ClipProblem) -> str:
    """Say why a clip cannot be had."""
    return say(_WORDS[problem])
