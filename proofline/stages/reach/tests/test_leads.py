"""Leads: captured, scored, qualified, turned down; seen by whom they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from proofline.stages.reach.models import Lead, LeadForm, ScoreRule, qualify
from proofline.timeline import projector, query

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import User

    As = Callable[[User], Client]


pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(sam: User, now: datetime) -> Lead:
    made: Lead = Lead.objects.capture(
        by=sam,
        now=now,
        origin="staff",
        name="Zhao Yun",
        company="Beiming Software",
        email="lilei@beiming.test",
        owner=sam,
    )
    return made


def test_a_lead_is_scored_by_the_rules_that_hold(lead: Lead, sam: User, now: datetime) -> None:
    ScoreRule.objects.create(field="employees", operator="at_least", value="100", points=30)
    ScoreRule.objects.create(field="title", operator="contains", value="director|head", points=20)
    ScoreRule.objects.create(field="phone", operator="missing", points=-10)
    lead.change(by=sam, now=now, employees=100, title="Head of Operations")
    lead.refresh_from_db()
    assert (lead.score, lead.grade) == (40, "B")
    assert [reason.points for reason in lead.score_reasons()] == [30, 20, -10]


def test_a_rule_that_can_never_hold_is_refused() -> None:
    with pytest.raises(ValidationError, match="Only numbers"):
        ScoreRule(field="sector", operator="at_least", value="5", points=1).full_clean()
    with pytest.raises(ValidationError, match="number"):
        ScoreRule(field="employees", operator="at_least", value="many", points=1).full_clean()


def test_one_source_is_known_by_one_spelling(sam: User, now: datetime) -> None:
    for spelling in ("Google", "google", " GOOGLE "):
        Lead.objects.capture(by=sam, now=now, origin="staff", name="A", source=spelling)
    assert set(Lead.objects.values_list("source", flat=True)) == {"Google"}


@pytest.mark.django_db(transaction=True)
def test_a_lead_tells_the_timeline(lead: Lead, sam: User, now: datetime) -> None:
    qualify(lead, by=sam, now=now)
    projector.project_pending()
    assert query.count(event="lead.created") == [("", 1)]
    assert query.count(event="lead.qualified") == [("", 1)]


@pytest.mark.parametrize("address", ["", "edit/"])
def test_an_outsider_finds_nothing_and_a_reader_changes_nothing(
    as_: As, lead: Lead, olga: User, rita: User, address: str
) -> None:
    assert as_(olga).get(f"/leads/{lead.pk}/{address}").status_code == 404
    assert as_(rita).get(f"/leads/{lead.pk}/{address}").status_code == (403 if address else 200)


@pytest.mark.parametrize("noun", ["qualification", "disqualification"])
def test_only_who_may_decides(as_: As, lead: Lead, olga: User, rita: User, noun: str) -> None:
    data = {"why": "no_fit"}
    assert as_(olga).post(f"/leads/{lead.pk}/{noun}/", data).status_code == 404
    assert as_(rita).post(f"/leads/{lead.pk}/{noun}/", data).status_code == 403
    assert Lead.objects.waiting().get() == lead


def test_the_list_shows_what_one_may_see(as_: As, lead: Lead, sam: User, tom: User, mei: User, olga: User) -> None:
    assert b"Zhao Yun" in as_(sam).get("/leads/").content
    assert b"Zhao Yun" in as_(mei).get("/leads/").content
    assert b"Zhao Yun" not in as_(tom).get("/leads/").content
    assert b"Zhao Yun" not in as_(olga).get("/leads/?q=Zhao").content


def test_errors_keep_what_was_typed(as_: As, sam: User) -> None:
    answer = as_(sam).post("/leads/new/", {"name": "Han Meimei", "email": "not an address"})
    assert answer.status_code == 422
    assert b"Han Meimei" in answer.content
    assert not Lead.objects.exists()


def test_the_public_form_makes_a_lead_with_its_campaign(client: Client, sam: User) -> None:
    LeadForm.objects.create(slug="talk", title="Talk to us", owner=sam, source="Website")
    address = "/f/talk/?utm_source=bing&utm_campaign=autumn"
    assert b'value="autumn"' in client.get(address).content
    typed = {"name": "Jo", "company": "Jo Ltd", "email": "jo@jo.test", "utm_source": "bing", "utm_campaign": "autumn"}
    assert client.post("/f/talk/", typed).status_code == 302
    lead = Lead.objects.get()
    assert (lead.source, lead.utm_campaign, lead.owner, lead.origin) == ("bing", "autumn", sam, "form")


def test_a_robot_on_the_public_form_makes_nothing(client: Client) -> None:
    LeadForm.objects.create(slug="talk", title="Talk to us")
    typed = {"name": "Jo", "company": "Jo Ltd", "email": "jo@jo.test", "website": "http://spam.test"}
    assert client.post("/f/talk/", typed).status_code == 302
    assert not Lead.objects.exists()


def test_the_public_form_says_what_is_missing(client: Client) -> None:
    LeadForm.objects.create(slug="talk", title="Talk to us", language="zh-hans")
    answer = client.post("/f/talk/", {"name": "李雷"})
    assert answer.status_code == 422
    assert "李雷" in answer.content.decode()
    assert client.get("/f/nothing/").status_code == 404


@pytest.mark.parametrize("page", ["/leads/new/", "/score-rules/new/", "/forms/new/"])
def test_a_reader_adds_nothing(as_: As, rita: User, page: str) -> None:
    assert as_(rita).get(page).status_code == 403


@pytest.mark.parametrize("page", ["/leads/", "/score-rules/", "/forms/"])
def test_pages_are_for_who_signed_in(client: Client, page: str) -> None:
    assert client.get(page).status_code == 302


def test_a_new_rule_scores_waiting_leads_again(as_: As, mei: User, lead: Lead) -> None:
    from proofline.kit.jobs import running

    typed = {"field": "company", "operator": "given", "points": "25"}
    assert as_(mei).post("/score-rules/new/", typed).status_code == 302
    running.run_pending()
    lead.refresh_from_db()
    assert (lead.score, lead.grade) == (25, "C")
