"""A folder for `datasets.load_dataset`: Parquet files by split, and a card (README.md) that says what they hold.

Videos are not passed on; their SHA-256 finds them. Rows are written in groups of a few megabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from sestina.core.card import Card
from sestina.core.errors import MissingExtra, SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit
from sestina.export import _corpus as corpus
from sestina.export._json import compact

VERSION = "1"
"""Raised whenever the columns change."""
GROUP_BYTES = 8_000_000
"""About how much is held before it is written as one row group."""
BOX = ("x", "y", "w", "h")
LICENSES = frozenset(
    {"apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-sa-4.0",
     "cc-by-nc-nd-4.0", "cc-by-3.0", "cc-by-sa-3.0", "odc-by", "odbl", "pddl", "unknown"}
)  # fmt: skip
"""Licences that the Hub knows by these names; others are `other` in the card's header, and spelt out below it."""


@exporters.register(
    "hf",
    many=True,
    packages=("pyarrow",),
    card=Card(
        summary="Hugging Face data set: Parquet by split and a card; without the videos.",
        source="https://huggingface.co/docs/datasets",
    ),
)
def hf(
    storyboards: Iterable[Storyboard],
    folder: Path,
    *,
    sample: Literal["video", "shot"] = "video",
    statuses: str = "observed,inferred,provided,human,abstain",
    frames: bool = False,
    fps: float = 2.0,
    max_frames: int = 64,
    side: int = 448,
    val: float = 0.1,
    test: float = 0.1,
    license: str = "",
    shard_mb: int = 256,
    video: Path | None = None,
    videos: Path | None = None,
) -> None:
    """Write `data/train-00000.parquet`, ..., `README.md` and `dataset.json`.

    Args:
        storyboards: any number, taken one at a time.
        folder: exists and is empty.
        sample: what one row is.
        statuses: units with these, in a list with commas.
        frames: whether the sampled frames are put in as pictures, which passes on part of the video; needs the videos.
        fps: frames sampled a second, spread evenly.
        max_frames: most frames sampled of one row.
        side: longer side of a frame, pixels.
        val: share of videos for validation.
        test: share of videos for the test.
        license: licence of the videos, as an SPDX identifier or in words; default: what each file's tags say.
        shard_mb: size of a file, megabytes.
        video: file of the first storyboard.
        videos: folder with the videos by name.

    Raises MissingExtra without pyarrow, SestinaError for impossible options, for no storyboard at all and for a video
    that is wanted and not found, MediaError for a damaged one.
    """
    shares, sampling = corpus.Shares(val=val, test=test), corpus.Sampling(fps=fps, most=max_frames)
    wanted, found = corpus.chosen(statuses), corpus.Videos(video, videos)
    with _Tables(folder, shard_mb, frames) as tables:
        for number, board in enumerate(storyboards):
            table = board.media.frame_table()
            path = found.of(board) if frames and table is not None else None
            facts = {**_facts(board), "license": corpus.license_of(board, license)}
            for part in corpus.parts(board, sample, wanted):
                shown = sampling.frames(table, None if part.number is None else part.span)
                row = {**facts, "key": corpus.key(number, board, part), **_said(board, part)}
                row |= {"frame_indices": shown, "frame_times_s": corpus.times_of(table, shown)}
                row["sampled_fps"] = corpus.rate_of(shown, part.span)
                if frames:
                    pictures = [] if path is None else corpus.stills(board, path, shown, side)
                    row["frames"] = [{"bytes": data, "path": f"{frame:06d}.jpg"} for frame, data in pictures]
                tables.add(shares.split(board.media.sha256), row)
    if not any(tables.samples.values()):
        raise SestinaError("a data set needs at least one storyboard", hint="name some, or a folder of them")
    (folder / "README.md").write_bytes(_card(tables, sample, license, frames).encode())
    options = {
        "sample": sample, "statuses": sorted(wanted), "frames": frames, "fps": fps, "max_frames": max_frames,
        "side": side, "val": val, "test": test, "license": license, "shard_mb": shard_mb,
    }  # fmt: skip
    corpus.write_manifest(folder, tables, format="hf", version=VERSION, options=options)


