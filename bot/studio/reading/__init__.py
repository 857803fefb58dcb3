"""Tolerant readers of the provider's answers, whose exact shapes its documentation does not state."""
