"""Mail over real SMTP: a view of the price page arrives as e-mail within seconds, as the running server does it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.utils import timezone

from proofline.kit.jobs import runtime as jobs
from proofline.outreach.models import Message, Template, TriggerRule
from proofline.timeline import runtime as timeline
from proofline.timeline.models import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import Contact
    from tests.fixtures.letterbox import Letterbox

SECONDS = 8
SECONDS_TO_WRITE = 2
"""How soon after an event its message is written; what the mail server then needs is its own."""


@pytest.fixture
def server_threads(transactional_db: None) -> Iterator[None]:
    """The projector and the job runner, as threads beside the web's."""
    del transactional_db
    timeline.start()
    jobs.start(threads=1)
    yield
    jobs.stop(seconds=5)
    timeline.stop()
    connections.close_all()


def test_a_view_of_the_price_page_arrives_as_mail_within_seconds(
    letterbox: Letterbox, client: Client, helen: Contact, now: datetime, server_threads: None
) -> None:
    Template.objects.create(name="Prices", language="en", subject="Prices, {{ contact }}", body="Hello {{ contact }}")
    TriggerRule.objects.create(name="Views prices", value="/pricing", template="Prices")
    source = Source.add(name="Website", now=now)
    events = [
        {"type": "identify", "anonymousId": "v", "traits": {"email": helen.email}},
        {"type": "page", "anonymousId": "v", "name": "Pricing", "properties": {"path": "/pricing"}},
    ]
    started, arrived = time.monotonic(), timezone.now()
    client.post("/v1/batch", {"batch": events, "writeKey": source.write_key}, content_type="application/json")
    letter = letterbox.letters.get(timeout=SECONDS)
    assert time.monotonic() - started < SECONDS
    assert Message.objects.get().created_at - arrived < timedelta(seconds=SECONDS_TO_WRITE)
    assert (letter["To"], letter["Subject"]) == ("helen@heron.test", "Prices, Helen He")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Hello Helen He" in letter.get_body().get_content()  # type: ignore[union-attr]
    assert Message.objects.count() == 1
