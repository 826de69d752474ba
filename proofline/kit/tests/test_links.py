"""Private links, and what a request says of its sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import models
from django.test import RequestFactory

from proofline.kit.links import LinkTokenField, client_ip, new_token, user_agent

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


class Linked(models.Model):
    token = LinkTokenField()

    class Meta:
        app_label = "kit_tests"
        managed = False

    def __str__(self) -> str:
        return "a row"


def test_each_row_gets_its_own_address_that_fits_an_url_and_the_column() -> None:
    made = {Linked().token for _number in range(50)}
    assert len(made) == 50
    assert all(len(token) == 32 and token.replace("-", "").replace("_", "").isalnum() for token in made)
    field = Linked._meta.get_field("token")
    assert field.unique
    assert not field.editable
    assert len(new_token()) == field.max_length


@pytest.mark.parametrize(
    ("trusted", "sender", "forwarded", "found"),
    [
        ([], "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (["127.0.0.1"], "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (["127.0.0.1"], "127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", "198.51.100.1, 10.2.3.4", "198.51.100.1"),
        (["127.0.0.1"], "127.0.0.1:4711", "", "127.0.0.1"),
        (["::1"], "::1", "[2001:db8::7]:99", "2001:db8::7"),
        (["127.0.0.1"], "::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (["127.0.0.1"], "127.0.0.1", "nonsense", "127.0.0.1"),
        ([], "", "", None),
    ],
)
def test_only_trusted_proxies_are_believed(
    settings: Settings, trusted: list[str], sender: str, forwarded: str, found: str | None
) -> None:
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=sender, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == found


def test_a_program_name_is_kept_short_and_printable() -> None:
    request = RequestFactory().get("/", HTTP_USER_AGENT="Fire\x07fox" + "x" * 1000)
    assert user_agent(request).startswith("Firefox")
    assert len(user_agent(request)) == 400
