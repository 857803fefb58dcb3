"""Local stand-ins for the services that the bot talks to: for trying out, demos, tests and benchmarks."""
