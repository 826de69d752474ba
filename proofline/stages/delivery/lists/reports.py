"""Value reports, as lists know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from proofline.kit.lists import Context, Field, Flag, Kind, Moment, Number, Relation, RelationType, register, relate
from proofline.records.lists.customers import account_fields, counted, owner_filter, owner_of
from proofline.stages.delivery.models import Measurement, ValueReport

if TYPE_CHECKING:
    from django.db.models import QuerySet


def visible(user: Any) -> Any:
    """Return the reports that the user may see."""
    return ValueReport.objects.visible_to(user)


def kept() -> QuerySet[Any]:
    """Return the promises that were kept."""
    return Measurement.objects.filter(measured__gte=F("promised"))


def missed(_context: Context) -> Any:
    """Return whether a promise was missed."""
    return Exists(Measurement.objects.filter(report=OuterRef("pk"), measured__lt=F("promised")))


REPORTS = Kind(
    name="value-reports",
    label=_("Value reports"),
    one=_("value report"),
    model=ValueReport,
    address="delivery:reports",
    order=("-created_at", "-pk"),
    search=("project__name", "project__account__name"),
    related=("project__account", "publication"),
    columns=("project", "account", "kept", "shared_at", "created_at"),
    filters=lambda context: [owner_filter(context, path="project__owner")],
    can_remove=False,
    fields=(
        Field("project", _("Report"), RelationType(), value="project.name", to="projects", order="project__name"),
        Field("number", _("Number"), Number(), is_summed=False),
        Field("account", _("Account"), RelationType(), path="project__account", to="accounts", url="project.account.get_absolute_url", order="project__account__name"),
        Field("kept", _("Promises kept"), Number(), expression=lambda _context: counted(kept(), "report"), template="delivery/cells/kept.html", many=("measurements",)),
        Field("promises", _("Promises"), Number(), expression=lambda _context: counted(Measurement.objects.all(), "report")),
        Field("missed", _("A promise was missed"), Flag(), expression=missed, template="records/cells/flag.html"),
        owner_of("project"),
        *account_fields(visible, path="project__account"),
        Field("from_at", _("Measured from"), Moment(), cell="date"),
        Field("to_at", _("Measured until"), Moment(), cell="date"),
        Field("shared_at", _("Shared"), Moment(), path="publication__at"),
        Field("created_at", _("Made"), Moment()),
    ),
)  # fmt: skip


def register_all() -> None:
    """Make value reports known to lists."""
    register(REPORTS)
    relate("accounts", Relation("value_reports", _("Value reports"), "value-reports", "project__account"))
    relate("projects", Relation("value_reports", _("Value reports"), "value-reports", "project"))
