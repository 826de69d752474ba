"""What playbooks say of one record now: which steps are done, which one comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from proofline.enablement.models import Step, Tick

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.enablement.kinds import Kind
    from proofline.enablement.models import Playbook


@dataclass(frozen=True)
class Line:
    """A step, for one record."""

    step: Step
    tick: Tick | None
    applies: bool
    """Whether the record is in the state that the step names."""
    state: Any
    """That state in words; "" for a step of any time."""


@dataclass
class Guide:
    """A playbook, for one record."""

    playbook: Playbook
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many steps it has."""
        return len(self.lines)

    @property
    def done(self) -> int:
        """How many of them are done."""
        return sum(line.tick is not None for line in self.lines)

    @property
    def next(self) -> Line | None:
        """The first step that is not done and applies now."""
        return next((line for line in self.lines if line.tick is None and line.applies), None)

    @property
    def later(self) -> Line | None:
        """The first step that is not done, which waits for another state of the record."""
        return next((line for line in self.lines if line.tick is None), None)


def step_of(kind: Kind, pk: int) -> Step:
    """Return a step that stands with records of the kind.

    Raises:
        Http404: it does not, or is no more.
    """
    return get_object_or_404(Step.objects.for_kind(kind).select_related("playbook"), pk=pk)


def guides(kind: Kind, record: Any, *, now: datetime) -> list[Guide]:
    """Return the playbooks that stand with a record, in their order: two questions, and what its state takes when a step names one."""
    if not kind.applies(record):
        return []
    found = Step.objects.for_kind(kind).select_related("playbook")
    steps = list(found.order_by("playbook__position", "playbook", "position", "pk"))
    if not steps:
        return []
    ticks = {tick.step_id: tick for tick in Tick.objects.of(kind.name, record.pk).select_related("by")}
    stated = any(step.state for step in steps)
    labels = dict(kind.named_states()) if stated else {}
    now_in = kind.states_now(record, now=now) if stated else set()
    lines = [
        Line(
            step,
            ticks.get(step.pk),
            applies=step.state not in labels or step.state in now_in,  # a state that is no more holds nothing back
            state=labels.get(step.state, ""),
        )
        for step in steps
    ]
    return [Guide(playbook, list(own)) for playbook, own in groupby(lines, key=lambda line: line.step.playbook)]
