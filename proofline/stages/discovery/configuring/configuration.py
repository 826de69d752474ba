"""What is offered for needs, with why each module is in; or what can't hold together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from proofline.stages.discovery.configuring.rules import Module, Need, Rule, holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from proofline.stages.discovery.configuring.rules import Part

SECONDS = 5.0
"""So long the smallest conflict is looked for; then one of which no part can be left out has to do."""


@dataclass(frozen=True)
class Configuration:
    """The cheapest modules, and why each is in: the needs and rules that would not hold without it."""

    modules: list[Module]
    why: Mapping[str, list[Part]]

    @property
    def price(self) -> Decimal:
        """What they cost together."""
        return sum((module.price for module in self.modules), Decimal(0))


@dataclass(frozen=True)
class Conflict:
    """Needs and rules that can't hold together; `is_smallest` where no smaller set is known to exist."""

    parts: list[Part]
    is_smallest: bool = True


def configure(needs: Sequence[str], modules: Sequence[Module], rules: Sequence[Rule]) -> Configuration | Conflict:
    """Return the cheapest set of modules that covers all needs and breaks no rule, the fewest on a tie; or why there is none.

    Args:
        needs: ids of needs, each once.
        modules: all that are on offer; their ids differ, their prices are not below nothing.
        rules: between modules on offer.
    """
    wanted = [Need(need, frozenset(one.id for one in modules if need in one.covers)) for need in dict.fromkeys(needs)]
    parts: list[Part] = [*wanted, *rules]
    chosen = hold_to(parts, modules)
    return chosen if isinstance(chosen, Conflict) else Configuration(chosen, why(chosen, parts))


def hold_to(
    parts: Sequence[Part], modules: Sequence[Module], *, given: Sequence[Rule] = (), seconds: float = SECONDS
) -> list[Module] | Conflict:
    """Return the cheapest modules that hold to all parts, the fewest on a tie; or the parts that can't hold together.

    `given` are rules that hold by themselves, and are named in no conflict. The smallest conflict is looked for so many seconds.
    """
    from proofline.stages.discovery.configuring import solving  # noqa: PLC0415 - the solver takes a third of a second to load

    chosen = solving.cheapest(modules, [*parts, *given])
    if chosen is None:
        from proofline.stages.discovery.configuring import conflicts  # noqa: PLC0415 - as above

        return Conflict(*conflicts.smallest(modules, parts, given=given, seconds=seconds))
    if not all(holds(part, {module.id for module in chosen}) for part in [*parts, *given]):
        raise ArithmeticError("the solver's set breaks a rule")
    return chosen


def why(chosen: Sequence[Module], parts: Sequence[Part]) -> dict[str, list[Part]]:
    """Return for each module the needs and rules that would not hold without it; where that is none alone, the needs that it covers."""
    ids = {module.id for module in chosen}
    found = {}
    for module in chosen:
        others = ids - {module.id}
        alone = [part for part in parts if not holds(part, others)]
        found[module.id] = alone or [part for part in parts if isinstance(part, Need) and module.id in part.modules]
    return found