def _facts(board: Storyboard) -> dict[str, Any]:
    """Return what all rows of a storyboard share."""
    media, video = board.media, board.media.video
    seen: dict[str, Any] = {"width": None, "height": None, "fps": None, "vfr": None, "frame_count": None}
    if video is not None:
        seen = {
            "width": video.display_width, "height": video.display_height, "fps": float(video.frame_rate),
            "vfr": video.vfr, "frame_count": video.frame_count,
        }  # fmt: skip
    return {
        "sha256": media.sha256, "name": corpus.file_name(media), "sv6d": board.sv6d, "duration_s": media.duration_s,
        **seen, "audio": media.audio is not None, "speech_language": board.transcript.speech_language,
    }  # fmt: skip


def _said(board: Storyboard, part: corpus.Part) -> dict[str, Any]:
    """Return what a row says of its stretch; the whole document where it is the whole video."""
    whole = None
    if part.number is None:
        document = board.model_copy(update={"items": part.units}).to_dict()
        document["media"]["path"] = corpus.public_path(board.media)
        whole = compact(document)
    return {
        "start_s": part.span.start_s,
        "end_s": part.span.end_s,
        "shot": part.number,
        "units": [_unit(unit) for unit in part.units],
        "words": [
            {"text": word.text, "start_s": word.start_s, "end_s": word.end_s, "speaker": word.speaker}
            for word in part.words
        ],
        "screen": [
            {"text": one.text, "start_s": one.span.start_s, "end_s": one.span.end_s, "box": _box(one.region.box)}
            for one in part.screen
        ],
        "storyboard": whole,
    }


def _unit(unit: Unit) -> dict[str, Any]:
    plain = ("id", "dimension", "facet", "label", "text", "value", "unit", "level", "confidence", "status", "reason")
    return {
        **{name: getattr(unit, name) for name in plain},
        "start_s": unit.span.start_s,
        "end_s": unit.span.end_s,
        "box": None if unit.region is None else _box(unit.region.box),
        "producer": f"{unit.producer.kind}:{unit.producer.name}",
        "evidence": compact([one.model_dump(mode="json", exclude_none=True) for one in unit.evidence]),
        "attributes": compact(unit.attributes),
    }


def _box(box: Any) -> list[float]:
    return [getattr(box, side) for side in BOX]


def _schema(frames: bool) -> Any:
    """Return the columns as an Arrow schema; pictures are told to `datasets` in its own metadata."""
    import pyarrow as pa

    text, number, whole = pa.string(), pa.float64(), pa.int64()
    box = pa.list_(number)
    span = [("start_s", number), ("end_s", number)]
    said = [(name, text) for name in ("id", "dimension", "facet", "label", "text")]
    unit = [
        *said, ("value", number), ("unit", text), ("level", text), *span, ("box", box), ("confidence", number),
        *((name, text) for name in ("status", "producer", "reason", "evidence", "attributes")),
    ]  # fmt: skip
    columns = [
        ("key", text), ("sha256", text), ("name", text), ("license", text), ("sv6d", text), ("duration_s", number),
        ("width", whole), ("height", whole), ("fps", number), ("vfr", pa.bool_()), ("frame_count", whole),
        ("audio", pa.bool_()), ("speech_language", text), *span, ("shot", whole), ("units", pa.list_(pa.struct(unit))),
        ("words", pa.list_(pa.struct([("text", text), *span, ("speaker", text)]))),
        ("screen", pa.list_(pa.struct([("text", text), *span, ("box", box)]))),
        ("sampled_fps", number), ("frame_indices", pa.list_(whole)), ("frame_times_s", pa.list_(number)),
        ("storyboard", text),
    ]  # fmt: skip
    if not frames:
        return pa.schema(columns)
    columns.append(("frames", pa.list_(pa.struct([("bytes", pa.binary()), ("path", text)]))))
    features = {name: _feature(kind) for name, kind in columns}
    features["frames"] = {"feature": {"_type": "Image"}, "_type": "List"}
    return pa.schema(columns, metadata={"huggingface": compact({"info": {"features": features}})})


