"""From an interaction to its answer: what the member sent, whether it may be done, and the private reply."""
