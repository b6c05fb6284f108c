"""What every exporter promises: identical bytes twice, any text and any name, any rate, and errors that say what to do.

Formats that need the video are given a small real one.
"""

from __future__ import annotations

import inspect
import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sestina.core.correction import Correction
from sestina.core.errors import SestinaError
from sestina.core.registry import Entry, exporters, importers, readers
from sestina.core.storyboard import Storyboard
from sestina.export._merge import merge
from sestina.media.encode import VideoWriter
from tests.export.boards import CUTS, HOSTILE, NAME, board, media

NTSC = Fraction(30000, 1001)
NEEDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {"chapters-youtube": ({"slow": 8}, {"by": "shots"})}
"""What a format cannot do without: of the storyboard, of its options. YouTube takes chapters from ten seconds on."""
ENTRIES = {entry.name: entry for entry in exporters}


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real video with the cuts of the boards, 1280x720 at 29.97, each shot one colour."""
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    with VideoWriter(path, width=1280, height=720, rate=NTSC, preset="ultrafast") as writer:
        for frame in range(CUTS[-1]):
            shot = sum(frame >= cut for cut in CUTS)
            writer.add_frame(np.full((720, 1280, 3), 50 * shot, np.uint8))
    return path


def written(entry: Entry[Any], storyboard: Storyboard, folder: Path, video: Path | None) -> dict[str, bytes]:
    """Return what an exporter wrote: file names and bytes, "" for the one file of a format that has one."""
    options = NEEDS.get(entry.name, ({}, {}))[1]
    if "video" in inspect.signature(entry.make).parameters:
        options = {**options, "video": video}
    given = iter([storyboard]) if entry.many else storyboard
    if entry.suffix:
        stream = io.BytesIO()
        entry.make(given, stream, **options)
        return {"": stream.getvalue()}
    folder.mkdir()
    entry.make(given, folder, **options)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", ENTRIES)
def test_written_twice_the_bytes_are_identical(name: str, tmp_path: Path, video: Path) -> None:
    entry = ENTRIES[name]
    one = board(NTSC, **NEEDS.get(name, ({}, {}))[0])
    first = written(entry, one, tmp_path / "a", video)
    assert first == written(entry, one, tmp_path / "b", video)
    assert any(first.values())


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("kind", ["hostile", "variable", "vertical", "odd_rate"])
def test_any_text_name_rate_and_shape_is_written(name: str, kind: str, tmp_path: Path, video: Path) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "hostile": {"text": HOSTILE, "name": NAME},
        "variable": {"vfr": True},
        "vertical": {"size": (720, 1280)},
        "odd_rate": {"rate": Fraction(120, 7)},
    }
    facts = {"rate": NTSC, **NEEDS.get(name, ({}, {}))[0], **kinds[kind]}
    assert any(written(ENTRIES[name], board(**facts), tmp_path / "out", video).values())


@pytest.mark.parametrize("name", ENTRIES)
def test_an_empty_storyboard_or_one_without_pictures_is_written_or_refused_with_a_hint(
    name: str, tmp_path: Path
) -> None:
    """Nothing but a named error, with what to do about it, may come of having nothing to write."""
    info = media(NTSC)
    silent = Storyboard(media=info.model_copy(update={"audio": None}))
    heard = Storyboard(media=info.model_copy(update={"video": None}))
    for number, one in enumerate((silent, heard)):
        refused = None
        try:
            written(ENTRIES[name], one, tmp_path / str(number), None)
        except SestinaError as error:
            refused = error
        assert refused is None or refused.hint


@pytest.mark.parametrize("name", ENTRIES)
def test_its_options_are_named_annotated_and_have_defaults(name: str) -> None:
    entry = ENTRIES[name]
    for number, one in enumerate(inspect.signature(entry.make).parameters.values()):
        if number > 1:
            assert one.kind is one.KEYWORD_ONLY
            assert one.default is not one.empty
            assert one.annotation is not one.empty
    assert entry.suffix == "" or entry.suffix.startswith(".")


@pytest.mark.parametrize(("name", "importer"), readers().items())
@pytest.mark.parametrize(
    "facts", [{"text": HOSTILE, "name": NAME}, {"vfr": True}, {"rate": Fraction(120, 7)}], ids=["hostile", "vfr", "odd"]
)
def test_an_untouched_export_brings_no_change(
    name: str, importer: str, facts: dict[str, Any], tmp_path: Path, video: Path
) -> None:
    one = board(**{"rate": NTSC, **facts})
    (data,) = written(ENTRIES[name], one, tmp_path / name, video).values()
    given = list(importers.get(importer).make(io.BytesIO(data), one))
    assert all(isinstance(correction, Correction) for correction in given)
    found = merge(one, given, who="ada", tool=importer)
    assert found.board == one
    assert not found.conflicts


def test_every_importer_reads_what_an_exporter_writes() -> None:
    assert set(readers().values()) == set(importers.names())


@pytest.mark.parametrize("name", importers.names())
@pytest.mark.parametrize("data", [b"\x00\xff\xfe" * 99, b"{", b"<a>", b"[]", "é;".encode("utf-16")])
def test_a_file_of_another_kind_is_refused_by_name(name: str, data: bytes) -> None:
    with pytest.raises(SestinaError):
        list(importers.get(name).make(io.BytesIO(data), board(NTSC)))


@pytest.mark.parametrize("name", importers.names())
def test_an_empty_file_removes_nothing(name: str) -> None:
    try:
        given = list(importers.get(name).make(io.BytesIO(b""), board(NTSC)))
    except SestinaError:
        return
    assert given == []
