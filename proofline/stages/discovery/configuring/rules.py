"""What may be combined: modules, the rules between them, and both as lines that a solver reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

Kind = Literal["requires", "excludes", "at_least", "at_most", "only_with"]
KINDS: tuple[Kind, ...] = ("requires", "excludes", "at_least", "at_most", "only_with")
COUNTED = frozenset[Kind](("at_least", "at_most"))


@dataclass(frozen=True)
class Module:
    """A module on offer: which needs it covers, and its price in the one currency of all prices."""

    id: str
    covers: frozenset[str]
    price: Decimal


@dataclass(frozen=True)
class Line:
    """Of these modules, (those in `plus`) − (those in `minus`) are at least so many."""

    plus: frozenset[str]
    minus: frozenset[str]
    least: int

    def holds(self, chosen: Collection[str]) -> bool:
        """Whether it holds for the modules that were chosen."""
        return sum(one in chosen for one in self.plus) - sum(one in chosen for one in self.minus) >= self.least


@dataclass(frozen=True)
class Need:
    """A need that has to be covered: at least one of the modules that cover it is in."""

    id: str
    modules: frozenset[str]

    @cached_property
    def lines(self) -> list[Line]:
        """The need as lines of a solver."""
        return [Line(self.modules, frozenset(), 1)]


@dataclass(frozen=True)
class Rule:
    """A rule between modules.

    `requires` a b …: with the first come all others. `only_with` a b …: the first comes only with one of the others. `excludes`: at most one of
    them. `at_least` and `at_most`: so many (`number`) of them, whatever else is in.
    """

    kind: Kind
    modules: tuple[str, ...]
    number: int = 0
    id: str = ""
    """What it is known by where it came from."""

    @cached_property
    def lines(self) -> list[Line]:
        """The rule as lines of a solver."""
        first, others = self.modules[:1], frozenset(self.modules[1:])
        none: frozenset[str] = frozenset()
        if self.kind == "requires":
            return [Line(frozenset((one,)), frozenset(first), 0) for one in self.modules[1:]]
        if self.kind == "only_with":
            return [Line(others, frozenset(first), 0)]
        if self.kind == "at_least":
            return [Line(frozenset(self.modules), none, self.number)]
        most = 1 if self.kind == "excludes" else self.number
        return [Line(none, frozenset(self.modules), -most)]


Part = Need | Rule
"""What a configuration has to hold to."""


def holds(part: Part, chosen: Collection[str]) -> bool:
    """Whether the modules that were chosen hold to a need or a rule."""
    return all(line.holds(chosen) for line in part.lines)
