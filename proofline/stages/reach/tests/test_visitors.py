"""A visitor who says who they are becomes a lead, once, unless we know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from proofline.stages.reach.models import Lead, LeadForm
from proofline.timeline import projector
from proofline.timeline.models import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import Account, Contact, User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db(transaction=True)
CAMPAIGN = {"source": "bing", "medium": "cpc", "name": "autumn"}


@pytest.fixture
def source(now: datetime) -> Source:
    return Source.add(name="Website", now=now)


def tell(client: Client, source: Source, *events: dict[str, Any]) -> None:
    """Send what a browser sends."""
    told = [{"anonymousId": "visitor-1", **event} for event in events]
    answer = client.post("/v1/batch", {"batch": told, "writeKey": source.write_key}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    projector.project_pending()


def identify(email: str, **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "traits": {"email": email, **traits}, "context": {"campaign": CAMPAIGN}}


def test_an_unknown_e_mail_becomes_one_lead_with_its_campaign(client: Client, source: Source) -> None:
    for _twice in range(2):
        tell(client, source, identify("Jo@jo.test", name="Jo", company={"name": "Jo Ltd"}))
    lead = Lead.objects.get()
    assert (lead.email, lead.name, lead.company, lead.origin) == ("jo@jo.test", "Jo", "Jo Ltd", "visitor")
    assert (lead.source, lead.utm_medium, lead.utm_campaign) == ("bing", "cpc", "autumn")


def test_a_contact_makes_no_lead(client: Client, source: Source, helen: Contact) -> None:
    tell(client, source, identify("helen@heron.test"))
    assert not Lead.objects.exists()


def test_a_lead_that_is_there_stays_one(client: Client, source: Source, sam: User, now: datetime) -> None:
    Lead.objects.capture(by=sam, now=now, origin="staff", name="Jo", email="jo@jo.test")
    tell(client, source, identify("jo@jo.test"))
    assert Lead.objects.count() == 1


def test_a_user_of_a_customer_makes_no_lead(client: Client, source: Source, healthy: Account) -> None:
    group = {"type": "group", "groupId": "heron", "traits": {"domain": healthy.domain}}
    tell(client, source, group | {"userId": "u1"})
    tell(client, source, identify("new@heron.test") | {"userId": "u1"})
    assert not Lead.objects.exists()


@pytest.mark.parametrize("email", ["", "not an address", "@heron.test"])
def test_what_is_no_e_mail_makes_no_lead(client: Client, source: Source, email: str) -> None:
    tell(client, source, identify(email))
    assert not Lead.objects.exists()


def test_a_form_brings_the_visits_before_it_to_the_lead(as_: As, client: Client, sam: User, source: Source) -> None:
    LeadForm.objects.create(slug="talk", title="Talk to us", language="en", owner=sam)
    for visitor, path in (("v-1", "/pricing"), ("v-2", "/jobs")):
        tell(client, source, {"type": "page", "anonymousId": visitor, "properties": {"path": path}})
    answer = {"name": "Ann", "company": "Acme", "email": "ann@acme.test", "anonymous_id": "v-1"}
    assert client.post("/f/talk/", answer).status_code == 302
    page = as_(sam).get(Lead.objects.get().get_absolute_url()).content.decode()
    assert "/pricing" in page
    assert "/jobs" not in page
