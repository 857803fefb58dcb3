"""Tolerant readers of the provider's answers, whose exact formats are not documented."""
