"""Sestina turns a video into a storyboard: timeline-grounded units tied to evidence that can be checked.

    import sestina

    board = sestina.analyze("clip.mp4")
    board.units(dimension="camera", at_s=3.2)

The names below are the public interface. Each loads its module when it is first used, so `import sestina` is
nearly free; everything else is imported by full path (`from sestina.core.track import Track`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sestina.core.errors import ComponentError, DocumentError, MediaError, SestinaError
    from sestina.core.media_info import MediaInfo
    from sestina.core.storyboard import Storyboard, Transcript, Unit, json_schema
    from sestina.core.time import Span
    from sestina.objective.diff import diff
    from sestina.objective.score import score
    from sestina.pipeline.analyze import analyze
    from sestina.pipeline.questions import ask
    from sestina.pipeline.verify import verify
    from sestina.report.page import write_report

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "analyze", "ask", "verify", "write_report", "score", "diff",
    "Storyboard", "Unit", "Span", "MediaInfo", "Transcript", "json_schema",
    "SestinaError", "MediaError", "ComponentError", "DocumentError",
]  # fmt: skip

_HOMES = {
    "ComponentError": "sestina.core.errors",
    "DocumentError": "sestina.core.errors",
    "MediaError": "sestina.core.errors",
    "MediaInfo": "sestina.core.media_info",
    "SestinaError": "sestina.core.errors",
    "Span": "sestina.core.time",
    "Storyboard": "sestina.core.storyboard",
    "Transcript": "sestina.core.storyboard",
    "Unit": "sestina.core.storyboard",
    "analyze": "sestina.pipeline.analyze",
    "ask": "sestina.pipeline.questions",
    "diff": "sestina.objective.diff",
    "json_schema": "sestina.core.storyboard",
    "score": "sestina.objective.score",
    "verify": "sestina.pipeline.verify",
    "write_report": "sestina.report.page",
}


def __getattr__(name: str) -> object:
    """Load the module a public name lives in, and keep what it gives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sestina' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, those not loaded yet included."""
    return sorted(__all__)
