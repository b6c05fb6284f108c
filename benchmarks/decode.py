"""What the sweep costs over decoding alone, and what codec threads bring.

    python -m benchmarks.decode clip.mp4 [clip.mp4 ...]

Prints Markdown. Every figure is the best of several turns, taken in rotation so that a busy machine hits all alike.
`decode` is PyAV with two codec threads and no pixel touched; `sweep` hands over small planes that nobody reads.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import av

from benchmarks.tables import table
from sestina.media.decode import sweep
from sestina.media.probe import probe
from sestina.media.streams import CODEC_THREADS, best_video

TURNS = 5


def decode_only(path: Path, threads: int = CODEC_THREADS) -> None:
    """Decode every frame and let it go."""
    with av.open(f"file:{path.absolute()}") as container:
        stream = best_video(container)
        if stream is None:
            raise ValueError(f"{path} has no video")
        stream.codec_context.thread_type = "AUTO"
        stream.codec_context.thread_count = threads
        for packet in container.demux(stream):
            if packet.size or packet.pts is None:
                packet.decode()


def sweep_only(path: Path) -> None:
    """Sweep every frame and let it go."""
    for _ in sweep(path, probe(path)):
        pass


WAYS: dict[str, Callable[[Path], None]] = {
    "decode": decode_only,
    "sweep": sweep_only,
    "1 thread": lambda path: decode_only(path, 1),
    "3 threads": lambda path: decode_only(path, 3),
    "4 threads": lambda path: decode_only(path, 4),
}


def measured(path: Path) -> dict[str, float]:
    """Return the best wall time of each way, seconds."""
    best = dict.fromkeys(WAYS, float("inf"))
    for _ in range(TURNS):
        for name, run in WAYS.items():
            began = time.perf_counter()
            run(path)
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def main() -> None:
    """Measure the clips named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("clips", nargs="+", type=Path)
    rows = []
    for path in parser.parse_args().clips:
        info, best = probe(path), measured(path)
        fps = (info.video.frame_count if info.video else 0) / best["decode"]
        ratios = [f"{best[name] / best['decode']:.2f}" for name in WAYS if name != "decode"]
        rows.append([path.name, f"{fps:.0f}", *ratios])
    head = ["clip", "decode, frames/s", *(f"{name}, x" for name in WAYS if name != "decode")]
    print(table(rows, head))


if __name__ == "__main__":
    main()
