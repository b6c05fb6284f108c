"""Registries: a component is a decorator and its file's own name.

`signals.get("luma")` imports `sestina.signals.luma` and nothing else; `signals.names()` reads file names.
Components outside the package come by entry points of the same group, looked up only when a name is missing or a
list is asked for.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from sestina.core.card import Card
from sestina.core.errors import DuplicateComponent, unknown

T = TypeVar("T", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Entry(Generic[T]):
    """One registered component.

    Args:
        name: begins with its file's stem.
        make: the class or function itself.
        card: where the method comes from and what it costs.
        version: raised whenever results change.
        input: signals only: what it is fed.
        tracks: signals only: names of the tracks it makes.
        facets: parsers only: facets it produces.
        signals: parsers only: stems of signals it cannot work without.
        optional: parsers and stills: stems of signals it uses when they are there.
        after: parsers and stills: facets, or names of parsers, that must have been parsed before.
        derives: parsers only: names of derived tracks it makes.
        packages: importable modules it cannot work without, beyond the base ones.
        kind: parsers only: what a unit's producer is called: signal, text, detector or rule.
        default: whether it runs when nothing is chosen.
        group: for `--skip`: `ocr`, `asr`, `faces`, ... or "".
        suffix: exporters only: of the file; "" for one that writes a folder.
        many: exporters only: whether it takes an iterable of storyboards.
        lossless: exporters only: whether its importer gives the whole document back.
        reads: importers only: names of the exporters whose files it takes; empty: the one of its own name.
    """

    name: str
    make: T
    card: Card
    version: str = "1"
    input: Literal["frames", "audio", "stills", ""] = ""
    tracks: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    kind: Literal["signal", "text", "detector", "rule"] = "signal"
    default: bool = True
    group: str = ""
    suffix: str = ""
    many: bool = False
    lossless: bool = False
    reads: tuple[str, ...] = ()


@dataclass
class Registry(Generic[T]):
    """Components of one role, found by name.

    Args:
        role: what one component is called in messages.
        package: dotted package whose files hold the components; folders inside become dotted name parts.
    """

    role: str
    package: str
    _entries: dict[str, Entry[T]] = field(default_factory=dict)

    def register(self, name: str, *, card: Card, **facts: Any) -> Callable[[T], T]:
        """Return the decorator that registers a component under `name`; `facts` are fields of `Entry`.

        Raises DuplicateComponent when another component has the name, ValueError when the name does not begin with
        its file's own dotted path inside the package.
        """

        def decorate(make: T) -> T:
            stem = make.__module__.removeprefix(self.package + ".")
            inside = make.__module__.startswith(self.package + ".")
            if inside and name != stem and not name.startswith((stem + ".", stem + "-")):
                raise ValueError(f"{self.role} {name!r} must begin with its file's name {stem!r}")
            known = self._entries.get(name)
            if known is not None and known.make.__qualname__ != make.__qualname__:
                raise DuplicateComponent(f"two components claim the name {self.role} {name!r}")
            self._entries[name] = Entry(name=name, make=make, card=card, **facts)
            return make

        return decorate

    def get(self, name: str) -> Entry[T]:
        """Return the component called `name`, importing only its file. Raises UnknownComponent."""
        if name not in self._entries:
            for stem in _stems(name):
                if stem in self._stems_on_disk():
                    importlib.import_module(f"{self.package}.{stem}")
                    break
            else:
                self._load_outside()
        if name not in self._entries:
            raise unknown(self.role, name, self.names())
        return self._entries[name]

    def names(self) -> tuple[str, ...]:
        """Return every name, sorted; imports the package's component files."""
        for stem in self._stems_on_disk():
            importlib.import_module(f"{self.package}.{stem}")
        self._load_outside()
        return tuple(sorted(self._entries))

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter([self._entries[name] for name in self.names()])

    def _stems_on_disk(self) -> tuple[str, ...]:
        spec = importlib.util.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            return ()
        root = Path(next(iter(spec.submodule_search_locations)))
        files = (path.relative_to(root).with_suffix("") for path in root.rglob("*.py"))
        return tuple(sorted(".".join(path.parts) for path in files if not path.name.startswith("_")))

    def _load_outside(self) -> None:
        for point in entry_points(group=self.package):
            if point.name not in self._entries:
                point.load()


def _stems(name: str) -> list[str]:
    """Return the possible file paths of `name`, longest first: `camera.movement-x` may live in camera/movement.py."""
    base = name.split("-", 1)[0].split(".")
    return [".".join(base[:n]) for n in range(len(base), 0, -1)]


signals: Registry[Any] = Registry("signal", "sestina.signals")
parsers: Registry[Any] = Registry("parser", "sestina.dimensions")
selectors: Registry[Any] = Registry("selector", "sestina.select")
models: Registry[Any] = Registry("model", "sestina.models")
embedders: Registry[Any] = Registry("embedder", "sestina.models")
exporters: Registry[Any] = Registry("exporter", "sestina.export")
importers: Registry[Any] = Registry("importer", "sestina.export")
tasks: Registry[Any] = Registry("task", "sestina.tasks")
answerers: Registry[Any] = Registry("answerer", "sestina.bench.answerers")


def readers() -> dict[str, str]:
    """Return the importer of every exporter whose files come back corrected."""
    return {name: entry.name for entry in importers for name in entry.reads or (entry.name,)}
