"""Public forms: written by marketing, standing anywhere, each answer a lead with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proofline.records.models import Wording
from proofline.stages.reach.models import Lead, LeadForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.records.models import User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db
TYPED = {"title": "Talk to us", "slug": "talk", "language": "en", "source": "Website"}
ANSWER = {"name": "Jo", "company": "Jo Ltd", "email": "jo@jo.test"}


@pytest.fixture
def form(sam: User) -> LeadForm:
    made: LeadForm = LeadForm.objects.create(slug="talk", title="Talk to us", owner=sam)
    return made


def test_a_form_is_written_in_the_browser(as_: As, mark: User, rita: User) -> None:
    assert b"No forms yet" in as_(rita).get("/forms/").content
    assert as_(mark).post("/forms/new/", TYPED).status_code == 302
    made = LeadForm.objects.get()
    assert made.source == "Website"
    assert b"/f/talk/" in as_(rita).get("/forms/").content
    assert b"&lt;iframe" in as_(mark).get(f"/forms/{made.pk}/").content


def test_an_address_is_taken_once(as_: As, form: LeadForm, mark: User) -> None:
    answer = as_(mark).post("/forms/new/", TYPED | {"title": "Talk to sales"})
    assert answer.status_code == 422
    assert b"Talk to sales" in answer.content
    assert LeadForm.objects.get() == form


def test_a_form_is_changed_by_who_may(as_: As, form: LeadForm, mark: User, rita: User) -> None:
    assert as_(rita).post(f"/forms/{form.pk}/", TYPED | {"title": "Mine"}).status_code == 403
    assert as_(mark).post(f"/forms/{form.pk}/", TYPED | {"title": "Ask us"}).status_code == 302
    assert LeadForm.objects.get().title == "Ask us"


def test_a_form_stands_in_a_page_of_another_site(form: LeadForm) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/f/talk/?anonymous_id=visitor-7")
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert b"visitor-7" in page.content
    assert strict.post("/f/talk/", ANSWER | {"anonymous_id": "visitor-7"}).status_code == 302
    assert Lead.objects.get().email == "jo@jo.test"


def test_an_unknown_address_is_not_there(client: Client, form: LeadForm) -> None:
    assert client.get("/f/nothing/thanks/").status_code == 404
    assert b"Thank you" in client.get("/f/talk/thanks/").content


def test_a_word_that_we_avoid_is_replaced_in_what_visitors_read(
    form: LeadForm, as_: Callable[[User], Client], ada: User
) -> None:
    Wording.objects.add(english="economical", avoid="cheap")
    form.change(by=ada, now=timezone.now(), intro="Be cheap.", thanks="Cheap!")
    page = reverse("reach:form", args=[form.pk])
    shown = as_(ada).get(page)
    assert "We avoid “cheap” and write “economical”." in shown.content.decode()
    typed = {name: shown.context["form"][name].value() or "" for name in shown.context["form"].fields}
    answer = as_(ada).post(page, typed | {"intro": "Cheap, as typed.", "reword": ":Cheap"})
    assert [answer.context["form"][name].value() for name in ("intro", "thanks")] == [
        "economical, as typed.",
        "economical!",
    ]
    assert "We avoid" not in answer.content.decode()
    form.refresh_from_db()
    assert (form.intro, form.thanks) == ("Be cheap.", "Cheap!")
