"""A small HTTP server that breaks as it is told, for whoever has to bear it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Reaction = Callable[[BaseHTTPRequestHandler], None]
PROBLEM_JSON = "application/problem+json"


@dataclass
class FlakyServer:
    """Reacts to each request with the next of its reactions; remembers requests."""

    reactions: Iterator[Reaction]
    url: str = ""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def flaky_server(*reactions: Reaction) -> Iterator[FlakyServer]:
    server = FlakyServer(iter(reactions))

    class Handler(BaseHTTPRequestHandler):
        def react(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.requests.append((f"{self.command} {self.path}", headers))
            next(server.reactions)(self)

        do_GET = do_POST = react  # noqa: N815  # as http.server looks for them

        def log_message(self, *_arguments: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server.url = f"http://127.0.0.1:{listener.server_port}"
        thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def answer(
    body: bytes | str, status: int = 200, *, announced: int | None = None, **more: str
) -> Reaction:
    """Send a body; announce another length than its own to tear it."""
    content = body.encode() if isinstance(body, str) else body

    def react(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(announced or len(content)))
        for name, value in more.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return react


def stream(*events: str) -> Reaction:
    """Send server-sent events, then close the connection in the middle of one."""

    def react(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for event in (*events, "data: torn"):
            handler.wfile.write(f"{len(event.encode()):x}\r\n{event}\r\n".encode())
        handler.close_connection = True

    return react
