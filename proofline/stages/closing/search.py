"""What of this room is found by search."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from proofline.kit.search import Kind
from proofline.stages.closing.models import Contract, Deal, Quote
from proofline.stages.closing.models.contracts import contract_number


def quote_title(row: dict[str, Any]) -> str:
    """Return what a quote is called: its deal and version."""
    return f"{row['deal__name']} · {row['version']}"


def contract_title(row: dict[str, Any]) -> str:
    """Return the number of a contract."""
    return contract_number(row["pk"], row["created_at"])


KINDS = (
    Kind(
        name="deals",
        code="d",
        model=Deal,
        label=_("Deals"),
        one=_("Deal"),
        icon="layout-kanban",
        view="closing:deal",
        owners=Deal.owner_paths,
        note="account__name",
        text=("contact__name", "next_step", "external_id"),
    ),
    Kind(
        name="quotes",
        code="q",
        model=Quote,
        label=_("Quotes"),
        one=_("Quote"),
        icon="file-invoice",
        view="closing:quote",
        owners=Quote.owner_paths,
        title=quote_title,
        reads=("deal__name", "version"),
        note="deal__account__name",
    ),
    Kind(
        name="contracts",
        code="k",
        model=Contract,
        label=_("Contracts"),
        one=_("Contract"),
        icon="signature",
        view="closing:contract",
        owners=Contract.owner_paths,
        title=contract_title,
        reads=("created_at",),
        note="account__name",
        text=("deal__name",),
    ),
)
