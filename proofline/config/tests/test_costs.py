"""What a page costs: how often it asks the store, which does not grow with what is in it, and how much is sent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from gzip import decompress
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proofline.records.models import Account, ApiToken, Contact
from proofline.stages.closing.models import Deal, DealStage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import User

NARROWED = '{"all":[{"field":"account_sector","op":"is","value":["manufacturing"]}]}'
PAGES = {
    "/contacts/": 20,
    f"/contacts/?filter={NARROWED}": 21,
    "/accounts/": 21,
    "/deals/": 27,
    "/contacts/{contact}/": 35,
    "/accounts/{account}/": 58,
    "/search/?q=Person": 18,
    "/search/palette/?q=Person": 5,
}
"""The most questions of each page, those of session, user and sidebar, and which custom fields there are, among them."""
CALLS = {
    "/contacts?sort=-changed_at": 3,
    f"/contacts?filter={NARROWED}": 3,
    "/contacts/{contact}": 3,
    "/search?q=Person": 4,
}
"""As of the API; one question is the token's, one which custom fields there are."""


def fill(account: Account, first: int, last: int, *, owner: User, now: datetime) -> None:
    """Add contacts, subsidiaries and deals to an account."""
    stage = DealStage.objects.ladder()[0]
    for number in range(first, last):
        at = now + timedelta(seconds=number)
        contact = Contact.objects.add(
            by=owner, now=at, name=f"Person {number}", email=f"p{number}@heron.test", account=account, owner=owner
        )
        Account.objects.add(
            by=owner, now=at, name=f"Heron {number}", sector="manufacturing", parent=account, owner=owner
        )
        Deal.objects.open_deal(
            by=owner, now=at, name=f"Deal {number}", account=account, contact=contact, stage=stage, amount=Decimal(9)
        )


@pytest.fixture
def cost(healthy: Account, sam: User, ada: User, now: datetime, as_: Callable[[User], Client]) -> Callable[..., int]:
    """Return what tells how many questions an address asks, once it was asked before."""
    fill(healthy, 0, 3, owner=sam, now=now)
    _token, text = ApiToken.issue(user=ada, name="t", now=now)
    client = as_(ada)
    contact = Contact.objects.order_by("pk").first()
    assert contact is not None

    warm: set[str] = set()

    def ask(address: str, *, api: bool = False) -> int:
        address = address.replace("{contact}", str(contact.pk)).replace("{account}", str(healthy.pk))
        browser = client if not api else type(client)(headers={"authorization": f"Bearer {text}"})
        place = f"/api/v1{address}" if api else address
        if place not in warm:
            warm.add(place)
            browser.get(place)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(place).status_code == 200
        return len(asked)

    return ask


def test_what_a_page_asks_does_not_grow_with_its_rows(
    cost: Callable[..., int], healthy: Account, sam: User, now: datetime
) -> None:
    few = {address: cost(address) for address in PAGES} | {address: cost(address, api=True) for address in CALLS}
    fill(healthy, 3, 12, owner=sam, now=now)
    many = {address: cost(address) for address in PAGES} | {address: cost(address, api=True) for address in CALLS}
    assert many == few
    assert {address: count for address, count in many.items() if count > (PAGES | CALLS)[address]} == {}


def test_pages_and_json_are_sent_compressed_to_who_takes_them_so(ada: User, as_: Callable[[User], Client]) -> None:
    plain, packed = as_(ada).get("/accounts/"), as_(ada).get("/accounts/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert decompress(packed.content).decode().startswith(plain.content.decode()[:200])
    assert len(packed.content) < len(plain.content) / 3
