"""`make demo`: the real bot between a local Discord and a local Video Studio, and one job from end to end."""
