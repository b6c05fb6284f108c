"""Write the pages of the docs that are made from the code itself: vocabulary, facets, methods, commands, Python names.

`make docs` runs this; tests/house/test_docs.py compares its pages with the files. What is not there yet (no
command line, no component) is left out of its page.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import sestina
from scripts.vocabulary_page import vocabulary_page
from sestina.core import registry, vocabulary
from sestina.core.facet import Facet
from sestina.core.registry import Entry, Registry

FOLDER = Path(__file__).resolve().parents[1] / "docs"
NOTE = "*Generated from the code by `make docs`; edit the code, not this page.*"

LEGEND = """*Source*: S signal, T text, D detector, V model, C context, rule over other units; `>` proposes
then decides, `|` parent then child, `+` both, `/` either. *Made by* names the parser of this version; an
empty cell means that nothing in the package produces the facet yet."""
TITLES = {
    "signals": "Signals", "parsers": "Parsers", "exporters": "Exporters", "tasks": "Tasks", "answerers": "Answerers",
}  # fmt: skip


def facets_page() -> Iterator[str]:
    """Yield the lines of the page of facets, one table a dimension."""
    makers = facet_makers()
    yield from ("# Facets", "", NOTE, "")
    yield from (f"The vocabulary has {len(vocabulary.facets())} facets. {LEGEND}", "")
    for dimension in vocabulary.PREFIXES.values():
        yield from (f"## {dimension.capitalize()}", "")
        rows = [facet_row(facet, makers) for facet in vocabulary.facets(dimension)]
        yield from table(("facet", "level", "type", "labels or unit", "source", "made by"), rows)


def facet_row(facet: Facet, makers: dict[str, list[str]]) -> tuple[str, ...]:
    """Return one facet's cells."""
    kind = facet.type + (", set" if facet.multi else "") + (", tiles" if facet.tiles else "")
    what = ", ".join(tree_text(facet)) if facet.type != "bool" else ""
    made_by = ", ".join(code(name) for name in makers.get(facet.id, []))
    return (code(facet.id), ", ".join(facet.levels), kind, what or facet.unit or "", facet.source, made_by)


def tree_text(facet: Facet) -> list[str]:
    """Return the labels, a child written below its parent as `parent/child`."""
    return ["/".join([*reversed(facet.ancestors(label)), label]) for label in facet.labels]


def facet_makers() -> dict[str, list[str]]:
    """Return which parsers make which facet."""
    makers: dict[str, list[str]] = {}
    for entry in registry.parsers:
        for facet in entry.facets:
            makers.setdefault(facet, []).append(entry.name)
    return makers


def methods_page() -> Iterator[str]:
    """Yield the lines of the page of methods, from the cards of every registered component."""
    yield from ("# Methods", "", NOTE, "")
    for name, title in TITLES.items():
        entries: Registry[Any] = getattr(registry, name)
        cards = [line for entry in entries for line in card_lines(entry)]
        if cards:
            yield from (f"## {title}", "", *cards)


def card_lines(entry: Entry[Any]) -> Iterator[str]:
    """Yield one component's card."""
    card = entry.card
    facts = {
        "source": card.source,
        "version": f"{entry.version}, {card.status}",
        "reads": entry.input or listed((*entry.signals, *entry.optional)),
        "after": listed(entry.after),
        "tracks": listed((*entry.tracks, *entry.derives)),
        "facets": listed(entry.facets),
        "needs": ", ".join(card.needs),
        "cost": card.cost,
        "deviations": card.deviations,
        "left out by": f"`--skip {entry.group}`" if entry.group else "",
    }
    yield from (f"### `{entry.name}`", "", card.summary, "")
    yield from (f"* {name}: {value}" for name, value in facts.items() if value)
    yield ""


def commands_page() -> Iterator[str]:
    """Yield the lines of the page of commands, from the command line's own declarations."""
    yield from ("# Commands", "", NOTE, "")
    for name, command in commands().items():
        yield from (f"## `sestina {name}`", "", inspect.cleandoc(command.help or ""), "")
        rows = [parameter_row(parameter) for parameter in command.params if not parameter.hidden]
        yield from table(("argument or option", "default", "meaning"), rows) if rows else ()


