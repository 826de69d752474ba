"""The digest: once in a period, at the person's own time, of what is unread and may still be seen."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from proofline.kit.jobs.running import run_pending
from proofline.records import jobs
from proofline.records.models import Digest, DigestRule, Notification, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import Account, User
    from tests.fixtures.letterbox import Letterbox

pytestmark = pytest.mark.django_db
EIGHT = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
"""Tuesday, eight in the morning in Shanghai."""


def told(sam: User, healthy: Account, now: datetime, key: str = "1") -> None:
    Notification.objects.tell(
        user=sam,
        kind="mention",
        key=key,
        now=now,
        subject=("account", healthy.pk),
        title=f"Heron <{key}>",
        url=healthy.get_absolute_url(),
    )


def due(now: datetime) -> list[Digest]:
    return list(Digest.objects.due(now=now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Let the room's jobs run at a time."""
    return lambda at: monkeypatch.setattr("proofline.records.jobs.timezone.now", lambda: at)


def test_a_digest_leaves_over_smtp_once_with_a_way_out(
    letterbox: Letterbox, sam: User, healthy: Account, now: datetime, clock: Any, client: Client, as_: Any
) -> None:
    sam.change(language="zh-hans")
    told(sam, healthy, now)
    clock(EIGHT + timedelta(minutes=1))
    for _server in range(2):
        jobs.prepare_digests.enqueue()
    run_pending(now=EIGHT + timedelta(days=400))
    letter = letterbox.letters.get(timeout=8)
    assert letterbox.letters.empty()
    assert (letter["To"], letter["Subject"]) == ("sam@proofline.test", "你在 Proofline 有 1 条未读通知")
    plain, rich = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    pk = Notification.objects.get().pk
    for text in (plain, rich):
        assert "你被提到" in text
        assert f"http://localhost:8000/notifications/{pk}/" in text
        assert "/notifications/settings/" in text
    assert "Heron <1>" in plain
    assert "Heron &lt;1&gt;" in rich
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = letter["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert "不再发送" in client.get(way_out).content.decode()
    assert DigestRule.of(sam).rhythm == "daily"
    client.post(way_out, {"List-Unsubscribe": "One-Click"})
    told(sam, healthy, now, "2")
    assert due(EIGHT + timedelta(days=9)) == []
    another = "y" if way_out[-2] == "x" else "x"
    assert client.post(f"{way_out[:-2]}{another}/").status_code == 404


def test_each_gets_it_at_their_own_time_and_once_a_period(
    sam: User, tom: User, healthy: Account, now: datetime
) -> None:
    Workspace.current().change(by=None, now=now, time_zone="Europe/Berlin")
    sam.change(time_zone="America/New_York")
    told(sam, healthy, now)
    told(tom, healthy, now)
    assert due(now + timedelta(hours=4)) == []
    at = {name: datetime(2026, 11, day, hour, tzinfo=UTC) for name, day, hour in (("tom", 2, 7), ("sam", 2, 13))}
    assert [digest.user for digest in due(at["tom"])] == [tom]
    assert [digest.user for digest in due(at["sam"])] == [sam]
    assert due(at["sam"] + timedelta(hours=3)) == []


def test_what_comes_after_the_hour_waits_for_the_next_one(sam: User, healthy: Account, now: datetime) -> None:
    told(sam, healthy, EIGHT + timedelta(hours=1))
    assert due(EIGHT + timedelta(hours=2)) == []
    assert len(due(EIGHT + timedelta(days=1))) == 1


def test_weekly_comes_on_its_day(sam: User, healthy: Account, now: datetime) -> None:
    DigestRule.of(sam).choose(rhythm="weekly", weekday=4, at=time(17, 30))
    told(sam, healthy, now)
    friday = datetime(2026, 11, 6, 9, 30, tzinfo=UTC)
    assert due(friday - timedelta(minutes=1)) == []
    assert [digest.day.isoformat() for digest in due(friday)] == ["2026-11-06"]
    assert due(friday + timedelta(days=6)) == []


@pytest.mark.parametrize("why", ["read", "hidden", "left", "no e-mail"])
def test_nothing_is_sent_when_there_is_nothing_to_say(
    why: str, sam: User, olga: User, ada: User, healthy: Account, now: datetime, clock: Any, mailoutbox: list[Any]
) -> None:
    told(sam, healthy, now)
    if why == "read":
        Notification.objects.all().note_read(now=now)
    elif why == "hidden":
        healthy.change(by=None, now=now, owner=None)
    elif why == "left":
        sam.deactivate(by=ada)
    else:
        sam.change(email=None)
    clock(EIGHT)
    for _turn in range(2):
        jobs.prepare_digests.enqueue()
        run_pending(now=EIGHT + timedelta(days=400))
    assert mailoutbox == []


def test_what_a_digest_said_is_not_said_again(
    sam: User, healthy: Account, now: datetime, clock: Any, mailoutbox: list[Any]
) -> None:
    for number in range(52):
        told(sam, healthy, now, str(number))
    for day in range(2):
        clock(EIGHT + timedelta(days=day))
        jobs.prepare_digests.enqueue()
        run_pending(now=EIGHT + timedelta(days=400))
    assert [mail.subject for mail in mailoutbox] == ["52 things for you at Proofline"]
    assert "And 2 more" in mailoutbox[0].body
