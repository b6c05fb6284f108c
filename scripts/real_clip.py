"""Facts of a clip for FeedBench's real split: `python -m scripts.real_clip CLIP REPOSITORY PATH COMMIT LICENCE`.

Prints the head of the clip's gold file (origin and container facts). What the clip shows is for a person to write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sestina.media.probe import probe


def head(clip: Path, repository: str, path: str, commit: str, licence: str) -> str:
    """Return the first lines of a gold file, YAML, with one line each for `origin` and `media`."""
    media = probe(clip).model_copy(update={"path": clip.name, "tags": {}})
    origin = {
        "repository": repository,
        "path": path,
        "commit": commit,
        "url": f"https://raw.githubusercontent.com/{repository}/{commit}/{path}",
        "sha256": media.sha256,
        "licence": licence,
    }
    facts = media.model_dump(mode="json", exclude_defaults=True)
    return f"clip: {clip.name}\nreads: 1\norigin: {_line(origin)}\nmedia: {_line(facts)}\n"


def _line(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(head(Path(sys.argv[1]), *sys.argv[2:6]))
