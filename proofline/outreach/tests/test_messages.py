"""Messages: sent once, by rule, with a way out, to nobody who does not want them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from proofline.kit.jobs import running
from proofline.outreach.models import Message, OptOut, Template, TriggerRule, UnsubscribeLink
from proofline.outreach.sending import send_once
from proofline.records.models import Contact, Wording
from proofline.timeline import projector
from proofline.timeline.models import Firing, Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import User

    As = Callable[[User], Client]

PRICING = {"type": "page", "name": "Pricing", "properties": {"path": "/pricing", "title": "Pricing"}}


pytestmark = pytest.mark.django_db


@pytest.fixture
def price_mail(db: None) -> TriggerRule:
    del db
    Template.objects.create(name="Prices", language="en", subject="Prices, {{ contact }}", body="Hello {{ contact }}")
    Template.objects.create(name="Prices", language="zh-hans", subject="{{ contact }}，价格", body="您好")
    rule: TriggerRule = TriggerRule.objects.create(name="Views prices", value="/pricing", template="Prices")
    return rule


@pytest.fixture
def source(now: datetime) -> Source:
    return Source.add(name="Website", now=now)


def view(client: Client, source: Source, *, email: str | None = None, path: str = "/pricing") -> None:
    """Let a visitor view a page; with an e-mail, they say first who they are."""
    events = [{"type": "page", "anonymousId": "visitor-1", "name": "Page", "properties": {"path": path}}]
    if email:
        events.insert(0, {"type": "identify", "anonymousId": "visitor-1", "userId": email, "traits": {"email": email}})
    answer = client.post("/v1/batch", {"batch": events, "writeKey": source.write_key}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    projector.project_pending()
    running.run_pending()


@pytest.mark.django_db(transaction=True)
def test_a_contact_who_views_prices_gets_mail(
    client: Client, source: Source, helen: Contact, price_mail: TriggerRule
) -> None:
    view(client, source, email="helen@heron.test")
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["helen@heron.test"], "Prices, Helen He")
    token = UnsubscribeLink.objects.get(contact=helen).token
    assert token in letter.extra_headers["List-Unsubscribe"]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert token in letter.body
    assert price_mail.name == Message.objects.get().reason


@pytest.mark.django_db(transaction=True)
def test_mail_is_in_the_language_of_the_contact(
    client: Client, source: Source, lin: Contact, price_mail: TriggerRule
) -> None:
    view(client, source, email="lin@lotus.test")
    assert [letter.subject for letter in mail.outbox] == [f"{lin.name}，价格"]


@pytest.mark.django_db(transaction=True)
def test_a_second_visit_within_the_cap_sends_nothing(
    client: Client, source: Source, helen: Contact, price_mail: TriggerRule
) -> None:
    view(client, source, email="helen@heron.test")
    view(client, source)
    assert len(mail.outbox) == 1
    long_ago = timezone.now() - timedelta(days=price_mail.cap_days, minutes=1)
    Message.objects.update(created_at=long_ago)
    Firing.objects.update(at=long_ago)
    view(client, source)
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_a_message_from_before_rules_were_counted_is_not_sent_again(
    client: Client, source: Source, helen: Contact, price_mail: TriggerRule
) -> None:
    view(client, source, email="helen@heron.test")
    Firing.objects.all().delete()
    view(client, source)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_rule_may_wait_for_several_times(
    client: Client, source: Source, helen: Contact, price_mail: TriggerRule
) -> None:
    TriggerRule.objects.update(times=3)
    view(client, source)
    view(client, source, email="helen@heron.test")
    assert not mail.outbox
    view(client, source)
    view(client, source)
    assert [letter.to for letter in mail.outbox] == [["helen@heron.test"]]


@pytest.mark.django_db(transaction=True)
def test_a_rule_may_count_a_whole_company(
    client: Client, source: Source, helen: Contact, price_mail: TriggerRule, sam: User, now: datetime
) -> None:
    TriggerRule.objects.update(times=2, per="account")
    colleague = Contact.objects.add(
        by=sam, now=now, name="Hugo", email="hugo@heron.test", account=helen.account, owner=sam
    )
    for email in (helen.email, colleague.email):
        person = {"type": "identify", "userId": email, "traits": {"email": email}}
        page = {"type": "page", "userId": email, "properties": {"path": "/pricing"}}
        for message in (person, page):
            body = {"batch": [message], "writeKey": source.write_key}
            client.post("/v1/batch", body, content_type="application/json")
            projector.project_pending()
    running.run_pending()
    assert [letter.to for letter in mail.outbox] == [["hugo@heron.test"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/", "/blog/"])
def test_other_pages_send_nothing(
    client: Client, source: Source, helen: Contact, price_mail: TriggerRule, path: str
) -> None:
    view(client, source, email="helen@heron.test", path=path)
    assert not mail.outbox


@pytest.mark.django_db(transaction=True)
def test_who_opted_out_gets_nothing(client: Client, source: Source, helen: Contact, price_mail: TriggerRule) -> None:
    OptOut.note(contact=helen, now=timezone.now())
    view(client, source, email="helen@heron.test")
    assert not mail.outbox
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_old_events_send_nothing(client: Client, source: Source, helen: Contact, price_mail: TriggerRule) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    view(client, source, email="helen@heron.test", path="/")
    event = PRICING | {"anonymousId": "visitor-1", "timestamp": yesterday}
    client.post("/v1/batch", {"batch": [event], "writeKey": source.write_key}, content_type="application/json")
    projector.project_pending()
    running.run_pending()
    assert not mail.outbox


def test_a_message_is_written_once_for_a_key(helen: Contact, price_mail: TriggerRule, now: datetime) -> None:
    first = send_once(key="k", contact=helen, template="Prices", now=now)
    again = send_once(key="k", contact=helen, template="Prices", now=now)
    assert first is not None
    assert again is None
    assert Message.objects.count() == 1


def test_a_mail_server_that_refuses_is_noted_and_tried_again(
    helen: Contact, price_mail: TriggerRule, now: datetime, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    message = send_once(key="k", contact=helen, template="Prices", now=now)
    assert message is not None
    running.run_pending()
    assert message.failures.count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    running.run_pending(now=timezone.now() + timedelta(hours=2))
    message = Message.objects.get(pk=message.pk)
    assert message.dispatch.at


def test_get_asks_and_only_post_unsubscribes(client: Client, helen: Contact) -> None:
    link = UnsubscribeLink.objects.create(contact=helen)
    address = f"/u/{link.token}/"
    assert b"Unsubscribe" in client.get(address).content
    assert not OptOut.objects.exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert OptOut.objects.get().contact == helen
    client.post(address, {"again": "1"})
    assert not OptOut.objects.exists()
    assert client.get("/u/unknown/").status_code == 404


@pytest.mark.parametrize("body", ["{{ contact|shout }}", "{% load static %}", "{% include '/etc/passwd' %}"])
def test_a_text_that_cannot_be_filled_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        Template(name="T", language="en", subject="S", body=body).full_clean()


def test_an_outsider_finds_no_message_and_a_reader_sends_none(
    as_: As, helen: Contact, price_mail: TriggerRule, now: datetime, olga: User, rita: User
) -> None:
    message = send_once(key="k", contact=helen, template="Prices", now=now)
    assert message is not None
    assert as_(olga).get(f"/messages/{message.pk}/").status_code == 404
    assert as_(rita).get(f"/messages/{message.pk}/").status_code == 200
    assert as_(rita).post(f"/messages/{message.pk}/sending/").status_code == 403
    assert b"Prices, Helen" not in as_(olga).get("/messages/").content
    assert b"Prices, Helen" in as_(rita).get("/messages/").content


@pytest.mark.parametrize("page", ["message-rules", "message-templates"])
def test_rules_and_texts_are_read_by_all_and_changed_by_marketing(
    as_: As, price_mail: TriggerRule, mark: User, rita: User, page: str
) -> None:
    assert as_(rita).get(f"/{page}/").status_code == 200
    assert as_(rita).get(f"/{page}/new/").status_code == 403
    assert as_(rita).post(f"/{page}/{price_mail.pk}/removal/").status_code in {403, 404}
    assert as_(mark).get(f"/{page}/new/").status_code == 200


def test_a_rule_is_written_in_the_browser(as_: As, price_mail: TriggerRule, mark: User) -> None:
    typed = {
        "name": "Reads the security page",
        "event": "Page Viewed",
        "property": "path",
        "operator": "contains",
        "value": "/security",
        "template": "Prices",
        "cap_days": "3",
        "times": "4",
        "window_hours": "48",
        "per": "account",
        "active": "on",
    }
    assert as_(mark).post("/message-rules/new/", typed | {"times": "0"}).status_code == 422
    assert as_(mark).post("/message-rules/new/", typed | {"value": ""}).status_code == 422
    assert as_(mark).post("/message-rules/new/", typed).status_code == 302
    assert TriggerRule.objects.get(value="/security").cap_days == 3
    assert b"4 times in 48 hours by a company" in as_(mark).get("/message-rules/").content


def test_a_text_that_a_rule_sends_stays(as_: As, price_mail: TriggerRule, mark: User) -> None:
    texts = list(Template.objects.filter(name=price_mail.template))
    for text in texts:
        as_(mark).post(f"/message-templates/{text.pk}/removal/")
    assert Template.objects.filter(name=price_mail.template).count() == 1


def test_a_word_that_we_avoid_is_replaced_in_a_text_and_its_places_stay(as_, ada):
    Wording.objects.add(english="customer", avoid="account")
    text = Template.objects.create(
        name="Hello", language="en", subject="Your account", body="Dear {{ contact }}, the account {{ account }}."
    )
    page = reverse("outreach:template", args=[text.pk])
    assert "We avoid “account” and write “customer”." in as_(ada).get(page).content.decode()
    typed = {"name": "Hello", "language": "en", "subject": text.subject, "body": text.body + " Bye, account."}
    answer = as_(ada).post(page, typed | {"reword": ":account"})
    form = answer.context["form"]
    assert form["subject"].value() == "Your customer"
    assert form["body"].value() == "Dear {{ contact }}, the customer {{ account }}. Bye, customer."
    assert "We avoid" not in answer.content.decode()
