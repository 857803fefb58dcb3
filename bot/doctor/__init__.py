"""`python -m bot doctor`: everything that a start and a day's work need, looked at one by one, each with its cure."""
