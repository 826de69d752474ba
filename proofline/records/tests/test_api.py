"""Accounts, contacts, tasks and the library through the API: who may, what comes back, what is said when it can't be."""

import json

import pytest
from django.test import Client

from proofline.records.models import Account, ApiToken, Contact, Evidence

pytestmark = pytest.mark.django_db


class Caller:
    """A program with a user's token."""

    def __init__(self, user, now):
        self.headers = {"authorization": f"Bearer {ApiToken.issue(user=user, name='test', now=now)[1]}"} if user else {}
        self.client = Client(headers=self.headers)

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path, body=None):
        return self.client.post(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json")

    def patch(self, path, body):
        return self.client.patch(f"/api/v1{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def calls(now):
    return lambda user: Caller(user, now)


def test_an_account_is_added_read_and_changed(calls, sam):
    api = calls(sam)
    made = api.post("/accounts", {"name": "Heron Robotics", "sector": "manufacturing", "employees": 180})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert made.json()["owner_id"] == sam.pk
    assert api.patch(f"/accounts/{pk}", {"employees": 200}).json()["employees"] == 200
    assert api.get(f"/accounts/{pk}").json()["sector"] == "manufacturing"


def test_pages_follow_their_cursors_to_the_end(calls, sam, now):
    for number in range(7):
        Account.objects.add(by=sam, now=now, name=f"Account {number}", owner=sam)
    api, cursor, names = calls(sam), None, []
    while True:
        page = api.get("/accounts", limit=3, **({"cursor": cursor} if cursor else {})).json()
        names += [item["name"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert names == [f"Account {number}" for number in reversed(range(7))]


def test_a_colleagues_contact_at_ones_own_account_can_be_named(calls, sam, olga, now):
    account = Account.objects.add(by=sam, now=now, name="Heron Robotics", owner=sam)
    contact = Contact.objects.add(by=olga, now=now, name="Ines", account=account, owner=olga)
    other = Contact.objects.add(by=olga, now=now, name="Jo", owner=olga)

    def ask(named):
        return calls(sam).post("/tasks", {"title": "Call", "due_at": "2026-12-01T09:00:00Z", "contact_id": named.pk})

    assert ask(contact).status_code == 201, ask(contact).content
    assert ask(other).status_code == 422


def test_an_outsider_finds_nothing(calls, olga, healthy, helen):
    api = calls(olga)
    assert api.get("/accounts").json() == {"items": [], "next": None}
    for path in (f"/accounts/{healthy.pk}", f"/contacts/{helen.pk}"):
        assert api.get(path).status_code == 404
        assert api.patch(path, {"name": "Mine"}).status_code == 404
    assert api.post("/contacts", {"name": "Eve", "account_id": healthy.pk}).status_code == 422


def test_a_reader_sees_but_changes_nothing(calls, rita, healthy, helen):
    api = calls(rita)
    assert api.get(f"/accounts/{healthy.pk}").status_code == 200
    assert api.patch(f"/accounts/{healthy.pk}", {"name": "Mine"}).status_code == 403
    assert api.patch(f"/contacts/{helen.pk}", {"name": "Mine"}).status_code == 403
    for path in ("/accounts", "/contacts", "/tasks", "/products", "/evidence", "/competitors"):
        named = "title" if path in {"/tasks", "/evidence"} else "name"
        assert api.post(path, {named: "X"}).status_code == 403, path


def test_without_a_token_or_with_a_dead_one_nobody_comes_in(calls, sam, now):
    for path in ("/accounts", "/contacts", "/tasks", "/products", "/evidence", "/competitors", "/me"):
        answer = calls(None).get(path)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"] == "Bearer"
    api = calls(sam)
    sam.tokens.get().revoke(now=now)
    assert api.get("/me").status_code == 401


def test_a_signed_in_browser_without_a_token_is_not_let_in(as_, sam):
    assert as_(sam).get("/api/v1/accounts").status_code == 401


def test_the_token_of_somebody_whose_access_ended_is_dead(calls, sam, ada):
    api = calls(sam)
    assert api.get("/me").json()["name"] == "Sam Seller"
    sam.deactivate(by=ada)
    assert api.get("/me").status_code == 401


def test_what_is_wrong_is_said_by_field(calls, sam, helen):
    api = calls(sam)
    answer = api.post("/contacts", {"name": "", "email": "helen@heron.test"})
    assert answer.status_code == 422
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert {fault["field"] for fault in problem["errors"]} == {"name", "email"}
    assert Contact.objects.count() == 1
    assert api.post("/accounts", {"employees": "many"}).json()["errors"][0]["field"] == "body.employees"
    for cursor in ("rubbish", "größe", "cGs6eA", "a"):
        assert api.get("/accounts", cursor=cursor).json()["errors"][0]["field"] == "cursor"
    assert api.get("/accounts", limit=1000).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"\xff",
        b'{"name": "a\\u0000b"}',
        b'{"name": "\\ud800", "title": "\\ud800"}',
        b'{"employees": 1e99, "name": "x"}',
        b" " * 3_000_000,
    ],
)
@pytest.mark.parametrize("path", ["/accounts", "/tasks"])
def test_a_body_that_makes_no_sense_is_a_problem_not_a_failure(calls, sam, path, body):
    answer = calls(sam).client.post(f"/api/v1{path}", body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "given", "emptied"),
    [
        ("/accounts", {"name": "Tern"}, ("domain", "sector", "location", "language")),
        ("/contacts", {"name": "Tess"}, ("phone", "title", "language")),
        ("/leads", {"name": "Tess", "email": "t@tern.test"}, ("company", "phone", "message", "utm_source", "source")),
        ("/deals", {"name": "Tern"}, ("source", "next_step")),
        ("/products", {"name": "Tern"}, ("series", "description")),
        ("/competitors", {"name": "Tern"}, ("website", "strengths", "gaps", "difference")),
    ],
)
def test_null_empties_a_text(calls, mei, path, given, emptied):
    api = calls(mei)
    nothing = dict.fromkeys(emptied)
    added = api.post(path, given | nothing)
    assert added.status_code == 201, added.content
    changed = api.patch(f"{path}/{added.json()['id']}", nothing)
    assert changed.status_code == 200, changed.content
    assert {changed.json()[name] for name in emptied} == {""}
    assert api.patch(f"{path}/{added.json()['id']}", {"name": None}).status_code == 422


def test_a_website_is_kept_as_its_domain_or_refused(calls, sam):
    api = calls(sam)
    made = api.post("/accounts", {"name": "Tern", "domain": "https://www.Tern.test:8080/about"})
    assert (made.status_code, made.json()["domain"]) == (201, "tern.test")
    for text in ("not a domain", "http://Foo Bar/<b>"):
        for answer in (
            api.patch(f"/accounts/{made.json()['id']}", {"domain": text}),
            api.post("/accounts", {"name": "Other", "domain": text}),
        ):
            assert answer.status_code == 422
            assert "Give the domain of a website, such as example.com." in answer.content.decode()
    assert api.patch(f"/accounts/{made.json()['id']}", {"domain": "例子.中国"}).json()["domain"] == "例子.中国"


def test_a_number_that_no_store_holds_is_a_problem_not_a_failure(calls, mei):
    answer = calls(mei).get("/subscriptions", account_id=10**20)
    assert answer.status_code in {200, 422}
    assert calls(mei).get("/metrics/deals.open", **{"from": "2026-10-23T14:17:49Z"}).status_code == 200
    assert calls(mei).get("/metrics/deals.open", **{"from": "0056-10-23T14:17:49Z"}).status_code == 422


def test_a_form_without_its_boundary_is_a_problem_not_a_failure(calls, mei):
    answer = calls(mei).client.post("/api/v1/imports", b"x", content_type="multipart/form-data")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/accounts/0", "/accounts/99999999999999999999", "/accounts/x", "/nothing"])
def test_an_address_that_leads_nowhere_is_a_problem(calls, sam, path):
    answer = calls(sam).get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_task_is_done_once(calls, sam, healthy):
    api = calls(sam)
    pk = api.post("/tasks", {"title": "Call Helen", "account_id": healthy.pk}).json()["id"]
    assert api.post(f"/tasks/{pk}/completion").json()["done"] is True
    assert api.post(f"/tasks/{pk}/completion").status_code == 200
    assert api.get("/tasks").json()["items"] == []
    assert len(api.get("/tasks", open=False).json()["items"]) == 1


def test_the_catalogue_is_read_whole(calls, sam, suite):
    (product,) = calls(sam).get("/products").json()["items"]
    assert [tier["name"] for tier in sorted(product["tiers"], key=lambda tier: tier["rank"])] == [
        "Basic",
        "Advanced",
        "Enterprise",
    ]
    assert product["service_packs"][0]["fee"] == "5000.00"


def test_evidence_and_competitors_are_added_and_changed(calls, cleo, healthy):
    api = calls(cleo)
    story = api.post("/evidence", {"kind": "story", "title": "9 hours a week", "account_id": healthy.pk}).json()
    assert api.patch(f"/evidence/{story['id']}", {"permission": True}).json()["permission"] is True
    assert Evidence.objects.get().account == healthy
    rival = api.post("/competitors", {"name": "Spreadsheets"}).json()
    assert api.patch(f"/competitors/{rival['id']}", {"gaps": "No history"}).json()["gaps"] == "No history"


def test_openapi_lists_every_endpoint(db):
    document = Client().get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/accounts", "/api/v1/contacts/{pk}", "/api/v1/evidence"} <= set(document["paths"])
