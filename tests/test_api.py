"""The whole sale through the REST API, and who may do what of it."""

from pathlib import Path

import pytest
from django.test import Client

from proofline.timeline import projector
from tests.fixtures.sale import BASE, Program

pytestmark = pytest.mark.django_db


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
    **{f"/{kind}/{{pk}}/merge": {"with": 1} for kind in ("accounts", "contacts", "leads")},
    **{f"/{kind}/{{pk}}/separation": {"from": 1} for kind in ("accounts", "contacts", "leads")},
    "/studies": {"account_id": 1},
    "/tickets": {"account_id": 1, "subject": "x", "body": "x"},
    "/leads/{pk}/disqualification": {"why": "no_fit"},
    "/leads/{pk}/contact-separation": {"contact_id": 1},
    "/leads/{pk}/contact": {"contact_id": None},
    "/studies/{pk}/needs": {"text": "x"},
    "/interviews/{pk}/questions": {"texts": ["Who decides?"]},
    "/interviews/{pk}/notes": {"text": "x"},
    "/interviews/{pk}/clock": {"seconds": 5},
    "/interview-questions/{pk}/crossing": {"reason": "x"},
    "/interview-files/{pk}": {"offset": 5},
    "/studies/{pk}/findings": {"key": "repeated:x"},
    "/value-cases/{pk}/lines": {
        "name": "x",
        "quantity": "1",
        "unit": "h/week",
        "low": "0.1",
        "expected": "0.1",
        "high": "0.1",
    },
    "/value-cases/{pk}/assumptions": {"text": "x"},
    "/value-cases/{pk}/assumption-answers": {"key": "x", "verdict": "agreed"},
    "/proposal-threads/{pk}/answers": {"text": "x"},
    "/proposals/{pk}/add-ons": {"module_ids": []},
    "/line-templates": {"pain_id": 1, "name": "x"},
    "/proposals/{pk}/blocks": {"kind": "text"},
    "/deals/{pk}/stage": {"stage_id": 1},
    "/deals/{pk}/people": {"contact_id": 1, "role": "user"},
    "/projects/{pk}/gates/{position}/presentation": {"note": "x"},
    "/tickets/{pk}/replies": {"body": "x"},
    "/calculators": {"name": "x", "title_en": "x"},
    "/subscriptions/{pk}/cancellation": {"reason": "x"},
    "/signal-rules": {"name": "x", "need": "y"},
    "/catalogue-rules": {"kind": "excludes", "parts": ["m1", "m2"]},
    "/price-rules": {"kind": "term", "least": 12, "percent": "5"},
    "/sources": {"name": "x"},
    "/replies/{pk}/study": {"study_id": 1},
    "/kinds/{name}/changes": {"ids": [1], "set": {"sector": "x"}},
    "/kinds/{name}/removals": {"ids": [1]},
    "/segments": {"kind": "accounts", "name": "x"},
    "/views": {"kind": "accounts", "name": "x"},
    **{
        f"/{kind}/{{pk}}/notes": {"text": "x"}
        for kind in ("accounts", "contacts", "leads", "deals", "projects", "tickets")
    },
}
READERS_OWN = ("/questions", "/notifications", "/views", "/wordings/hints")
"""What a reader may add and change too: questions and views of their own, and what they have read; of a text they may ask how we write it."""
SETTINGS = ("/sources", "/quarantine", "/exports")
"""For administrators and those who may export, to look at too."""
COMPANYS = {
    "/me",
    "/users",
    "/teams",
    "/metrics",
    "/metrics/{name}",
    "/deal-stages",
    "/kinds",
    "/kinds/{name}",
    "/views",
    "/questionnaire-templates",
    "/interview-guides",
}
EVERYBODYS = (
    "/signal-rules",
    "/questionnaires",
    "/calculators",
    "/calculator-lines",
    "/products",
    "/catalogue-rules",
    "/line-templates",
    "/price-rules",
    "/catalogue-check",
    "/evidence",
    "/competitors",
    "/claims",
    "/pains",
    "/value-metrics",
    "/wordings",
)


