"""Whether the provider refused a request for its content, by the words of its answer.

The provider's documentation names no such refusal, so the words are those of content filters in general: "content
policy", "moderation", "NSFW", "safety", "inappropriate". A word that is missed is only not counted against its member.
"""

import re

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_CONTENT = re.compile(
    r"content[_ -](?:policy|policies|moderation|filter|guidelines?|safety|violation)|\bmoderat(?:ion|ed)\b|\bnsfw\b"
    r"|\bsafety\b|\binappropriate\b|\bsexual|\bnud(?:e|ity)\b|\bviolen(?:t|ce)\b|\bprohibited\b|\bflagged\b"
    r"|\bsensitive (?:content|words?|material)\b|\bviolat\w* .{0,60}\b(?:policy|policies|guidelines?|terms)\b"
    r"|\b(?:unsafe|harmful|explicit|forbidden|disallowed) (?:content|prompt|material|words?)\b"
)


def refuses_content(message: str | None) -> bool:
    """Tell whether a message refuses a request for its content. Words in quotes may be the member's own."""
    return message is not None and _CONTENT.search(_QUOTED.sub(" ", message).lower()) is not None
