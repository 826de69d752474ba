"""Value reports: what was promised against what product events show, per promise."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.insight import usage
from proofline.kit.addresses import record_address
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User
from proofline.stages.closing.models import Promise
from proofline.stages.delivery.models.projects import Project

if TYPE_CHECKING:
    from collections.abc import Iterable

CENT = Decimal("0.01")
PERIOD = timedelta(days=28)
"""What a report looks at: the four whole weeks before it, so that weekdays weigh the same."""

SHARE = Decimal("0.0001")


class NothingPromisedError(Exception):
    """The project's contract holds no promise with a metric that events measure."""


class ReportQuerySet(VisibleQuerySet):
    """Value reports."""

    def published(self) -> Self:
        """Keep what the customer may see."""
        return self.filter(publication__isnull=False)

    def make(self, project: Project, *, by: User | None, now: datetime, key: str | None = None) -> ValueReport:
        """Measure every promise of the project over the last four weeks, keep the report and record each result.

        `key` makes it once: a second call with the same key returns the first report.

        Raises:
            NothingPromisedError: there is nothing to measure.
        """
        existing = self.filter(key=key).first() if key else None
        if existing:
            return existing  # type: ignore[no-any-return]
        found = Promise.objects.filter(contract=project.contract).exclude(metric=None).exclude(metric__event="")
        promises = [
            promise for promise in found.select_related("metric") if in_unit_of(promise, Decimal(1)) is not None
        ]
        if not promises:
            raise NothingPromisedError(str(project))
        with transaction.atomic():
            number = self.filter(project=project).count() + 1
            report: ValueReport = self.create(
                project=project, number=number, from_at=now - PERIOD, to_at=now, by=by, created_at=now, key=key
            )
            report.measure(promises)
            report.tell_results(by=by, now=now)
        return report


class ValueReport(Visible):
    """The promises of a project, measured over a period."""

    owner_paths = ("project__owner", "project__account__owner")
    write_area = "delivery"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reports", verbose_name=_("project"))
    number = models.PositiveSmallIntegerField(_("number"))
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    key = models.CharField(max_length=120, null=True, unique=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="report_number_once_in_project")]

    def __str__(self) -> str:
        return f"{self.project} · {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of the report's page."""
        return record_address("delivery:report", self.pk)

    @property
    def kept(self) -> int:
        """How many promises were kept."""
        return sum(measurement.kept for measurement in self.measurements.all())

    @property
    def all_kept(self) -> bool:
        """Whether every promise was kept."""
        return all(measurement.kept for measurement in self.measurements.all())

    def measure(self, promises: Iterable[Promise]) -> None:
        """Measure each promise from the account's product events."""
        account = self.project.account_id
        Measurement.objects.bulk_create(
            Measurement(
                report=self,
                promise=promise,
                promised=promise.promised,
                measured=in_unit_of(promise, result.value) or Decimal(0),
                events=result.events,
            )
            for promise in promises
            for result in [usage.measured(promise.metric, account_id=account, from_=self.from_at, to=self.to_at)]
        )

    def tell_results(self, *, by: User | None, now: datetime) -> None:
        """Record `value.measured` for each promise."""
        for measurement in self.measurements.select_related("promise__metric"):
            self.project.tell(
                "value.measured",
                by=by,
                now=now,
                key=f"value.measured:{measurement.pk}",
                metric=measurement.promise.name,
                unit=measurement.promise.unit,
                promised=str(measurement.promised),
                measured=str(measurement.measured),
                kept=measurement.kept,
                metric_id=measurement.promise.metric_id,
                reached=measurement.reached,
            )

    def publish(self, *, by: User, now: datetime) -> None:
        """Show the report to the customer in the portal."""
        with transaction.atomic():
            _publication, first = Publication.objects.get_or_create(report=self, defaults={"by": by, "at": now})
            if first:
                self.project.tell("value_report.published", by=by, now=now, number=self.number)


def in_unit_of(promise: Promise, value: Decimal) -> Decimal | None:
    """Convert a value from its metric's unit to the promise's; a month is 52/12 weeks. None where they can't compare."""
    theirs, ours = promise.metric.unit.partition("/"), promise.unit.partition("/")  # type: ignore[union-attr]
    if theirs[0].strip().lower() != ours[0].strip().lower():
        return None
    periods = (theirs[2].strip(), ours[2].strip())
    if periods[0] == periods[1]:
        return value
    factors = {("week", "month"): Decimal(52) / 12, ("month", "week"): Decimal(12) / 52}
    return (value * factors[periods]).quantize(CENT) if periods in factors else None


class Measurement(models.Model):
    """One promise in a report, in the promise's unit."""

    report = models.ForeignKey(ValueReport, on_delete=models.CASCADE, related_name="measurements")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    promised = models.DecimalField(_("promised"), max_digits=18, decimal_places=4)
    measured = models.DecimalField(_("measured"), max_digits=18, decimal_places=4)
    events = models.PositiveIntegerField(_("events counted"))

    def __str__(self) -> str:
        return f"{self.promise}: {self.measured} / {self.promised}"

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        return self.measured >= self.promised

    @property
    def reached(self) -> str:
        """What was measured as a share of what was lost before, to four decimals; "" where nothing can be measured of it."""
        promise = self.promise
        if promise.metric is None or not promise.metric.event or not promise.baseline:
            return ""
        return str((self.measured / promise.baseline).quantize(SHARE))

    @property
    def share(self) -> Decimal:
        """Measured as a share of promised; 1 where nothing was promised."""
        return self.measured / self.promised if self.promised else Decimal(1)


class Publication(models.Model):
    """That a report was shown to the customer."""

    report = models.OneToOneField(ValueReport, on_delete=models.CASCADE, related_name="publication")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.report)
