"""The provider: its clients, the formats of its answers, and its errors."""
