"""What the service tells an address, as a program asks for it."""

from collections.abc import Iterator, Sequence

from app.client.connection import Connection
from app.client.errors import Json

PAGE = 100


class WebhookVerbs:
    """The verbs of webhooks, of a class that has a connection."""

    _connection: Connection

    def create_webhook(self, url: str, events: Sequence[str] = ()) -> Json:
        """Have an address told, of all events by default.

        `secret` in the answer verifies signatures, and is shown this once.
        """
        body = {"url": url, "events": list(events)}
        return self._connection.create("/webhooks", body)

    def webhooks(self) -> list[Json]:
        """Return the webhooks that this key may see, the newest first."""
        found: list[Json] = self._connection.ask("GET", "/webhooks")["data"]
        return found

    def deliveries(self, webhook_id: str, *, page: int = PAGE) -> Iterator[Json]:
        """Yield what was sent to a webhook, newest first, a page at a time."""
        query: Json = {"limit": page}
        while True:
            path = f"/webhooks/{webhook_id}/deliveries"
            answer = self._connection.ask("GET", path, params=query)
            yield from answer["data"]
            if not answer["has_more"]:
                return
            query["after"] = answer["last_id"]

    def redeliver(self, webhook_id: str, delivery_id: str) -> Json:
        """Send an old message once more, under its old `webhook-id`."""
        path = f"/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver"
        return self._connection.create(path)

    def ping(self, webhook_id: str) -> Json:
        """Send a message that tells nothing."""
        return self._connection.create(f"/webhooks/{webhook_id}/test")

    def delete_webhook(self, webhook_id: str) -> None:
        self._connection.ask("DELETE", f"/webhooks/{webhook_id}")
