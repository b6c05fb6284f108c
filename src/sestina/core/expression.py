"""The label expression language: text to a tree, by recursive descent; what it means is in `query.py`.

    expression := all ("or" all)*
    all        := one ("and" one)*
    one        := "not" one | "(" expression ")" | units
    units      := FACET [("==" | "!=" | "<" | "<=" | ">" | ">=" | "~") VALUE]
                | ("conf" | "dur" | "start" | "end" | "status" | "level") "(" units ")" comparison VALUE

VALUE is a number, a label in quotes, or a bare word. Comparisons bind tightest, then `not`, `and`, `or`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from sestina.core import vocabulary
from sestina.core.errors import QueryError, UnknownComponent, unknown
from sestina.core.facet import Facet
from sestina.core.storyboard import Level, Unit

Test = Callable[[Unit], bool]


@dataclass(frozen=True)
class Units:
    """The units of one facet that pass every test."""

    facet: str
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True)
class Not:
    """Where a part does not hold."""

    part: Node


@dataclass(frozen=True)
class Every:
    """Where all parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Some:
    """Where at least one part holds."""

    parts: tuple[Node, ...]


Node = Units | Not | Every | Some

COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
NUMBERS: Mapping[str, Callable[[Unit], float]] = {
    "conf": lambda unit: unit.confidence,
    "dur": lambda unit: unit.span.duration_s,
    "start": lambda unit: unit.span.start_s,
    "end": lambda unit: unit.span.end_s,
}
"""What can be asked of a unit as a number: its confidence, and its length, start and end in seconds."""
NAMES: Mapping[str, tuple[Callable[[Unit], str], tuple[str, ...]]] = {
    "status": (lambda unit: unit.status, ("observed", "inferred", "provided", "human")),
    "level": (lambda unit: unit.level, get_args(Level)),
}
"""What can be asked of a unit as a name, and the names there are."""

KEYWORDS = frozenset({"and", "or", "not"})
DEEPEST = 100
"""Parentheses and `not` inside one another; more is a mistake, and would exhaust the stack."""

TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<name>[^\W\d]\w*(?:\.\w+)*)
    |(?P<sign>==|!=|<=|>=|<|>|~|\(|\))
    |(?P<end>\Z))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """One word of an expression: its kind, what it says (quotes taken off), and its column, from 1."""

    kind: str
    said: str
    column: int


def parse(text: str) -> Node:
    """Return the tree of an expression.

    Raises QueryError, with the column and the nearest names, for what is not in the language or the vocabulary.
    """
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while True:
        match = TOKEN.match(text, at)
        if match is None:
            rest = text[at:].lstrip()
            raise _error(len(text) - len(rest) + 1, f"{rest[:12]!r} cannot be read", _advice(rest))
        kind = str(match.lastgroup)
        said = match[kind]
        column = match.start(kind) + 1
        found.append(Token(kind, re.sub(r"\\(.)", r"\1", said[1:-1]) if kind == "text" else said, column))
        if kind == "end":
            return found
        at = match.end()


def _advice(rest: str) -> str:
    if rest[0] in "'\"":
        return "the quote is never closed"
    known = {"=": "write ==", "&": "write and", "|": "write or", "!": "write not, or !="}
    return known.get(rest[0], "an expression looks like: camera.scale<='MCU' and not narr.beat=='hook'")


