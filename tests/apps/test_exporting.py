"""Journeys of `sestina export` and `sestina import`: out, corrected in the tool's own format, back, and all that can go
wrong on the way. Nothing is overwritten unasked, what cannot be applied is listed, and nobody meets a traceback."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from sestina.apps import console
from sestina.core.registry import exporters, importers, readers
from sestina.core.storyboard import Storyboard, Unit
from tests.apps.shell import COMMAND, Ran, run
from tests.apps.test_cli import nobody
from tests.export import films
from tests.export.boards import HOSTILE, NAME, board

Shell = Callable[..., Ran]
ODD = "a '\"[bold]\n$(x) é \U0001f3ac"
"""A file name that shells and markup trip over."""


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    for page in (console.out, console.err):
        monkeypatch.setattr(page, "width", 500)  # long paths stay on their line
    return lambda *words: run(capsys, monkeypatch, *words)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return written(tmp_path / "clip.sv6d.json")


def written(path: Path, one: Storyboard | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    (board() if one is None else one).to_json(path)
    return path


def filmed(folder: Path, name: str = "clip.mp4") -> Path:
    """Write a small real video and its storyboard of two shots; return the document."""
    folder.mkdir(parents=True, exist_ok=True)
    video = films.film(folder / name, 20, Fraction(25))
    return written(folder / "clip.sv6d.json", films.board(video, (0, 9)))


class TestWhereItGoes:
    def test_beside_the_document_and_said(self, shell: Shell, document: Path) -> None:
        ran = shell("export", document, "--to", "srt")
        assert (ran.code, ran.out) == (0, "")
        assert "clip.srt" in ran.err
        assert "Here is how it works" in document.with_name("clip.srt").read_text()

    def test_every_format_has_a_name_of_its_own(self) -> None:
        """Else one format's export would take the place of another's, or of the document itself."""
        suffixes = [entry.suffix or f".{entry.name}" for entry in exporters]
        assert sorted(set(suffixes)) == sorted(suffixes)
        assert not {".json", ".sv6d.json"} & set(suffixes)

    def test_stdout(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        ran = shell("export", document, "--to", "vtt", "-o", "-")
        assert (ran.code, ran.out[:6], ran.err) == (0, "WEBVTT", "")
        assert list(tmp_path.iterdir()) == [document]

    def test_a_pipe_takes_even_what_is_written_back_and_forth(self, tmp_path: Path) -> None:
        words = ("export", str(filmed(tmp_path)), "--to", "chapters-mp4", "--set", "by=shots", "-o", "-")
        ran = subprocess.run([*COMMAND, *words], capture_output=True, check=False, timeout=60)
        assert (ran.returncode, ran.stdout[4:8], ran.stderr) == (0, b"ftyp", b"")

    def test_a_folder_that_is_there_takes_the_file(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        assert shell("export", document, "--to", "otio", "-o", tmp_path / "out").code == 0
        assert (tmp_path / "out" / "clip.otio").is_file()

    def test_several_storyboards(self, shell: Shell, tmp_path: Path) -> None:
        for name in ("a", "b"):
            written(tmp_path / "in" / f"{name}.sv6d.json")
        assert shell("export", tmp_path / "in", "--to", "ass", "-o", tmp_path / "out").code == 0
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.ass", "b.ass"]
        assert shell("export", tmp_path / "in", "--to", "csv-wide").code == 0
        with (tmp_path / "in" / "storyboards.tags.csv").open(newline="") as file:
            assert len(list(csv.reader(file))) == 3

    def test_a_folder_of_one_is_a_folder(self, shell: Shell, tmp_path: Path) -> None:
        written(tmp_path / "in" / "a.sv6d.json")
        assert shell("export", tmp_path / "in", "--to", "ass", "-o", tmp_path / "out").code == 0
        assert (tmp_path / "out" / "a.ass").is_file()

    def test_videos_lie_beside_their_documents(self, shell: Shell, tmp_path: Path) -> None:
        for name in ("one", "two"):
            path = films.film(tmp_path / f"{name}.mp4", 12, Fraction(25))
            one = films.board(path, (0, 5))
            media = one.media.model_copy(update={"path": f"elsewhere/{name}.mp4"})
            written(tmp_path / f"{name}.sv6d.json", one.model_copy(update={"media": media}))
        ran = shell("export", tmp_path, "--to", "hf", "--set", "frames=true", "-o", tmp_path / "out")
        assert ran.code == 0, ran.err

    def test_odd_names(self, shell: Shell, tmp_path: Path) -> None:
        document = written(tmp_path / f"{ODD}.sv6d.json", board(text=HOSTILE, name=NAME))
        for to in ("csv-units", "fcpxml", "shotlist-json", "parquet"):
            assert shell("export", document, "--to", to).code == 0
            assert (tmp_path / f"{ODD}{exporters.get(to).suffix or '.' + to}").exists()


class TestNothingIsTakenAway:
    def test_a_file_that_is_there_is_replaced_where_it_is_named_or_forced(self, shell: Shell, document: Path) -> None:
        mine = document.with_name("clip.srt")
        mine.write_text("corrected by hand")
        ran = shell("export", document, "--to", "srt")
        assert (ran.code, "is there already" in ran.err) == (2, True)
        assert mine.read_text() == "corrected by hand"
        for words in (("-o", mine), ("--force",)):
            mine.write_text("corrected by hand")
            assert shell("export", document, "--to", "srt", *words).code == 0
            assert "Here is" in mine.read_text()

    def test_a_folder_that_holds_something_is_replaced_when_forced(
        self, shell: Shell, document: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "out"
        out.mkdir()
        (out / "keep.txt").write_text("mine")
        ran = shell("export", document, "--to", "parquet", "-o", out)
        assert (ran.code, "is not empty" in ran.err, (out / "keep.txt").read_text()) == (2, True, "mine")
        assert shell("export", document, "--to", "parquet", "-o", out, "--force").code == 0
        assert (out / "shots.parquet").is_file()
        assert not (out / "keep.txt").exists()

    @pytest.mark.parametrize(("to", "place"), [("srt", "clip.sv6d.json"), ("chapters-mp4", "clip.mp4"), ("clips", ".")])
    def test_what_it_is_made_of_stays_even_when_forced(self, shell: Shell, tmp_path: Path, to: str, place: str) -> None:
        document = filmed(tmp_path)
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        ran = shell("export", document, "--to", to, "-o", tmp_path / place, "--force")
        assert (ran.code, "would take the place of" in ran.err) == (2, True)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before

    def test_a_failed_export_leaves_what_was_there(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        out.mkdir()
        (out / "old").write_text("old")
        ran = shell("export", document, "--to", "clips", "-o", out, "--force")
        assert (ran.code, "--video" in ran.err) == (2, True)
        assert (out / "old").read_text() == "old"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.sv6d.json", "out"]

    def test_a_pipe_stays_a_pipe(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        assert shell("export", document, "--to", "chapters-podcast", "-o", tmp_path / "pipe").code == 0
        assert json.loads(os.read(reader, 60_000))["version"] == "1.2.0"
        os.close(reader)
        assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)

    def test_two_documents_of_one_name(self, shell: Shell, tmp_path: Path) -> None:
        documents = [written(tmp_path / name / "a.sv6d.json") for name in ("x", "y")]
        ran = shell("export", *documents, "--to", "srt", "-o", tmp_path / "out")
        assert (ran.code, "would both become" in ran.err) == (2, True)
        assert not (tmp_path / "out").exists()
        assert shell("export", documents[0], documents[0], "--to", "srt").code == 0


BAD_USE = [
    ((), "name a storyboard and a format"),
    (("{good}",), "name a storyboard and a format"),
    (("{good}", "--to", "nope"), "unknown exporter 'nope'"),
    (("{folder}/none.sv6d.json", "--to", "srt"), "cannot read"),
    (("{folder}/empty", "--to", "srt"), "holds no .sv6d.json file"),
    (("{bad}", "--to", "srt"), "bad.sv6d.json: not JSON"),
    (("{good}", "--to", "srt", "--set", "what"), "--set what=VALUE"),
    (("{good}", "--to", "srt", "--set", "who=me"), "srt has: what, line_chars"),
    (("{good}", "--to", "srt", "--set", "what=both"), "'speech' or 'screen'"),
    (("{good}", "--to", "srt", "--set", "lines=0"), "lines >= 1"),
    *(
        (("{good}", "--to", to, "--set", f"facets={word}", "-o", "{folder}/out"), f"unknown facet '{word}'")
        for to, word in (("cvat", "narr.bet"), ("labelstudio", "nar."), ("coco", "beat"), ("fiftyone", "narr"))
    ),
    (("{good}", "--to", "vtt-metadata", "--set", "facet=narr.bet"), "unknown facet 'narr.bet'"),
    (("{good}", "--to", "srt", "-o", "{bad}/out.srt"), "cannot write"),
    (("{good}", "--to", "srt", "-o", "{folder}/" + "a" * 300), "File name too long"),
    (("{good}", "--to", "parquet", "-o", "-"), "cannot go to a stream"),
    (("{good}", "--to", "parquet", "-o", "{bad}"), "is a file already"),
    (("{good}", "--to", "clips"), "--video"),
    (("{good}", "--to", "clips", "--set", "crf=99"), "crf=99"),
    (("{good}", "{bad}", "--to", "srt", "-o", "-"), "cannot go to stdout"),
    (("{good}", "{bad}", "--to", "gif", "--video", "x.mp4"), "the video of one storyboard"),
]


class TestWhatGoesWrong:
    @pytest.mark.parametrize(("words", "said"), BAD_USE)
    def test_bad_use_is_one_error_with_a_hint(
        self, shell: Shell, document: Path, tmp_path: Path, words: tuple[str, ...], said: str
    ) -> None:
        (tmp_path / "empty").mkdir()
        bad = tmp_path / "bad.sv6d.json"
        bad.write_text('{"sv6d": "1.0", "units": [')
        places = {"good": document, "bad": bad, "folder": tmp_path}
        ran = shell("export", *(word.format(**places) for word in words))
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert ran.err.count("error:") == 1
        assert "hint:" in ran.err
        assert not list(tmp_path.rglob(".*part"))

    def test_a_missing_or_unreadable_video_is_3(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        (tmp_path / "note.mp4").write_text("no video")
        for path in (tmp_path / "none.mp4", tmp_path / "note.mp4", tmp_path):
            assert shell("export", document, "--to", "stills", "--video", path).code == 3

    def test_another_video_is_refused(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        other = films.film(tmp_path / "other.mp4", 12, Fraction(25))
        for to in ("stills", "chapters-mkv"):
            ran = shell("export", document, "--to", to, "--video", other)
            assert (ran.code, "is not the video of this storyboard: 12 frames, not 150" in ran.err) == (2, True)

    def test_one_that_fails_stops_no_other(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "a.sv6d.json").write_text("{")
        written(tmp_path / "b.sv6d.json")
        ran = shell("export", tmp_path, "--to", "srt")
        assert (ran.code, "a.sv6d.json: not JSON" in ran.err) == (2, True)
        assert (tmp_path / "b.srt").is_file()

    def test_a_folder_that_may_not_be_written(self, shell: Shell) -> None:
        with tempfile.TemporaryDirectory() as folder, nobody(Path(folder)):
            document = written(Path(folder) / "clip.sv6d.json")
            (locked := Path(folder) / "locked").mkdir(0o555)
            for to in ("srt", "parquet"):
                ran = shell("export", document, "--to", to, "-o", locked / "out")
                assert (ran.code, "cannot write" in ran.err) == (2, True)
            assert not list(locked.iterdir())

    def test_the_list_says_which_come_back(self, shell: Shell) -> None:
        said = shell("export", "--list").out
        assert all(entry.name in said for entry in exporters)
        marked = {line.split()[1] for line in said.splitlines() if "⇄" in line and line[0] == "│"}
        assert marked == set(readers())


def cell(old: str, new: str) -> Callable[[str], str]:
    """Return an edit that puts a label in place of the first of its kind, as a person does in any editor."""
    return lambda text: text.replace(old, new, 1)


def annotated(text: str) -> str:
    """Return a Label Studio task as its export has it once a person chose another beat."""
    (task,) = json.loads(text)
    (result,) = (one["result"] for one in task["predictions"])
    chosen = cell('"narr.beat=hook"', '"narr.beat=problem"')(json.dumps(result))
    task["annotations"] = [{"id": 1, "completed_by": 1, "was_cancelled": False, "result": json.loads(chosen)}]
    return json.dumps([task])


EDITS: dict[str, Callable[[str], str]] = {
    "csv-units": cell("narr.beat,hook", "narr.beat,problem"),
    "tsv-units": cell("narr.beat\thook", "narr.beat\tproblem"),
    "fcpxml": cell('value="narr.beat=hook"', 'value="narr.beat=problem"'),
    "xmeml": cell("<name>narr.beat=hook", "<name>narr.beat=problem"),
    "otio": cell('"narr.beat=hook"', '"narr.beat=problem"'),
    "cvat": cell('<attribute name="label">hook', '<attribute name="label">problem'),
    "labelstudio": annotated,
}


class TestBack:
    @pytest.mark.parametrize("to", EDITS)
    def test_a_label_corrected_in_the_tool_comes_back(self, shell: Shell, document: Path, to: str) -> None:
        shell("export", document, "--to", to)
        file = document.with_name("clip" + exporters.get(to).suffix)
        before, text = document.read_bytes(), file.read_text(encoding="utf-8")
        assert shell("import", file, "--onto", document).code == 0
        assert document.read_bytes() == before, "an untouched export changes nothing"
        corrected = EDITS[to](text)
        assert corrected != text
        file.write_text(corrected, encoding="utf-8", newline="")
        ran = shell("import", file, "--onto", document, "--who", "ada", "--json")
        found = json.loads(ran.out)
        assert (ran.code, found["counts"], found["conflicts"]) == (0, {"relabelled": 1}, [])
        told = Storyboard.from_json(document)["b0"]
        assert (told.label, told.status, told.producer.name) == ("problem", "human", "ada")

    def test_every_format_that_comes_back_is_tried(self) -> None:
        """Subtitles carry no labels and a bundle is no text: both have tests of their own below."""
        assert set(readers()) == {*EDITS, "srt", "otio-otioz"}

    def test_a_bundle_untouched(self, shell: Shell, document: Path) -> None:
        shell("export", document, "--to", "otio-otioz")
        ran = shell("import", document.with_name("clip.otioz"), "--onto", document)
        assert (ran.code, "are the same" in ran.err) == (0, True)

    def test_subtitles(self, shell: Shell, document: Path) -> None:
        shell("export", document, "--to", "srt")
        file = document.with_name("clip.srt")
        file.write_text(file.read_text().replace("minute", "second"))
        assert shell("import", file, "--onto", document).code == 0
        (said,) = Storyboard.from_json(document).units(facet="subject.utterance")
        assert (said.text, said.status) == ("Here is how it works, in a second.", "human")

    def test_another_place(self, shell: Shell, document: Path, tmp_path: Path) -> None:
        shell("export", document, "--to", "csv-units")
        before, out = document.read_bytes(), tmp_path / "out.sv6d.json"
        assert shell("import", tmp_path / "clip.units.csv", "--onto", document, "-o", out).code == 0
        assert Storyboard.from_json(out) == Storyboard.from_json(document)
        assert document.read_bytes() == before


class TestConflicts:
    @pytest.fixture
    def contested(self, shell: Shell, document: Path) -> Path:
        """Return a sheet that says `cta` of a beat of which ada said `problem` after the export."""
        shell("export", document, "--to", "csv-units")
        sheet = document.with_name("clip.units.csv")
        text = sheet.read_text()
        sheet.write_text(text.replace("narr.beat,hook", "narr.beat,problem"), newline="")
        assert shell("import", sheet, "--onto", document, "--who", "ada").code == 0
        sheet.write_text(text.replace("narr.beat,hook", "narr.beat,cta").replace("pan_left", "pan_right"), newline="")
        return sheet

    def test_are_listed_and_the_rest_is_applied(self, shell: Shell, document: Path, contested: Path) -> None:
        ran = shell("import", contested, "--onto", document, "--who", "bob")
        assert ran.code == 1
        assert "not applied" in ran.err
        assert "b0: the storyboard has changed since the export: it says 'problem'" in ran.err
        now = Storyboard.from_json(document)
        assert said(now["b0"]) == ("problem", "ada")
        assert said(now["m0"]) == ("pan_right", "bob")

    def test_as_json(self, shell: Shell, document: Path, contested: Path) -> None:
        ran = shell("import", contested, "--onto", document, "--who", "bob", "--json")
        found = json.loads(ran.out)
        assert (ran.code, found["counts"]) == (1, {"relabelled": 1})
        assert [(one["unit"], one["place"][:5]) for one in found["conflicts"]] == [("b0", "line ")]

    def test_can_be_decided_by_a_person(self, shell: Shell, document: Path, contested: Path) -> None:
        assert shell("import", contested, "--onto", document, "--who", "bob", "--overwrite").code == 0
        assert said(Storyboard.from_json(document)["b0"]) == ("cta", "bob")

    def test_diff_shows_what_an_import_changed(self, shell: Shell, document: Path, contested: Path) -> None:
        out = document.with_name("out.sv6d.json")
        shell("import", contested, "--onto", document, "-o", out)
        ran = shell("diff", document, out)
        assert (ran.code, "pan_right" in ran.err, "1 relabelled" in ran.err) == (1, True, True)


def said(unit: Unit) -> tuple[str | None, str]:
    return unit.label, unit.producer.name


class TestGarbage:
    @pytest.mark.parametrize("name", importers.names())
    @pytest.mark.parametrize("data", [b"\x00\xff" * 500, b"{", b"<a", b"\xff\xfe\x00\xd8", b'"' * 9])
    def test_is_refused_and_nothing_is_changed(self, shell: Shell, document: Path, name: str, data: bytes) -> None:
        file, before = document.with_name("back"), document.read_bytes()
        file.write_bytes(data)
        ran = shell("import", file, "--onto", document, "--from", name)
        assert (ran.code, ran.out) == (2, "")
        assert "error:" in ran.err
        assert document.read_bytes() == before

    @pytest.mark.parametrize("to", sorted({*EDITS, "srt"}))
    def test_a_file_that_breaks_off_removes_nothing(self, shell: Shell, document: Path, to: str) -> None:
        shell("export", document, "--to", to)
        file = document.with_name("clip" + exporters.get(to).suffix)
        data = file.read_bytes()
        count = len(Storyboard.from_json(document).items)
        for share in (0.2, 0.5, 0.9):
            file.write_bytes(data[: int(len(data) * share)])
            assert shell("import", file, "--onto", document, "--from", readers()[to]).code in (0, 1, 2)
            assert len(Storyboard.from_json(document).items) >= count

    def test_the_format_cannot_be_told(self, shell: Shell, document: Path) -> None:
        (document.parent / "back.doc").write_text("")
        ran = shell("import", document.parent / "back.doc", "--onto", document)
        assert (ran.code, "--from one of: csv, cvat" in ran.err) == (2, True)

    def test_missing_files_and_folders(self, shell: Shell, document: Path) -> None:
        shell("export", document, "--to", "csv-units")
        sheet = document.with_name("clip.units.csv")
        for words in (("none.csv", "--onto", document), (document.parent, "--onto", document, "--from", "csv"),
                      (sheet, "--onto", "none.json"), (sheet, "--onto", document.parent)):  # fmt: skip
            ran = shell("import", *words)
            assert (ran.code, "cannot read" in ran.err) == (2, True)
