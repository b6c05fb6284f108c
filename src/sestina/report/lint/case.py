"""What a rule looks at: one storyboard, one profile, and short ways to ask, to find, and to leave a question open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sestina.core.evidence import Box
from sestina.core.profiles import Profile
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.report.lint.finding import Finding, Severity

QUOTED = 40
"""Letters of a text that a message quotes."""
MOST_REASONS = 2


class Facts:
    """A storyboard, its units by facet, and what was examined to make it."""

    def __init__(self, board: Storyboard) -> None:
        self.board = board
        self.by_facet: dict[str, list[Unit]] = {}
        for unit in board:
            self.by_facet.setdefault(unit.facet, []).append(unit)

    @cached_property
    def examined(self) -> frozenset[str]:
        """Names of what was done: stages, signals of the measured tracks, facets that a gold document answers for."""
        made = self.board.provenance
        scope = made.settings.get("scope", ())
        signals = {track.name.partition(".")[0] for track in self.board.signals.tracks}
        return frozenset({stage.name for stage in made.stages} | signals | set(scope) | set(self.by_facet))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One rule's view of a storyboard.

    Args:
        facts: the storyboard with its indices.
        profile: of the platform it is meant for.
        rule, severity: of the rule that looks, stamped on what it finds.
    """

    facts: Facts
    profile: Profile
    rule: str
    severity: Severity

    @property
    def board(self) -> Storyboard:
        """The storyboard."""
        return self.facts.board

    @property
    def whole(self) -> Span:
        """The span of the whole video."""
        return self.board.media.span

    def said(self, *facets: str) -> list[Unit]:
        """Return the units of these facets that say something, facet by facet."""
        return [unit for unit in self._units(facets) if unit.status != "abstain"]

    def value(self, facet: str) -> Unit | None:
        """Return the unit that gives a facet's number for the whole video: of several, the longest."""
        found = [unit for unit in self.said(facet) if unit.value is not None]
        return max(found, key=lambda unit: (unit.span.duration_s, unit.id), default=None)

    def examined(self, *names: str) -> bool:
        """Return whether any of these stages, signals or facets was examined."""
        return not self.facts.examined.isdisjoint(names)

    def finding(
        self, message: str, hint: str, *units: Unit, span: Span | None = None, region: Box | None = None
    ) -> Finding:
        """Return a finding of this rule; `span` and `region` are the first unit's where they are left out."""
        first = units[0] if units else None
        place = first.region.box if region is None and first is not None and first.region is not None else region
        return Finding(
            rule=self.rule, severity=self.severity, message=message, hint=hint, region=place,
            span=span or (first.span if first is not None else self.whole),
            units=tuple(dict.fromkeys(unit.id for unit in units)),
        )  # fmt: skip

    def unjudged(
        self, what: str, hint: str, *facets: str, stages: Sequence[str] = (), units: Sequence[Unit] = ()
    ) -> Finding:
        """Return that `what` could not be judged, with the reasons of units that abstain and of the analysis' notes."""
        silent = [unit for unit in self._units(facets) if unit.status == "abstain"]
        reasons = [unit.reason for unit in silent if unit.reason]
        notes = [note for note in self.board.provenance.notes if note.partition(" ")[0] in stages]
        why = "; ".join(list(dict.fromkeys([*reasons, *notes]))[:MOST_REASONS])
        return Finding(
            rule=self.rule, severity="open", hint=hint, span=self.whole,
            message=f"could not be judged: {what}" + (f" ({why})" if why else ""),
            units=tuple(dict.fromkeys(unit.id for unit in [*units, *silent])),
        )  # fmt: skip

    def _units(self, facets: Sequence[str]) -> list[Unit]:
        by_facet: Mapping[str, list[Unit]] = self.facts.by_facet
        return [unit for facet in facets for unit in by_facet.get(facet, ())]


def quoted(unit: Unit) -> str:
    """Return what a unit says, in quotation marks, cut to one short line."""
    words = " ".join((unit.text or unit.label or unit.facet).split())
    return f"“{words if len(words) <= QUOTED else words[: QUOTED - 1] + '…'}”"
