"""A self-hosted Discord bot for AI video. Layers import only downwards: see docs/architecture.md."""