def _feature(kind: Any) -> Any:
    """Return an Arrow type in the words of `datasets`."""
    import pyarrow as pa

    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    return {"dtype": {"double": "float64"}.get(str(kind), str(kind)), "_type": "Value"}


class _Tables:
    """Parquet files of every split, written a row group at a time."""

    def __init__(self, folder: Path, limit_mb: int, frames: bool) -> None:
        try:
            import pyarrow.parquet as parquet
        except ImportError as error:
            hint = "pip install 'sestina[export]'"
            raise MissingExtra("a Hugging Face data set is written with pyarrow", hint=hint) from error
        if limit_mb < 1:
            raise SestinaError(f"shard_mb={limit_mb} is no size of a file", hint="megabytes, such as 256")
        self.samples = dict.fromkeys(corpus.SPLITS, 0)
        self.files: dict[corpus.Split, list[str]] = {split: [] for split in corpus.SPLITS}
        self.schema = _schema(frames)
        self._parquet, self._folder, self._limit = parquet, folder, limit_mb * 1_000_000
        self._open: dict[corpus.Split, Any] = {}
        self._rows: dict[corpus.Split, list[dict[str, Any]]] = {split: [] for split in corpus.SPLITS}
        self._held = dict.fromkeys(corpus.SPLITS, 0)
        (folder / "data").mkdir()

    def add(self, split: corpus.Split, row: dict[str, Any]) -> None:
        """Add one row to a split."""
        self._rows[split].append(row)
        self.samples[split] += 1
        self._held[split] += _size(row)
        if self._held[split] > GROUP_BYTES:
            self._flush(split)

    def _flush(self, split: corpus.Split) -> None:
        import pyarrow as pa

        if split not in self._open:
            name = f"data/{split}-{len(self.files[split]):05d}.parquet"
            self.files[split].append(name)
            self._open[split] = self._parquet.ParquetWriter(self._folder / name, self.schema, compression="zstd")
        self._open[split].write_table(pa.Table.from_pylist(self._rows[split], schema=self.schema))
        self._rows[split], self._held[split] = [], 0
        if (self._folder / self.files[split][-1]).stat().st_size > self._limit:
            self._open.pop(split).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for split in corpus.SPLITS:
            if self._rows[split] and kind is None:
                self._flush(split)
            if split in self._open:
                self._open.pop(split).close()


def _size(row: Mapping[str, Any]) -> int:
    """Return about how many bytes a row holds."""
    pictures = sum(len(one["bytes"]) for one in row.get("frames", ()))
    return pictures + len(row["storyboard"] or "") + 600 * len(row["units"]) + 1000


def _card(tables: _Tables, sample: str, license: str, frames: bool) -> str:
    """Return the data set's card: its header in YAML, then what is in it."""
    known = license.lower() or "unknown"
    names = {"train": "train", "val": "validation", "test": "test"}
    lines = ["---", f"license: {known if known in LICENSES else 'other'}", "tags: [video, storyboard, sv6d]"]
    lines += ["configs:", "- config_name: default", "  data_files:"]
    for split in corpus.SPLITS:
        if tables.samples[split]:
            lines += [f"  - split: {names[split]}", f"    path: data/{split}-*.parquet"]
    counts = ", ".join(f"{names[split]} {tables.samples[split]}" for split in corpus.SPLITS)
    passed_on = "Sampled frames of the videos are part of it" if frames else "The videos are not part of it"
    lines += [
        "---", "", "# Storyboards", "",
        f"SV6D storyboards (columns version {VERSION}), one row a {sample}: {counts}. A video's split follows from its "
        "SHA-256 alone.", "",
        f"{passed_on}; column `sha256` says which file each row is about.", "",
        f"Licence of the videos: {' '.join(license.split()) or 'see column `license`'}.", "",
        "`status` says where a unit comes from: `observed` (measured, its evidence can be recomputed), `inferred` "
        "(read by a model), `provided`, `human`, and `abstain`: it was looked at, and nothing was decided.", "",
        "| column | type |", "|---|---|",
        *(f"| `{field.name}` | `{field.type}` |" for field in tables.schema), "",
    ]  # fmt: skip
    return "\n".join(lines)
