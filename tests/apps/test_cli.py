"""Journeys on the command line: analyze, verify, schema and doctor, many files at once, and every kind of failure."""

from __future__ import annotations

import json
import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest

from sestina.core.storyboard import Storyboard
from tests.apps.shell import Ran, run, start
from tests.media.make import cut, numbered, video
from tests.pipeline.scenes import write_scene

SHOTS = ("--only", "editing.shots")
Shell = Callable[..., Ran]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return lambda *words: run(capsys, monkeypatch, *words)


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scene(tmp_path_factory.mktemp("clips") / "scene.mp4")


def copy(scene: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(scene.read_bytes())
    return target


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Act without root's right to read everything, owning `folder`."""
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


class TestAnalyze:
    def test_writes_beside_the_video_and_says_what_it_found(self, shell: Shell, scene: Path, tmp_path: Path) -> None:
        clip = copy(scene, tmp_path / "clip.mp4")
        ran = shell("analyze", clip, *SHOTS)
        assert (ran.code, ran.out) == (0, "")
        assert "2 shots" in ran.err
        assert len(Storyboard.from_json(tmp_path / "clip.sv6d.json").shots) == 2

    def test_json_on_stdout_is_the_document(self, shell: Shell, scene: Path, tmp_path: Path) -> None:
        ran = shell("analyze", scene, *SHOTS, "--json", "-o", tmp_path / "a.json")
        assert Storyboard.from_json(ran.out) == Storyboard.from_json(tmp_path / "a.json")

    def test_a_second_run_does_nothing_until_something_changed(self, shell: Shell, scene: Path, tmp_path: Path) -> None:
        words = ("analyze", copy(scene, tmp_path / "clip.mp4"))
        shell(*words, *SHOTS)
        before = (tmp_path / "clip.sv6d.json").stat().st_mtime_ns
        assert "up to date" in shell(*words, *SHOTS).err
        assert (tmp_path / "clip.sv6d.json").stat().st_mtime_ns == before
        assert "up to date" not in shell(*words, "--only", "edit.pacing").err
        assert "up to date" not in shell(*words, "--only", "edit.pacing", "--force").err

    def test_a_directory_gives_one_document_each_and_bad_files_stop_nothing(
        self, shell: Shell, scene: Path, tmp_path: Path
    ) -> None:
        copy(scene, tmp_path / "in" / "a.mp4")
        (tmp_path / "in" / "b.mp4").write_text("no film")
        copy(scene, tmp_path / "in" / "deep" / "c.mp4")
        ran = shell("analyze", tmp_path / "in", *SHOTS, "-o", tmp_path / "out", "--json")
        assert ran.code == 3
        rows = json.loads(ran.out)
        assert [("error" in row) for row in rows] == [False, True, False]
        assert sorted(path.name for path in (tmp_path / "out").glob("*.json")) == ["a.sv6d.json", "c.sv6d.json"]

    def test_a_report_may_go_into_a_folder(self, shell: Shell, scene: Path, tmp_path: Path) -> None:
        clip = copy(scene, tmp_path / "clip.mp4")
        assert shell("analyze", clip, *SHOTS, "--report", tmp_path).code == 0
        assert "<html" in (tmp_path / "clip.html").read_text()

    def test_videos_of_one_stem_keep_their_endings(self, shell: Shell, scene: Path, tmp_path: Path) -> None:
        copy(scene, tmp_path / "a.mp4")
        copy(scene, tmp_path / "a.mov")
        assert shell("analyze", tmp_path / "a.*", *SHOTS).code == 0
        assert {"a.mp4.sv6d.json", "a.mov.sv6d.json"} <= {path.name for path in tmp_path.iterdir()}

    def test_two_at_a_time_find_the_same(self, shell: Shell, scene: Path, tmp_path: Path) -> None:
        for name in ("a.mp4", "b.mp4"):
            copy(scene, tmp_path / name)
        (tmp_path / "c.mp4").write_bytes(b"")
        ran = shell("analyze", tmp_path, *SHOTS, "--jobs", 2)
        assert ran.code == 3
        assert "2 analyzed, 0 already up to date, 1 failed" in ran.err
        one, two = (Storyboard.from_json(tmp_path / f"{name}.sv6d.json") for name in "ab")
        assert one.items == two.items

    @pytest.mark.parametrize(
        "name",
        ["with space.mp4", "quote'\".mp4", "new\nline.mp4", "видео 动画 🎬.mp4", "-dash.mp4", "[glob].mp4", "a:b.mp4"],
    )
    def test_names_are_only_names(self, shell: Shell, scene: Path, tmp_path: Path, name: str) -> None:
        clip = copy(scene, tmp_path / name)
        assert shell("analyze", clip, *SHOTS).code == 0
        assert (tmp_path / f"{clip.stem}.sv6d.json").exists()


class TestBadInput:
    @pytest.fixture
    def bad(self, tmp_path: Path) -> Callable[[str], Path]:
        def make(kind: str) -> Path:
            path = tmp_path / f"{kind}.mp4"
            match kind:
                case "empty":
                    path.write_bytes(b"")
                case "text":
                    path.write_text("dear diary")
                case "headless":  # the index of an MP4 comes last unless moved: without its end there is no film
                    cut(video(path, numbered(50)), end=0.5)
                case "noise":
                    path.write_bytes(bytes(range(256)) * 40)
                case "folder":
                    path.mkdir()
            return path

        return make

    @pytest.mark.parametrize("kind", ["empty", "text", "noise", "missing", "headless", "folder"])
    def test_is_one_clear_line_with_a_hint(self, shell: Shell, bad: Callable[[str], Path], kind: str) -> None:
        path = bad(kind)
        ran = shell("analyze", path, *SHOTS)
        assert ran.code == 3
        assert ran.err.count("error:") == 1
        assert "hint:" in ran.err
        assert "Traceback" not in ran.err
        assert not list(path.parent.glob("*.json"))

    def test_a_file_without_permission(self, shell: Shell) -> None:
        with tempfile.TemporaryDirectory() as name, nobody(Path(name)):
            clip = Path(name) / "secret.mp4"
            clip.write_bytes(b"secret")
            clip.chmod(0)
            ran = shell("analyze", clip, *SHOTS)
        assert ran.code == 3
        assert "ermission" in ran.err

    def test_a_url_needs_leave(self, shell: Shell) -> None:
        ran = shell("analyze", "http://127.0.0.1:9/clip.mp4")
        assert ran.code == 3
        assert "--allow-url" in ran.err

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--only", "camrea"), "camera"),
            (("--skip", "orc"), "ocr"),
        ],
    )
    def test_unknown_words_exit_2_and_name_the_nearest(
        self, shell: Shell, scene: Path, words: tuple[str, ...], said: str
    ) -> None:
        ran = shell("analyze", scene, *words)
        assert ran.code == 2
        assert said in ran.err

    @pytest.mark.parametrize("words", [("analyse",), ("analyze",), ("analyze", "a.mp4", "--jobs", "0"), ("verify",)])
    def test_wrong_usage_exits_2(self, shell: Shell, words: tuple[str, ...]) -> None:
        ran = shell(*words)
        assert ran.code == 2
        assert "Traceback" not in ran.err

    def test_a_full_disk_is_one_line_and_leaves_no_half_file(self, scene: Path, tmp_path: Path) -> None:
        clip = copy(scene, tmp_path / "clip.mp4")
        process = start(
            "analyze", clip, *SHOTS, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        )
        _, err = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "cannot write" in err
        assert "Traceback" not in err
        assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]

    def test_ctrl_c_keeps_what_was_finished(self, scene: Path, tmp_path: Path) -> None:
        for i in range(40):
            copy(scene, tmp_path / f"{i:02d}.mp4")
        process = start("analyze", tmp_path, *SHOTS)
        first = tmp_path / "00.sv6d.json"
        patience = time.monotonic() + 60
        while not first.exists() and time.monotonic() < patience:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert "what was finished is kept" in err
        done = sorted(tmp_path.glob("*.json"))
        assert 1 <= len(done) < 40
        assert all(len(Storyboard.from_json(path).shots) == 2 for path in done)
        assert not list(tmp_path.glob(".*part"))


