"""Why nothing can be offered: the smallest set of needs and rules that can't hold together.

Every set of parts that could be left out so that the others hold together (a correction) has a part in common with every conflict; so the
smallest set that meets all corrections found so far is either a conflict, and then the smallest, or holds together and shows a correction
that it does not meet (Ignatiev, Previti, Liffiton, Marques-Silva: Smallest MUS Extraction with Minimal Hitting Set Dualization, CP 2015).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pysat.card import CardEnc, EncType
from pysat.examples.hitman import Hitman
from pysat.solvers import Solver

from proofline.stages.discovery.configuring.rules import holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.stages.discovery.configuring.rules import Line, Module, Part, Rule


def smallest(
    modules: Sequence[Module], parts: Sequence[Part], *, given: Sequence[Rule] = (), seconds: float
) -> tuple[list[Part], bool]:
    """Return the smallest set of parts that can't hold together, and whether it is known to be the smallest.

    Args:
        modules: all that are on offer.
        parts: needs and rules that together can't hold.
        given: rules that hold by themselves.
        seconds: how long to look for a smaller one than the first.
    """
    with Solver("cadical195") as solver:
        looked = Looked(solver, modules, parts, given)
        found = looked.irreducible()
        ends = time.monotonic() + seconds
        with Hitman(htype="sorted") as hitting:
            while time.monotonic() < ends:
                least = hitting.get() or []
                if len(least) >= len(found):
                    return looked.said(found), True
                if not looked.together(least):
                    return looked.said(least), True
                hitting.hit(looked.correction())
    return looked.said(found), False


class Looked:
    """The parts as clauses; each can be switched on by a variable of its own."""

    def __init__(
        self, solver: Solver, modules: Sequence[Module], parts: Sequence[Part], given: Sequence[Rule] = ()
    ) -> None:
        self.solver, self.modules, self.parts = solver, modules, parts
        self.number = {module.id: at for at, module in enumerate(modules, 1)}
        self.switches: list[int] = []
        self.top = len(modules)
        for line in (line for rule in given for line in rule.lines):
            solver.append_formula(self._clauses(line))
        for part in parts:
            clauses = [clause for line in part.lines for clause in self._clauses(line)]
            self.top += 1
            self.switches.append(self.top)
            for clause in clauses:
                solver.add_clause([*clause, -self.top])
        self.part_of = {switch: at for at, switch in enumerate(self.switches)}

    def together(self, some: Iterable[int], *, within: Iterable[str] = ()) -> bool:
        """Tell whether these parts can hold together, with these modules in."""
        modules = [self.number[one] for one in within]
        return bool(self.solver.solve(assumptions=[*(self.switches[at] for at in some), *modules]))

    def irreducible(self, some: Iterable[int] | None = None, *, within: Sequence[str] = ()) -> list[int]:
        """Return which of some parts (of all, by default) can't hold together, so that none can be left out; with modules that are in."""
        self.together(range(len(self.parts)) if some is None else some, within=within)
        core = self._core()
        for at in list(core):
            if at in core and not self.together((one for one in core if one != at), within=within):
                core = self._core()
        return core

    def correction(self) -> list[int]:
        """Return what has to be left out beside the parts that held together last, as little as one step finds."""
        kept = self._kept()
        left = []
        for at in range(len(self.parts)):
            if at in kept:
                continue
            if self.together([*kept, at]):
                kept |= self._kept()
            else:
                left.append(at)
        return left

    def said(self, some: Iterable[int]) -> list[Part]:
        """Return the parts in the order in which they were given."""
        return [self.parts[at] for at in sorted(some)]

    def _core(self) -> list[int]:
        return [self.part_of[one] for one in self.solver.get_core() or [] if one in self.part_of]

    def _kept(self) -> set[int]:
        model = self.solver.get_model()
        chosen = {module.id for module, value in zip(self.modules, model, strict=False) if value > 0}
        return {at for at, part in enumerate(self.parts) if holds(part, chosen)}

    def _clauses(self, line: Line) -> list[list[int]]:
        """Write "so many of these" as clauses: the modules of `minus` count when they are out."""
        literals = [self.number[one] for one in line.plus] + [-self.number[one] for one in line.minus]
        least = line.least + len(line.minus)
        if least <= 0:
            return []
        if least > len(literals):
            return [[]]
        if least == 1:
            return [literals]
        counted = CardEnc.atleast(literals, least, top_id=self.top, encoding=EncType.seqcounter)
        self.top = max(self.top, counted.nv)
        return list(counted.clauses)
