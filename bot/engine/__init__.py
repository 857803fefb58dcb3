"""What services and workers share: their context, waiting times, the supervised loops, and the one way to end a job."""
