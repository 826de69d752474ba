"""Triggered messages: an event of a known contact sends the right next step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.outreach.models.messages import Message, Template
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Contact


class RuleQuerySet(LibraryQuerySet):
    """Rules that send messages."""

    def listening(self, *, event: str) -> Self:
        """Keep the active rules for an event."""
        return self.filter(active=True, event=event)

    def sending(self, *, template: str) -> Self:
        """Keep the rules that send a message."""
        return self.filter(template=template)


class TriggerRule(LibraryItem):
    """When a contact does this, send that; at most once in so many days."""

    class Operator(models.TextChoices):
        IS = "is", _("is")
        CONTAINS = "contains", _("contains")
        ANY = "any", _("is anything")

    write_area = "outreach"

    name = models.CharField(_("name"), max_length=120)
    event = models.CharField(_("event"), max_length=120, default="Page Viewed")
    property = models.CharField(_("property"), max_length=120, blank=True, default="path")
    operator = models.CharField(_("comparison"), max_length=10, choices=Operator.choices, default=Operator.CONTAINS)
    value = models.CharField(_("value"), max_length=200, blank=True)
    template = models.CharField(_("message"), max_length=120)
    cap_days = models.PositiveSmallIntegerField(_("at most once in days"), default=7)
    active = models.BooleanField(_("active"), default=True)

    objects: ClassVar = RuleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Check that the rule can ever act."""
        if not Template.objects.named(self.template).exists():
            raise ValidationError({"template": _("There is no message with this name.")})
        if self.operator != self.Operator.ANY and not self.value:
            raise ValidationError({"value": _("Say what to compare with.")})

    def matches(self, *, event: str, properties: dict[str, Any]) -> bool:
        """Tell whether an event meets the rule."""
        if not self.active or event != self.event:
            return False
        if self.operator == self.Operator.ANY or not self.property:
            return True
        actual = str(properties.get(self.property, ""))
        return actual == self.value if self.operator == self.Operator.IS else self.value in actual

    def key_for(self, contact: Contact) -> str:
        """Return what the keys of this rule's messages to a contact begin with."""
        return f"rule:{self.pk}:{contact.pk}:"

    def sent_lately(self, contact: Contact, *, now: datetime) -> bool:
        """Tell whether the contact got this rule's message within `cap_days`."""
        since = now - timedelta(days=self.cap_days)
        return Message.objects.filter(key__startswith=self.key_for(contact), created_at__gt=since).exists()
