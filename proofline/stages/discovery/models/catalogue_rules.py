"""Rules of the catalogue: which modules, tiers and service packs may be sold together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet
from proofline.stages.discovery.models.parts import Part, PartLink, key_of, links, one_part

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from proofline.records.models import User


class CatalogueRuleQuerySet(LibraryQuerySet):
    """Rules."""

    def add(self, *, by: User | None, now: datetime, parts: Sequence[Part] = (), **values: Any) -> CatalogueRule:
        """Add a rule between parts; for `requires` and `only_with` the first is the one that needs the others.

        Raises:
            ValidationError: a value is not valid.
        """
        rule = CatalogueRule(**values)
        rule.check_parts(parts)
        with transaction.atomic():
            added: CatalogueRule = super().add(by=by, now=now, **values)
            RulePart.objects.bulk_create(links(RulePart, parts, rule=added))
        return added


class CatalogueRule(LibraryItem):
    """What may be sold together, in the words of `configuring.rules`."""

    class Kind(models.TextChoices):
        REQUIRES = "requires", _("requires")
        ONLY_WITH = "only_with", _("only with")
        EXCLUDES = "excludes", _("excludes")
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    COUNTED = frozenset({"at_least", "at_most"})

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("how many"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=250, blank=True, help_text=_("Said wherever the rule decides."))

    objects = CatalogueRuleQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["at_least", "at_most"], number__isnull=False)
                | Q(kind__in=["requires", "only_with", "excludes"], number__isnull=True),
                name="rule_counts_or_not",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address where it is changed."""
        return record_address("discovery:catalogue_rule", self.pk)

    def check_parts(self, parts: Sequence[Part]) -> None:
        """Refuse a rule that says nothing.

        Raises:
            ValidationError: by the fields `parts` and `number`.
        """
        counted = self.kind in self.COUNTED
        if len({key_of(part) for part in parts}) != len(parts):
            raise ValidationError({"parts": _("Each part once.")})
        if len(parts) < (1 if counted else 2):
            raise ValidationError({"parts": _("Choose what the rule is about.")})
        if counted and self.number is None:
            raise ValidationError({"number": _("Say how many.")})
        if not counted and self.number is not None:
            raise ValidationError({"number": _("This kind of rule has no number.")})
        if self.kind == self.Kind.AT_LEAST and not 1 <= (self.number or 0) <= len(parts):
            raise ValidationError({"number": _("Between 1 and the number of parts.")})
        if self.kind == self.Kind.AT_MOST and (self.number or 0) >= len(parts):
            raise ValidationError({"number": _("Fewer than there are parts.")})

    def change(
        self, *, by: User | None, now: datetime, parts: Sequence[Part] | None = None, **values: Any
    ) -> dict[str, tuple[Any, Any]]:
        """Set fields and parts.

        Raises:
            ValidationError: a value is not valid; nothing was saved.
        """
        kept = [link.part for link in self.parts.select_related("module", "tier", "pack").order_by("position")]
        before, after = [key_of(part) for part in kept], [key_of(part) for part in (kept if parts is None else parts)]
        CatalogueRule(**{"kind": self.kind, "number": self.number} | values).check_parts(
            kept if parts is None else parts
        )
        with transaction.atomic():
            changed = super().change(by=by, now=now, **values)
            if parts is not None and after != before:
                self.parts.all().delete()
                RulePart.objects.bulk_create(links(RulePart, parts, rule=self))
        return changed


class RulePart(PartLink):
    """A part that a rule is about."""

    rule = models.ForeignKey(CatalogueRule, on_delete=models.CASCADE, related_name="parts")

    class Meta:
        constraints = [
            one_part("rule_part_is_one"),
            models.UniqueConstraint(fields=["rule", "position"], name="rule_part_position_once"),
        ]
