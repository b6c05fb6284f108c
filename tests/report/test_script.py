"""Joining the page's modules into one script."""

from __future__ import annotations

from importlib.resources import files

import pytest

from sestina.report.script import joined

TEMPLATE = files("sestina.report") / "template"


def test_a_module_comes_after_those_it_imports_from() -> None:
    text = joined(
        {
            "main": 'import { two } from "./b.js";\nimport * as a from "./a.js";\nuse(two, a.one);\n',
            "a": "export const one = 1;\n",
            "b": 'import { one } from "./a.js";\nexport function two() { return one + 1; }\n',
            "unused": "export const never = 0;\n",
        }
    )
    assert text.index("const $a =") < text.index("const $b =") < text.index("const $main =")
    assert "const { one } = $a;" in text
    assert "const a = $a;" in text
    assert "return { two };" in text
    assert "never" not in text


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ({"main": 'import { a } from "./a.js";\n'}, "no such module"),
        ({"main": 'import { a } from "./a.js";\n', "a": 'import { m } from "./main.js";\n'}, "a circle"),
        ({"main": "export default 1;\n"}, "unsupported"),
        ({"main": 'import x from "https://example.org/x.js";\n'}, "unsupported"),
    ],
)
def test_what_cannot_be_joined_is_refused(sources: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        joined(sources)


def test_files_of_the_page_are_small() -> None:
    sizes = {entry.name: len(entry.read_text().splitlines()) for entry in TEMPLATE.iterdir()}
    assert {name: size for name, size in sizes.items() if size > 400} == {}


def test_no_markup_is_made_from_data() -> None:
    banned = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "http://", "https://")
    for entry in TEMPLATE.iterdir():
        text = entry.read_text().replace("http://www.w3.org/2000/svg", "")
        assert [word for word in banned if word in text] == [], entry.name
