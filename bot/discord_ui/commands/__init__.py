"""The commands as Discord knows them: built from capabilities, named for ever, synced when they change."""
