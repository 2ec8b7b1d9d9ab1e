"""A model hub on this machine: lists of files, and files in parts, as the library of Hugging Face asks for them."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "a" * 40
TOKEN = "hf_test"  # noqa: S105


class Hub:
    """`files` by repository; those in `gated` want TOKEN. A GET breaks off after `breaks_after` bytes, once."""

    def __init__(self) -> None:
        self.files: dict[str, dict[str, bytes]] = {}
        self.gated: set[str] = set()
        self.breaks_after = 0
        self.is_down = False
        self.ranges: list[str] = []
        self.url = ""


def _described(name: str, data: bytes) -> dict[str, object]:
    """As the hub lists it; of large files it says the digest."""
    large = {"lfs": {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "pointerSize": 130}}
    return {"rfilename": name, "size": len(data), **(large if len(data) > 1000 else {})}


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._resolve(with_body=False)

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            if not path.startswith("/api/models/"):
                self._resolve(with_body=True)
                return
            repository = "/".join(path.removeprefix("/api/models/").split("/")[:2])
            if repository not in hub.files:
                self._refuse(401, "RepoNotFound")
                return
            listed = [_described(name, data) for name, data in hub.files[repository].items()]
            self._send(200, json.dumps({"id": repository, "sha": COMMIT, "siblings": listed}).encode())

        def _resolve(self, *, with_body: bool) -> None:
            repository, _, rest = unquote(urlsplit(self.path).path).strip("/").partition("/resolve/")
            data = hub.files[repository][rest.partition("/")[2]]
            if repository in hub.gated and self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._refuse(403 if "Authorization" in self.headers else 401, "GatedRepo")
            elif with_body and hub.is_down:
                self._refuse(500, "")
            else:
                self._send_file(data, with_body)

        def _send_file(self, data: bytes, with_body: bool) -> None:
            asked = self.headers.get("Range", "")
            begin = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
            if with_body:
                hub.ranges.append(asked)
            more = {"Content-Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"} if begin else {}
            tag = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT, **more}
            breaks, hub.breaks_after = (hub.breaks_after, 0) if with_body else (0, hub.breaks_after)
            self._send(206 if begin else 200, data[begin:], tag, breaks=breaks, with_body=with_body)
            if breaks:
                hub.is_down = True

        def _refuse(self, status: int, code: str) -> None:
            self._send(status, b"{}", {"X-Error-Code": code} if code else {})

        def _send(
            self,
            status: int,
            body: bytes,
            headers: dict[str, str] | None = None,
            *,
            breaks: int = 0,
            with_body: bool = True,
        ) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            if with_body and self.command != "HEAD":
                self.wfile.write(body[:breaks] if breaks else body)
            if breaks:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    return Handler


@contextmanager
def hub_server() -> Iterator[Hub]:
    """The hub, on a free port."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
