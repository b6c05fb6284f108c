"""`sestina models`: which models and embedders can be used here, what each needs, and small random checkpoints."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from sestina.apps import console
from sestina.core.errors import SestinaError
from sestina.core.registry import Entry, embedders, models

app = typer.Typer(
    name="models", help="Models that look and answer, and embedders: what is usable here, and what each needs.",
    invoke_without_command=True, add_completion=False, rich_markup_mode=None,
)  # fmt: skip
EXTRAS = {"openai": "models"}
"""Package to the extra that brings it; all others come with `local`."""
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]


@app.callback()
def list_models(context: typer.Context, as_json: AsJson = False) -> None:
    """List models and embedders with what each needs; nothing is loaded and nobody is asked."""
    if context.invoked_subcommand is not None:
        return
    found = overview()
    if as_json:
        console.print_json(found)
        return
    table = Table("name", "role", "usable here", "what")
    for row in found:
        table.add_row(row["name"], row["role"], console.plain(row["state"]), console.plain(row["summary"]))
    console.out.print(table)


@app.command()
def tiny(
    kind: Annotated[str, typer.Argument(help="plm, qwen3vl, qwen25vl, smolvlm, internvl, siglip, clip, perception.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder that is empty or not there.")],
    seed: Annotated[int, typer.Option(help="Of the weights, which are drawn.")] = 0,
) -> None:
    """Save a small random checkpoint in the published format: it knows nothing, and is loaded like the real one."""
    from sestina.models._tiny import save_tiny

    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise SestinaError(f"{str(output)!r} is not empty", hint="choose another -o")
    save_tiny(kind, output, seed=seed)
    console.err.print(str(output), markup=False)


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="A hub id, such as facebook/Perception-LM-1B.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Fetch weights from the hub after saying their size and licence; asks first, or takes --yes."""
    from sestina.core.prompting import ModelSetting
    from sestina.models._torch import hub_facts, weights_of

    facts = hub_facts(name)
    size = "of unknown size" if facts["bytes"] is None else f"{facts['bytes'] / 1e9:.2f} GB"
    console.err.print(f"{name}: {size} in {facts['files']} files, licence: {facts['licence']}", markup=False)
    if not yes and not typer.confirm("Fetch it?", err=True):
        raise typer.Exit(1)
    console.out.print(weights_of(ModelSetting(name=name, allow_download=True)), markup=False)


def overview() -> list[dict[str, Any]]:
    """Return one row a model and embedder: name, role, whether and why not it can be used here, what it is."""
    rows = [_row(entry, "model") for entry in models] + [_row(entry, "embedder") for entry in embedders]
    return sorted(rows, key=lambda row: (row["role"] != "model", row["name"]))


def _row(entry: Entry[Any], role: str) -> dict[str, Any]:
    lacking = [package for package in entry.packages if find_spec(package) is None]
    extras = sorted({EXTRAS.get(package, "local") for package in lacking})
    state = f"needs {', '.join(lacking)}: pip install 'sestina[{','.join(extras)}]'" if lacking else "ready"
    return {
        "name": entry.name, "role": role, "usable": not lacking, "state": state, "summary": entry.card.summary,
        "source": entry.card.source,
    }  # fmt: skip


def register(parent: typer.Typer) -> None:
    """Add the commands to the command line."""
    parent.add_typer(app)
