"""`python -m bot setup`: from nothing to a bot that can be started, by questions whose answers are tried at once."""
