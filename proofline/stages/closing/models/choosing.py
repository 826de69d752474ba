"""Sending a quote, and the customer's own choice from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.records.models import Contact, User
from proofline.stages.closing.models.closed import require_open

if TYPE_CHECKING:
    from datetime import date, datetime

    from proofline.stages.closing.models.options import QuoteOption
    from proofline.stages.closing.models.quotes import Quote


class QuoteNotOpenError(Exception):
    """The customer can't choose from this quote now; the text says why."""


class AlreadyChosenError(QuoteNotOpenError):
    """An option was chosen before."""


class Choosable(models.Model):
    """A quote that is sent, and from which the customer chooses once."""

    class Meta:
        abstract = True

    @property
    def is_sent(self) -> bool:
        """Whether the customer has been given the link."""
        return hasattr(self, "sending")

    @property
    def is_chosen(self) -> bool:
        """Whether the customer has chosen."""
        return hasattr(self, "choice")

    @property
    def replaced_by(self) -> Quote | None:
        """The newest later version that was sent, if there is one."""
        quote: Quote = self  # type: ignore[assignment]
        return (
            type(quote)
            .objects.filter(deal=quote.deal_id, version__gt=quote.version, sending__isnull=False)
            .order_by("-version")
            .first()
        )

    def state(self, *, today: date) -> str:
        """`draft`, `sent`, `chosen`, `replaced` or `expired`."""
        quote: Quote = self  # type: ignore[assignment]
        if self.is_chosen:
            return "chosen"
        if not self.is_sent:
            return "draft"
        if self.replaced_by:
            return "replaced"
        return "expired" if quote.valid_until < today else "sent"

    def send(self, *, by: User | None, now: datetime, to: Contact | None = None) -> QuoteSending:
        """Give the quote to the customer; from now on it does not change. A second time returns the first sending.

        Raises:
            DealClosedError: the deal was won or lost.
            ValidationError: nothing in it has a price.
        """
        quote: Quote = self  # type: ignore[assignment]
        if not any(option.monthly or option.once for option in quote.options.all()):
            raise ValidationError(_("Give at least one option a price before you send the quote."))
        with transaction.atomic():
            require_open(quote.deal)
            sending, first = QuoteSending.objects.get_or_create(quote=quote, defaults={"at": now, "by": by, "to": to})
            if first:
                recommended = quote.options.order_by("-recommended", "position").first()
                quote.deal.tell(
                    "quote.sent",
                    by=by,
                    at=now,
                    quote=quote.pk,
                    version=quote.version,
                    monthly=str(recommended.monthly if recommended else 0),
                    quote_currency=quote.currency,
                )
        return sending

    def choose(
        self, option: QuoteOption, *, name: str, ip: str | None, user_agent: str, now: datetime, today: date
    ) -> Choice:
        """Note the customer's choice; the deal is then worth what the first year of it brings.

        Raises:
            AlreadyChosenError: an option was chosen before.
            QuoteNotOpenError: the quote is not sent, replaced or expired, or the deal is closed.
            ValidationError: no name was given.
        """
        quote: Quote = self  # type: ignore[assignment]
        if not name.strip():
            raise ValidationError({"name": _("Type your full name.")})
        with transaction.atomic():
            deal = quote.deal.hold()
            state = type(quote).objects.get(pk=quote.pk).state(today=today)
            if state == "chosen":
                raise AlreadyChosenError(_("A tier was already chosen in this offer."))
            if state != "sent" or deal.is_closed:
                raise QuoteNotOpenError(_("This offer is no longer open."))
            choice = _kept(quote, option, name=name.strip(), ip=ip, user_agent=user_agent, now=now)
            deal.change(by=None, now=now, amount=option.total().amount, currency=quote.currency)
            deal.tell(
                "quote.chosen",
                by=None,
                at=now,
                quote=quote.pk,
                version=quote.version,
                option=option.name,
                person=choice.name,
                monthly=str(option.monthly),
                quote_currency=quote.currency,
            )
        return choice


def _kept(quote: Quote, option: QuoteOption, *, name: str, ip: str | None, user_agent: str, now: datetime) -> Choice:
    try:
        with transaction.atomic():
            return Choice.objects.create(quote=quote, option=option, name=name, ip=ip, user_agent=user_agent, at=now)
    except IntegrityError:
        raise AlreadyChosenError(_("A tier was already chosen in this offer.")) from None


class QuoteSending(models.Model):
    """That a quote was given to the customer."""

    quote = models.OneToOneField("closing.Quote", on_delete=models.CASCADE, related_name="sending")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("to")
    )

    def __str__(self) -> str:
        return f"{self.quote} → {self.to or '—'}"


class Choice(models.Model):
    """That the customer chose an option: who said so, from where and when."""

    quote = models.OneToOneField("closing.Quote", on_delete=models.PROTECT, related_name="choice")
    option = models.ForeignKey("closing.QuoteOption", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(gettext_lazy("full name"), max_length=120)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.option}"
