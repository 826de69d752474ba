"""Which add-ons a customer may switch in a proposal, what they wished, and that it was taken into a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Contact, Module, User
from proofline.stages.discovery.models.configurations import Configuration
from proofline.stages.discovery.models.proposals import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.timeline.traces import Traces


class OfferedAddOn(models.Model):
    """That the customer may switch a module on, beside those that are in without being needed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="offered_add_ons")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "module"], name="add_on_offered_once")]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.module}"

    @classmethod
    def offer(cls, proposal: Proposal, modules: Iterable[Module]) -> None:
        """Let the customer switch these, and no others."""
        wanted = list(modules)
        proposal.offered_add_ons.exclude(module__in=wanted).delete()
        for module in wanted:
            cls.objects.get_or_create(proposal=proposal, module=module)


class WishQuerySet(models.QuerySet["Wish"]):
    """Wishes."""

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of who wished; return how many rows changed."""
        found = self.filter(traces.may_stand_in("name")).iterator(chunk_size=500)
        changed = [(wish.pk, name) for wish in found if (name := traces.redacted(wish.name)) != wish.name]
        return sum(self.filter(pk=pk).update(name=name) for pk, name in changed)


class Wish(models.Model):
    """That the customer switched an add-on on or off: who and when. The last of a module counts."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="wishes")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(_("wanted"))
    name = models.CharField(_("name"), max_length=120)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = WishQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["proposal", "id"], name="wish_proposal")]

    def __str__(self) -> str:
        return f"{'+' if self.is_on else '−'} {self.module}"


class WishTaking(models.Model):
    """That what the customer had wished until then was taken into a configuration."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="wish_takings")
    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.proposal} → {self.configuration}"
