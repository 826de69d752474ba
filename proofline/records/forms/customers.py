"""Forms of accounts and contacts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from proofline.kit.domains import bare_domain
from proofline.records.forms.base import NameField, RecordForm
from proofline.records.forms.custom import CustomizedForm
from proofline.records.models import Account, Contact


class AccountForm(CustomizedForm):
    parent = NameField(Account.objects.all(), kind="accounts", label=_("Part of"), required=False)

    class Meta:
        model = Account
        fields = [
            "name",
            "domain",
            "sector",
            "employees",
            "revenue",
            "founded",
            "location",
            "language",
            "parent",
            "owner",
        ]

    def clean_domain(self) -> str:
        """Keep the bare domain of whatever address was given; what was kept before may stay as it is."""
        text: str = self.cleaned_data["domain"]
        return text if text == self.initial.get("domain") else bare_domain(text)


class ContactForm(CustomizedForm):
    account = NameField(Account.objects.all(), kind="accounts", label=_("Account"), required=False)

    class Meta:
        model = Contact
        fields = ["name", "title", "email", "phone", "account", "language", "owner"]

    def clean_email(self) -> str | None:
        """Keep e-mails in one form; none is none, not an empty text."""
        return (self.cleaned_data["email"] or "").strip().lower() or None


class MergeWithForm(RecordForm):
    """Names the record that is the same as one."""

    class Meta:
        model = Account
        fields: list[str] = []

    def __init__(self, *args: Any, kind: str, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = type(record).objects.exclude(pk=record.pk).visible_to(self.user)
        self.fields["other"] = NameField(others, kind=kind, label=_("The same as"))

    def clean(self) -> None:
        """Nothing of an account is checked here."""
