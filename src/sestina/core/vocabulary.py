"""The vocabulary of SV6D: every facet of the six dimensions, read from `vocabulary/*.yaml`.

Each dimension's file is read when one of its facets is first asked for. A facet that a user defines in a file
of its own is read by `load_definition` and becomes known to the whole program through `define`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sestina.core.errors import DocumentError, DuplicateComponent, unknown
from sestina.core.facet import Facet, FacetDimension

__all__ = [
    "PREFIXES", "Facet", "Vocabulary", "ancestors", "define", "defined", "facet", "facets", "forget", "is_label",
    "load", "load_definition", "parent", "rank", "threshold", "version",
]  # fmt: skip

PREFIXES: Mapping[str, FacetDimension] = {
    "subject": "subject", "aes": "aesthetics", "camera": "camera",
    "edit": "editing", "narr": "narrative", "diss": "dissemination",
}  # fmt: skip
"""First part of a facet's id to its dimension."""

_FOLDER = Path(__file__).with_suffix("")
_defined: dict[str, Facet] = {}


class Vocabulary:
    """Facets by id, in the order given; immutable.

    Args:
        facets: the facets. Raises DuplicateComponent when two have one id.
        version: version of the label set, e.g. `"1.0"`.
    """

    def __init__(self, facets: Iterable[Facet], *, version: str) -> None:
        self.version = version
        self._facets: dict[str, Facet] = {}
        for item in facets:
            if item.id in self._facets:
                raise DuplicateComponent(f"two facets are called {item.id!r}", hint="rename one of them")
            self._facets[item.id] = item

    def __len__(self) -> int:
        return len(self._facets)

    def __iter__(self) -> Iterator[Facet]:
        return iter(self._facets.values())

    def __contains__(self, facet_id: object) -> bool:
        return facet_id in self._facets

    def __repr__(self) -> str:
        return f"Vocabulary(version={self.version!r}, facets={len(self)})"

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of all facets, in order."""
        return tuple(self._facets)

    def facet(self, facet_id: str) -> Facet:
        """Return the facet of that id. Raises UnknownComponent with the nearest three ids."""
        found = self._facets.get(facet_id)
        if found is None:
            raise unknown("facet", facet_id, self._facets)
        return found

    def facets(self, dimension: str | None = None) -> tuple[Facet, ...]:
        """Return all facets, or one dimension's. Raises UnknownComponent for an unknown dimension."""
        if dimension is None:
            return tuple(self)
        if dimension not in PREFIXES.values():
            raise unknown("dimension", dimension, PREFIXES.values())
        return tuple(item for item in self if item.dimension == dimension)

    def parts(self, facet_id: str) -> tuple[Facet, ...]:
        """Return the facets whose ids stand below `facet_id`. Raises UnknownComponent."""
        below = self.facet(facet_id).id + "."
        return tuple(item for item in self if item.id.startswith(below))

    def with_facets(self, *facets: Facet) -> Vocabulary:
        """Return a vocabulary with these facets added. Raises DuplicateComponent."""
        return Vocabulary((*self, *facets), version=self.version)


def load() -> Vocabulary:
    """Return the built-in vocabulary and the facets given to `define`; read once, then kept."""
    return _builtin().with_facets(*_defined.values()) if _defined else _builtin()


def facet(facet_id: str) -> Facet:
    """Return the facet of that id, reading no more than its dimension's file.

    Raises UnknownComponent with the nearest three ids.
    """
    found = _defined.get(facet_id)
    dimension = PREFIXES.get(facet_id.partition(".")[0])
    if found is None and dimension is not None:
        found = _by_id(dimension).get(facet_id)
    return found if found is not None else load().facet(facet_id)


def facets(dimension: str | None = None) -> tuple[Facet, ...]:
    """Return all facets, or one dimension's, in the order of the vocabulary. Raises UnknownComponent."""
    return load().facets(dimension)


def is_label(facet_id: str, label: str) -> bool:
    """Return whether `label` belongs to the facet. Raises UnknownComponent for an unknown facet."""
    return facet(facet_id).is_label(label)


