"""A rule counts for what comes right after it was added, though the projector read the rules a moment before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from proofline.stages.reach.models import Signal, SignalRule
from proofline.timeline import inbox
from proofline.timeline.models import Source
from proofline.timeline.projector import Projector

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Contact

pytestmark = pytest.mark.django_db


def test_a_rule_counts_at_once(
    helen: Contact, now: datetime, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proofline.timeline.watching.SECONDS_TO_REREAD", 600.0)
    source, projector = Source.add(name="Product", now=now), Projector()

    def use(event: str) -> int:
        person = {"userId": helen.email, "traits": {"email": helen.email}}
        inbox.append(source, [{"type": "identify", **person}, {"type": "track", "event": event, **person}], now)
        while projector.step():
            pass
        return Signal.objects.count()

    projector.begin()
    use("Lamp Lit")
    with django_capture_on_commit_callbacks(execute=True):
        rule = SignalRule.objects.add(by=None, now=now, name="Lights", need="light", event="Lamp Lit", times=1)
    assert use("Lamp Lit") == 1
    with django_capture_on_commit_callbacks(execute=True):
        rule.remove()
        SignalRule.objects.add(by=None, now=now, name="Opens", need="doors", event="Door Opened", times=1)
    assert use("Lamp Lit") == 1
    assert use("Door Opened") == 2
