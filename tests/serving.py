"""An application at an address of its own, for tests that speak HTTP to it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

NOBODY = "http://127.0.0.1:1"


@contextmanager
def serving(
    application: ASGIApp, connection: type[asyncio.Protocol] | None = None
) -> Iterator[str]:
    """Serve the application on a free port in a thread; give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    # Without lifespan, so no reconciler runs beside the test, unless it is about that.
    config = uvicorn.Config(
        application,
        http=connection or "auto",
        lifespan="on" if connection else "off",
        timeout_keep_alive=1,
        log_config=None,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
