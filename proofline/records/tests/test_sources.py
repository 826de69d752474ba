"""What sends events: what it may send, how it is doing, and what of it waits in quarantine."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proofline.kit.jobs import running
from proofline.timeline import inbox, store
from proofline.timeline.models import Quarantined, Source
from proofline.timeline.projector import project_pending
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
BAD = {"type": "track", "userId": "u1", "properties": {"text": "<script>alert(1)</script>"}}
GOOD = BAD | {"event": "Feature Used"}


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def refused(source):
    """Return an event of last week that waits in quarantine."""
    inbox.append(source, [BAD], timezone.now() - timedelta(days=7))
    project_pending()
    return Quarantined.objects.get()


def text_of(answer):
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def counted():
    return store.query("SELECT event, count() FROM events GROUP BY event ORDER BY event")


PAGES = ("quarantine", "quarantine_replays", "live", "timeline")
VERBS = ("quarantined_replay", "quarantined_removal")


def test_settings_of_events_are_for_administrators(as_, ada, mei, sam, rita, source, refused):
    for user in (mei, sam, rita):
        browser = as_(user)
        for name in PAGES:
            assert browser.get(reverse(f"records:{name}")).status_code == 403, name
        for name in VERBS:
            assert browser.post(reverse(f"records:{name}", args=[refused.pk])).status_code == 403, name
        for name in ("quarantine_replays", "quarantine_removals", "quarantine_returns"):
            assert browser.post(reverse(f"records:{name}")).status_code == 403, name
        for name, pk in (("quarantined", refused.pk), ("source_edit", source.pk), ("arrival", refused.batch_id)):
            assert browser.get(reverse(f"records:{name}", args=[pk])).status_code == 403, name
    assert Quarantined.objects.held().count() == 1
    for name in ("quarantine", "live", "timeline"):
        assert as_(ada).get(reverse(f"records:{name}")).status_code == 200


def test_a_source_is_told_what_it_may_send(as_, ada, source):
    url = reverse("records:source_edit", args=[source.pk])
    answer = as_(ada).post(url, {"name": "Website", "origins": "https://www.lotus.test", "rate": "50"})
    assert answer.status_code == 302
    source.refresh_from_db()
    assert (source.name, source.origins, source.rate) == ("Website", "https://www.lotus.test", 50)
    page = text_of(as_(ada).get(answer.url))
    assert "https://www.lotus.test" in page
    assert re.search(r"Rate</\w+>\s*<[^>]+>50<", page)
    for wrong in ({"name": ""}, {"name": "x", "origins": "www.lotus.test"}, {"name": "x", "rate": "0"}):
        assert as_(ada).post(url, wrong).status_code == 422
    source.refresh_from_db()
    assert source.name == "Website"


def test_the_page_of_a_source_shows_how_it_is_doing(as_, ada, source, client):
    now = timezone.now()
    inbox.append(source, [GOOD] * 9, now - timedelta(days=3))
    inbox.append(source, [GOOD] * 2, now - timedelta(hours=5))
    inbox.append(source, [GOOD] * 3, now)
    inbox.append(Source.add(name="Other", now=now), [GOOD], now)
    project_pending()
    page = text_of(as_(ada).get(reverse("records:source", args=[source.pk])))
    assert "5 events in the last 24 hours" in page
    stats = dict(re.findall(r'class="stat-label">([^<]+)</\w+>\s*<[^>]*class="stat-value[^"]*"[^>]*>([^<]+)<', page))
    assert stats["In the last hour"] == "3"
    assert stats["Events today"] in {"3", "5"}
    assert "just now" in stats["Last request"] or "second" in stats["Last request"]


def test_a_store_that_does_not_answer_does_not_hide_the_rest(as_, ada, source, monkeypatch):
    def down(*_args):
        raise store.StoreError("no")

    with monkeypatch.context() as patch:
        patch.setattr(store, "query", down)
        page = text_of(as_(ada).get(reverse("records:source", args=[source.pk])))
        health = text_of(as_(ada).get(reverse("records:timeline")))
    assert source.write_key in page
    assert "the store does not answer" in page
    assert "The columnar store does not answer" in health


def test_the_list_of_sources_leads_to_what_is_in_quarantine(as_, ada, refused, source):
    page = text_of(as_(ada).get(reverse("records:sources")))
    assert "1 in quarantine" in page
    assert f"{reverse('records:quarantine')}?source={source.pk}" in page


def test_the_quarantine_is_filtered_by_source_and_reason(as_, ada, refused, source, now):
    other = Source.add(name="Website", now=now)
    inbox.append(other, [{"type": "tack", "event": "Clicked"}], now)
    project_pending()
    browser, url = as_(ada), reverse("records:quarantine")
    page = text_of(browser.get(url))
    assert "event is required" in page
    assert "Unknown type …" in page
    rows = [
        text_of(browser.get(url, asked)).count('<th scope="row">')
        for asked in (
            {},
            {"source": source.pk},
            {"source": other.pk},
            {"reason": "event is required"},
            {"source": other.pk, "reason": "event is required"},
        )
    ]
    assert rows == [2, 1, 1, 1, 0]


def test_what_came_is_shown_escaped_and_corrected_in_place(as_, ada, refused):
    browser = as_(ada)
    page = text_of(browser.get(reverse("records:quarantined", args=[refused.pk])))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    url = reverse("records:quarantined_replay", args=[refused.pk])
    again = browser.post(url, {"text": json.dumps(BAD)})
    assert again.status_code == 422
    assert "event is required" in again.content.decode()
    assert browser.post(url, {"text": json.dumps(GOOD)}).status_code == 302
    project_pending()
    assert counted() == [("Feature Used", 1)]
    day = store.query("SELECT toDate(at) FROM events")[0][0]
    assert day == (timezone.now() - timedelta(days=7)).date()
    assert browser.post(url, {"text": json.dumps(GOOD)}).status_code == 404


def test_all_of_a_reason_are_tried_again(as_, ada, refused, source, monkeypatch):
    monkeypatch.setattr("proofline.timeline.reading.check", lambda _message, **_size: None)
    answer = as_(ada).post(reverse("records:quarantine_replays"), {"source": source.pk, "reason": "event is required"})
    assert answer.status_code == 302
    project_pending()
    assert counted() == [("", 1)]


def test_many_are_tried_again_in_the_background_and_the_page_tells_how_far(as_, ada, source, now, monkeypatch):
    inbox.append(source, [BAD] * 600, now)
    project_pending()
    browser = as_(ada)
    answer = browser.post(reverse("records:quarantine_replays"), {"source": source.pk, "reason": "event is required"})
    waiting = text_of(browser.get(answer.url))
    poll = re.search(r'hx-get="([^"]*replays/\?job=[^"]+)"', waiting)[1]
    assert 'hx-trigger="every 1s"' in waiting
    running.run_pending()
    done = text_of(browser.get(poll))
    assert "600 events were tried again" in done
    assert "hx-trigger" not in done
    assert Quarantined.objects.held().count() == 0


def test_discarding_one_or_all_can_be_undone(as_, ada, refused, source, now):
    inbox.append(source, [BAD, BAD], now)
    project_pending()
    browser = as_(ada)
    for url, asked, left in (
        (reverse("records:quarantined_removal", args=[refused.pk]), {}, 2),
        (reverse("records:quarantine_removals"), {"source": source.pk, "reason": "event is required"}, 0),
    ):
        answer = browser.post(url, asked, follow=True)
        assert Quarantined.objects.held().count() == left
        undo = re.search(r'action="([^"]*returns/\?at=[^"]+)"', answer.content.decode())[1]
        browser.post(undo.replace("&amp;", "&"))
        assert Quarantined.objects.held().count() == 3
    browser.post(reverse("records:quarantine_removals"))
    browser.post(reverse("records:quarantine_returns"), {"at": "never"})
    assert Quarantined.objects.held().count() == 3


def test_the_state_of_the_timeline_says_what_to_do(as_, ada, source, refused):
    inbox.append(source, [GOOD], timezone.now())
    project_pending()
    page = text_of(as_(ada).get(reverse("records:timeline")))
    assert "Events in quarantine" in page
    assert "daily_people" in page
    assert "stands still" not in page
    inbox.append(source, [GOOD], timezone.now() - timedelta(minutes=5))
    part = text_of(as_(ada).get(reverse("records:timeline"), {"part": 1}))
    assert "<html" not in part
    assert "The projector stands still" in part or "Behind by more than a minute" in part


@pytest.fixture
def api(ada, now):
    return Program(ada, now)


def test_sources_through_the_api(api):
    made = api.post("/sources", {"name": "Website", "kind": "website", "origins": ["https://www.lotus.test"]})
    assert made["origins"] == ["https://www.lotus.test"]
    assert (made["rate"], made["revoked_at"]) == (None, None)
    changed = api.patch(f"/sources/{made['id']}", {"rate": 20})
    assert (changed["name"], changed["origins"], changed["rate"]) == ("Website", ["https://www.lotus.test"], 20)
    assert api.patch(f"/sources/{made['id']}", {"rate": None, "origins": []})["rate"] is None
    assert api.get("/sources")["items"][0]["write_key"] == made["write_key"]
    assert api.post(f"/sources/{made['id']}/revocation")["revoked_at"]
    for body in (
        {"name": "x", "kind": "y"},
        {"name": " "},
        {"name": "x", "origins": ["lotus"]},
        {"name": "x", "rate": 0},
    ):
        assert api.call("post", "/sources", body).status_code == 422, body
    assert Source.objects.count() == 1
    assert api.call("patch", "/sources/999", {"rate": 1}).status_code == 404


def test_the_quarantine_through_the_api(api, refused, source):
    (one,) = api.get("/quarantine")["items"]
    assert (one["reason"], one["source_id"], json.loads(one["text"])) == ("event is required", source.pk, BAD)
    assert api.get(f"/quarantine?source={source.pk}&reason=event%20is%20required")["items"] == [one]
    assert api.get(f"/quarantine?source={source.pk + 1}")["items"] == []
    assert api.call("post", f"/quarantine/{one['id']}/replay", {"message": BAD}).status_code == 422
    assert api.post(f"/quarantine/{one['id']}/replay", {"message": GOOD}) == {"events": 1, "job": None}
    assert api.call("post", f"/quarantine/{one['id']}/replay", {"message": GOOD}).status_code == 404
    project_pending()
    assert counted() == [("Feature Used", 1)]


def test_all_of_a_reason_through_the_api(api, source, now):
    inbox.append(source, [BAD, BAD], now)
    project_pending()
    assert api.post("/quarantine/replays", {"reason": "something else"}) == {"events": 0, "job": None}
    assert api.post("/quarantine/replays", {"source": source.pk, "reason": "event is required"})["events"] == 2
    project_pending()
    inbox.append(source, [BAD] * 600, now)
    project_pending()
    found = api.post("/quarantine/replays", {})
    assert (found["events"], bool(found["job"])) == (602, True)


def test_discarding_through_the_api(api, refused):
    assert api.expect(204, "delete", f"/quarantine/{refused.pk}") is None
    assert api.call("delete", f"/quarantine/{refused.pk}").status_code == 404
    assert not Quarantined.objects.held().exists()


def test_the_api_of_settings_is_for_administrators(mei, rita, olga, now, source, refused):
    for user in (mei, rita, olga):
        program = Program(user, now)
        for method, path, body in (
            ("get", "/sources", None),
            ("post", "/sources", {"name": "x"}),
            ("patch", f"/sources/{source.pk}", {}),
            ("post", f"/sources/{source.pk}/revocation", {}),
            ("get", "/quarantine", None),
            ("post", f"/quarantine/{refused.pk}/replay", {}),
            ("post", "/quarantine/replays", {}),
            ("delete", f"/quarantine/{refused.pk}", None),
        ):
            assert program.call(method, path, body).status_code == 403, (method, path)
    assert Quarantined.objects.held().exists()


def test_who_may_not_look_is_not_told_that_they_may(sam, now):
    refused = Program(sam, now).call("get", "/sources")
    assert (refused.status_code, refused.json()["detail"][:30]) == (403, "Your role may not look at this")
    assert (
        "not change it" in Program(sam, now).call("post", "/sources", {"name": "x", "kind": "website"}).json()["detail"]
    )
