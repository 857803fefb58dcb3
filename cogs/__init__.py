"""The bot's commands, buttons and dialogs. Each file or package here is an extension of discord.py's."""
