"""Questions through the API: asked, kept, asked again; as JSON and CSV; errors as problems."""

import json

import pytest

from proofline.insight.models import SavedQuestion
from proofline.insight.tests.explored import OCTOBER, Product, events
from proofline.records.models import ApiToken
from proofline.timeline import identity, store

pytestmark = pytest.mark.django_db
FUNNEL = {"kind": "funnel", "events": events("Signed Up", "Feature Used"), **OCTOBER}


@pytest.fixture
def product(now):
    told = Product(now)
    for user in ("ann", "bo", "cy"):
        told.use(user, "Signed Up")
    told.use("ann", "Feature Used", day=1)
    told.settle()
    return told


@pytest.fixture
def api(client, now):
    def api(user, method, path, body=None, **headers):
        _token, key = ApiToken.issue(user=user, name="x", now=now)
        headers = {"authorization": f"Bearer {key}", **headers}
        return client.generic(
            method, f"/api/v1/questions{path}", json.dumps(body or {}), "application/json", headers=headers
        )

    return api


def test_a_question_is_answered(product, ada, api):
    answer = api(ada, "POST", "/answer", FUNNEL).json()
    assert (answer["kind"], answer["unit"]) == ("funnel", "people")
    assert answer["columns"][:3] == ["Step", "Event", "How many"]
    assert [row[:3] for row in answer["rows"]] == [[1, "Signed Up", 3], [2, "Feature Used", 1]]
    assert answer["series"] == [{"name": "", "points": [["Signed Up", 3], ["Feature Used", 1]], "at": {}}]


@pytest.mark.parametrize("kind", ["trend", "retention", "paths", "lifecycle", "stickiness", "between", "usage"])
def test_every_kind_is_answered(kind, product, ada, api):
    number = 2 if kind in {"retention", "between"} else 1
    answer = api(
        ada, "POST", "/answer", {"kind": kind, "events": events("Signed Up", "Feature Used")[:number], **OCTOBER}
    )
    assert answer.status_code == 200
    assert set(answer.json()) >= {"kind", "unit", "columns", "rows", "series"}


def test_the_answer_comes_as_a_file_when_asked_for(product, ada, api):
    answer = api(ada, "POST", "/answer", FUNNEL, accept="text/csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert b"1,Signed Up,3" in b"".join(answer.streaming_content)


def test_an_answer_holds_what_the_tokens_user_may_see(product, healthy, sam, olga, api):
    identity.tie(person=identity.resolve(user="ann"), account=healthy.pk)
    product.settle()
    assert api(sam, "POST", "/answer", FUNNEL).json()["rows"][0][2] == 1
    assert api(olga, "POST", "/answer", FUNNEL).json()["rows"][0][2] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "guess"}, "kind"),
        ({"events": 5}, "events"),
        ({"events": [{"event": 5}, {"event": "b"}]}, "events[0].event"),
        ({"window": "soon"}, "window"),
        ({"colour": "red"}, "colour"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to"),
    ],
)
def test_a_question_that_can_not_be_asked_is_a_problem_with_its_field(change, field, ada, api):
    answer = api(ada, "POST", "/answer", FUNNEL | change)
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_a_store_that_does_not_answer_is_a_problem_that_passes(ada, api, monkeypatch):
    def down(*_given, **_named):
        raise store.StoreError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(store, "query", down)
        answer = api(ada, "POST", "/answer", FUNNEL)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


def test_a_question_is_kept_changed_asked_and_removed(product, sam, ada, api):
    made = api(ada, "POST", "", {"name": "Activation", "question": FUNNEL})
    assert made.status_code == 201
    path = f"/{made.json()['id']}"
    assert made.json() | {"question": FUNNEL, "shared": False, "owner_id": ada.pk} == made.json()
    assert [item["name"] for item in api(ada, "GET", "").json()["items"]] == ["Activation"]
    assert api(ada, "GET", f"{path}/answer").json()["rows"][0][2] == 3
    assert b"1,Signed Up,3" in b"".join(api(ada, "GET", f"{path}/answer.csv").streaming_content)
    for method, rest in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/answer"), ("GET", "/answer.csv")):
        assert api(sam, method, path + rest).status_code == 404
    changed = api(ada, "PATCH", path, {"name": "Named", "shared": True, "question": FUNNEL | {"window": "1d"}}).json()
    assert (changed["name"], changed["shared"], changed["question"]["window"]) == ("Named", True, "1d")
    assert api(sam, "GET", path).json()["name"] == "Named"
    assert api(sam, "PATCH", path, {"name": "Mine"}).status_code == 403
    assert api(sam, "DELETE", path).status_code == 403
    assert api(ada, "DELETE", path).status_code == 204
    assert api(ada, "GET", path).status_code == 404


def test_what_can_not_be_asked_is_not_kept(ada, rita, api):
    assert api(ada, "POST", "", {"name": "x", "question": {"kind": "guess"}}).json()["errors"][0]["field"] == "kind"
    assert api(ada, "POST", "", {"name": "", "question": FUNNEL}).status_code == 422
    assert api(ada, "POST", "", {"name": "x"}).status_code == 422
    assert api(rita, "POST", "", {"name": "x", "question": FUNNEL, "shared": True}).status_code == 403
    assert not SavedQuestion.objects.exists()
    assert api(rita, "POST", "", {"name": "x", "question": FUNNEL}).status_code == 201
