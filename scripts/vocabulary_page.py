"""The page docs/vocabulary.md: every facet in full, from the data of the vocabulary. `make docs` writes it."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core import vocabulary
from sestina.core.facet import Facet

NOTICE = "<!-- Made by `make docs`; edit the data it is made from. -->"


def vocabulary_page() -> str:
    """Return the page that lists every facet: what it may say, what shows it, and the numbers it uses."""
    every = vocabulary.load()
    lines = [NOTICE, "# Vocabulary", "", *VOCABULARY_INTRODUCTION.format(version=every.version).splitlines(), ""]
    lines += ["| dimension | facets | labels |", "|---|--:|--:|"]
    for dimension in vocabulary.PREFIXES.values():
        of_it = every.facets(dimension)
        labels = sum(len(facet.labels) for facet in of_it)
        lines.append(f"| [{dimension}](#{dimension}) | {len(of_it)} | {labels} |")
    lines.append(f"| all | {len(every)} | {sum(len(facet.labels) for facet in every)} |")
    for dimension in vocabulary.PREFIXES.values():
        lines += ["", f"## {dimension}"]
        for facet in every.facets(dimension):
            lines += ["", *_facet_block(facet)]
    return "\n".join(lines) + "\n"


def _facet_block(facet: Facet) -> Iterator[str]:
    yield f"### `{facet.id}`"
    yield ""
    yield f"{facet.evidence} ({_facts(facet)})"
    if facet.label_evidence or facet.label_source:
        yield from ("", *_label_table(facet))
    elif facet.labels and facet.type != "bool":
        yield from ("", f"Labels: {_labels(facet.labels)}.")
    for title, text in _extras(facet):
        yield from ("", f"{title}: {text}")


def _facts(facet: Facet) -> str:
    facts = [", ".join(facet.levels), facet.cardinality, facet.type]
    if facet.type == "num":
        facts.append(f"{facet.unit}, wholly different at {facet.scale:g}")
    if facet.valid is not None:
        low, high = ("open" if end is None else f"{end:g}" for end in facet.valid)
        facts.append(f"valid {low} to {high}")
    facts += ["tiles the video"] * facet.tiles + ["heading of its parts"] * facet.heading
    facts += [f"instants within {facet.tau_s:g} s"] * (facet.tau_s != 0.5)
    return "; ".join([*facts, f"source {_cell(facet.source)}"])


def _label_table(facet: Facet) -> Iterator[str]:
    yield "| label | shown by | source |"
    yield "|---|---|---|"
    for label in facet.labels:
        inside = "&nbsp;&nbsp;" * (facet.depth(label) - 1)
        off = " (off the scale)" if label in facet.off_scale else ""
        shown = facet.label_evidence.get(label, "")
        yield f"| {inside}`{label}`{off} | {shown} | {_cell(facet.source_of(label))} |"


def _extras(facet: Facet) -> Iterator[tuple[str, str]]:
    if facet.off_scale and not facet.label_evidence:
        yield "Off the scale", f"{_labels(facet.off_scale)}."
    if facet.parents and not facet.label_evidence and not facet.label_source:
        yield "Below others", "; ".join(f"`{child}` in `{above}`" for child, above in facet.parents.items()) + "."
    if facet.thresholds:
        yield "Numbers", ", ".join(f"`{name}` {value:g}" for name, value in facet.thresholds.items()) + "."
    if facet.aliases:
        yield "Also called", ", ".join(f"{name} = `{label}`" for name, label in facet.aliases.items()) + "."
    if facet.maps_to:
        yield "Meets", ", ".join(facet.maps_to) + "."
    for name, mapping in facet.mappings.items():
        pairs = (f"{theirs} = {_labels(ours)}" for theirs, ours in mapping.items())
        yield f"From {name}", "; ".join(pairs) + "."
    if facet.note:
        yield "Note", facet.note


def _labels(labels: tuple[str, ...]) -> str:
    return ", ".join(f"`{label}`" for label in labels)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


VOCABULARY_INTRODUCTION = """\
Version {version} of the labels of SV6D. A **facet** is one thing that may be said about a span; it belongs to one of
six dimensions and is used at the levels named, the usual one first. A `single` facet takes one label at a time,
a `multi` facet a set of labels; at the levels overlay, track and frame "at a time" means for one overlay, track or
frame. An object with several parts is a parent facet with dotted parts. The numbers are starting defaults.

The type fixes how far apart two values are, from 0 for equal to 1:

| type | values | distance |
|---|---|---|
| `nom` | labels | 0 or 1, or a declared confusion weight |
| `ord` | labels on a scale | difference in rank / (ranks - 1); a label off the scale is at 1 from every other |
| `tree` | labels with parents | 1 - depth of the lowest common ancestor / larger depth of the two |
| `num` | a number | min(1, difference / scale) |
| `bool` | `false`, `true` | 0 or 1 |
| `text` | words | 1 - token F1, or an embedding distance that is plugged in; of two colours their distance / 128 |

Sets of values are compared by 1 - soft F1, their elements matched one to one.

**Source** says who can produce a label: `S` a signal measured on pixels, sound or container, `T` a rule over text
that was read or heard, `D` a detector, `V` a trained model, `C` supplied context, `rule` a rule over other units.
`S>V` means that the first proposes and the second decides, `S|V` that the first gives the parent label and the second
the child, `+` that both are needed, `/` that either will do. Where a margin is small the parent label is given, or
the facet abstains.

**A facet of your own** is one YAML file with the same fields, read by
`sestina.core.vocabulary.load_definition(path)` and made known by `define(facet)`:

```yaml
id: diss.mascot
level: event
description: What our mascot does.
type: nom
labels: [waves, jumps, sleeps]
source: V
prompt: What does the fox do?
evidence: The fox is seen, and the frames in which it moves are cited.
```

An id that begins with none of `subject.`, `aes.`, `camera.`, `edit.`, `narr.`, `diss.` also needs its `dimension`."""
