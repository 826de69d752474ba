"""The main record of this room."""

from __future__ import annotations

from proofline.records.kinds import Kind
from proofline.stages.closing.forms import DealForm
from proofline.stages.closing.models import Deal

DEAL = Kind(
    name="deal",
    slug="deals",
    model=Deal,
    form=lambda data, record, user: DealForm(data, instance=record, user=user),
    facts=("name", "account", "contact", "product", "amount", "expected_close", "owner", "source", "next_step"),
    together={"amount": ("amount", "currency"), "next_step": ("next_step", "next_step_on")},
    may_edit=lambda deal: not deal.is_closed,
)
