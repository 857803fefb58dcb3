"""What supervisors and Prometheus are told, over HTTP."""
