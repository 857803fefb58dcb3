"""The durable engine: admission → submitter → poller → settlement → delivery, and what keeps them running."""
