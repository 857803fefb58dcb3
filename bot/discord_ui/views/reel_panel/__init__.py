"""The panel of a reel, which everybody sees, and the private cards and dialogs that its controls open."""
