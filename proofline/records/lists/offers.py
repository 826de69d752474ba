"""What can be chosen from in a filter: people, and the values that a field has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.records.models import User

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet

    from proofline.kit.lists import Context

MOST = 200


def people(context: Context) -> list[tuple[str, str]]:
    """Offer "me" and the colleagues."""
    others = User.objects.filter(is_active=True).exclude(pk=context.user.pk).order_by("name")
    return [("me", _("me")), *((str(pk), name) for pk, name in others.values_list("pk", "name")[:MOST])]


def values(field: str, visible: Callable[[Any], QuerySet[Any]]) -> Callable[[Context], Sequence[tuple[str, str]]]:
    """Return what offers the values that a field has among what one may see."""

    def offer(context: Context) -> list[tuple[str, str]]:
        return [(value, value) for value in distinct(visible(context.user), field, most=MOST)]

    return offer


def distinct(queryset: QuerySet[Any], field: str, *, most: int) -> list[str]:
    """Return the texts that a field has, in order. It steps from each to the next by the index and never goes through the table."""
    found: list[str] = []
    rows = queryset.order_by(field).values_list(field, flat=True)
    last = ""
    while len(found) < most:
        following = rows.filter(**{f"{field}__gt": last}).first()
        if following is None:
            break
        found.append(following)
        last = following
    return found
