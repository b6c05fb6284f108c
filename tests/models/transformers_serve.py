"""`transformers serve` on loopback with a small random checkpoint; run as a process of its own.

Where torchvision's compiled part does not fit this build of torch, it cannot decode pictures: Pillow does it then.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_S = 120.0


@contextmanager
def transformers_serving(folder: Path) -> Iterator[str]:
    """Serve the checkpoint in `folder`; give the address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, __file__, "serve", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen([*command, "--device", "cpu"], env=environment, **quiet) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the address answers. Raises RuntimeError where the process ends before, or takes too long."""
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise RuntimeError("transformers serve did not start")


def main() -> None:
    from sestina.models._torch import libraries

    torch, _ = libraries()
    import numpy as np
    import torchvision.io
    from PIL import Image
    from transformers.cli.transformers import main as transformers_main

    def decode(data: Any, **_: Any) -> Any:
        picture = Image.open(io.BytesIO(bytes(data.numpy()))).convert("RGB")
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1)

    try:
        torchvision.io.decode_jpeg(torchvision.io.encode_jpeg(torch.zeros(3, 8, 8, dtype=torch.uint8)))
    except RuntimeError:
        torchvision.io.decode_image = decode
    transformers_main()


if __name__ == "__main__":
    main()
