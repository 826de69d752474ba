"""Leads: people or companies that may buy and are not yet qualified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.kit.columns import SmallJSONField
from proofline.kit.text import fold
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, Notification, Product, User
from proofline.records.models.customers import note_keys
from proofline.records.models.customized import Customized
from proofline.stages.reach.models.scoring import Scored
from proofline.timeline import facts, identity

if TYPE_CHECKING:
    from datetime import datetime

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")

FREE_MAIL = frozenset(
    "gmail.com outlook.com hotmail.com yahoo.com icloud.com qq.com 163.com 126.com foxmail.com sina.com".split()
)


class Origin(models.TextChoices):
    """How a lead came in."""

    FORM = "form", _("Form")
    IMPORT = "import", _("Import")
    VISITOR = "visitor", _("Identified visitor")
    API = "api", _("API")
    STAFF = "staff", _("Entered by us")


class LeadQuerySet(VisibleQuerySet):
    """Leads."""

    def waiting(self) -> Self:
        """Keep leads that are neither qualified nor disqualified."""
        return self.filter(qualification=None, disqualification=None)

    def qualified(self) -> Self:
        """Keep qualified leads."""
        return self.filter(qualification__isnull=False)

    def disqualified(self) -> Self:
        """Keep leads that were turned down."""
        return self.filter(disqualification__isnull=False)

    def known_source(self, name: str) -> str:
        """Return the spelling under which this source is already known ("Google" for "google"), else the name itself."""
        name = " ".join(name.split())
        if not name:
            return ""
        known = self.filter(source_key=fold(name)).exclude(source="").values_list("source", flat=True).first()
        return known or name

    def capture(self, *, by: User | None, now: datetime, origin: str, **fields: Any) -> Lead:
        """Take in a lead, score it and record it.

        Raises:
            ValidationError: a field is not valid.
        """
        lead = Lead(created_at=now, changed_at=now, origin=origin, **fields)
        lead.source = self.known_source(lead.source or lead.utm_source)
        with adding(lead):
            lead.save()
            note_keys(lead, new=True)
            search.add(lead)
            lead.rescore()
            facts.record(
                "lead.created",
                at=now,
                by=by.pk if by else None,
                contact=lead.contact_id,
                subject=("lead", lead.pk),
                properties=lead.fact_properties() | {"origin": origin},
                key=f"lead.created:{lead.pk}",
            )
            Notification.objects.tell_owner(lead, by=by, now=now)
        return lead

    def receive(self, *, now: datetime, anonymous: str | None = None, **fields: Any) -> Lead:
        """Take in what a visitor left on a page of ours; their clicks so far become the lead's history.

        Raises:
            ValidationError: a field is not valid.
        """
        with transaction.atomic():
            lead = self.capture(by=None, now=now, origin=Origin.FORM, **fields)
            if anonymous and lead.email:
                identity.identify(anonymous=anonymous, email=lead.email)
        return lead


class Lead(Visible, Customized, Scored):
    """A person or company that may buy."""

    write_area = "reach"
    MATCHED = frozenset({"name", "company", "email", "phone"})
    """A change of these may make another lead the same, or no longer."""
    DECIDED = frozenset({"contact"})
    """When two become one, the contact follows from which of them was qualified."""

    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("company"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    sector = models.CharField(_("industry"), max_length=120, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    location = models.CharField(_("location"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    message = models.TextField(_("message"), blank=True)
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    origin = models.CharField(_("came by"), max_length=10, choices=Origin.choices, default=Origin.STAFF)
    source = models.CharField(_("source"), max_length=120, blank=True)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    utm_source = models.CharField("utm_source", max_length=200, blank=True)
    utm_medium = models.CharField("utm_medium", max_length=200, blank=True)
    utm_campaign = models.CharField("utm_campaign", max_length=200, blank=True)
    utm_term = models.CharField("utm_term", max_length=200, blank=True)
    utm_content = models.CharField("utm_content", max_length=200, blank=True)
    visits = models.PositiveIntegerField(_("visits"), null=True, blank=True)
    seconds_on_site = models.PositiveIntegerField(_("seconds on the website"), null=True, blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    external_id = models.CharField(_("id in the source"), max_length=120, null=True, blank=True, unique=True)
    extra = SmallJSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("came on"))
    unmatched = models.BooleanField(default=True, editable=False)
    """Nobody looked yet for others that may be the same, since it came in or was changed."""

    objects = LeadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-score", "-id"], name="lead_score"),
            models.Index(fields=["owner", "-id"], name="lead_owner"),
            models.Index(fields=["-changed_at", "-id"], name="lead_changed"),
            models.Index(fields=["email"], name="lead_email"),
            models.Index(fields=["phone"], name="lead_phone"),
            models.Index(fields=["source_key"], name="lead_source"),
            models.Index(fields=["id"], name="lead_unmatched", condition=models.Q(unmatched=True)),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep e-mails and sources in one form, so that they compare."""
        self.email = self.email.strip().lower()
        self.source_key = fold(self.source)

    @property
    def company_domain(self) -> str:
        """The domain of the lead's e-mail, unless it is a mailbox that anybody can have."""
        domain = self.email.rpartition("@")[2]
        return "" if domain in FREE_MAIL else domain

    def fact_properties(self) -> dict[str, Any]:
        """Return what every fact of this lead carries: its slices, by the names that people see."""
        owner = self.owner
        return {
            "lead": self.pk,
            "name": self.name,
            "company": self.company,
            "source": self.source,
            "sector": self.sector,
            "product": str(self.product or ""),
            "owner": str(owner or ""),
            "owner_id": owner and owner.pk,
            "team": str((owner and owner.team) or ""),
            "team_id": owner and owner.team_id,
            "utm_campaign": self.utm_campaign,
        }

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `lead.changed`, score again, and have it looked at again for others that may be the same."""
        self.rescore()
        if self.MATCHED & set(fields):
            note_keys(self)
        facts.record(
            "lead.changed",
            at=now,
            by=by.pk if by else None,
            contact=self.contact_id,
            subject=("lead", self.pk),
            properties=self.fact_properties() | {"fields": fields},
        )

    def get_absolute_url(self) -> str:
        """Return the address of the lead's page."""
        return record_address("reach:lead", self.pk)
