"""A client of the service's API: `from app.client import Client`; knows only HTTP."""

from app.client.client import Client, Json, read_file

__all__ = ["Client", "Json", "read_file"]
