"""Presenting a gate, and the customer's signature on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.records.models import User
from proofline.stages.delivery.models.projects import Gate, GateKind

if TYPE_CHECKING:
    from datetime import datetime


class GateNotReadyError(Exception):
    """The gate was not presented, or a gate before it is not signed."""


class Presentation(models.Model):
    """That a gate was shown to the customer for signature, with what was delivered."""

    gate = models.OneToOneField(Gate, on_delete=models.CASCADE, related_name="presentation")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(_("what was delivered"))

    def __str__(self) -> str:
        return f"{self.gate}: {self.at:%Y-%m-%d}"


class Acceptance(models.Model):
    """The customer's signature on a gate."""

    gate = models.OneToOneField(Gate, on_delete=models.CASCADE, related_name="acceptance")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.gate}: {self.name}"


def present(gate: Gate, *, note: str, by: User | None, now: datetime) -> Presentation:
    """Ask the customer to sign a gate; gates come in order. Presenting again replaces the note until it is signed.

    Raises:
        GateNotReadyError: a gate before it is not signed, or it is signed already.
    """
    with transaction.atomic():
        Gate.objects.select_for_update().get(pk=gate.pk)
        if gate.project.current_gate != gate:
            raise GateNotReadyError(str(gate))
        presentation, _first = Presentation.objects.update_or_create(
            gate=gate, defaults={"by": by, "at": now, "note": note}
        )
        gate.project.tell("gate.presented", by=by, now=now, gate=gate.kind)
    return presentation


def accept(gate: Gate, *, name: str, title: str, ip: str | None, user_agent: str, now: datetime) -> Acceptance:
    """Sign a gate as the customer. The first signature stands; signing again returns it.

    Raises:
        GateNotReadyError: the gate was not presented.
    """
    with transaction.atomic():
        Gate.objects.select_for_update().get(pk=gate.pk)
        signed = Acceptance.objects.filter(gate=gate).first()
        if signed:
            return signed
        if not Presentation.objects.filter(gate=gate).exists():
            raise GateNotReadyError(str(gate))
        signed = Acceptance.objects.create(gate=gate, name=name, title=title, ip=ip, user_agent=user_agent, at=now)
        key = f"gate.accepted:{gate.pk}"
        gate.project.tell("gate.accepted", by=None, now=now, key=key, gate=gate.kind, name=name)
        if gate.kind == GateKind.GO_LIVE:
            gate.project.tell("project.went_live", by=None, now=now, key=f"project.went_live:{gate.project_id}")
    return signed
