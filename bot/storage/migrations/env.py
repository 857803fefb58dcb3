"""Alembic's entry: runs on the connection that the caller's transaction holds."""

from alembic import context

from bot.storage.tables import metadata

conn = context.config.attributes["connection"]
if conn.dialect.name == "postgresql":
    # Two processes that start together must not migrate together; the lock ends with the transaction.
    conn.exec_driver_sql("SELECT pg_advisory_xact_lock(723154)")
context.configure(connection=conn, target_metadata=metadata, render_as_batch=True, transactional_ddl=False)
context.run_migrations()
