"""The main record of this room."""

from __future__ import annotations

import copy

from proofline.records.kinds import Kind
from proofline.stages.reach.forms import LeadEditForm
from proofline.stages.reach.models import Lead

LEAD = Kind(
    name="lead",
    slug="leads",
    model=Lead,
    form=lambda data, record, user: LeadEditForm(data, instance=copy.copy(record), user=user),
    facts=LeadEditForm.Meta.fields,
)
