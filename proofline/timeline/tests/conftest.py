import pytest

from proofline.timeline import catalogue, reactions, watching
from proofline.timeline.tests.snippets import events, site

__all__ = ["events", "site"]


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Leave out what the rooms above declare and do; here it is the timeline alone."""
    monkeypatch.setattr(catalogue, "_declared", dict(catalogue._declared))
    monkeypatch.setattr(reactions, "_on_fact", type(reactions._on_fact)(list))
    monkeypatch.setattr(reactions, "_on_event", {})
    monkeypatch.setattr(watching, "_providers", {})
    watching.watcher.begin()
