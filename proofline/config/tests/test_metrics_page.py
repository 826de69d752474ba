"""/metrics is for the machine itself and for who has the token."""

import pytest

pytestmark = pytest.mark.django_db


def test_this_machine_may_ask(client):
    answer = client.get("/metrics", HTTP_HOST="127.0.0.1:8000")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert b"proofline_inbox_events 0.0" in answer.content
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "headers",
    [
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_HOST": "localhost"},
        {"REMOTE_ADDR": "", "HTTP_HOST": "localhost"},
        {"HTTP_HOST": "sales.example.com"},
        {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_HOST": "localhost", "HTTP_FORWARDED": "for=10.0.0.7"},
        {"HTTP_HOST": "localhost", "HTTP_VIA": "1.1 proxy", "HTTP_AUTHORIZATION": "Bearer "},
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer wrong"},
    ],
)
def test_nothing_leaks_to_others(client, settings, headers):
    for token in ("", "the token"):
        settings.METRICS_TOKEN = token
        answer = client.get("/metrics", **headers)
        assert answer.status_code == 401
        assert b"proofline_" not in answer.content


def test_the_token_opens_it_from_anywhere(client, settings):
    settings.METRICS_TOKEN = "the token"
    asked = {"REMOTE_ADDR": "10.0.0.7", "HTTP_HOST": "sales.example.com", "HTTP_X_FORWARDED_FOR": "10.1.1.1"}
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer the token", **asked).status_code == 200


def test_it_is_read_only(client):
    assert client.post("/metrics", HTTP_HOST="localhost").status_code == 405
