"""What of this room is found by search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from proofline.kit.search import Kind
from proofline.stages.reach.models import Lead

KINDS = (
    Kind(
        name="leads",
        code="l",
        model=Lead,
        label=_("Leads"),
        one=_("Lead"),
        icon="user-plus",
        view="reach:lead",
        owners=Lead.owner_paths,
        note="company",
        text=("email", "title", "sector", "source", "external_id", "message"),
        phones=("phone",),
    ),
)
