"""A proposal as it is shown: the same parts for the customer's page, our preview and the document."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.colour import on_paper
from proofline.records.models import Evidence, Workspace
from proofline.stages.discovery.agreeing.premises import agreement_of, say_agreed
from proofline.stages.discovery.comparing.changes import changes_of
from proofline.stages.discovery.comparing.charts import before_after
from proofline.stages.discovery.comparing.table import comparison
from proofline.stages.discovery.drawings import flow, minutes_text, payback, payback_text, tornado
from proofline.stages.discovery.flows import total_minutes
from proofline.stages.discovery.formulas import roi_text
from proofline.stages.discovery.models import Level, chains
from proofline.stages.discovery.roi import decimal
from proofline.stages.discovery.sketching import GOOD, QUIET
from proofline.stages.discovery.writing.content import find
from proofline.stages.discovery.writing.showing import ShownBlock, images_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.kit.money import Money
    from proofline.records.models import User
    from proofline.stages.discovery.comparing.changes import Change
    from proofline.stages.discovery.comparing.table import Table
    from proofline.stages.discovery.flows import Step
    from proofline.stages.discovery.models import Chain, Proposal, ValueCase, ValueLine
    from proofline.stages.discovery.risk import Swing
    from proofline.stages.discovery.roi import Roi
    from proofline.stages.discovery.writing.content import Block


@dataclass(frozen=True)
class Shown:
    """A proposal with all that is shown of it. `price` is what later rooms say of the price, as HTML."""

    proposal: Proposal
    price: str = ""

    @property
    def sections(self) -> dict[str, str]:
        """The sections that have something to show, with their names, in order."""
        return {block.key: block.name for block in self.blocks}

    @cached_property
    def blocks(self) -> list[ShownBlock]:
        """The blocks that have something to show, in order."""
        blocks = [block for block in self.proposal.content if not (block.hidden or block.removed)]
        images = images_of(self.proposal, blocks)
        return [ShownBlock(block, images.get(block.image or 0)) for block in blocks if self._has(block)]

    def _has(self, block: Block) -> bool:
        if block.is_own:
            return bool(block.heading.strip() or block.text.strip() or block.image)
        there: dict[str, Callable[[], Any]] = {
            "summary": lambda: bool(self.promised_text or block.text.strip()),
            "needs": lambda: self.chains,
            "value": lambda: self.lines,
            "change": lambda: self.changes,
            "work": lambda: self.steps_today or self.steps_tomorrow,
            "comparison": lambda: self.comparison,
            "evidence": lambda: self.evidence,
            "configuration": lambda: self.proposal.configuration_id,
            "plan": lambda: block.milestones,
            "price": self.price.strip,
            "terms": self.proposal.terms.strip,
        }
        return bool(there[block.kind]())

    @cached_property
    def comparison(self) -> Table | None:
        """How we compare; None where nothing is said, or the author left it out."""
        found = comparison(self.proposal.study) if self.proposal.with_comparison else None
        return found if found and found.filled else None

    @cached_property
    def changes(self) -> list[tuple[Change, SafeString]]:
        """Before and after in time, cost and steps, each with its drawing."""
        found = changes_of(
            today=self.steps_today,
            tomorrow=self.steps_tomorrow,
            runs_a_week=self.proposal.runs_a_week,
            case=self.case,
        )
        return [(change, before_after(change, color=self.colours[1])) for change in found]

    @property
    def owner(self) -> User | None:
        """Whom the customer may ask."""
        return self.proposal.study.owner

    @cached_property
    def chains(self) -> list[Chain]:
        """The needs, surface to deep."""
        return chains(self.proposal.study)

    @cached_property
    def case(self) -> ValueCase | None:
        """The value case, with its lines read once."""
        case = self.proposal.value_case
        if case is not None:
            prefetch_related_objects([case], "lines__metric")
        return case

    @cached_property
    def lines(self) -> list[ValueLine]:
        """The lines of value."""
        if self.case is None:
            return []
        lines = self.case.ordered_lines
        say_agreed(agreement_of(self.case, lines=lines))
        return lines

    @cached_property
    def roi(self) -> Roi | None:
        """What the investment brings, as expected."""
        return self.case.roi() if self.case else None

    @property
    def invested(self) -> bool:
        """Whether an investment is known, so that there is something to pay back."""
        return bool(self.roi and self.roi.investment.by(self.roi.months))

    @cached_property
    def promised(self) -> Money | None:
        """What is expected to be gained in a month; None where no line has a value in money."""
        return (self.case.monthly_value or None) if self.case else None

    @cached_property
    def promised_text(self) -> str:
        """The promise, large: money a month, else what the first line saves."""
        if self.promised:
            return formats.money(self.promised)
        return self.lines[0].formula.saved if self.lines else ""

    @cached_property
    def values(self) -> list[tuple[str, str]]:
        """The value a month, low, expected and high."""
        return [(str(level.label), formats.money(self.case.value(level))) for level in Level] if self.case else []

    @cached_property
    def saved(self) -> list[str]:
        """What each line takes away, in its unit."""
        return [line.formula.saved for line in self.lines]

    @cached_property
    def payback_text(self) -> str:
        """When the investment is paid back."""
        return payback_text(self.roi) if self.roi and self.invested else ""

    @property
    def share_text(self) -> str:
        """The return on investment over the months looked at, "" where nothing is invested."""
        share = self.roi.over(self.roi.months) if self.roi else None
        return "" if share is None else formats.percent(decimal(share, places=4))

    @cached_property
    def returns(self) -> list[tuple[str, str]]:
        """What the investment brings: ROI over each span, net present value, and what nine in ten draws reach; none where nothing is invested."""
        if not (self.roi and self.case and self.invested):
            return []
        rows = [
            (_("ROI over %(months)s months") % {"months": span}, roi_text(share))
            for span, share in self.roi.shares.items()
        ]
        npv = formats.money(decimal(self.roi.npv, places=0), self.case.currency)
        rows.append((_("Net present value over %(months)s months") % {"months": self.roi.months}, npv))
        if self.swings:
            value = self.case.spread.value
            low, high = (formats.money(round(one), self.case.currency) for one in (value.p10, value.p90))
            rows.append((_("Value a month, in 8 of 10 cases"), f"{low} – {high}"))
        return rows

    @cached_property
    def colours(self) -> tuple[str, str]:
        """The brand's two colours, as they read on paper; on a page the stylesheet has the last word."""
        shown = Workspace.current()
        return on_paper(shown.accent), on_paper(shown.second) if shown.second else QUIET

    @cached_property
    def payback_drawing(self) -> SafeString:
        """The chart of value against investment."""
        return (
            payback(self.roi, currency=self.case.currency)
            if self.roi and self.case and self.invested
            else SafeString("")
        )

    @cached_property
    def swings(self) -> tuple[Swing, ...]:
        """How far each line moves the outcome."""
        return self.case.swings if self.case and self.invested else ()

    @cached_property
    def tornado_drawing(self) -> SafeString:
        """The chart of what moves the outcome most."""
        return tornado(self.swings, currency=self.case.currency, color=self.colours[0]) if self.case else SafeString("")

    @cached_property
    def tornado_text(self) -> str:
        """What that chart shows."""
        months = self.roi.months if self.roi else 0
        return (
            _("What moves the outcome most: left after %(months)s months, each line at its low and its high value")
            % {"months": months}
            if self.swings
            else ""
        )

    @cached_property
    def steps_today(self) -> list[Step]:
        """Today's work."""
        return self.proposal.today

    @cached_property
    def steps_tomorrow(self) -> list[Step]:
        """Tomorrow's work."""
        return self.proposal.tomorrow

    @property
    def longest(self) -> Decimal:
        """The longest step of both, to which all are drawn."""
        return max((step.minutes for step in [*self.steps_today, *self.steps_tomorrow]), default=Decimal(0))

    @cached_property
    def drawing_today(self) -> SafeString:
        """Today's work as a flow chart."""
        return flow(tuple(self.steps_today), longest=self.longest, color=self.colours[1])

    @cached_property
    def drawing_tomorrow(self) -> SafeString:
        """Tomorrow's work as a flow chart."""
        return flow(tuple(self.steps_tomorrow), longest=self.longest, color=GOOD)

    @property
    def minutes_today(self) -> str:
        """How long today's work takes."""
        return minutes_text(total_minutes(self.steps_today))

    @property
    def minutes_tomorrow(self) -> str:
        """How long tomorrow's work takes."""
        return minutes_text(total_minutes(self.steps_tomorrow))

    @cached_property
    def minutes_saved(self) -> str:
        """What one run takes less, "" where it takes no less."""
        saved = self.proposal.minutes_saved
        return minutes_text(saved) if saved > 0 and self.steps_tomorrow else ""

    @cached_property
    def hours_saved_a_week(self) -> str:
        """What a week's runs take less, "" where that is not known."""
        hours = self.proposal.hours_saved_a_week
        return formats.number(round(hours, 1)) if hours and self.minutes_saved else ""

    @cached_property
    def evidence(self) -> list[Evidence]:
        """The evidence that may be shown today, in the author's order; what is in no order comes last, the newest first."""
        sent = self.proposal.evidence_sent
        chosen = self.proposal.evidence if sent is None else Evidence.objects.filter(pk__in=sent)
        showable = chosen.showable(today=timezone.localdate())
        found = list(showable.select_related("account").order_by("-published_on", "pk"))
        order = find(self.proposal.content, "evidence").evidence
        return sorted(found, key=lambda item: order.index(item.pk) if item.pk in order else len(order))
