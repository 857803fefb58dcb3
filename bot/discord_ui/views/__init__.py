"""What people see: cards, pages, buttons, dialogs, charts, and the words in them."""
