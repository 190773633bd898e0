"""A site at work on a port of its own, in a thread, for as long as a block lasts."""

import socket
import threading
import time
from contextlib import contextmanager

import httpx
import uvicorn

TOKEN = "abcdefg-hjkmnpq-rstuvwx-yz23456"  # noqa: S105


@contextmanager
def served(app):
    """Serve an app by a real server on the loopback device; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield door.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def client(port, **headers):
    """Return what asks that server, and follows nothing."""
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers=headers,
        trust_env=False,
        timeout=60.0,  # a PDF on a machine that does much else
    )
