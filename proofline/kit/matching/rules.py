"""How two records are weighed against each other, after Fellegi and Sunter (1969).

A field that agrees speaks for one and the same by log2(m / u) bits, one that disagrees against it by log2((1 - m) / (1 - u)): `m` is how
often it agrees in two records of one and the same, `u` how often in two of different ones. In between weights are
interpolated by likeness, as Winkler (1990) does. What one of them leaves empty says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Values = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """What one field says. `likeness` compares two values that are there: 0 for nothing in common, 1 for the same."""

    name: str
    likeness: Callable[[Any, Any], float]
    m: float
    u: float
    floor: float = 0.7
    """At this likeness and below they disagree."""

    @property
    def agrees(self) -> float:
        """Bits that the same value speaks for one and the same."""
        return log2(self.m / self.u)

    @property
    def disagrees(self) -> float:
        """Bits, below 0, that another value speaks against it."""
        return log2((1 - self.m) / (1 - self.u))

    def weigh(self, likeness: float) -> float:
        """Return the bits that a likeness is worth."""
        share = max(0.0, (likeness - self.floor) / (1 - self.floor))
        return self.disagrees + share * (self.agrees - self.disagrees)


class Reason(NamedTuple):
    """What one field said of a pair."""

    field: str
    likeness: float
    bits: float


class Verdict(NamedTuple):
    """How much speaks for a pair, in bits, and what does."""

    bits: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Rules:
    """Which fields are weighed, under which keys records meet at all, and how much is enough.

    `keys` returns the texts of which two records must share one to be compared. `least` is in bits.
    """

    fields: tuple[Field, ...]
    keys: Callable[[Values], Iterable[str]]
    least: float

    def compare(self, one: Values, other: Values) -> Verdict:
        """Weigh two records."""
        reasons, bits = [], 0.0
        for field in self.fields:
            ours, theirs = one.get(field.name), other.get(field.name)
            if ours and theirs:
                likeness = 1.0 if ours == theirs else field.likeness(ours, theirs)
                reasons.append(Reason(field.name, likeness, field.weigh(likeness)))
                bits += reasons[-1].bits
        return Verdict(bits, tuple(reasons))
