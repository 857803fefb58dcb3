"""The provider: its protocol, its wire formats, and the errors that it can answer with."""
