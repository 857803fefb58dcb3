"""The parts of the composition root: each builds what it is named after. Nothing is read at import."""