class _Parser:
    """Reads tokens from left to right; each method takes one rule of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        """Return the tree of all tokens."""
        if self._peek.kind == "end":
            raise _error(1, "the expression is empty", "name a facet, such as camera.scale")
        tree = self._expression()
        if self._peek.kind != "end":
            raise _error(self._peek.column, f"expected and, or or the end, not {self._peek.said!r}")
        return tree

    @property
    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._peek
        self._next += token.kind != "end"
        return token

    def _is(self, said: str) -> bool:
        """Return whether the next token is this word or sign, and step over it."""
        token = self._peek
        found = token.kind in ("name", "sign") and token.said == said
        self._next += found
        return found

    def _must(self, said: str) -> None:
        token = self._peek
        if not self._is(said):
            raise _error(token.column, f"expected {said} before {token.said or 'the end'!r}")

    def _expression(self) -> Node:
        parts = [self._all()]
        while self._is("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while self._is("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self) -> Node:
        start = self._peek
        if not (self._is("not") or self._is("(")):
            return self._units()
        self._depth += 1
        if self._depth > DEEPEST:
            raise _error(start.column, f"more than {DEEPEST} levels deep")
        if start.said == "not":
            node: Node = Not(self._one())
        else:
            node = self._expression()
            self._must(")")
        self._depth -= 1
        return node

    def _units(self) -> Units:
        token = self._take()
        if token.kind != "name" or token.said in KEYWORDS:
            said = f"not {token.said!r}" if token.said else "but it ends here"
            raise _error(token.column, f"expected a facet, {said}", "a facet looks like: camera.scale")
        if token.said in NUMBERS or token.said in NAMES:
            return self._asked(token)
        facet = _facet(token)
        if not self._sees_comparison():
            return Units(facet.id)
        sign, value = self._take(), self._value()
        return Units(facet.id, (_test(facet, sign, value),))

    def _asked(self, name: Token) -> Units:
        """Read `dur(camera.scale=='CU') > 2` from behind the name."""
        self._must("(")
        self._depth += 1
        if self._depth > DEEPEST:
            raise _error(name.column, f"more than {DEEPEST} levels deep")
        inside = self._units()
        self._depth -= 1
        self._must(")")
        if not self._sees_comparison():
            hint = f"such as {name.said}({inside.facet}) > 2"
            raise _error(self._peek.column, f"{name.said}( ) must be compared", hint)
        sign, value = self._take(), self._value()
        return Units(inside.facet, (*inside.tests, _question(name, sign, value)))

    def _sees_comparison(self) -> bool:
        return self._peek.kind == "sign" and self._peek.said not in "()"

    def _value(self) -> Token:
        token = self._take()
        if token.kind not in ("text", "number", "name") or (token.kind == "name" and token.said in KEYWORDS):
            raise _error(token.column, "expected a value", "a number, or a label in quotes")
        return token


def _facet(token: Token) -> Facet:
    try:
        return vocabulary.facet(token.said)
    except UnknownComponent as error:
        raise _error(token.column, str(error), error.hint) from error


def _test(facet: Facet, sign: Token, value: Token) -> Test:
    """Return whether a unit of `facet` passes `sign value`."""
    if facet.type == "num":
        compare, number = _compare(sign, facet.id), _number(value)
        return lambda unit: unit.value is not None and compare(unit.value, number)
    if facet.type == "text":
        return _text_test(facet, sign, value)
    labels = _labels(facet, sign, value)
    return lambda unit: unit.label in labels


def _text_test(facet: Facet, sign: Token, value: Token) -> Test:
    said = value.said.casefold()
    if sign.said == "~":
        return lambda unit: unit.text is not None and said in unit.text.casefold()
    if sign.said not in ("==", "!="):
        raise _error(sign.column, f"{facet.id} is text, which {sign.said} cannot compare", "use ~ (contains), == or !=")
    equal = sign.said == "=="
    return lambda unit: unit.text is not None and (unit.text == value.said) == equal


def _labels(facet: Facet, sign: Token, value: Token) -> frozenset[str]:
    """Return the labels of `facet` that pass; in a tree what lies below a label is that label too."""
    compare = _compare(sign, facet.id)
    try:
        wanted = facet.canonical(value.said)
    except UnknownComponent as error:
        raise _error(value.column, str(error), error.hint) from error
    if sign.said in ("==", "!="):
        same = frozenset(label for label in facet.labels if wanted in (label, *facet.ancestors(label)))
        return same if sign.said == "==" else frozenset(facet.labels) - same
    rank = facet.rank(wanted)
    if facet.type != "ord":
        raise _error(sign.column, f"{facet.id} has no order, so {sign.said} says nothing", "use == or !=")
    if rank is None:
        off = ", ".join(facet.off_scale)
        raise _error(value.column, f"{wanted} of {facet.id} has no rank", f"these stand off its scale: {off}")
    return frozenset(label for at, label in enumerate(facet.ranks) if compare(at, rank))


def _question(name: Token, sign: Token, value: Token) -> Test:
    """Return whether what `name` asks of a unit passes `sign value`."""
    compare = _compare(sign, name.said)
    if name.said in NUMBERS:
        ask, number = NUMBERS[name.said], _number(value)
        return lambda unit: compare(ask(unit), number)
    says, names = NAMES[name.said]
    if value.said not in names:
        raise _error(value.column, *_nearest(name.said, value.said, names))
    if sign.said not in ("==", "!="):
        raise _error(sign.column, f"{name.said} has no order, so {sign.said} says nothing", "use == or !=")
    equal = sign.said == "=="
    return lambda unit: (says(unit) == value.said) == equal


def _compare(sign: Token, what: str) -> Callable[[float, float], bool]:
    if sign.said == "~":
        raise _error(sign.column, f"{what} is no text, so it contains nothing", "use a comparison such as ==")
    return COMPARE[sign.said]


def _number(value: Token) -> float:
    if value.kind != "number":
        raise _error(value.column, f"expected a number, not {value.said!r}")
    return float(value.said)


def _nearest(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    error = unknown(kind, name, known)
    return str(error), error.hint


def _error(column: int, message: str, hint: str = "") -> QueryError:
    return QueryError(f"column {column}: {message}", hint=hint, column=column)
