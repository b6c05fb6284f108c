"""XML that is written as it comes: whatever goes in comes out of a parser again, less what XML forbids."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.errors import SchemaError
from sestina.export._xml import FORBIDDEN, XmlWriter, read_xml
from tests.export.boards import HOSTILE

EXAMPLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE a>
<a n="1">
 <b>2</b>
 <c d="&quot;"/>
</a>
"""


def test_an_example() -> None:
    file = io.BytesIO()
    xml = XmlWriter(file, "a")
    with xml.element("a", n=1, left_out=None):
        xml.leaves(b=2, left_out=None)
        xml.leaf("c", d='"')
    assert file.getvalue() == EXAMPLE


@given(st.text(st.characters(exclude_categories=())) | st.just(HOSTILE))
def test_any_text_comes_back_less_what_no_xml_may_hold(text: str) -> None:
    file = io.BytesIO()
    xml = XmlWriter(file, "a")
    with xml.element("a", said=text):
        xml.leaf("b", text)
    root = ElementTree.fromstring(file.getvalue())
    assert root.get("said") == (root.findtext("b") or "") == FORBIDDEN.sub("", text)


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_is_no_character_of_xml(letter: str) -> None:
    assert FORBIDDEN.fullmatch(letter)


@pytest.mark.parametrize("data", [b"", b"<a>", b"<b/>", b"\xff\xfe<", b'<?xml version="1.0" encoding="klingon"?><a/>',
                                  b"<a>" + b"<x>" * 50, b"<a>&gone;</a>"])  # fmt: skip
def test_what_is_not_the_document_is_refused(data: bytes) -> None:
    with pytest.raises(SchemaError, match="not an A") as error:
        read_xml(io.BytesIO(data), "a", "an A")
    assert error.value.hint


def test_entities_that_multiply_are_refused() -> None:
    """A billion laughs: ten entities, each ten of the one before. Expat stops what grows a hundredfold."""
    names = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    data = f'<!DOCTYPE a [<!ENTITY e0 "{"ha" * 20}">{"".join(names)}]><a>&e9;</a>'
    with pytest.raises(SchemaError, match="amplification"):
        read_xml(io.BytesIO(data.encode()), "a", "an A")
