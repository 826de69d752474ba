"""The wake-up of a customer who went quiet."""

from __future__ import annotations

from django.db import models

from proofline.records.models import Account


class WakeUp(models.Model):
    """That a customer who stopped logging in was turned to; one for each spell of quiet, which begins in `week`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "week"], name="wake_up_once_a_spell")]

    def __str__(self) -> str:
        return f"{self.account}: {self.week}"