def parameter_row(parameter: Any) -> tuple[str, ...]:
    """Return one parameter's cells: how it is written, its default, its help."""
    is_option = parameter.param_type_name == "option"
    names = [*parameter.opts, *parameter.secondary_opts] if is_option else [parameter.name.upper()]
    return (listed(names), default_of(parameter), one_line(parameter.help or ""))


def default_of(parameter: Any) -> str:
    """Return a parameter's default in code style, empty for switches and where there is none."""
    default = parameter.default
    plain = isinstance(default, int | float | str) and not isinstance(default, bool)
    return code(str(default)) if plain and default != "" else ""


def commands() -> dict[str, Any]:
    """Return the command line's commands by name (`bench run` inside a group), empty while there is none."""
    if importlib.util.find_spec("sestina.apps.cli") is None:
        return {}
    from typer.main import get_command

    cli = importlib.import_module("sestina.apps.cli")
    found: dict[str, Any] = getattr(get_command(cli.app), "commands", {})
    flat: dict[str, Any] = {}
    for name, command in found.items():
        inner: dict[str, Any] = getattr(command, "commands", {})
        flat |= {f"{name} {word}": one for word, one in inner.items()} if inner else {name: command}
    return {name: command for name, command in sorted(flat.items()) if not command.hidden}


def python_page() -> Iterator[str]:
    """Yield the lines of the page of public Python names."""
    yield from ("# Python", "", NOTE, "", "Everything here is reached as `sestina.<name>`.", "")
    for name in sestina.__all__:
        if not name.startswith("_") and (value := loaded(name)) is not None:
            yield from (f"## `{heading(name, value)}`", "", *doc_lines(value), "")
            if inspect.isclass(value):
                yield from members(value)


def loaded(name: str) -> object | None:
    """Return a public name's value, None while its module is not there."""
    try:
        value: object = getattr(sestina, name)
    except ModuleNotFoundError:
        return None
    return value


def members(value: type) -> Iterator[str]:
    """Yield one line for every documented public method and property that a class itself defines."""
    own = {name: item for name, item in vars(value).items() if not name.startswith(("_", "model_"))}
    for name, item in sorted(own.items()):
        function = getattr(item, "__func__", getattr(item, "fget", item))
        if inspect.isfunction(function) and function.__doc__:
            call = name if isinstance(item, property) else f"{name}()"
            yield f"* `{call}`: {doc_lines(function)[0]}"
    yield ""


def heading(name: str, value: object) -> str:
    """Return a name, with its parameters when it is a function."""
    if not inspect.isfunction(value):
        return name
    return f"{name}({', '.join(str(p).split(':')[0] for p in inspect.signature(value).parameters.values())})"


def doc_lines(value: object) -> list[str]:
    """Return the first paragraph of a docstring as one line."""
    text = inspect.cleandoc(value.__doc__ or "") if not isinstance(value, str) else value
    return [one_line(text.split("\n\n")[0])]


def one_line(text: str) -> str:
    """Return text with every run of white space as one space."""
    return " ".join(text.split())


def code(text: str) -> str:
    """Return text in code style."""
    return f"`{text}`"


def listed(names: Iterable[str]) -> str:
    """Return names in code style, separated by commas."""
    return ", ".join(code(name) for name in names)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table and an empty line."""
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "vocabulary.md": lambda: iter(vocabulary_page().splitlines()),
    "reference/facets.md": facets_page,
    "reference/methods.md": methods_page,
    "reference/commands.md": commands_page,
    "reference/python.md": python_page,
}


def pages() -> dict[str, str]:
    """Return every page's text by file name."""
    return {name: "\n".join(lines()).rstrip() + "\n" for name, lines in PAGES.items()}


def main() -> None:
    """Write the pages and say which ones changed."""
    for name, text in pages().items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")


if __name__ == "__main__":
    main()
