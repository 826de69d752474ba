"""Triggered messages: what a known contact does, once or often, sends the right next step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.outreach.models.messages import Message, Template
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet
from proofline.timeline.events import BEHAVIOUR
from proofline.timeline.watched import WatchedRule
from proofline.timeline.watches import Operator, Per, Watch, conditions

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Contact


class RuleQuerySet(LibraryQuerySet):
    """Rules that send messages."""

    def active(self) -> Self:
        """Keep the rules that send."""
        return self.filter(active=True)

    def sending(self, *, template: str) -> Self:
        """Keep the rules that send a message."""
        return self.filter(template=template)


class TriggerRule(WatchedRule, LibraryItem):
    """When a contact, or their company, does this so many times, send that; at most once in so many days."""

    Operator = Operator
    Per = Per

    write_area = "outreach"

    name = models.CharField(_("name"), max_length=120)
    event = models.CharField(_("event"), max_length=120, default="Page Viewed")
    property = models.CharField(_("property"), max_length=120, blank=True, default="path")
    operator = models.CharField(_("comparison"), max_length=10, choices=Operator.choices, default=Operator.CONTAINS)
    value = models.CharField(_("value"), max_length=200, blank=True)
    times = models.PositiveSmallIntegerField(_("how many times"), default=1, validators=[MinValueValidator(1)])
    window_hours = models.PositiveSmallIntegerField(
        _("within hours"),
        default=24,
        validators=[MinValueValidator(1)],
        help_text=_("Counts only when it takes several times."),
    )
    per = models.CharField(_("counted per"), max_length=10, choices=Per.choices, default=Per.PERSON)
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

    def watch(self) -> Watch:
        """Return what the timeline watches for."""
        return Watch(
            key=f"message-rule:{self.pk}",
            rule=self.pk,
            event=self.event,
            kinds=frozenset(BEHAVIOUR),
            conditions=conditions((self.property, self.operator, self.value)),
            times=self.times,
            window=timedelta(hours=self.window_hours),
            per=self.per,
            period=timedelta(days=self.cap_days),
            known=self.per == Per.PERSON,
        )

    def key_for(self, contact: Contact) -> str:
        """Return what the keys of this rule's messages to a contact begin with."""
        return f"rule:{self.pk}:{contact.pk}:"

    def sent_lately(self, contact: Contact, *, now: datetime) -> bool:
        """Tell whether the contact got this rule's message within `cap_days`."""
        since = now - timedelta(days=self.cap_days)
        return Message.objects.filter(key__startswith=self.key_for(contact), created_at__gt=since).exists()
