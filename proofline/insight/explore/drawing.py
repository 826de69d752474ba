"""Which kind of answer is told by which picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.insight.explore.pictures import (
    between,
    funnel,
    lifecycle,
    paths,
    retention,
    stickiness,
    trend,
    usage,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.insight.explore.told import Teller, Told

DRAWN: dict[str, Callable[[Teller, Any], Told]] = {
    "trend": trend.told,
    "funnel": funnel.told,
    "retention": retention.told,
    "lifecycle": lifecycle.told,
    "stickiness": stickiness.told,
    "between": between.told,
    "paths": paths.told,
    "usage": usage.told,
}
