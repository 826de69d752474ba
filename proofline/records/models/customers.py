"""Accounts and contacts: the companies that we sell to, and the people in them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.kit.columns import SmallJSONField
from proofline.records import likeness
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models.customized import Customized
from proofline.records.models.notifications import Notification
from proofline.records.models.people import User
from proofline.timeline import facts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class AccountQuerySet(VisibleQuerySet):
    """Accounts."""

    def add(self, *, by: User | None, now: datetime, **fields: Any) -> Account:
        """Add an account and record it.

        Raises:
            ValidationError: a field is not valid.
        """
        account = Account(created_at=now, changed_at=now, **fields)
        with adding(account):
            account.save()
            note_keys(account, new=True)
            search.add(account)
            facts.record(
                "account.created",
                at=now,
                by=by.pk if by else None,
                account=account.pk,
                subject=("account", account.pk),
                properties={"name": account.name, "sector": account.sector, "owner": str(account.owner or "")},
            )
            Notification.objects.tell_owner(account, by=by, now=now)
        return account


class Account(Visible, Customized):
    """A company that we sell to."""

    MATCHED = frozenset({"name", "domain", "location", "parent"})
    """A change of these may make another account the same, or no longer."""

    name = models.CharField(_("name"), max_length=200)
    domain = models.CharField(_("website domain"), max_length=200, blank=True)
    sector = models.CharField(_("industry"), max_length=120, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    revenue = models.DecimalField(_("yearly revenue, millions"), max_digits=18, decimal_places=2, null=True, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    location = models.CharField(_("location"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subsidiaries", verbose_name=_("part of")
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    external_id = models.CharField(_("id in the source"), max_length=120, null=True, blank=True, unique=True)
    extra = SmallJSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField()
    unmatched = models.BooleanField(default=True, editable=False)
    """Nobody looked yet for others that may be the same, since it was added or changed."""

    objects = AccountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="account_name"),
            models.Index(fields=["owner", "-id"], name="account_owner"),
            models.Index(fields=["domain"], name="account_domain"),
            models.Index(fields=["id"], name="account_unmatched", condition=models.Q(unmatched=True)),
            models.Index(fields=["-changed_at", "-id"], name="account_changed"),
            models.Index(fields=["owner", "-changed_at", "-id"], name="account_owner_changed"),
            models.Index(fields=["sector", "-changed_at", "-id"], name="account_sector"),
            models.Index(fields=["parent", "name"], name="account_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("records:account", self.pk)

    def clean(self) -> None:
        """Check that the revenue is none below nothing."""
        if isinstance(self.revenue, Decimal) and self.revenue < 0:
            raise ValidationError({"revenue": MinValueValidator.message % {"limit_value": 0}})

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `account.changed`."""
        facts.record(
            "account.changed",
            at=now,
            by=by.pk if by else None,
            account=self.pk,
            subject=("account", self.pk),
            properties={"name": self.name, "fields": fields},
        )
        if self.MATCHED & set(fields):
            note_keys(self)
        if "domain" in fields:  # their e-mails may be of it
            Contact.objects.filter(account=self).update(unmatched=True)


class ContactQuerySet(VisibleQuerySet):
    """Contacts."""

    def with_email(self, email: str) -> Self:
        """Keep contacts with this e-mail, whatever its case."""
        return self.filter(email=email.strip().lower())

    def add(self, *, by: User | None, now: datetime, **fields: Any) -> Contact:
        """Add a contact, record it, and tie to it the visitor known by that e-mail.

        Raises:
            ValidationError: a field is not valid, or the e-mail is another contact's.
        """
        contact = Contact(created_at=now, changed_at=now, **fields)
        with adding(contact):
            contact.save()
            note_keys(contact, new=True)
            search.add(contact)
            facts.record(
                "contact.created",
                at=now,
                by=by.pk if by else None,
                account=contact.account_id,
                contact=contact.pk,
                subject=("contact", contact.pk),
                properties={"name": contact.name},
            )
            Notification.objects.tell_owner(contact, by=by, now=now)
            contact.tie_visitor()
        return contact


class Contact(Visible, Customized):
    """A person in an account."""

    MATCHED = frozenset({"name", "email", "phone", "account"})
    owner_paths = ("owner", "account__owner")

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    external_id = models.CharField(_("id in the source"), max_length=120, null=True, blank=True, unique=True)
    extra = SmallJSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField()
    unmatched = models.BooleanField(default=True, editable=False)
    """As for accounts."""

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="contact_name"),
            models.Index(fields=["owner", "-id"], name="contact_owner"),
            models.Index(fields=["phone"], name="contact_phone"),
            models.Index(fields=["account"], name="contact_without_mail", condition=models.Q(email=None)),
            models.Index(fields=["id"], name="contact_unmatched", condition=models.Q(unmatched=True)),
            models.Index(fields=["-changed_at", "-id"], name="contact_changed"),
            models.Index(fields=["owner", "-changed_at", "-id"], name="contact_owner_changed"),
        ]
        constraints = [models.CheckConstraint(condition=~models.Q(email=""), name="contact_email_null_not_empty")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("records:contact", self.pk)

    def clean(self) -> None:
        """Keep e-mails in one form, so that they compare."""
        self.email = self.email.strip().lower() if self.email else None

    def tie_visitor(self) -> None:
        """Tie the visitor who gave this e-mail on the website to this contact."""
        from proofline.timeline import identity  # noqa: PLC0415 - the models of both rooms load at the same time

        if self.email:
            identity.tie(email=self.email, contact=self.pk, account=self.account_id)

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `contact.changed`, and follow a new e-mail or account."""
        facts.record(
            "contact.changed",
            at=now,
            by=by.pk if by else None,
            account=self.account_id,
            contact=self.pk,
            subject=("contact", self.pk),
            properties={"name": self.name, "fields": fields},
        )
        if {"email", "account"} & set(fields):
            self.tie_visitor()
        if self.MATCHED & set(fields):
            note_keys(self)


def note_keys(record: Any, *, new: bool = False) -> None:
    """Keep the keys of a record that was added or changed, and have it looked at in the background."""
    from proofline.records.models.duplicates import MatchKey  # noqa: PLC0415 - it knows these models

    kind, values = likeness.kind_of(record), likeness.values_of(record)
    keys = {record.pk: likeness.keys_of(kind, values)}
    if new:
        MatchKey.objects.add(kind, keys)
    else:
        MatchKey.objects.note(kind, keys)
        type(record).objects.filter(pk=record.pk).update(unmatched=True)


def look_again(model: type[models.Model], pks: Collection[int]) -> None:
    """Have records that were changed past their own verb, many at once, looked at for duplicates in the background."""
    if hasattr(model, "MATCHED"):
        model._default_manager.filter(pk__in=pks).update(unmatched=True)  # noqa: SLF001 - Django's documented model API
