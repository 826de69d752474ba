"""Actions on many records, in the background."""

from __future__ import annotations

from django.utils import timezone

from proofline.kit.jobs import job
from proofline.records.lists import acting
from proofline.records.models import ListAction


@job
def act(*, action_id: int) -> None:
    """Change or remove many records."""
    acting.run(ListAction.objects.get(pk=action_id), now=timezone.now())


@job
def take_back(*, action_id: int) -> None:
    """Take back what was done to many records."""
    acting.undo(ListAction.objects.get(pk=action_id), now=timezone.now())