class TestVerify:
    def test_exit_0_when_all_holds_and_1_when_something_does_not(
        self, shell: Shell, scene: Path, tmp_path: Path
    ) -> None:
        clip, document = copy(scene, tmp_path / "clip.mp4"), tmp_path / "clip.sv6d.json"
        shell("analyze", clip, *SHOTS)
        assert shell("verify", document).code == 0
        data = json.loads(document.read_text())
        found = next(unit for unit in data["units"] if unit.get("label") == "hard_cut")
        metric = next(item for item in found["evidence"] if item["type"] == "metric")
        metric["value"] *= 2
        document.write_text(json.dumps(data))
        ran = shell("verify", document, "--json")
        assert ran.code == 1
        assert [failed["id"] for failed in json.loads(ran.out)["failed"]] == [found["id"]]

    @pytest.mark.parametrize("text", ["", "{}", "[1,2]", '{"sv6d": "7.0"}', "\x00\x01"])
    def test_a_damaged_document_is_one_line(self, shell: Shell, tmp_path: Path, text: str) -> None:
        path = tmp_path / "bad.json"
        path.write_text(text)
        ran = shell("verify", path)
        assert ran.code == 2
        assert "error:" in ran.err

    def test_a_missing_document_or_video_is_named(self, shell: Shell, scene: Path, tmp_path: Path) -> None:
        assert "cannot read" in shell("verify", tmp_path / "none.json").err
        clip = copy(scene, tmp_path / "clip.mp4")
        shell("analyze", clip, *SHOTS)
        clip.unlink()
        assert shell("verify", tmp_path / "clip.sv6d.json").code == 3


def test_the_printed_schema_is_valid_and_accepts_what_analyze_writes(shell: Shell, scene: Path, tmp_path: Path) -> None:
    schema = json.loads(shell("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    shell("analyze", scene, *SHOTS, "-o", tmp_path / "a.json")
    jsonschema.Draft202012Validator(schema).validate(json.loads((tmp_path / "a.json").read_text()))


def test_doctor_says_what_is_available(shell: Shell) -> None:
    found = json.loads(shell("doctor", "--json").out)
    assert found["packages"]["av"]
    assert "edit.shot" in found["facets"]["editing"]["available"]
    assert "narr.tone" in found["facets"]["narrative"]["unavailable"]
    assert "facets available" in shell("doctor").out
