"""Result files: fetched to disk with caps, and encoded smaller where Discord would not take them."""
