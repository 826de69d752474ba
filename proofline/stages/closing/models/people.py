"""The people of a deal: who decides, who uses, who keeps the gate, who is for us and who is against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Contact, User

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.closing.models.deals import Deal


class DealRole(models.TextChoices):
    """What a person is in the decision."""

    DECISION_MAKER = "decision_maker", _("Decision maker")
    USER = "user", _("User")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")
    CHAMPION = "champion", _("Champion")
    BLOCKER = "blocker", _("Blocker")


class Stance(models.TextChoices):
    """Where a person stands."""

    SUPPORTS = "supports", _("Supports us")
    NEUTRAL = "neutral", _("Neutral")
    AGAINST = "against", _("Against us")
    UNKNOWN = "unknown", _("Not known")


class Influence(models.IntegerChoices):
    """How much a person's word weighs."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class DealPerson(models.Model):
    """A contact's part in a deal."""

    deal = models.ForeignKey("closing.Deal", on_delete=models.CASCADE, related_name="people")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", verbose_name=_("contact"))
    role = models.CharField(_("role"), max_length=20, choices=DealRole.choices, default=DealRole.USER)
    stance = models.CharField(_("stance"), max_length=10, choices=Stance.choices, default=Stance.UNKNOWN)
    influence = models.PositiveSmallIntegerField(_("influence"), choices=Influence.choices, default=Influence.MEDIUM)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "contact"], name="person_once_in_deal"),
            models.CheckConstraint(condition=models.Q(influence__range=(1, 3)), name="influence_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.get_role_display()}"

    @classmethod
    def place(
        cls,
        *,
        deal: Deal,
        contact: Contact,
        role: str,
        by: User | None,
        now: datetime,
        stance: str = Stance.UNKNOWN,
        influence: int = Influence.MEDIUM,
    ) -> DealPerson:
        """Say what a contact is in the deal; a second time changes what was said.

        Raises:
            ValidationError: the contact belongs to another account, or a value is not valid.
        """
        if deal.account_id and contact.account_id not in {None, deal.account_id}:
            raise ValidationError({"contact": _("This contact belongs to another account.")})
        with transaction.atomic():
            deal.hold()
            person = cls.objects.filter(deal=deal, contact=contact).first() or cls(deal=deal, contact=contact)
            person.role, person.stance, person.influence = role, stance, influence
            person.full_clean()
            person.save()
            deal.tell(
                "person.placed", by=by, at=now, person=contact.name, role=role, stance=stance, influence=influence
            )
        return person

    def take_out(self) -> None:
        """Take the person out of the deal."""
        self.delete()


def gaps(people: list[DealPerson]) -> list[str]:
    """Say what the decision map still lacks, the most dangerous first."""
    roles = {person.role for person in people}
    found = []
    if DealRole.DECISION_MAKER not in roles:
        found.append(str(_("No decision maker known")))
    elif not any(p.role == DealRole.DECISION_MAKER and p.stance == Stance.SUPPORTS for p in people):
        found.append(str(_("No decision maker supports us yet")))
    if DealRole.CHAMPION not in roles:
        found.append(str(_("No champion inside")))
    if DealRole.USER not in roles:
        found.append(str(_("Nobody who will use it is involved")))
    if any(p.stance == Stance.AGAINST and p.influence == Influence.HIGH for p in people):
        found.append(str(_("Somebody with much influence is against us")))
    return found
