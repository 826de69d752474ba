"""The catalogue's contradictions as they are today, and those of one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.kit.clock import local_day
from proofline.records.models import Workspace
from proofline.stages.discovery.configuring.offering import market_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.stages.discovery.configuring.catalogue import Catalogue
    from proofline.stages.discovery.configuring.checking import Finding


def findings(catalogue: Catalogue) -> list[Finding]:
    """Return what contradicts itself in the catalogue today."""
    from proofline.stages.discovery.configuring.checking import check  # noqa: PLC0415 - the solver takes a while to load

    workspace = Workspace.current()
    today = local_day(timezone.now(), time_zone=workspace.time_zone)
    return check(catalogue, currency=workspace.currency, market=market_on(today))


def of_rule(found: Sequence[Finding], name: str) -> list[Finding]:
    """Return the findings in which a rule (`rule:7`, `price:3`) has a part."""
    return [finding for finding in found if name in finding.rules]
