"""The whole engine in one thread, with simulated time, provider and Discord: histories that a seed repeats exactly."""
