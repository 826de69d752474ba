"""Notifications: told once, in the reader's words, to those who may see what they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proofline.records.models import Account, Contact, Notification, NotificationChoice
from tests.fixtures.sale import Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def tell(sam: User, mei: User, healthy: Account, now: datetime) -> Callable[..., Notification | None]:
    """Tell Sam that Mei mentioned him in a note about Heron."""

    def tell(key: str = "note:1", **changes: Any) -> Notification | None:
        about = {"subject": ("account", healthy.pk), "title": "Heron Robotics", "url": healthy.get_absolute_url()}
        return Notification.objects.tell(
            **({"user": sam, "by": mei, "kind": "mention", "key": key, "now": now} | about | changes)
        )

    return tell


def said(browser: Client, path: str = "/notifications/") -> str:
    return browser.get(path).content.decode()


def test_one_is_told_once_and_in_ones_own_language(tell: Any, sam: User, as_: As) -> None:
    assert tell() == tell()
    assert "Mei 美 Manager mentioned you: Heron Robotics" in said(as_(sam))
    sam.change(language="zh-hans")
    assert "Mei 美 Manager 提到了你：Heron Robotics" in said(as_(sam))


def test_nobody_is_told_of_what_they_did_themselves_nor_after_they_left(tell: Any, sam: User, ada: User) -> None:
    assert tell(by=sam) is None
    sam.deactivate(by=ada)
    assert tell() is None
    assert not Notification.objects.exists()


def test_a_record_that_one_may_no_longer_see_is_not_named(
    tell: Any, sam: User, olga: User, healthy: Account, as_: As, now: datetime
) -> None:
    told = tell()
    healthy.change(by=None, now=now, owner=olga)
    browser = as_(sam)
    for page in (said(browser), browser.post("/notifications/opening/", headers=PART).content.decode()):
        assert "Heron" not in page
        assert f"/notifications/{told.pk}/" not in page
        assert "Something that you may no longer see" in page
    assert browser.get(f"/notifications/{told.pk}/").status_code == 404


def test_opening_the_panel_reads_what_it_shows_and_all_read_reads_the_rest(tell: Any, sam: User, as_: As) -> None:
    browser = as_(sam)
    for number in range(14):
        tell(f"note:{number}")
    assert ">9+<" in said(browser, "/notifications/count/")
    panel = browser.post("/notifications/opening/", headers=PART).content.decode()
    assert panel.count("notice-unread") == 12
    assert ">2<" in panel
    assert Notification.objects.unread().count() == 2
    assert "notice-unread" not in browser.post("/notifications/reading/", headers=PART).content.decode()
    assert 'bell-count" hx-get="/notifications/count/" hx-trigger="every 60s" hx-swap="outerHTML" hidden' in said(
        browser
    )


def test_a_click_leads_to_the_record_and_reads(tell: Any, sam: User, olga: User, healthy: Account, as_: As) -> None:
    told = tell()
    assert as_(olga).get(f"/notifications/{told.pk}/").status_code == 404
    assert as_(sam).get(f"/notifications/{told.pk}/")["Location"] == healthy.get_absolute_url()
    assert not Notification.objects.unread().exists()


def test_the_page_is_paged_and_narrowed_and_takes_the_same_queries_however_much_there_is(
    tell: Any, sam: User, as_: As, now: datetime
) -> None:
    browser = as_(sam)
    tell(kind="record_assigned", title="Old one", key="old", now=now - timedelta(days=1))
    said(browser)
    with CaptureQueriesContext(connection) as few:
        said(browser)
    for number in range(55):
        tell(f"note:{number}")
    with CaptureQueriesContext(connection) as many:
        page = said(browser)
    assert len(many) == len(few)
    assert page.count('class="notice ') == 50
    older = page.split('" rel="next"')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    assert "Old one" in said(browser, f"/notifications/{older}")
    of_a_kind = said(browser, "/notifications/?kind=record_assigned")
    assert "Old one" in of_a_kind
    assert "mentioned you" not in of_a_kind
    Notification.objects.all().note_read(now=now)
    assert "Nothing to read" in said(browser, "/notifications/?show=unread")


def test_the_bell_asks_with_one_query_of_its_own(tell: Any, sam: User, as_: As) -> None:
    tell()
    browser = as_(sam)
    with CaptureQueriesContext(connection) as queries:
        assert ">1<" in said(browser, "/notifications/count/")
    mine = [query["sql"] for query in queries if "records_notification" in query["sql"]]
    assert len(mine) == 1
    assert len(queries) <= 3  # with the session and its user


def test_one_chooses_by_kind(tell: Any, sam: User, as_: As) -> None:
    browser = as_(sam)
    chosen = {"rhythm": "weekly", "weekday": 4, "at": "17:30", "mention.digest": "on", "task_due.page": "on"}
    assert browser.post("/notifications/settings/", chosen).status_code == 302
    assert browser.post("/notifications/settings/", chosen | {"weekday": 9}).status_code == 422
    assert tell().in_page is False
    assert "mentioned you" not in said(browser)
    assert tell(kind="record_assigned", key="x") is None
    kept = NotificationChoice.all_of(sam)["mention"]
    assert (kept.in_page, kept.in_digest) == (False, True)


def test_who_becomes_the_owner_is_told_by_whom(
    sam: User, mei: User, tom: User, healthy: Account, now: datetime
) -> None:
    healthy.change(by=mei, now=now, owner=tom)
    nora = Contact.objects.add(by=None, now=now, name="Nora New", owner=sam)
    nora.change(by=sam, now=now, title="CEO")
    assert [(str(row), row.user) for row in Notification.objects.order_by("pk")] == [
        ("Mei 美 Manager made you the owner of Heron Robotics", tom),
        ("Nora New is yours now", sam),
    ]


def test_what_is_half_a_year_old_is_forgotten(tell: Any, now: datetime) -> None:
    tell()
    assert Notification.objects.forget(now=now + timedelta(days=181), after=timedelta(days=180)) == 1


def test_a_program_lists_and_reads(tell: Any, sam: User, olga: User, healthy: Account, now: datetime) -> None:
    api = Program(sam, now)
    tell()
    assert [item["text"] for item in api.get("/notifications?unread=true")["items"]] == [
        "Mei 美 Manager mentioned you: Heron Robotics"
    ]
    healthy.change(by=None, now=now, owner=olga)
    hidden = api.get("/notifications")["items"][0]
    assert (hidden["url"], hidden["subject"]) == ("", None)
    assert api.post("/notifications/reading", {}, status=200) == {"read": 1}
    assert api.get("/notifications?unread=true")["items"] == []
