"""The loops that run for ever: each has a `step()` that does what is due and says when it wants to be called again."""
