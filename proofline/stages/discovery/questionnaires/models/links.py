"""Links that lead to a questionnaire: a private one for one person, a public one for whoever has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proofline.kit.adding import adding
from proofline.kit.links import LinkTokenField
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, User
from proofline.stages.discovery.models.studies import Study
from proofline.stages.discovery.questionnaires.content import LANGUAGES
from proofline.stages.discovery.questionnaires.models.questionnaires import Questionnaire
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime


class LinkQuerySet(VisibleQuerySet):
    """Links."""

    def send(
        self,
        questionnaire: Questionnaire,
        *,
        by: User | None,
        now: datetime,
        study: Study | None = None,
        to: Contact | None = None,
        language: str = "",
        is_public: bool = False,
        expires_at: datetime | None = None,
    ) -> QuestionnaireLink:
        """Open a link: private for one person of a study's customer, or public, with or without a study.

        Raises:
            ValidationError: the questionnaire has no version or is retired, the person is another customer's, or the date has passed.
        """
        if questionnaire.newest is None or questionnaire.is_retired:
            raise ValidationError({"questionnaire": _("Publish the questionnaire before you send it.")})
        link = QuestionnaireLink(
            questionnaire=questionnaire,
            study=study,
            contact=to,
            is_public=is_public,
            language=questionnaire.newest.content.spoken(language or _language_of(study)),
            owner=(study and study.owner) or by,
            at=now,
            by=by,
            expires_at=expires_at,
        )
        link.check_expiry(expires_at, now=now)
        with adding(link):
            link.save()
            link.tell("questionnaire.sent", by=by, at=now, to=str(to or (study.account if study else "")))
        return link


class QuestionnaireLink(Visible):
    """A link to a questionnaire; open until it expires or is closed."""

    write_area = "discovery"
    owner_paths = ("owner", "study__owner", "study__account__owner")

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="links", verbose_name=_("questionnaire")
    )
    study = models.ForeignKey(
        Study, on_delete=models.CASCADE, null=True, blank=True, related_name="questionnaire_links"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("to")
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    is_public = models.BooleanField(_("public"), default=False)
    language = models.CharField(_("language"), max_length=10, choices=list(LANGUAGES.items()))
    token = LinkTokenField()
    at = models.DateTimeField(_("sent on"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(_("open until"), null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["study", "-id"], name="questionnaire_link_study")]

    def __str__(self) -> str:
        return f"{self.questionnaire} → {self.contact or self.study or '–'}"

    @property
    def public_path(self) -> str:
        """The path of the page on which it is answered."""
        return reverse("discovery:questionnaire_public", args=[self.token])

    def clean(self) -> None:
        """Refuse a person of another customer, and a public link for one person."""
        if self.contact and self.study and self.contact.account_id not in {None, self.study.account_id}:
            raise ValidationError({"to": _("This contact belongs to another account.")})
        if self.is_public and self.contact:
            raise ValidationError({"to": _("A public link is for everybody who has it.")})

    def check_expiry(self, expires_at: datetime | None, *, now: datetime) -> None:
        """Pass when the moment is still to come.

        Raises:
            ValidationError: it has passed.
        """
        if expires_at is not None and expires_at <= now:
            raise ValidationError({"expires_at": _("This moment has passed.")})

    def state(self, *, now: datetime) -> str:
        """`open`, `expired` or `closed`."""
        if hasattr(self, "closing"):
            return "closed"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "open"

    def close(self, *, by: User | None, now: datetime) -> None:
        """Close the link; what was answered stays."""
        with transaction.atomic():
            _closing, first = LinkClosing.objects.get_or_create(link=self, defaults={"by": by, "at": now})
            if first:
                self.tell("questionnaire.link_closed", by=by, at=now)

    def reopen(self, *, by: User | None, now: datetime, expires_at: datetime | None = None) -> None:
        """Open the link again, until another day.

        Raises:
            ValidationError: the day has passed.
        """
        self.check_expiry(expires_at, now=now)
        with transaction.atomic():
            LinkClosing.objects.filter(link=self).delete()
            QuestionnaireLink.objects.filter(pk=self.pk).update(expires_at=expires_at)
            self.tell("questionnaire.sent", by=by, at=now, to=str(self.contact or ""))
        self.refresh_from_db()

    def tell(self, fact: str, *, by: User | None, at: datetime, key: str | None = None, **properties: Any) -> None:
        """Record a fact of this link: of its study and customer, if it has any."""
        said: dict[str, Any] = {
            "questionnaire": self.questionnaire.title,
            "questionnaire_id": self.questionnaire_id,
        } | properties
        contact = self.contact_id
        if self.study:
            self.study.tell(fact, by=by, at=at, contact=contact, key=key, **said)
            return
        facts.record(
            fact,
            at=at,
            by=by.pk if by else None,
            account=self.contact.account_id if self.contact else None,
            contact=contact,
            properties=said,
            key=key,
        )


class LinkClosing(models.Model):
    """That a link was closed before its day."""

    link = models.OneToOneField(QuestionnaireLink, on_delete=models.CASCADE, related_name="closing")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"× {self.link}"


def _language_of(study: Study | None) -> str:
    return study.account.language if study else ""
