"""What a value case rests on: each number of its lines and what else has to be true, with its source and what was said to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.stages.discovery.agreeing.models import LONGEST_BASIS, PremiseKind, Verdict
from proofline.stages.discovery.formulas import share_text, thing_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.stages.discovery.agreeing.models import Assumption, AssumptionAnswer
    from proofline.stages.discovery.models import ValueCase, ValueLine


@dataclass(frozen=True)
class Premise:
    """One assumption of a case: a number of `line`, or an `assumption` of its own; `answers` from first to last."""

    kind: PremiseKind
    line: ValueLine | None
    assumption: Assumption | None
    answers: tuple[AssumptionAnswer, ...] = ()

    @property
    def key(self) -> str:
        """What it is called in forms and addresses: "quantity-12", "other-3"."""
        record = self.line or self.assumption
        return f"{self.kind}-{record.pk if record else ''}"

    @property
    def basis(self) -> str:
        """The figure, in no language: two people agreed to the same when it is the same."""
        if self.line is None:
            return self.assumption.text[:LONGEST_BASIS] if self.assumption else ""
        line = self.line
        if self.kind is PremiseKind.QUANTITY:
            return f"{line.quantity.normalize():f} {line.unit} × {line.people}"
        if self.kind is PremiseKind.IMPROVEMENT:
            return " / ".join(f"{share.normalize():f}" for share in (line.low, line.expected, line.high))
        rate = f"{line.rate_amount.normalize():f}" if line.rate_amount is not None else ""
        return f"{rate} {line.value_case.currency}/{line.rate_per}"

    @property
    def text(self) -> str:
        """The assumption as a sentence in the reader's language."""
        if self.line is None:
            return self.assumption.text if self.assumption else ""
        line = self.line
        if self.kind is PremiseKind.QUANTITY:
            return line.formula.loss
        if self.kind is PremiseKind.IMPROVEMENT:
            share = share_text(line.expected)
            if line.low == line.high:
                return _("%(share)s of it goes away.") % {"share": share}
            return _("%(share)s of it goes away (%(range)s).") % {"share": share, "range": line.range_text}
        values = {"thing": thing_text(line.rate_per), "rate": formats.money(line.rate_amount, line.value_case.currency)}
        if line.rate_per == "h":
            return _("An hour is worth %(rate)s.") % values
        return _("One of “%(thing)s” is worth %(rate)s.") % values

    @property
    def source(self) -> str:
        """Who said so and when, or where the number comes from; "" where nobody told."""
        if self.line is None:
            return self.assumption.said if self.assumption else ""
        if self.kind is PremiseKind.QUANTITY:
            return self.line.said
        return self.line.improvement_source if self.kind is PremiseKind.IMPROVEMENT else self.line.rate_source

    @property
    def last(self) -> AssumptionAnswer | None:
        """What was said last by or for the customer."""
        said = [answer for answer in self.answers if answer.verdict != Verdict.EXPLAINED]
        return said[-1] if said else None

    @property
    def state(self) -> str:
        """`open` (nobody said anything), `agreed`, `questioned`, `explained` (we answered the question), or `changed` (what was said, was said to another figure)."""
        last = self.last
        if last is None:
            return "open"
        if last.basis != self.basis:
            return "changed"
        if last.verdict == Verdict.QUESTIONED and self.answers[-1].verdict == Verdict.EXPLAINED:
            return "explained"
        return str(last.verdict)


@dataclass(frozen=True)
class Agreement:
    """How far a customer agreed to what a case rests on."""

    premises: tuple[Premise, ...]

    def count(self, state: str) -> int:
        """Return how many are in a state."""
        return sum(premise.state == state for premise in self.premises)

    @property
    def agreed(self) -> int:
        """How many the customer agreed to as they are now."""
        return self.count("agreed")

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.premises)

    @property
    def is_complete(self) -> bool:
        """Whether all are agreed to."""
        return bool(self.premises) and self.agreed == self.total

    @property
    def unsourced(self) -> int:
        """How many do not say where they come from."""
        return sum(not premise.source for premise in self.premises)

    @property
    def groups(self) -> list[tuple[ValueLine | None, list[Premise]]]:
        """What each line rests on; under None what else has to be true."""
        found: dict[int | None, list[Premise]] = {}
        for premise in self.premises:
            found.setdefault(premise.line.pk if premise.line else None, []).append(premise)
        return [(premises[0].line, premises) for premises in found.values()]

    def find(self, key: str) -> Premise | None:
        """Return the assumption of that key; None where there is none."""
        return next((premise for premise in self.premises if premise.key == key), None)


def say_agreed(agreement: Agreement) -> None:
    """Write on each line whose numbers the customer all agreed to, who did and when."""
    for line, premises in agreement.groups:
        if line is None or any(premise.state != "agreed" for premise in premises):
            continue
        said = [premise.last for premise in premises if premise.last]
        names = formats.listed(dict.fromkeys(answer.name for answer in said))
        values = {"names": names, "day": formats.day(max(answer.at for answer in said))}
        line.agreed_text = _("%(names)s agreed to these figures, %(day)s") % values


def agreement_of(case: ValueCase, *, lines: Sequence[ValueLine] | None = None) -> Agreement:
    """Return what a case rests on, line by line, then what else has to be true; `lines` where they are read already. Takes two questions."""
    said: dict[tuple[str, int | None], list[AssumptionAnswer]] = {}
    for answer in case.answers.select_related("by").order_by("at", "pk"):
        said.setdefault((answer.kind, answer.line_id or answer.assumption_id), []).append(answer)
    found = [
        Premise(kind, line, None, tuple(said.get((kind, line.pk), ())))
        for line in (case.ordered_lines if lines is None else lines)
        for kind in (PremiseKind.QUANTITY, PremiseKind.IMPROVEMENT, PremiseKind.RATE)
        if kind is not PremiseKind.RATE or line.rate_amount is not None
    ]
    found += [
        Premise(PremiseKind.OTHER, None, one, tuple(said.get((PremiseKind.OTHER, one.pk), ())))
        for one in case.assumptions.order_by("pk")
    ]
    return Agreement(tuple(found))
