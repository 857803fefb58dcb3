"""Every word that people read, in the language of its reader."""
