"""What a person asked for and cannot have."""


class NotPossible(ValueError):
    """Something that a person asked for cannot be done; the message tells them why, in plain words."""
