"""The page's ES modules joined into one script, each in a scope of its own, after those it imports from.

The files stay modules that any browser or editor understands; a page that must not fetch anything gets them as one.
Supported are the forms they use: `import { a, b } from "./x.js";`, `import * as x from "./x.js";` and
`export function|const|class`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

IMPORT = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)


def joined(sources: Mapping[str, str], first: str = "main") -> str:
    """Return the modules that `first` needs as one script.

    Args:
        sources: module name, without `.js`, to its text.
        first: the module to start from.

    Raises ValueError when a module is missing, imports in a circle, or uses a form that is not supported.
    """
    parts: dict[str, str] = {}
    _add(first, sources, parts, ())
    return "\n".join(parts.values())


def _add(name: str, sources: Mapping[str, str], parts: dict[str, str], above: tuple[str, ...]) -> None:
    if name in parts:
        return
    if name in above or name not in sources:
        raise ValueError(f"{' -> '.join([*above, name])}: {'a circle' if name in above else 'no such module'}")
    for found in IMPORT.finditer(sources[name]):
        _add(found[3], sources, parts, (*above, name))
    parts[name] = _scoped(name, sources[name])


def _scoped(name: str, text: str) -> str:
    exported = [found[2] for found in EXPORT.finditer(text)]
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(_binding, text))
    left = re.search(r"^(?:import|export)\b.*", body, re.MULTILINE)
    if left:
        raise ValueError(f"{name}.js: unsupported: {left[0]}")
    return f"const ${name} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();"


def _binding(found: re.Match[str]) -> str:
    if found[2]:
        return f"const {found[2]} = ${found[3]};\n"
    names = ", ".join(name.strip().replace(" as ", ": ") for name in found[1].split(",") if name.strip())
    return f"const {{ {names} }} = ${found[3]};\n"
