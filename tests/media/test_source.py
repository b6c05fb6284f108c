"""Bad input at the door: the right answer, or one clear MediaError with a hint; names mean nothing but a file."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sestina.core.errors import EmptyError, MediaError, OpenError
from sestina.media.decode import sweep
from sestina.media.download import download
from sestina.media.probe import probe
from sestina.media.source import resolve
from tests.media import make


def refused(path: Path | str, kind: type[MediaError] = OpenError) -> MediaError:
    with pytest.raises(kind) as caught:
        probe(path)
    assert caught.value.hint
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "clip.mp4"
    return make.video(path, make.numbered(25), muxing={"movflags": "+faststart"})


def test_a_missing_file_names_its_neighbour(clip: Path) -> None:
    assert "clip.mp4" in refused(clip.with_name("clop.mp4")).hint
    assert "folder" in refused(clip.parent / "no" / "clip.mp4").hint


def test_a_folder(tmp_path: Path) -> None:
    assert "folder" in str(refused(tmp_path))


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    refused(path, EmptyError)


@pytest.fixture
def nobody() -> Iterator[None]:
    """Root may read everything, so the test gives up that right while it lasts."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65_534)
    yield
    os.seteuid(before)


def test_no_permission(clip: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "locked.mp4"
    path.write_bytes(clip.read_bytes())
    path.chmod(0)
    request.getfixturevalue("nobody")
    assert "permission" in str(refused(path))


def test_a_pipe_would_block(tmp_path: Path) -> None:
    path = tmp_path / "pipe.mp4"
    os.mkfifo(path)
    assert "regular" in str(refused(path))


def test_impossible_paths(tmp_path: Path) -> None:
    refused("a\0b.mp4")
    refused(str(tmp_path / ("x" * 5000)))
    loop = tmp_path / "loop.mp4"
    loop.symlink_to(loop)
    refused(loop)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"This is a diary, not a video.\n" * 40, "text"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"\0" * 5000, "zeros"),
        (bytes(range(256)) * 20, "damaged"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nclip.mp4\n#EXT-X-ENDLIST\n", "playlist"),
        (b"ffconcat version 1.0\nfile clip.mp4\n", "playlist"),
        (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>', "playlist"),
    ],
)
def test_not_a_video(clip: Path, tmp_path: Path, content: bytes, hint: str) -> None:
    (tmp_path / "clip.mp4").write_bytes(clip.read_bytes())
    for name in ("lie.mp4", "lie.m3u8", "lie.mpd", "lie.ffconcat", "lie.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        assert hint in refused(path, MediaError).hint


def test_the_index_is_missing(tmp_path: Path) -> None:
    path = make.cut(make.video(tmp_path / "torn.mp4", make.numbered(25)), 0, 0.6)
    assert "moov" in refused(path).hint


def test_cut_in_the_middle_gives_what_is_there(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "half.mp4"
    path.write_bytes(clip.read_bytes())
    info = probe(make.cut(path, 0, 0.75))
    with sweep(path, info) as frames:
        got = [make.number(luma) for batch in frames for luma in batch.luma]
    assert 0 < len(got) < 25
    assert got == list(range(len(got)))
    assert info.problems


NAMES = [
    "with spaces.mp4",
    "quote'\"s.mp4",
    "new\nline.mp4",
    "ünïcødé 视频 فيديو 🎬.mp4",
    "-leading-dash.mp4",
    "concat:other.mp4",
    "a:b.mp4",
    "pipe:0.mp4",
    "http:clip.mp4",
    "data:video,mp4.mp4",
    "frame%03d.mp4",
    "subfile,,start,0,end,9,,:clip.mp4",
    "back\\slash.mp4",
    "glob*[a]?.mp4",
    "noextension",
    "lie.txt",
    "lie.m3u8",
    ".hidden.mp4",
]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_only_names(
    clip: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(clip.read_bytes())
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / name, Path(name), name):
        info = probe(path)
        assert info.video is not None
        assert info.video.frame_count == 25
        info.model_dump_json()


def test_names_that_are_no_unicode(clip: Path, tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.mp4"
    try:
        with open(raw, "wb") as file:
            file.write(clip.read_bytes())
    except OSError:
        pytest.skip("this file system wants Unicode names")
    info = probe(os.fsdecode(raw))
    assert info.path.endswith("caf\\xe9.mp4")
    info.model_dump_json()


def test_the_hash_is_of_the_content(clip: Path, tmp_path: Path) -> None:
    import hashlib

    copy = tmp_path / "copy.mp4"
    copy.write_bytes(clip.read_bytes())
    assert resolve(copy).sha256 == resolve(clip).sha256 == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert resolve(resolve(copy)) == resolve(copy)


class Site(http.server.SimpleHTTPRequestHandler):
    """Serves one folder; /moved redirects, /ftp redirects out of http, /short breaks off."""

    def do_GET(self) -> None:
        targets = {"/moved": "/clip.mp4", "/ftp": "ftp://127.0.0.1/clip.mp4", "/local": "file:///etc/hostname"}
        if self.path in targets:
            self.send_response(302)
            self.send_header("Location", targets[self.path])
            self.end_headers()
        elif self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"\0" * 100)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def site(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("SESTINA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    def handler(*args: Any) -> Site:
        return Site(*args, directory=str(clip.parent))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_urls_need_a_word(site: str) -> None:
    assert "allow" in refused(f"{site}/clip.mp4").hint
    info = probe(f"{site}/clip.mp4", allow_url=True)
    assert info.path == f"{site}/clip.mp4"
    assert info.name == "clip.mp4"
    assert info.video is not None
    assert info.video.frame_count == 25


def test_redirects_stay_on_http(site: str, tmp_path: Path) -> None:
    assert probe(f"{site}/moved", allow_url=True).video is not None
    for bad in ("/ftp", "/local"):
        with pytest.raises(OpenError):
            resolve(site + bad, allow_url=True)
    assert not list((tmp_path / "cache").rglob("*.part"))


@pytest.mark.parametrize("page", ["/nothing-here.mp4", "/short"])
def test_failed_fetches_leave_nothing(site: str, tmp_path: Path, page: str) -> None:
    with pytest.raises(OpenError) as caught:
        resolve(site + page, allow_url=True)
    assert caught.value.hint
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_fetches_have_a_limit(site: str, tmp_path: Path) -> None:
    with pytest.raises(OpenError, match="larger"):
        download(f"{site}/clip.mp4", max_bytes=1000)
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_an_unreachable_server() -> None:
    with pytest.raises(OpenError):
        resolve("http://127.0.0.1:9/clip.mp4", allow_url=True)
    with pytest.raises(OpenError):
        resolve("http:///clip.mp4", allow_url=True)
