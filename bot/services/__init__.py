"""The use cases that cogs may call. Each is one transaction or one look at the database."""
