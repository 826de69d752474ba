"""The pages of the catalogue: ours, and those that later rooms add (`register`, from their `apps.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Tab

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_pages: dict[str, tuple[StrOrPromise, str]] = {
    "products": (_("Products and prices"), "records:catalogue"),
    "pains": (_("Pains and value"), "records:pains"),
}


def register(key: str, label: StrOrPromise, view: str) -> None:
    """Add a page of the catalogue by the name of its address."""
    _pages[key] = (label, view)


def tabs(active: str) -> list[Tab]:
    """Return the catalogue's pages as tabs."""
    return [Tab(str(label), reverse(view), active=active == key) for key, (label, view) in _pages.items()]
