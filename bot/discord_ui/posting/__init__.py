"""Messages that the bot sends by itself: to channels, to moderators, to owners."""
