"""Result files: streamed to disk within limits, and encoded smaller where Discord would not take them."""
