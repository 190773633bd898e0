"""Real servers on loopback: one gives files by HTTP, one keeps them by FTP."""

import base64
import threading
import warnings
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

WORD = "se:cr@t"
QUOTED = "se%3Acr%40t"


class _Handler(SimpleHTTPRequestHandler):
    """Lets everybody in but to /closed/, and breaks off what is below /torn/."""

    def do_GET(self):
        given = self.headers.get("Authorization", "")
        right = "Basic " + base64.b64encode(f"me:{WORD}".encode()).decode()
        if self.path.startswith("/closed/") and given != right:
            self.send_error(401)
        elif self.path.startswith("/broken/"):
            self.send_error(503)
        elif self.path.startswith("/torn/"):
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"x" * 1000)
            self.close_connection = True
        else:
            super().do_GET()

    def do_HEAD(self):
        if self.path.startswith("/torn/"):
            self.send_error(405)
        else:
            super().do_HEAD()

    def log_message(self, *_words):
        pass


@contextmanager
def http_server(folder):
    """Yield the address of a server of a folder's files."""
    handler = partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        # It looks that often whether it is to end.
        thread = threading.Thread(
            target=server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def ftp_server(folder):
    """Yield the address of a server on which a user may write into a folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of asyncore
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import FTPHandler
        from pyftpdlib.servers import FTPServer

    people = DummyAuthorizer()
    people.add_user("me", WORD, str(folder), perm="elradfmwMT")

    class Handler(FTPHandler):
        authorizer = people
        auth_failed_timeout = 0  # who has the wrong word is told so at once

        def log(self, *_words, **_more):
            pass

    with FTPServer(("127.0.0.1", 0), Handler) as server:
        ended = threading.Event()

        def serve():
            while not ended.is_set():
                server.serve_forever(timeout=0.05, blocking=False, handle_exit=False)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.address[1]}"
        ended.set()
        thread.join()
        server.close_all()
