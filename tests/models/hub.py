"""A hub of our own on loopback, with one model: its facts, its files, and nothing else."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def hub_serving(folder: Path, name: str, *, licence: str) -> Iterator[str]:
    """Serve the files of `folder` as the model `name`; give the address."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def do_HEAD(self) -> None:
            self._reply(with_body=False)

        def do_GET(self) -> None:
            self._reply(with_body=True)

        def _reply(self, *, with_body: bool) -> None:
            path = self.path.partition("?")[0]
            file = folder / path.rpartition("/")[2]
            if path.startswith(f"/api/models/{name}"):
                said = tree(folder) if "/tree/" in path else facts(folder, name, licence)
                body, headers = json.dumps(said).encode(), {"content-type": "application/json"}
            elif path.startswith(f"/{name}/resolve/") and file.is_file():
                body = file.read_bytes()
                headers = {"x-repo-commit": COMMIT, "etag": f'"{hashlib.sha256(body).hexdigest()}"'}
            else:
                self.send_error(404)
                return
            self.send_response(200)
            for key, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            if with_body:
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def tree(folder: Path) -> list[dict[str, Any]]:
    """Return the files of a model as the hub lists them."""
    return [
        {"type": "file", "path": path.name, "size": path.stat().st_size, "oid": "0" * 40}
        for path in sorted(folder.iterdir())
    ]


def facts(folder: Path, name: str, licence: str) -> dict[str, Any]:
    """Return what the hub says of a model."""
    files = [{"rfilename": path.name, "size": path.stat().st_size, "blobId": "0"} for path in sorted(folder.iterdir())]
    return {"id": name, "modelId": name, "sha": COMMIT, "siblings": files, "cardData": {"license": licence}, "tags": []}
