"""Why two records may be one and the same, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_lazy, pgettext_lazy

from proofline.kit.formats import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST = 0.7
"""Less alike is said to be another one."""
SAME: dict[str, Any] = {
    "name": gettext_lazy("same name"),
    "domain": gettext_lazy("same website"),
    "location": gettext_lazy("same place"),
    "email": gettext_lazy("same e-mail"),
    "phone": gettext_lazy("same phone"),
    "company": gettext_lazy("same company"),
}
ALIKE: dict[str, Any] = {
    "name": gettext_lazy("names %(share)s alike"),
    "location": gettext_lazy("places %(share)s alike"),
    "email": gettext_lazy("e-mails alike before the @"),
}
OTHER: dict[str, Any] = {
    "name": pgettext_lazy("duplicates", "another name"),
    "domain": pgettext_lazy("duplicates", "another website"),
    "location": pgettext_lazy("duplicates", "another place"),
    "email": pgettext_lazy("duplicates", "another e-mail"),
    "phone": pgettext_lazy("duplicates", "another phone"),
    "company": pgettext_lazy("duplicates", "another company"),
}


class Said(NamedTuple):
    """A reason in words; `speaks_for` says whether it speaks for one and the same."""

    text: str
    speaks_for: bool


def said(reasons: Iterable[Sequence[Any]]) -> list[Said]:
    """Return reasons ([field, likeness]) in the reader's language, those that speak for it first."""
    return sorted((_said(field, likeness) for field, likeness in reasons), key=lambda one: not one.speaks_for)


def _said(field: str, likeness: float) -> Said:
    if likeness == 1:
        return Said(str(SAME[field]), speaks_for=True)
    if likeness <= LEAST or field not in ALIKE:
        return Said(str(OTHER[field]), speaks_for=False)
    return Said(ALIKE[field] % {"share": percent(likeness)}, speaks_for=True)


def sentence(reasons: Iterable[Sequence[Any]]) -> str:
    """Return all that speaks for it in one line: same phone · names 92 % alike."""
    return " · ".join(one.text for one in said(reasons) if one.speaks_for)
