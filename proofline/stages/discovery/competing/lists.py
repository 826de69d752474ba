"""What customers use and consider, as lists know it."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from proofline.kit.components import Filter
from proofline.kit.lists import (
    Choice,
    Context,
    Day,
    Field,
    Kind,
    Moment,
    Money,
    Relation,
    RelationType,
    register,
    relate,
)
from proofline.records.lists.customers import CHANGED, account_fields, choices, owner_filter, owner_of
from proofline.records.models import Competitor
from proofline.stages.discovery.models import Alternative


def visible(user: Any) -> Any:
    """Return the alternatives that the user may see."""
    return Alternative.objects.visible_to(user)


def title(_context: Context) -> Any:
    """Return what the store calls an alternative."""
    return Coalesce("competitor__name", NullIf(F("name"), Value("")), F("kind"))


def filters(context: Context) -> list[Filter]:
    """Return the filters that addresses of alternatives name."""
    rivals = [(str(pk), name) for pk, name in Competitor.objects.order_by("name").values_list("pk", "name")[:200]]
    return [
        owner_filter(context, path="study__owner"),
        Filter(
            "standing", _("Standing"), Alternative.Standing.choices, lambda rows, value: rows.filter(standing=value)
        ),
        Filter("competitor", _("Competitor"), rivals, lambda rows, value: rows.filter(competitor=value)),
    ]


ALTERNATIVES = Kind(
    name="alternatives",
    label=_("What customers use today"),
    one=_("alternative"),
    model=Alternative,
    address="discovery:alternatives",
    order=("-noted_at",),
    search=("name", "competitor__name", "gaps", "study__account__name"),
    related=("study__account", "competitor"),
    columns=("name", "account", "standing", "kind", "since", "pays", "gaps", "owner"),
    filters=filters,
    can_remove=False,
    fields=(
        Field("name", _("Alternative"), expression=title, value=str),
        Field("account", _("Account"), RelationType(), path="study__account", to="accounts", url="study.account.get_absolute_url", order="study__account__name"),
        Field("study", _("Discovery"), RelationType(), to="studies", order="study__title"),
        Field("competitor", _("Competitor"), RelationType(), to="competitors", order="competitor__name"),
        Field("standing", _("Standing"), Choice(), value="get_standing_display", choices=choices(Alternative.Standing.choices)),
        Field("kind", _("Kind"), Choice(), value="get_kind_display", choices=choices(Alternative.Kind.choices)),
        Field("since", _("In use since"), Day()),
        Field("pays", _("They pay"), Money(), currency="currency"),
        Field("per", _("Per"), Choice(), value="get_per_display", choices=choices(Alternative.Per.choices)),
        Field("gaps", _("Gaps")),
        owner_of("study"),
        *account_fields(visible, path="study__account"),
        Field("noted_at", _("Noted on"), Moment()),
        CHANGED,
    ),
)  # fmt: skip


def register_all() -> None:
    """Make alternatives known to lists."""
    register(ALTERNATIVES)
    relate("accounts", Relation("alternatives", _("What they use today"), "alternatives", "study__account"))
    relate("studies", Relation("alternatives", _("What they use today"), "alternatives", "study"))
    relate("competitors", Relation("alternatives", _("What customers use today"), "alternatives", "competitor"))
