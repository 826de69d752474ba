"""The digest: an e-mail of what a person has not read, once a day or a week at their own time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit.links import LinkTokenField
from proofline.records.models.notifications import Notification
from proofline.records.models.people import User
from proofline.records.models.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEK = 7


class DigestRule(models.Model):
    """When a person wants the digest; who never chose has the usual: daily at eight."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        NEVER = "never", _("Never")

    class Day(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="digest_rule")
    rhythm = models.CharField(_("digest by e-mail"), max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Day.choices, default=Day.MONDAY)
    at = models.TimeField(_("at"), default=time(8))
    token = LinkTokenField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(weekday__lt=WEEK), name="digest_weekday")]

    def __str__(self) -> str:
        return f"{self.user}: {self.rhythm}"

    @classmethod
    def of(cls, user: User) -> DigestRule:
        """Return the person's rule; one that was never chosen is not kept yet."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    def choose(self, **values: Any) -> None:
        """Set the fields, check and save.

        Raises:
            ValidationError: a value is not valid.
        """
        for name, value in values.items():
            setattr(self, name, value)
        self.full_clean()
        self.save()

    def last_due(self, now: datetime, *, time_zone: str) -> datetime | None:
        """Return the latest moment, not after now, at which the digest was due on the person's clock; None for never."""
        if self.rhythm == self.Rhythm.NEVER:
            return None
        zone = ZoneInfo(time_zone)
        day = now.astimezone(zone).date()
        for back in range(WEEK + 1):
            due = datetime.combine(day - timedelta(days=back), self.at, zone)
            if due <= now and (self.rhythm == self.Rhythm.DAILY or due.weekday() == self.weekday):
                return due
        return None  # pragma: no cover - every weekday comes within a week


class DigestQuerySet(models.QuerySet["Digest"]):
    """Digests."""

    def due(self, *, now: datetime) -> Iterator[Digest]:
        """Prepare the digests that are due now, each once in its period however many servers ask."""
        usual = Workspace.current().time_zone
        waiting = Notification.objects.undigested().filter(at__lte=now).values("user")
        people = User.objects.filter(is_active=True, email__isnull=False, pk__in=waiting).select_related("digest_rule")
        for person in people.order_by("pk"):
            rule = getattr(person, "digest_rule", None) or DigestRule(user=person)
            due = rule.last_due(now, time_zone=person.time_zone or usual)
            if due is None or not Notification.objects.undigested().filter(user=person, at__lte=due).exists():
                continue
            digest, first = self.get_or_create(user=person, day=due.date(), defaults={"due_at": due})
            if first:
                yield digest


class Digest(models.Model):
    """One person's digest of one period, by the day on which it was due on their clock."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_period")]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"

    @property
    def notifications(self) -> models.QuerySet[Notification]:
        """What it has to say, the newest first."""
        waiting = Notification.objects.undigested().filter(user=self.user, at__lte=self.due_at)
        return waiting.select_related("by").order_by("-at", "-pk")

    def note_sent(self, *, now: datetime, said: list[int]) -> None:
        """Note that it left, with these notifications."""
        with transaction.atomic():
            Digest.objects.filter(pk=self.pk, sent_at=None).update(sent_at=now)
            Notification.objects.filter(pk__in=said).update(digested_at=now)
