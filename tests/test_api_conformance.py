"""Schemathesis reads the API's description, makes requests of it, sensible ones and others, and looks whether the answers are as described."""

import json
from contextlib import contextmanager

import pytest
import requests
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
HOST = "http://testserver"
OTHERS = {"name": "deals.won", "position": 1}


@contextmanager
def left_as_it_was():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answer_to(case, client):
    """Send a case; return the answer as Schemathesis reads it."""
    asked = case.as_transport_kwargs(base_url=HOST)
    asked.pop("cookies", None)
    sent = requests.Request(**asked).prepare()
    kind = sent.headers.get("Content-Type", "application/json")
    answer = client.generic(sent.method, sent.url.removeprefix(HOST), sent.body or b"", kind)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {name: [value] for name, value in answer.items()}
    return schemathesis.Response(answer.status_code, headers, content, sent, 0, verify=False)


def ask(operation, mode, known, client):
    """Ask an operation twice, sensibly or not, and hold its answers against its description."""

    @settings(
        max_examples=2,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode, path_parameters=known))
    def asked(case):
        with left_as_it_was():
            case.validate_response(answer_to(case, client), checks=CHECKS)

    asked()


@pytest.fixture
def records(story, ada, now):
    """The key of a record of each kind, as the first word of an address names it."""
    api = Program(ada, now)
    made = {
        "notes": api.post(f"/accounts/{story['accounts']}/notes", {"text": "Call again"}),
        "views": api.post("/views", {"kind": "accounts", "name": "All"}),
        "questions": api.post(
            "/questions", {"name": "Visits", "question": {"kind": "trend", "events": [{"event": "Page Viewed"}]}}
        ),
        "sources": api.post("/sources", {"name": "Website"}),
    }
    return story | {kind: one["id"] for kind, one in made.items()}


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_answer_is_as_described(mode, records, ada, now):
    from proofline.config.api import api

    client = Program(ada, now).client
    described = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
    for found in described.get_all_operations():
        operation = found.ok()
        kind = operation.path.split("/")[3]
        named = {"pk": records.get(kind), "position": 1, "name": "accounts" if kind == "kinds" else "deals.won"}
        wanted = {one.name for one in operation.path_parameters}
        known = {name: value for name, value in named.items() if name in wanted and value}
        ask(operation, mode, known, client)
