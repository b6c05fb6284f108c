"""XML, written as it comes and read with named errors.

Every text may be written: markup is escaped, line ends survive a parser's normalisation, and what XML 1.0 forbids
(control characters, lone surrogates) is left out.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.sax.saxutils import escape

from sestina.core.errors import SchemaError

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (fifth edition, 2008, production 2)."""
_MARKUP = re.compile("[&<>\"\t\n\r]|" + FORBIDDEN.pattern)
_IN_TEXT = {"\r": "&#13;"}
_IN_ATTRIBUTE = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}

Value = str | int | None


class XmlWriter:
    """Writes one document to a binary file, an element at a time, indented by a space a level.

    Args:
        file: where to.
        doctype: name of the root element, for the document type declaration.
    """

    def __init__(self, file: BinaryIO, doctype: str) -> None:
        self._file = file
        self._depth = 0
        self._line(f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {doctype}>')

    @contextmanager
    def element(self, tag: str, /, **attributes: Value) -> Iterator[None]:
        """Write an element around what is written inside; attributes that are None are left out."""
        self._line(f"<{tag}{_written(attributes)}>")
        self._depth += 1
        yield
        self._depth -= 1
        self._line(f"</{tag}>")

    def leaf(self, tag: str, text: Value = None, /, **attributes: Value) -> None:
        """Write an element that holds only text, or nothing."""
        if text is None:
            self._line(f"<{tag}{_written(attributes)}/>")
        else:
            self._line(f"<{tag}{_written(attributes)}>{_escaped(text, _IN_TEXT)}</{tag}>")

    def leaves(self, **texts: Value) -> None:
        """Write one leaf for every text that is not None, in order."""
        for tag, text in texts.items():
            if text is not None:
                self.leaf(tag, text)

    def _line(self, text: str) -> None:
        self._file.write(f"{' ' * self._depth}{text}\n".encode())


def _written(attributes: dict[str, Value]) -> str:
    kept = [(name, value) for name, value in attributes.items() if value is not None]
    return "".join(f' {name}="{_escaped(value, _IN_ATTRIBUTE)}"' for name, value in kept)


def _escaped(value: str | int, entities: dict[str, str]) -> str:
    text = str(value)
    return escape(FORBIDDEN.sub("", text), entities) if _MARKUP.search(text) else text


def read_xml(file: BinaryIO, root: str, what: str) -> ElementTree.Element:
    """Return the root element of a document. Raises SchemaError when it is not XML, or of another root."""
    try:
        found = ElementTree.parse(file).getroot()
    except (ElementTree.ParseError, ValueError, LookupError) as error:  # LookupError: an encoding nobody knows
        raise SchemaError(f"not {what}: {error}", hint="export it again from the editor") from error
    if found.tag != root:
        raise SchemaError(f"not {what}: its root is <{found.tag[:40]}>, not <{root}>", hint="name its format: --from")
    return found
