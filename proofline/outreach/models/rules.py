"""Triggered messages: an event of a known contact sends the right next step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.outreach.models.messages import Message, Template
from proofline.records.models import Contact
from proofline.records.models.catalogue import LibraryItem

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.timeline.events import Event

FRESH = timedelta(hours=1)
"""Older events, such as imported history, send nothing: the moment has passed."""


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

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Check that the rule can ever act."""
        if not Template.objects.filter(name=self.template).exists():
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

    def act(self, event: Event, *, now: datetime) -> Message | None:
        """Send the rule's message to the contact behind an event, unless it was sent within `cap_days`."""
        contact = Contact.objects.select_related("account__owner", "owner").filter(pk=event.contact_id).first()
        if contact is None or self._sent_lately(contact, now=now):
            return None
        key = f"rule:{self.pk}:{contact.pk}:{event.id}"
        return Message.objects.send_once(key=key, contact=contact, template=self.template, now=now, reason=self.name)

    def _sent_lately(self, contact: Contact, *, now: datetime) -> bool:
        start = f"rule:{self.pk}:{contact.pk}:"
        since = now - timedelta(days=self.cap_days)
        return Message.objects.filter(key__startswith=start, created_at__gt=since).exists()


def send_triggered(event: Event, *, now: datetime) -> list[Message]:
    """Let every rule that an event meets act; old events send nothing."""
    if event.contact_id is None or now - event.at > FRESH:
        return []
    rules = TriggerRule.objects.filter(active=True, event=event.name)
    sent = [rule.act(event, now=now) for rule in rules if rule.matches(event=event.name, properties=event.properties)]
    return [message for message in sent if message]
