"""What people read about the clip that a video continues, and about its line of descent."""

from bot.discord_ui.language.speaking import say, say_many
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.links import message_address
from bot.discord_ui.views.words import person
from bot.domain.lineage import Lineage, Relative

NAME_SHOWN = 80
"""Characters of a model's name that are shown."""


def continues_words(parent: Relative, guild_id: int) -> str:
    """Say which clip a video continues, with a link where that stands: "Continues a clip by @mia: (link)"."""
    if parent.member_id is None:
        return say("Continues a clip that I do not keep any more")
    member = person(parent.member_id)
    if parent.place is None:
        return say("Continues a clip by {member}", member=member)
    return say("Continues a clip by {member}: {link}", member=member, link=message_address(guild_id, *parent.place))


def lineage_lines(lineage: Lineage, guild_id: int) -> list[str]:
    """Return the line of descent as the lines of a list: the ancestors, the nearest first, then the children."""
    lines = [say("- continues: {clip}", clip=_clip(lineage.ancestors[0], guild_id))] if lineage.ancestors else []
    lines += [say("  - which continues: {clip}", clip=_clip(one, guild_id)) for one in lineage.ancestors[1:]]
    if lineage.has_more_ancestors:
        lines.append(say("  - which continues others"))
    if lineage.children_count:
        lines.append(
            say_many("- continued by {count} video:", "- continued by {count} videos:", lineage.children_count)
        )
    lines += [f"  - {_clip(child, guild_id)}" for child in lineage.children]
    if (others := lineage.children_count - len(lineage.children)) > 0:
        lines.append(say("  - … and {number} more", number=others))
    return lines


def _clip(one: Relative, guild_id: int) -> str:
    if one.member_id is None:
        return say("a clip that I do not keep any more")
    model, member = excerpt(one.model_name, NAME_SHOWN), person(one.member_id)
    if one.place is None:
        return say("{model} by {member}, which is not posted here", model=model, member=member)
    link = message_address(guild_id, *one.place)
    return say("{model} by {member}: {link}", model=model, member=member, link=link)
