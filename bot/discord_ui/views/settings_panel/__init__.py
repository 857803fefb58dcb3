"""How the panel of `/settings` looks: its frame, its controls, and the words of each page."""
