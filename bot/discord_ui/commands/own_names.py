"""Names of commands that are the bot's own for ever, so that no family of models takes one."""

OWN_NAMES = frozenset(
    {
        "cast",
        "compare",
        "credits",
        "gallery",
        "help",
        "jobs",
        "key",
        "models",
        "owner",
        "privacy",
        "queue",
        "quota",
        "reel",
        "settings",
        "usage",
        "video",
    }
)
"""The commands of the cogs, and those that the bot will have: a model's name, once given, is not taken back."""
