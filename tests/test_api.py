"""The whole sale through the REST API, and who may do what of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from proofline.records.models import ApiToken, ValueMetric
from proofline.stages.closing.models import Contract, Quote
from proofline.stages.delivery.models import Gate, accept
from proofline.timeline import projector

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


class Program:
    """A program that works in a user's name."""

    def __init__(self, user, now):
        headers = {"authorization": f"Bearer {ApiToken.issue(user=user, name='test', now=now)[1]}"} if user else {}
        self.client = Client(headers=headers)

    def call(self, method, path, body=None):
        if method == "get":
            return self.client.get(BASE + path)
        return getattr(self.client, method)(BASE + path, json.dumps(body or {}), content_type="application/json")

    def get(self, path):
        return self.expect(200, "get", path)

    def post(self, path, body=None, status=201):
        return self.expect(status, "post", path, body)

    def patch(self, path, body):
        return self.expect(200, "patch", path, body)

    def expect(self, status, method, path, body=None):
        answer = self.call(method, path, body)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def story(sam, mei, suite, settings, tmp_path):  # noqa: PLR0915 - a story is told from its beginning to its end
    """One customer, taken by API from lead to renewal by the manager; what customers sign is signed in their own way."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path
    now = datetime.now(UTC)
    api = Program(mei, now)
    hours = ValueMetric.objects.create(name="Hours", unit="h/week", formula="reports × 0.5 h", event="Report Made")
    found = {}
    lead = api.post(
        "/leads",
        {
            "name": "Helen He",
            "company": "Heron",
            "email": "helen@heron.test",
            "owner_id": sam.pk,
            "product_id": suite.pk,
        },
    )
    found["leads"] = lead["id"]
    qualified = api.post(f"/leads/{lead['id']}/qualification")
    found["accounts"], found["contacts"] = qualified["account_id"], qualified["contact_id"]
    (deal,) = api.get("/deals")["items"]
    found["deals"] = deal["id"]
    study = api.post("/studies", {"account_id": found["accounts"], "owner_id": sam.pk})
    found["studies"] = study["id"]
    need = api.post(f"/studies/{study['id']}/needs", {"text": "Reports take too long"})
    api.post(f"/studies/{study['id']}/needs", {"text": "Plans are late", "kind": "deep", "because_of_id": need["id"]})
    case = api.post(
        f"/studies/{study['id']}/value-cases",
        {"currency": "CNY", "investment_once": "5000", "investment_monthly": "1000"},
    )
    found["value-cases"] = case["id"]
    line = {
        "name": "Monthly reports",
        "quantity": "20",
        "unit": "h/week",
        "people": 12,
        "low": "0.3",
        "expected": "0.4",
        "high": "0.5",
        "rate_amount": "80",
        "rate_per": "h",
        "metric_id": hours.pk,
    }
    extra = api.post(f"/value-cases/{case['id']}/lines", line)
    found["formula"] = extra["formula"]
    found["value-lines"] = api.post(f"/value-cases/{case['id']}/lines", line)["id"]
    assert api.call("delete", f"/value-lines/{found['value-lines']}").status_code == 204
    found["value-lines"] = extra["id"]
    found["case"] = api.get(f"/value-cases/{case['id']}")
    proposal = api.post(f"/studies/{study['id']}/proposals", {"title": "Reports in an hour"})
    found["proposals"] = proposal["id"]
    api.post(f"/proposals/{proposal['id']}/sending", {"to_id": found["contacts"]})
    api.post(f"/deals/{deal['id']}/people", {"contact_id": found["contacts"], "role": "decision_maker"})
    from proofline.stages.closing.models import Deal

    Deal.objects.filter(pk=deal["id"]).update(study_id=study["id"], product=suite)
    quote = api.post(f"/deals/{deal['id']}/quotes")
    found["quotes"] = quote["id"]
    api.post(f"/quotes/{quote['id']}/sending", {"to_id": found["contacts"]})
    sent = Quote.objects.get(pk=quote["id"])
    sent.choose(
        option=sent.ordered_options[1],
        name="Helen He",
        ip=None,
        user_agent="",
        now=datetime.now(UTC),
        today=datetime.now(UTC).date(),
    )
    contract = api.post(f"/deals/{deal['id']}/contracts")
    found["contracts"] = contract["id"]
    api.patch(f"/contracts/{contract['id']}", {"months": 24})
    api.post(f"/contracts/{contract['id']}/sending", {"to_id": found["contacts"]})
    Contract.objects.get(pk=contract["id"]).accept(
        name="Helen He", title="COO", ip=None, user_agent="", now=datetime.now(UTC)
    )
    (project,) = api.get("/projects")["items"]
    found["projects"] = project["id"]
    for gate in Gate.objects.filter(project=project["id"]).order_by("position"):
        api.post(f"/projects/{project['id']}/gates/{gate.position}/presentation", {"note": "Ready"})
        accept(
            Gate.objects.get(pk=gate.pk), name="Helen He", title="COO", ip=None, user_agent="", now=datetime.now(UTC)
        )
    found["tickets"] = api.post(
        "/tickets", {"account_id": found["accounts"], "subject": "Help", "body": "Where?", "owner_id": sam.pk}
    )["id"]
    api.post(f"/tickets/{found['tickets']}/replies", {"body": "There."})
    api.post(f"/tickets/{found['tickets']}/solution", {"text": "Shown."})
    report = api.post(f"/projects/{project['id']}/value-reports")
    found["value-reports"] = report["id"]
    api.post(f"/value-reports/{report['id']}/publication", status=200)
    (subscription,) = api.get("/subscriptions")["items"]
    found["subscriptions"] = subscription["id"]
    api.post(f"/subscriptions/{subscription['id']}/renewal", {"months": 12})
    api.post(f"/subscriptions/{subscription['id']}/cancellation", {"reason": "Sold"})
    found["tasks"] = api.post("/tasks", {"title": "Call", "owner_id": sam.pk})["id"]
    found["products"] = suite.pk
    return found


def test_the_story_holds_together(story, mei, now):
    api = Program(mei, now)
    assert api.get(f"/leads/{story['leads']}")["state"] == "qualified"
    assert api.get(f"/deals/{story['deals']}")["state"] == "won"
    assert "96" in story["formula"]
    assert story["case"]["returns"]["monthly_value"] == "33280.00"
    assert api.get(f"/value-cases/{story['value-cases']}")["frozen"] is True
    contract = api.get(f"/contracts/{story['contracts']}")
    assert (contract["accepted_by"], contract["months"]) == ("Helen He", 24)
    assert [promise["promised"] for promise in contract["promises"]] == ["96.0000"]
    project = api.get(f"/projects/{story['projects']}")
    assert project["went_live_at"]
    assert all(gate["accepted_by"] == "Helen He" for gate in project["gates"])
    assert api.get(f"/tickets/{story['tickets']}")["solved_at"]
    report = api.get(f"/value-reports/{story['value-reports']}")
    assert report["measurements"][0]["kept"] is False
    assert api.get(f"/subscriptions/{story['subscriptions']}")["cancelled"] is True
    projector.project_pending()
    assert api.get("/metrics/deals.won?by=owner") == {
        "metric": "deals.won",
        "unit": "deals",
        "value": 1,
        "rows": [{"key": "Sam Seller", "value": 1}],
    }


def test_what_has_moved_on_is_a_conflict(story, mei, now):
    api = Program(mei, now)
    for path, body in (
        (f"/leads/{story['leads']}/qualification", {}),
        (f"/deals/{story['deals']}/win", {}),
        (
            f"/value-cases/{story['value-cases']}/lines",
            {"name": "x", "quantity": "1", "unit": "h/week", "low": "0.1", "expected": "0.1", "high": "0.1"},
        ),
        (f"/contracts/{story['contracts']}/withdrawal", {}),
        (f"/projects/{story['projects']}/gates/1/presentation", {"note": "again"}),
        (f"/subscriptions/{story['subscriptions']}/renewal", {}),
    ):
        answer = api.call("post", path, body)
        assert answer.status_code == 409, (path, answer.content)
        assert answer["Content-Type"] == "application/problem+json"


def operations():
    """Every operation of the API as (method, path)."""
    from proofline.config.api import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            yield method, path.removeprefix(BASE)


BODIES = {
    "/tasks": {"title": "x"},
    "/studies": {"account_id": 1},
    "/tickets": {"account_id": 1, "subject": "x", "body": "x"},
    "/leads/{pk}/disqualification": {"why": "no_fit"},
    "/studies/{pk}/needs": {"text": "x"},
    "/value-cases/{pk}/lines": {
        "name": "x",
        "quantity": "1",
        "unit": "h/week",
        "low": "0.1",
        "expected": "0.1",
        "high": "0.1",
    },
    "/deals/{pk}/stage": {"stage_id": 1},
    "/deals/{pk}/people": {"contact_id": 1, "role": "user"},
    "/projects/{pk}/gates/{position}/presentation": {"note": "x"},
    "/tickets/{pk}/replies": {"body": "x"},
    "/subscriptions/{pk}/cancellation": {"reason": "x"},
}
EVERYBODYS = ("/products", "/evidence", "/competitors", "/pains", "/value-metrics")


def filled(path, story):
    """The path with the story's record in it, None when the story has none."""
    kind = path.split("/")[1]
    if "{pk}" in path and kind not in story:
        return None
    return path.replace("{pk}", str(story.get(kind))).replace("{position}", "1").replace("{name}", "deals.won")


