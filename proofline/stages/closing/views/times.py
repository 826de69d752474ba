"""What time it is, for views: the one place here that asks the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.kit.clock import local_day
from proofline.records.models import Workspace

if TYPE_CHECKING:
    from datetime import date, datetime


def now_and_today() -> tuple[datetime, date]:
    """Return the time, and the day by the workspace's clock."""
    now = timezone.now()
    return now, local_day(now, time_zone=Workspace.current().time_zone)
