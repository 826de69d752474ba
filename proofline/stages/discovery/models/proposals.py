"""Proposals: what we propose to a customer, as a page behind a private link."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.kit.links import LinkTokenField
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Evidence
from proofline.records.models.changing import Changeable
from proofline.stages.discovery.flows import Step, read_steps, total_minutes
from proofline.stages.discovery.models.configurations import Configuration
from proofline.stages.discovery.models.studies import Study
from proofline.stages.discovery.models.value_cases import ValueCase
from proofline.stages.discovery.writing import content as contents

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal
    from typing import Self

    from proofline.records.models import User
    from proofline.stages.discovery.models.sendings import Sending
    from proofline.stages.discovery.writing.content import Content

MINUTES_AN_HOUR = 60


class ProposalQuerySet(VisibleQuerySet):
    """Proposals."""

    def draft(self, *, by: User | None, now: datetime, study: Study, **fields: Any) -> Proposal:
        """Begin a proposal for a study; in the customer's language, with the study's value case and configuration, unless told otherwise.

        Raises:
            ValidationError: a field is not valid.
        """
        del by
        fields["language"] = fields.get("language") or study.account.language or "en"
        fields["value_case"] = fields.get("value_case") or study.promising_case
        fields["configuration"] = fields.get("configuration", study.last_configuration)
        fields["title"] = fields.get("title") or study.title
        evidence = fields.pop("evidence", ())
        proposal = Proposal(study=study, created_at=now, **fields)
        with adding(proposal):
            proposal.save()
            search.add(proposal)
            proposal.evidence.set(evidence)
        return proposal

    def sent(self) -> Self:
        """Keep what customers were sent."""
        return self.filter(sendings__isnull=False).distinct()

    def drafts(self) -> Self:
        """Keep what nobody was sent."""
        return self.filter(sendings=None)

    def unread(self) -> Self:
        """Keep what was sent and never opened."""
        return self.sent().filter(openings=None)

    def opened(self) -> Self:
        """Keep what a customer opened."""
        return self.filter(openings__isnull=False).distinct()


class Proposal(Visible, Changeable):
    """A proposal: the promise and its formulas, today's process and tomorrow's, the evidence, the terms."""

    write_area = "discovery"
    owner_paths = ("study__owner", "study__account__owner")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="proposals")
    value_case = models.ForeignKey(
        ValueCase,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("value case"),
    )
    configuration = models.ForeignKey(
        Configuration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("configuration"),
    )
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(
        _("language"), max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    intro = models.TextField(_("introduction"), blank=True)
    terms = models.TextField(_("terms"), blank=True)
    steps_today = models.JSONField(_("the work today"), default=list, blank=True)
    steps_tomorrow = models.JSONField(_("the work tomorrow"), default=list, blank=True)
    runs_a_week = models.PositiveIntegerField(_("times a week"), null=True, blank=True)
    evidence = models.ManyToManyField(Evidence, related_name="+", blank=True, verbose_name=_("evidence"))
    with_comparison = models.BooleanField(_("with the comparison"), default=True)
    blocks = models.JSONField(_("blocks"), default=list, blank=True)
    """The blocks as far as they differ from what a proposal begins with; see `content`."""
    token = LinkTokenField()
    created_at = models.DateTimeField(_("begun on"))

    evidence_sent: tuple[int, ...] | None = None
    """Of a proposal as it was sent (`writing.versions.as_sent`): its evidence."""

    objects = ProposalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["study", "-id"], name="proposal_study")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the proposal's page for us."""
        return record_address("discovery:proposal", self.pk)

    @property
    def public_path(self) -> str:
        """The path of the page that the customer sees."""
        return reverse("discovery:proposal_public", args=[self.token])

    @property
    def content(self) -> Content:
        """The blocks in their order. The introduction, the terms and whether we compare are kept by the proposal itself."""
        own: dict[str, dict[str, Any]] = {
            "summary": {"text": self.intro},
            "terms": {"text": self.terms},
            "comparison": {"hidden": not self.with_comparison},
        }
        blocks = contents.read(self.blocks)
        return tuple(msgspec.structs.replace(block, **own.get(block.key, {})) for block in blocks)

    def write(self, content: Content, *, by: User | None, now: datetime) -> None:
        """Keep blocks.

        Raises:
            ValidationError: they can't be kept.
        """
        by_key = {block.key: block for block in content}
        self.change(
            by=by,
            now=now,
            blocks=contents.written(content),
            intro=by_key["summary"].text,
            terms=by_key["terms"].text,
            with_comparison=not by_key["comparison"].hidden,
        )

    def clean(self) -> None:
        """Refuse steps that can't be read, and a value case of another customer."""
        for field in ("steps_today", "steps_tomorrow"):
            try:
                read_steps(getattr(self, field))
            except ValueError as error:
                raise ValidationError({field: str(error)}) from error
        try:
            contents.read(self.blocks)
        except ValidationError as error:
            raise ValidationError({"blocks": error.messages}) from error
        if self.value_case and self.value_case.study_id != self.study_id:
            raise ValidationError({"value_case": _("That value case belongs to another customer.")})
        if self.configuration and self.configuration.study_id != self.study_id:
            raise ValidationError({"configuration": _("That configuration belongs to another customer.")})

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields. What was sent keeps the value case that it promised, and the configuration that it offered.

        Raises:
            ValidationError: a value is not valid.
        """
        case = values.get("value_case", self.value_case)
        if case != self.value_case and self.sendings.exists():
            raise ValidationError(
                {"value_case": _("The customer was promised the other value case; begin a new proposal.")}
            )
        if values.get("configuration", self.configuration) != self.configuration and self.sendings.exists():
            raise ValidationError(
                {"configuration": _("The customer was offered the other configuration; begin a new proposal.")}
            )
        return super().change(by=by, now=now, **values)

    def adopt(self, configuration: Configuration, *, now: datetime) -> None:
        """Offer what the customer asked for themselves in place of what they were offered, also after it was sent."""
        self.configuration, self.changed_at = configuration, now
        self.save(update_fields=["configuration", "changed_at"])

    @property
    def today(self) -> list[Step]:
        """The steps of today's work."""
        return read_steps(self.steps_today)

    @property
    def tomorrow(self) -> list[Step]:
        """The steps of tomorrow's work."""
        return read_steps(self.steps_tomorrow)

    @property
    def minutes_saved(self) -> Decimal:
        """What one run of the work takes less tomorrow, in minutes."""
        return total_minutes(self.today) - total_minutes(self.tomorrow)

    @property
    def hours_saved_a_week(self) -> Decimal | None:
        """What all runs of a week take less, in hours; None where it is not known how often the work is done."""
        return self.minutes_saved * self.runs_a_week / MINUTES_AN_HOUR if self.runs_a_week else None

    @cached_property
    def last_sending(self) -> Sending | None:
        """How it was sent last; None for a draft."""
        sending: Sending | None = (
            self.sendings.select_related("to", "by").defer("snapshot").order_by("-at", "-pk").first()
        )
        return sending

    def forget_sending(self) -> None:
        """Read `last_sending` again: it was sent once more."""
        self.__dict__.pop("last_sending", None)

    def state(self, *, now: datetime) -> str:
        """`draft`, `sent`, `expired` or `revoked`."""
        sending = self.last_sending
        if sending is None:
            return "draft"
        if self.revocations.filter(at__gte=sending.at).exists():
            return "revoked"
        return "expired" if sending.has_expired(now=now) else "sent"