def test_every_endpoint_asks_for_a_token(story, now):
    program = Program(None, now)
    for method, path in operations():
        if (where := filled(path, story)) is not None:
            assert program.call(method, where, BODIES.get(path)).status_code == 401, (method, path)


def test_every_record_is_hidden_from_an_outsider(story, olga, now):
    program = Program(olga, now)
    seen = 0
    for method, path in operations():
        where = filled(path, story)
        if where is None or path.startswith(EVERYBODYS):
            continue
        answer = program.call(method, where, BODIES.get(path))
        if "{pk}" in path:
            assert answer.status_code == 404, (method, path, answer.content)
            seen += 1
        elif method == "get" and path not in {"/me", "/users", "/teams", "/metrics", "/metrics/{name}", "/deal-stages"}:
            assert answer.json() == {"items": [], "next": None}, path
    assert seen > 30


def test_every_change_is_refused_to_a_reader(story, rita, now):
    program = Program(rita, now)
    changes = 0
    for method, path in operations():
        where = filled(path, story)
        if where is None or path.startswith("/imports"):  # takes a file; its own tests see to it
            continue
        answer = program.call(method, where, BODIES.get(path))
        assert answer.status_code == (200 if method == "get" else 403), (method, path, answer.content)
        changes += method != "get"
    assert changes > 30


@pytest.mark.parametrize(
    "body",
    ['{"amount": "1e30"}', '{"amount": "-1"}', '{"amount": "5", "currency": "XXX"}', '{"reason": "' + "x" * 300 + '"}'],
)
def test_a_win_that_makes_no_sense_is_refused(calls_deal, body):
    client, path = calls_deal
    assert client.post(path, body, content_type="application/json").status_code == 422


@pytest.fixture
def calls_deal(mei, sam, healthy, now):
    from proofline.stages.closing.models import Deal

    deal = Deal.objects.open_deal(by=sam, now=now, name="Heron · 50 seats", account=healthy)
    return Program(mei, now).client, f"{BASE}/deals/{deal.pk}/win"


def test_every_endpoint_says_what_it_does_and_the_page_lists_it(db):
    from proofline.config.cli import api

    page = (Path(__file__).resolve().parents[1] / "docs" / "api.md").read_text()
    assert page == api.document(), "run: bin/proofline api > docs/api.md"
    assert "|  |" not in page, "an endpoint has no docstring"
