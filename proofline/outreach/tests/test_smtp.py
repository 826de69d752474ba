"""Mail over real SMTP: a view of the price page arrives as e-mail within seconds, as the running server does it."""

from __future__ import annotations

import contextlib
import queue
import socket
import time
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connections
from django.utils import timezone

from proofline.kit.jobs import runtime as jobs
from proofline.outreach.models import Message, Template, TriggerRule
from proofline.timeline import runtime as timeline
from proofline.timeline.models import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import EmailMessage

    from django.test import Client

    from proofline.records.models import Contact

SECONDS = 8
SECONDS_TO_WRITE = 2
"""How soon after an event its message is written; what the mail server then needs is its own."""


class Letterbox:
    """What arrives at the mail server."""

    def __init__(self) -> None:
        self.letters: queue.Queue[EmailMessage] = queue.Queue()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.put(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def letterbox(settings: Any) -> Iterator[Letterbox]:
    """A mail server on this machine, to which the settings point."""
    box = Letterbox()
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    controller.stop()


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
