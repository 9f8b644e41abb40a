"""Webhooks: messages that the service sends by itself, signed, until they arrive."""
