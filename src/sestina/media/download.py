"""Fetch a video over http(s) into the cache, only when asked to."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from sestina.core.errors import OpenError

MAX_BYTES = 4 << 30
"""Largest file that is fetched: 4 GiB."""

TIMEOUT_S = 30.0
"""Longest wait for the server's next bytes."""

CHUNK_BYTES = 1 << 18


def cache_folder() -> Path:
    """Return the folder for fetched files: `SESTINA_CACHE`, else `sestina` in the user's cache folder."""
    named = os.environ.get("SESTINA_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "sestina"


def download(url: str, *, max_bytes: int = MAX_BYTES, timeout_s: float = TIMEOUT_S) -> Path:
    """Fetch `url` (http or https, redirects to the same two followed) into the cache and return the file.

    A second call fetches again, since what lies behind a URL may change. Raises OpenError when the server cannot be
    reached, answers with an error, sends nothing for `timeout_s`, or more than `max_bytes`.
    """
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        raise OpenError(f"cannot fetch {url!r}", hint="only http and https URLs are fetched")
    suffix = re.sub(r"[^.\w]", "", Path(parts.path).suffix)[:10]
    target = cache_folder() / "downloads" / (hashlib.sha256(url.encode()).hexdigest()[:32] + suffix)
    part: str | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=target.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file, _open(url, timeout_s) as answer:
            _copy(answer, file, url, max_bytes)
        os.replace(part, target)
        part = None
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise OpenError(f"cannot fetch {url!r}: {reason}", hint="check the URL and the connection") from error
    finally:
        if part is not None:
            Path(part).unlink(missing_ok=True)
    return target


def _open(url: str, timeout_s: float) -> Any:
    opener = OpenerDirector()  # unlike build_opener, this one knows no ftp, file or data URLs
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPRedirectHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    opener.add_handler(HTTPDefaultErrorHandler())
    try:
        answer = opener.open(Request(url, headers={"User-Agent": "sestina"}), timeout=timeout_s)
    except HTTPError as error:
        error.close()
        raise URLError(f"the server answered {error.code} {error.reason}") from error
    if answer is None:
        raise URLError("redirected to something that is not http or https")
    return answer


def _copy(answer: Any, file: Any, url: str, max_bytes: int) -> None:
    done = 0
    while chunk := answer.read(CHUNK_BYTES):
        done += len(chunk)
        if done > max_bytes:
            limit = max_bytes / (1 << 30)
            raise OpenError(f"{url!r} is larger than {limit:.3g} GiB", hint="download it yourself")
        file.write(chunk)
    announced = answer.headers.get("Content-Length")
    if announced is not None and announced.isdigit() and int(announced) > done:
        raise URLError(f"the connection ended after {done} of {announced} bytes")
