"""Messages to contacts: written once, sent by a job, kept with what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.translation import gettext_lazy as _

from proofline.outreach.models.consent import OptOut, UnsubscribeLink
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, Workspace
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet
from proofline.timeline import facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PLAIN = Engine(libraries={}, builtins=[], autoescape=False)
"""Message templates know variables and filters of Django's language; they load nothing and reach no settings."""
FORBIDDEN_TAGS = ("{% load", "{% include", "{% extends", "{% debug", "{% ssi")


class TemplateQuerySet(LibraryQuerySet):
    """Texts of messages."""

    def named(self, name: str) -> Self:
        """Keep the languages of one message."""
        return self.filter(name=name)

    def offer(self, *, name: str, texts: Mapping[str, tuple[str, str]]) -> None:
        """Put first texts, as language → (subject, text), where nobody has written any; people may change them."""
        known = set(self.named(name).values_list("language", flat=True))
        for language, (subject, body) in texts.items():
            if language not in known:
                self.get_or_create(name=name, language=language, defaults={"subject": subject, "body": body})

    def for_contact(self, contact: Contact, *, name: str) -> Template | None:
        """Return the message in the contact's language, else their account's, else any."""
        wanted = contact.language or (contact.account.language if contact.account else "")
        found: dict[str, Template] = {template.language: template for template in self.named(name).order_by("pk")}
        return found.get(wanted) or next(iter(found.values()), None)


class Template(LibraryItem):
    """The text of a message in one language, with places such as {{ contact }} and {{ account }}."""

    write_area = "outreach"

    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, choices=[("en", "English"), ("zh-hans", "简体中文")])
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    objects: ClassVar = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "language"], name="template_once_in_language")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_language_display()})"

    def clean(self) -> None:
        """Check that the places can be filled."""
        for field in ("subject", "body"):
            text = getattr(self, field)
            if any(tag in text for tag in FORBIDDEN_TAGS):
                raise ValidationError({field: _("Messages can't load other files; use places such as {{ contact }}.")})
            try:
                PLAIN.from_string(text)
            except TemplateSyntaxError as error:
                raise ValidationError({field: str(error)}) from error

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return subject and text with the places filled."""
        context = dict(values)
        subject = PLAIN.from_string(self.subject).render(Context(context))
        return " ".join(subject.split()), PLAIN.from_string(self.body).render(Context(context))


class MessageQuerySet(VisibleQuerySet):
    """Messages."""

    def write_once(
        self,
        *,
        key: str,
        contact: Contact,
        template: str,
        now: datetime,
        values: Mapping[str, str] | None = None,
        reason: str = "",
    ) -> Message | None:
        """Write a message to be sent; the same key never writes a second.

        Returns None when it may not or can't be sent: no e-mail, no consent, no such template, or written before.
        """
        text = Template.objects.for_contact(contact, name=template)
        if text is None or not contact.email or OptOut.objects.filter(contact=contact).exists():
            return None
        subject, body = text.fill(values_for(contact) | dict(values or {}))
        with transaction.atomic():
            link = UnsubscribeLink.of(contact)
            made: tuple[Message, bool] = self.get_or_create(
                key=key,
                defaults={
                    "contact": contact,
                    "to": contact.email,
                    "subject": subject,
                    "body": body,
                    "language": text.language,
                    "reason": reason,
                    "unsubscribe": link,
                    "created_at": now,
                },
            )
        message, first = made
        return message if first else None

    def sent(self) -> Self:
        """Keep what left."""
        return self.filter(dispatch__isnull=False)


class Message(Visible):
    """A message to a contact, as it was written."""

    owner_paths = ("contact__owner", "contact__account__owner")
    write_area = "outreach"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", verbose_name=_("to"))
    to = models.EmailField(_("e-mail"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    language = models.CharField(max_length=10)
    reason = models.CharField(_("sent because of"), max_length=200, blank=True)
    unsubscribe = models.ForeignKey(UnsubscribeLink, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["contact", "-id"], name="message_contact"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def state(self) -> str:
        """What became of it: `sent`, `failed` (so far) or `waiting`; read with `dispatch` and `failures`."""
        if hasattr(self, "dispatch"):
            return "sent"
        return "failed" if self.failures.all() else "waiting"

    def note_sent(self, *, now: datetime) -> None:
        """Note that the mail server took it."""
        with transaction.atomic():
            _dispatch, first = Dispatch.objects.get_or_create(message=self, defaults={"at": now})
            if first:
                facts.record("message.sent", at=now, **self._fact())

    def note_failed(self, *, now: datetime, error: str) -> None:
        """Note that the mail server did not take it; the job tries again."""
        with transaction.atomic():
            Failure.objects.create(message=self, at=now, error=error[:500])
            facts.record("message.failed", at=now, **self._fact())

    def _fact(self) -> dict[str, Any]:
        return {
            "account": self.contact.account_id,
            "contact": self.contact_id,
            "subject": ("message", self.pk),
            "properties": {"subject": self.subject, "reason": self.reason},
        }


class Dispatch(models.Model):
    """That a message left."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="dispatch")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.message} → {self.message.to}"


class Failure(models.Model):
    """That the mail server did not take a message, with its words."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="failures")
    at = models.DateTimeField()
    error = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.error


def values_for(contact: Contact) -> dict[str, str]:
    """Return what the places of a template hold for a contact: contact, account, owner, company."""
    owner = contact.owner or (contact.account.owner if contact.account else None)
    return {
        "contact": contact.name,
        "account": contact.account.name if contact.account else "",
        "owner": owner.name if owner else "",
        "company": Workspace.current().name,
    }