def filled(path, story):
    """The path with the story's record in it, None when the story has none."""
    kind = path.split("/")[1]
    if "{pk}" in path and kind not in story:
        return None
    name = "accounts" if kind == "kinds" else "deals.won"
    return (
        path.replace("{pk}", str(story.get(kind)))
        .replace("{position}", "1")
        .replace("{step}", "1")
        .replace("{name}", name)
    )


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
        if path.startswith(SETTINGS):
            assert answer.status_code == 403, (method, path, answer.content)
            continue
        if "{pk}" in path:
            assert answer.status_code == 404, (method, path, answer.content)
            seen += 1
        elif method == "get" and path not in COMPANYS:
            empty = {"near": False, "more": []} if path == "/search" else {"next": None}
            assert answer.json() == {"items": [], **empty}, path
    assert seen > 30


def test_every_change_is_refused_to_a_reader(story, rita, now):
    program = Program(rita, now)
    changes = 0
    for method, path in operations():
        where = filled(path, story)
        if where is None or path.startswith(("/imports", *READERS_OWN)):  # takes a file; its own tests see to it
            continue
        answer = program.call(method, where, BODIES.get(path))
        b"".join(answer.streaming_content if answer.streaming else ())  # a file that was given is closed
        readable = method == "get" and not path.startswith(SETTINGS)
        assert answer.status_code == (200 if readable else 403), (method, path, answer.content)
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


def test_the_description_tells_every_problem_and_every_schema_apart(db):
    from proofline.config.api import api

    said = api.get_openapi_schema()
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            answers = {int(status): answer for status, answer in operation["responses"].items()}
            expected = (
                {400, 401, 403, 405, 503} | ({404} if "{" in path else set()) | (set() if method == "get" else {409})
            )
            assert expected <= set(answers), (method, path)
            for status, answer in answers.items():
                if status >= 300:
                    assert answer["content"] == {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    }, (method, path, status)
    assert "account_id" in said["components"]["schemas"]["DealOut"]["properties"], "another schema took its name"


def test_no_body_may_name_what_there_is_not_and_a_change_asks_for_nothing_that_stays(db):
    from proofline.config.api import api

    said = api.get_openapi_schema()
    schemas = said["components"]["schemas"]

    def objects(part):
        if isinstance(part, list):
            return {name for one in part for name in objects(one)}
        if not isinstance(part, dict):
            return set()
        name = part.get("$ref", "").rpartition("/")[2]
        return ({name} | objects(schemas[name]) if name else set()) | objects(list(part.values()))

    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            for name in objects(operation.get("requestBody", {}).get("content", {})):
                if "properties" in schemas[name]:
                    assert schemas[name].get("additionalProperties") is False, f"{name} has to be a kit.rest.Given"
                if method == "patch":
                    assert "required" not in schemas[name] or name in {"ConditionSchema", "MilestoneIn"}, (path, name)


def test_a_name_that_there_is_not_is_refused_by_its_place(story, mei, now):
    api = Program(mei, now)
    refused = api.post("/accounts", {"name": "Aster", "sektor": "Software"}, status=422)
    assert refused["errors"] == [{"field": "body.sektor", "message": "There is no such field here."}]
    kind = {"name": "Rule", "need": "N", "conditions": [{"event": "X", "tmes": 3}]}
    fields = [one["field"] for one in api.post("/signal-rules", kind, status=422)["errors"]]
    assert "body.conditions.0.tmes" in fields


def test_two_schemas_of_one_name_are_refused():
    from ninja import Router, Schema

    from proofline.kit.openapi import Api, NamesakeError

    def named(**fields):
        return type("Twin", (Schema,), {"__annotations__": fields})

    def answer(request):
        del request
        return {}

    router = Router()
    router.get("/a", response=named(a=int))(answer)
    router.get("/b", response=named(b=int), operation_id="b")(answer)
    api = Api(more=lambda _operation: (), urls_namespace="twins")
    api.add_router("", router)
    with pytest.raises(NamesakeError, match="Twin"):
        api.get_openapi_schema(path_prefix="")


def test_a_method_that_is_none_is_a_problem_too(mei, now):
    answer = Program(mei, now).client.put(f"{BASE}/accounts", "{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
    assert answer.json()["status"] == 405


@pytest.mark.parametrize(
    ("path", "status"), [("nothing", 404), ("v1/accounts/1,2", 404), ("v1/acc%00", 404), ("v1/accounts?q=%00", 400)]
)
def test_what_no_endpoint_answers_is_a_problem_too(db, path, status):
    program = Client(enforce_csrf_checks=True)
    for method in ("get", "post", "delete"):
        answer = getattr(program, method)(f"/api/{path}")
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), method
