"""A server on loopback that answers /v1/chat/completions as it is told, well or badly; run as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any

Step = dict[str, Any]


def said(text: str, **more: Any) -> Step:
    """Return the step that answers `text` in the usual form; `more` goes into the reply or, as `finish`, the choice."""
    finish = more.pop("finish", "stop")
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    usage = {"prompt_tokens": 120, "completion_tokens": 8}
    return {"body": json.dumps({"model": "tiny", "choices": [choice], "usage": usage, **more})}


def streamed(*texts: str, end: bool = True, gap_s: float = 0.0) -> Step:
    """Return the step that answers by events, one a text, `gap_s` apart."""
    events: list[Any] = [{"model": "tiny", "choices": [{"delta": {"content": text}}]} for text in texts]
    if end:
        events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        events.append({"choices": [], "usage": {"prompt_tokens": 120, "completion_tokens": len(texts)}})
    lines = [f"data: {json.dumps(event)}\n\n" for event in events] + ["data: [DONE]\n\n"] * end
    return {"kind": "text/event-stream", "pieces": lines, "gap_s": gap_s}


@dataclass
class Served:
    """A running server: its address and what it was asked."""

    base_url: str
    log: Path

    @property
    def asked(self) -> list[dict[str, Any]]:
        """Every request to /chat/completions: `headers`, `body`, and `beside`, how many were under way."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]


@contextmanager
def serving(folder: Path, steps: Sequence[Step], names: Sequence[str] = ("tiny",)) -> Iterator[Served]:
    """Run the server in a process of its own; the last step is repeated."""
    log = folder / "asked.jsonl"
    plan = json.dumps({"steps": list(steps), "names": list(names), "log": str(log)})
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(plan + "\n")
        process.stdin.flush()
        port = int(process.stdout.readline())
        try:
            yield Served(f"http://127.0.0.1:{port}/v1", log)
        finally:
            process.kill()


class Handler(BaseHTTPRequestHandler):
    plan: dict[str, Any]
    lock = Lock()
    count = 0
    beside = 0

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.plan["names"]]}
        self._send({"body": json.dumps(listed)})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        cls = type(self)
        with cls.lock:
            step = self.plan["steps"][min(cls.count, len(self.plan["steps"]) - 1)]
            cls.count, cls.beside = cls.count + 1, cls.beside + 1
            record = {"headers": dict(self.headers), "body": body, "beside": cls.beside}
            with Path(self.plan["log"]).open("a", encoding="utf-8") as log:
                log.write(json.dumps(record) + "\n")
        time.sleep(step.get("stall_s", 0))
        # No longer under way, as seen from the caller, once its reply is sent: so it is counted out before.
        with cls.lock:
            cls.beside -= 1
        if not step.get("drop"):
            self._send(step)

    def _send(self, step: Step) -> None:
        pieces = step.get("pieces") or [step.get("body", "")]
        echoed = (piece.replace("KEY", self.headers.get("authorization", "")) for piece in pieces)
        self.send_response(step.get("status", 200))
        self.send_header("content-type", step.get("kind", "application/json"))
        for name, value in step.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        for piece in echoed:
            self.wfile.write(piece.encode(step.get("encoding", "utf-8")))
            self.wfile.flush()
            time.sleep(step.get("gap_s", 0))


def main() -> None:
    Handler.plan = json.loads(sys.stdin.readline())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
