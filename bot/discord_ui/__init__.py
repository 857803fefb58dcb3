"""Everything that is shaped for Discord: commands, cards, buttons, dialogs, and delivery to channels."""
