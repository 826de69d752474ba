"""The palette's search: accounts, contacts, leads and deals that the user may see, and the pages of the sidebar."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.records.models import User

EACH = 6
"""How many results of a kind are shown."""


@dataclass(frozen=True)
class Kind:
    """A kind of record that is found: where its model is, the fields that are looked into, and the note beside the name."""

    label: Any
    icon: str
    module: str
    model: str
    fields: Sequence[str]
    related: Sequence[str] = ()
    note: str = ""


KINDS = (
    Kind(_("Accounts"), "building", "proofline.records.models", "Account", ("name", "domain"), (), "sector"),
    Kind(_("Contacts"), "user", "proofline.records.models", "Contact", ("name", "email"), ("account",), "account"),
    Kind(
        _("Deals"),
        "layout-kanban",
        "proofline.stages.closing.models",
        "Deal",
        ("name", "account__name"),
        ("account",),
        "account",
    ),
    Kind(_("Leads"), "user-plus", "proofline.stages.reach.models", "Lead", ("name", "email", "company"), (), "company"),
)


@dataclass(frozen=True)
class Result:
    """One line of the palette."""

    title: str
    url: str
    icon: str
    note: str = ""


@cache
def _model(kind: Kind) -> Any:
    return getattr(importlib.import_module(kind.module), kind.model) if importlib.util.find_spec(kind.module) else None


def records(text: str, *, user: User) -> list[tuple[str, list[Result]]]:
    """Return what the words are found in, by kind; every word has to be in one of the fields."""
    groups = []
    for kind in KINDS:
        model = _model(kind)
        if model is None:
            continue
        queryset = model.objects.visible_to(user).select_related(*kind.related)
        for word in text.split():
            found = Q()
            for name in kind.fields:
                found |= Q(**{f"{name}__icontains": word})
            queryset = queryset.filter(found)
        results = [
            Result(str(row), row.get_absolute_url(), kind.icon, str(getattr(row, kind.note, "") or ""))
            for row in queryset.order_by("-pk")[:EACH]
        ]
        if results:
            groups.append((str(kind.label), results))
    return groups


def pages(text: str, nav: list[dict[str, Any]]) -> list[Result]:
    """Return the pages of the sidebar whose name holds the text; all of them for no text."""
    wanted = text.casefold()
    items = [(group["label"], item) for group in nav for item in group["items"]]
    return [
        Result(str(item["label"]), item["url"], item["icon"], str(label))
        for label, item in items
        if wanted in str(item["label"]).casefold() or (wanted and wanted in str(label).casefold())
    ]