def parent(facet_id: str, label: str) -> str | None:
    """Return the label above `label`, None at the top. Raises UnknownComponent."""
    return facet(facet_id).parent(label)


def ancestors(facet_id: str, label: str) -> tuple[str, ...]:
    """Return the labels above `label`, nearest first. Raises UnknownComponent."""
    return facet(facet_id).ancestors(label)


def rank(facet_id: str, label: str) -> int | None:
    """Return the rank of `label` from 0, None where it has none. Raises UnknownComponent."""
    return facet(facet_id).rank(label)


def threshold(facet_id: str, name: str) -> float:
    """Return the facet's declared number `name`. Raises UnknownComponent with the nearest names."""
    values = facet(facet_id).thresholds
    if name not in values:
        raise unknown(f"threshold of {facet_id}", name, values)
    return values[name]


def version() -> str:
    """Return the version of the built-in label set."""
    return _builtin().version


def define(item: Facet) -> Facet:
    """Make a facet known to the whole program and return it. Raises DuplicateComponent for an id in use."""
    if item.id in load():
        raise DuplicateComponent(f"facet {item.id!r} exists already", hint="choose another id")
    _defined[item.id] = item
    return item


def defined() -> tuple[str, ...]:
    """Return the ids given to `define`, in order."""
    return tuple(_defined)


def forget(facet_id: str) -> None:
    """Undo `define`. Raises UnknownComponent when no such facet was defined."""
    if facet_id not in _defined:
        raise unknown("defined facet", facet_id, _defined)
    del _defined[facet_id]


def load_definition(path: str | Path) -> Facet:
    """Return the facet a user's YAML or JSON file defines, checked like a built-in one.

    The file is one mapping with the fields of `Facet`: at least `id`, `level` (or `levels`), `type`, `source`
    and `evidence`, and `labels` or `unit` and `scale` as the type asks; `dimension` where the id does not
    begin with the prefix of one. Raises DocumentError that names the file and every field at fault.
    """
    source = Path(path)
    body = _parse(source)
    if not isinstance(body, Mapping):
        raise DocumentError(f"{source}: a facet definition is a mapping, not {type(body).__name__}")
    return _facet(dict(body), source.name)


@cache
def _builtin() -> Vocabulary:
    versions = {str(_document(dimension)["version"]) for dimension in PREFIXES.values()}
    if len(versions) != 1:
        raise DocumentError(f"vocabulary files disagree about their version: {sorted(versions)}")
    every = (item for dimension in PREFIXES.values() for item in _read(dimension))
    return Vocabulary(every, version=versions.pop())


@cache
def _by_id(dimension: str) -> Mapping[str, Facet]:
    return {item.id: item for item in _read(dimension)}


@cache
def _read(dimension: str) -> tuple[Facet, ...]:
    document = _document(dimension)
    name = f"{dimension}.yaml"
    return tuple(_facet({"dimension": dimension, **body}, name) for body in document["facets"])


@cache
def _document(dimension: str) -> Mapping[str, Any]:
    document = _parse(_FOLDER / f"{dimension}.yaml")
    if not isinstance(document, Mapping) or not {"dimension", "version", "facets"} <= set(document):
        raise DocumentError(f"{dimension}.yaml: needs dimension, version and facets")
    return document


def _parse(path: Path) -> Any:
    import yaml

    # The C parser is several times faster and absent only where PyYAML was built without libyaml.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror}", hint="check the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: not YAML or JSON: {error}", hint="check the syntax") from error


def _facet(body: dict[str, Any], where: str) -> Facet:
    name = body.get("id", "?")
    if "dimension" not in body and isinstance(name, str) and name.partition(".")[0] in PREFIXES:
        body["dimension"] = PREFIXES[name.partition(".")[0]]
    try:
        return Facet.model_validate(body)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc'])) or name}: {one['msg']}" for one in error.errors()]
        raise DocumentError(f"{where}: facet {name!r} is not valid: {'; '.join(lines)}") from error
