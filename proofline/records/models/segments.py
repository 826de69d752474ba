"""Segments: a named part of one kind of records, kept by conditions (live) or picked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from proofline.records import kinds
from proofline.records.models.people import User, and_above
from proofline.records.models.views import SavedView
from proofline.timeline import facts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from proofline.timeline.traces import Traces

SOME = 500
"""So many members are looked up, written or taken at once."""


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Segments."""

    def present(self) -> Self:
        """Keep those that are not removed."""
        return self.filter(removed_at=None)

    def visible_to(self, user: User) -> Self:
        """Keep one's own, those that the team or one above it shares, and those for everybody; not what is removed."""
        seen = models.Q(owner=user) | models.Q(audience=SavedView.Audience.ALL)
        if user.team_id:
            seen |= models.Q(audience=SavedView.Audience.TEAM, owner__team__in=and_above(user.team_id))
        return self.present().filter(seen)

    def add(
        self,
        *,
        by: User,
        now: datetime,
        kind: str,
        name: str,
        audience: str = SavedView.Audience.ME,
        about: str = "",
        conditions: Mapping[str, Any] | None = None,
    ) -> Segment:
        """Begin a segment: live with conditions (`{"all": []}` for every record), to be picked by hand with None.

        Raises:
            ValidationError: the name is empty, too long, or one's own already.
        """
        segment = Segment(
            owner=by,
            kind=kind,
            name=name.strip(),
            audience=audience,
            about=about.strip(),
            conditions=None if conditions is None else dict(conditions),
            created_at=now,
            changed_at=now,
        )
        segment.full_clean()
        segment.save()
        return segment

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of names and conditions; return how many segments changed."""
        forgotten = 0
        for segment in self.all():
            left = {name: traces.redacted(getattr(segment, name)) for name in ("name", "about", "conditions")}
            if any(left[name] != getattr(segment, name) for name in left):
                forgotten += self.filter(pk=segment.pk).update(**left)
        return forgotten


class Segment(models.Model):
    """A part of one kind of records under a name. `conditions` are those of lists (`kit.lists.conditions`); None: it is picked by hand."""

    write_area: ClassVar[str] = "records"

    kind = models.CharField(_("kind of record"), max_length=40)
    """The kind's name in lists: "contacts"."""
    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("what it is for"), max_length=300, blank=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner"))
    audience = models.CharField(
        _("for"), max_length=4, choices=SavedView.Audience.choices, default=SavedView.Audience.ME
    )
    conditions = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "name"],
                condition=models.Q(removed_at=None),
                name="segment_name_once",
                violation_error_message=_("You have a segment of this name already."),
            )
        ]
        indexes = [models.Index(fields=["kind", "audience"], name="segment_kind")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its members."""
        return reverse("records:segment", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Whether conditions say who is in it."""
        return self.conditions is not None

    @property
    def how(self) -> str | _StrPromise:
        """How records come into it, in a word."""
        return pgettext_lazy("segment", "live") if self.is_live else _("picked by hand")

    def may_change(self, user: User) -> bool:
        """Tell whether the user may change what it is: its owner, and administrators."""
        return user.may_write(self.write_area) and (self.owner_id == user.pk or user.is_administrator)

    def require_owner(self, user: User) -> None:
        """Let pass who may change what it is.

        Raises:
            PermissionDenied: it is somebody else's, or the user may change nothing.
        """
        if not self.may_change(user):
            raise PermissionDenied(
                gettext("This segment belongs to %(name)s, who can change it, as an administrator can.")
                % {"name": self.owner}
            )

    def change(self, *, by: User, now: datetime, **values: Any) -> None:
        """Change the name, what it is for, for whom it is, or the conditions of a live one.

        Raises:
            PermissionDenied: it is somebody else's.
            ValidationError: a value is not valid, or conditions are given to one that is picked by hand.
        """
        self.require_owner(by)
        if "conditions" in values and (values["conditions"] is None) == self.is_live:
            raise ValidationError({"conditions": gettext("A segment stays live, or picked by hand.")})
        for name, value in values.items():
            setattr(self, name, value.strip() if isinstance(value, str) else value)
        self.changed_at = now
        self.full_clean()
        self.save(update_fields=[*values, "changed_at"])

    def remove(self, *, by: User, now: datetime) -> None:
        """Take it away with its list of members; `restore` brings it back until it is swept away.

        Raises:
            PermissionDenied: it is somebody else's.
        """
        self.require_owner(by)
        self.removed_at = now
        self.save(update_fields=["removed_at"])

    def restore(self, *, by: User) -> None:
        """Undo `remove`.

        Raises:
            PermissionDenied: it is somebody else's.
            ValidationError: another has its name by now.
        """
        self.require_owner(by)
        self.removed_at = None
        self.full_clean()
        self.save(update_fields=["removed_at"])

    def require_picked(self) -> None:
        """Let pass one that is picked by hand.

        Raises:
            ValidationError: conditions say who is in it.
        """
        if self.is_live:
            raise ValidationError(gettext("Conditions say who is in this segment; nobody is put into it by hand."))

    def put(self, records: Collection[Any], *, by: User, now: datetime) -> set[int]:
        """Put records of its kind in; return the ids of those that were not in it.

        Raises:
            ValidationError: conditions say who is in it.
        """
        self.require_picked()
        with transaction.atomic():
            there = self._there(records)
            new = [record for record in records if record.pk not in there]
            rows = [
                SegmentMember(segment=self, kind=main.name, record=record.pk, by=by, at=now)
                for record in new
                if (main := kinds.of(record)) is not None
            ]
            SegmentMember.objects.bulk_create(rows, ignore_conflicts=True, batch_size=SOME)
            self._tell("segment.joined", new, by=by, now=now)
        return {record.pk for record in new}

    def take(self, records: Collection[Any], *, by: User, now: datetime) -> set[int]:
        """Take records out; return the ids of those that were in it.

        Raises:
            ValidationError: conditions say who is in it.
        """
        self.require_picked()
        with transaction.atomic():
            there = self._there(records)
            gone = [record for record in records if record.pk in there]
            self.members.filter(record__in=there).delete()
            self._tell("segment.left", gone, by=by, now=now)
        return there

    def _there(self, records: Collection[Any]) -> set[int]:
        ids = [record.pk for record in records]
        return set(self.members.filter(record__in=ids).values_list("record", flat=True))

    def _tell(self, fact: str, records: Collection[Any], *, by: User, now: datetime) -> None:
        """Record it on the timeline of each, where everybody may know the segment: a private list leaves no trace there."""
        if self.audience != SavedView.Audience.ALL:
            return
        for record in records:
            main = kinds.of(record)
            account, contact = kinds.customer_of(record)
            facts.record(
                fact,
                at=now,
                by=by.pk,
                account=account,
                contact=contact,
                subject=(main.name, record.pk) if main else None,
                properties={"name": str(record), "segment": self.name, "segment_id": self.pk},
            )


class SegmentMember(models.Model):
    """A record that was put into a segment, named by the kind and id of main records."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members")
    kind = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("place in a segment")
        constraints = [models.UniqueConstraint(fields=["segment", "record"], name="segment_member_once")]
        indexes = [models.Index(fields=["kind", "record"], name="segment_member_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} ∈ {self.segment_id}"
