"""Time stamps (RFC 3161): a service outside the school signs when a checkpoint was already there."""
