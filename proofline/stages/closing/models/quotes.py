"""Quotes: an offer in three tiers side by side, in versions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.links import LinkTokenField
from proofline.kit.money import CurrencyField
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User
from proofline.stages.closing.models.choosing import Choosable
from proofline.stages.closing.models.closed import require_open
from proofline.stages.closing.models.configured import newer_than, place_for, put_in
from proofline.stages.closing.models.deals import Deal
from proofline.stages.closing.models.options import QuoteOption, first_options, quote_currency

if TYPE_CHECKING:
    from datetime import date, datetime

    from proofline.stages.discovery.models import Configuration

VALID_FOR = timedelta(days=30)


class QuoteSentError(Exception):
    """The quote was sent: what the customer has read does not change any more. Draft a new version."""


class QuoteQuerySet(VisibleQuerySet):
    """Quotes."""

    def draft(self, *, deal: Deal, by: User | None, now: datetime, today: date, language: str = "") -> Quote:
        """Draft the deal's next quote: a copy of its last one, else what was configured beside the tiers of its product.

        Raises:
            DealClosedError: the deal was won or lost.
        """
        with transaction.atomic():
            require_open(deal)
            last: Quote | None = self.filter(deal=deal).order_by("-version").first()
            quote = Quote(
                deal=deal,
                version=last.version + 1 if last else 1,
                currency=last.currency if last else quote_currency(deal),
                language=language or (last.language if last else deal.account.language if deal.account else ""),
                note=last.note if last else "",
                valid_until=today + VALID_FOR,
                created_at=now,
                created_by=by,
            )
            quote.full_clean()
            quote.save()
            search.add(quote)
            with translation.override(quote.language or translation.get_language()):
                options = [option.copied() for option in last.options.all()] if last else first_options(deal, on=today)
            for option in options:
                option.quote = quote
                option.save()
            deal.tell("quote.drafted", by=by, at=now, quote=quote.pk, version=quote.version)
        return quote

    def take_configuration(self, *, deal: Deal, by: User | None, now: datetime, today: date) -> Quote:
        """Let the deal's last quote offer what was configured since, in place of what was configured before; one that was sent, in its next version.

        Without a quote it is the first one.

        Raises:
            DealClosedError: the deal was won or lost.
            ValidationError: the last quote offers what was configured last, or is in another currency.
        """
        with transaction.atomic():
            require_open(deal)
            last: Quote | None = (
                self.filter(deal=deal)
                .select_for_update(of=("self",))
                .select_related("deal")
                .order_by("-version")
                .first()
            )
            if last is None:
                return self.draft(deal=deal, by=by, now=now, today=today)
            kept = newer_than(last)
            if kept is None:
                raise ValidationError(_("The last quote offers what was configured last, or is in another currency."))
            quote = self.draft(deal=deal, by=by, now=now, today=today) if last.is_sent else last
            quote.offer_configured(kept)
            deal.tell(
                "quote.configured", by=by, at=now, quote=quote.pk, version=quote.version, configuration=kept.version
            )
        return quote


class Quote(Visible, Choosable):
    """An offer to a customer. A draft until it is sent; then it stands as it was sent."""

    write_area = "closing"
    owner_paths = ("deal__owner", "deal__account__owner")

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="quotes")
    version = models.PositiveSmallIntegerField(_("version"))
    currency = CurrencyField(_("currency"))
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    note = models.TextField(_("words to the customer"), blank=True)
    valid_until = models.DateField(_("valid until"))
    token = LinkTokenField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "version"], name="quote_version_once_in_deal")]

    def __str__(self) -> str:
        return f"{self.deal} · {self.version}"

    @property
    def ordered_options(self) -> list[QuoteOption]:
        """The options from the smallest to the largest."""
        return list(self.options.select_related("tier").order_by("position"))

    @property
    def newer_configuration(self) -> Configuration | None:
        """What was configured since for its customer; None where it offers the last."""
        return newer_than(self)

    def offer_configured(self, kept: Configuration) -> None:
        """Offer what was configured, as the option that is recommended.

        Raises:
            QuoteSentError: it was sent.
        """
        self._require_draft()
        self.options.update(recommended=False)
        option = place_for(kept, self.ordered_options)
        put_in(kept, option)
        option.full_clean()
        option.save()

    def edit(self, *, options: list[dict[str, Any]], **fields: Any) -> None:
        """Set the quote's own fields and the fields of its options, in their order.

        Raises:
            QuoteSentError: it was sent.
            ValidationError: a value is not valid; nothing was saved.
        """
        with transaction.atomic():
            self._require_draft()
            for name, value in fields.items():
                setattr(self, name, value)
            self.full_clean()
            self.save()
            self.options.update(recommended=False)
            for option, values in zip(self.ordered_options, options, strict=True):
                for name, value in values.items():
                    setattr(option, name, value)
                option.full_clean()
                option.save()

    def _require_draft(self) -> None:
        held = Quote.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if held.is_sent:
            raise QuoteSentError(_("This quote was sent. Draft a new version to change the offer."))
