"""Need signals: behaviour raises them, people decide about them, and only those see them who see whose they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from proofline.records.models import Module, Pain
from proofline.stages.reach.models import AlreadyDecidedError, Lead, Signal, SignalRule, qualify
from proofline.timeline import feed, projector, store
from proofline.timeline.models import Firing, Source
from tests.fixtures.sale import Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import Contact, Product, User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db(transaction=True)
DATA = [{"property": "feature", "operator": "is", "value": "data"}]


@pytest.fixture
def source(now: datetime) -> Source:
    return Source.add(name="Product", now=now)


@pytest.fixture
def rule(suite: Product, now: datetime) -> SignalRule:
    """Opens data analysis three times in a month."""
    pain = Pain.objects.create(name="Data is checked again and again")
    made: SignalRule = SignalRule.objects.add(
        by=None, now=now, name="browses data analysis often", need="may need data management",
        event="Feature Used", conditions=DATA, times=3, pain=pain, module=Module.objects.get(name="Reports"),
    )  # fmt: skip
    return made


@pytest.fixture
def use(client: Client, source: Source) -> Callable[..., None]:
    """Return `use(email, count)`: somebody uses data analysis so often."""

    def use(email: str, count: int = 1, *, feature: str = "data") -> None:
        person = {"userId": email}
        batch: list[dict[str, Any]] = [{"type": "identify", "traits": {"email": email}, **person}]
        batch += [{"type": "track", "event": "Feature Used", "properties": {"feature": feature}, **person}] * count
        answer = client.post(
            "/v1/batch", {"batch": batch, "writeKey": source.write_key}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        projector.project_pending()

    return use


@pytest.fixture
def signal(use: Callable[..., None], rule: SignalRule, helen: Contact) -> Signal:
    """Helen's open signal."""
    use("helen@heron.test", 3)
    found: Signal = Signal.objects.get()
    return found


def test_behaviour_becomes_a_stated_need_with_its_evidence(
    signal: Signal, use: Callable[..., None], rule: SignalRule, helen: Contact
) -> None:
    assert signal.statement == "browses data analysis often: may need data management"
    assert (signal.contact, signal.account, signal.count, signal.state) == (helen, helen.account, 3, "open")
    assert (signal.pain, signal.module) == (rule.pain, rule.module)
    assert signal.first_at <= signal.last_at
    assert len(signal.people) == 1
    use("helen@heron.test", 5)
    use("helen@heron.test", 5, feature="reports")
    assert Signal.objects.count() == 1
    rule.delete()
    signal.refresh_from_db()
    assert signal.statement.endswith("may need data management")


def test_it_stands_on_the_timeline_of_account_and_contact(signal: Signal, helen: Contact) -> None:
    projector.project_pending()
    rows = store.query("SELECT account, contact FROM events WHERE event = 'signal.raised'")
    assert rows == [(helen.account_id, helen.pk)]
    told = [entry for entry in feed.feed(account=helen.account_id).items if "data management" in entry.sentence]
    assert [entry.sentence for entry in told] == [
        "showed a need: browses data analysis often: may need data management (3 times)"
    ]


def test_after_its_period_it_is_raised_again(signal: Signal, use: Callable[..., None], rule: SignalRule) -> None:
    Firing.objects.update(at=timezone.now() - timedelta(days=rule.period_days, minutes=1))
    use("helen@heron.test")
    assert Signal.objects.count() == 2


def test_a_whole_company_is_counted_together(
    rule: SignalRule, use: Callable[..., None], helen: Contact, sam: User, now: datetime
) -> None:
    from proofline.records.models import Contact as Contacts

    Contacts.objects.add(by=sam, now=now, name="Hugo", email="hugo@heron.test", account=helen.account, owner=sam)
    SignalRule.objects.update(per="account")
    use("helen@heron.test", 2)
    use("hugo@heron.test", 1)
    found = Signal.objects.get()
    assert (found.account, found.contact, found.count, len(found.people)) == (helen.account, None, 3, 2)
    assert found.about == helen.account


def test_a_lead_shows_needs_too_and_keeps_them(
    rule: SignalRule, use: Callable[..., None], sam: User, as_: As, olga: User
) -> None:
    use("lei@crane.test", 2)
    lead = Lead.objects.get()
    Lead.objects.filter(pk=lead.pk).update(owner=sam)
    use("lei@crane.test", 1)
    found = Signal.objects.get()
    assert (found.lead, found.contact, found.owner) == (lead, None, sam)
    assert b"data management" in as_(sam).get(f"/leads/{lead.pk}/").content
    assert as_(olga).get(f"/signals/{found.pk}/").status_code == 404
    lead.refresh_from_db()
    qualify(lead, by=sam, now=timezone.now())
    assert b"data management" in as_(sam).get(f"/leads/{lead.pk}/").content


def test_of_a_visitor_whom_we_do_not_know_it_says_nothing(rule: SignalRule, client: Client, source: Source) -> None:
    event = {"type": "track", "event": "Feature Used", "anonymousId": "a", "properties": {"feature": "data"}}
    body = {"batch": [event] * 5, "writeKey": source.write_key}
    client.post("/v1/batch", body, content_type="application/json")
    projector.project_pending()
    assert not Signal.objects.exists()
    assert not Firing.objects.exists()


def test_a_decision_is_taken_once_and_kept(signal: Signal, sam: User, mei: User, now: datetime) -> None:
    signal.confirm(by=sam, now=now, note="Budget in spring")
    with pytest.raises(AlreadyDecidedError):
        signal.dismiss(by=mei, now=now)
    found = Signal.objects.confirmed().get()
    assert (found.confirmation.by, found.confirmation.note, found.state) == (sam, "Budget in spring", "confirmed")
    projector.project_pending()
    assert store.query("SELECT user FROM events WHERE event = 'signal.confirmed'") == [(sam.pk,)]


def test_the_owner_decides_in_the_browser(signal: Signal, as_: As, sam: User, rita: User, olga: User) -> None:
    page = as_(sam).get(f"/signals/{signal.pk}/")
    assert b"3 times, from" in page.content
    assert as_(olga).post(f"/signals/{signal.pk}/dismissal/").status_code == 404
    assert as_(rita).post(f"/signals/{signal.pk}/dismissal/").status_code == 403
    assert b"Confirm the need" not in as_(rita).get(f"/signals/{signal.pk}/").content
    answer = as_(sam).post(f"/signals/{signal.pk}/dismissal/", {"note": "They have it", "next": "https://evil.test/"})
    assert answer["Location"] == f"/signals/{signal.pk}/"
    assert Signal.objects.dismissed().get().dismissal.note == "They have it"
    assert as_(sam).post(f"/signals/{signal.pk}/confirmation/", {"next": "/signals/"})["Location"] == "/signals/"
    assert not Signal.objects.confirmed().exists()
    assert b"They have it" in as_(sam).get(f"/signals/{signal.pk}/").content


def test_it_is_listed_filtered_and_waits_today(signal: Signal, as_: As, sam: User, tom: User, olga: User) -> None:
    statement = signal.statement.encode()
    assert statement in as_(sam).get("/signals/").content
    assert statement in as_(sam).get("/signals/?state=open&owner=me&per=person").content
    assert statement not in as_(sam).get("/signals/?state=confirmed").content
    assert statement not in as_(sam).get("/signals/?per=account").content
    assert signal.get_absolute_url().encode() in as_(sam).get("/signals/").content
    assert signal.get_absolute_url().encode() not in as_(olga).get("/signals/").content
    assert statement in as_(sam).get("/").content
    assert statement not in as_(tom).get("/").content
    for page in (f"/accounts/{signal.account_id}/", f"/contacts/{signal.contact_id}/"):
        assert statement in as_(sam).get(page).content
    signal.confirm(by=sam, now=timezone.now())
    assert statement not in as_(sam).get("/").content


RULE = {
    "name": "reads the price page", "need": "may need a quote", "event": "Page Viewed", "times": "3", "window_days": "7",
    "per": "account", "period_days": "14", "active": "on", "property_0": "path", "operator_0": "contains",
    "value_0": "/pricing", "property_2": "seconds", "operator_2": "more", "value_2": "30",
}  # fmt: skip


def test_a_rule_is_written_in_the_browser(as_: As, mark: User, rita: User, suite: Product) -> None:
    assert as_(rita).get("/signal-rules/new/").status_code == 403
    for wrong in ({"value_0": ""}, {"value_2": "long"}, {"times": "0"}, {"property_0": "a`b"}, {"window_days": "0"}):
        answer = as_(mark).post("/signal-rules/new/", RULE | wrong)
        assert answer.status_code == 422, wrong
    assert as_(mark).post("/signal-rules/new/", RULE).status_code == 302
    rule = SignalRule.objects.get()
    assert rule.conditions == [
        {"property": "path", "operator": "contains", "value": "/pricing"},
        {"property": "seconds", "operator": "more", "value": "30"},
    ]
    listed = as_(rita).get("/signal-rules/").content.decode()
    assert "Page Viewed: path contains “/pricing”, seconds is more than “30” · 3 times in 7 days by a company" in listed
    page = as_(mark).get(f"/signal-rules/{rule.pk}/").content.decode()
    assert 'value="/pricing"' in page
    changed = RULE | {"property_0": "", "active": ""}
    assert as_(mark).post(f"/signal-rules/{rule.pk}/", changed).status_code == 302
    rule.refresh_from_db()
    assert [one["property"] for one in rule.conditions] == ["seconds"]
    assert rule.active is False
    assert as_(mark).post(f"/signal-rules/{rule.pk}/removal/").status_code == 302
    assert not SignalRule.objects.exists()


@pytest.mark.parametrize(
    "conditions",
    [
        "feature is data",
        [1],
        [{"property": "a"}],
        [DATA[0] | {"operator": "like"}],
        DATA * 4,
        [DATA[0] | {"value": ""}],
    ],
)
def test_conditions_that_make_no_sense_are_refused(conditions: Any) -> None:
    with pytest.raises(ValidationError):
        SignalRule(name="n", need="m", conditions=conditions).full_clean()


def test_rules_and_signals_through_the_api(
    use: Callable[..., None], helen: Contact, sam: User, olga: User, rita: User, now: datetime
) -> None:
    api, outsider, reader = Program(sam, now), Program(olga, now), Program(rita, now)
    body = {"name": "opens data", "need": "may need data management", "event": "Feature Used", "conditions": DATA}
    rule = api.post("/signal-rules", body | {"times": 2})
    assert (rule["times"], rule["per"], rule["conditions"]) == (2, "person", DATA)
    assert api.call("post", "/signal-rules", body | {"times": 0}).status_code == 422
    assert api.call("post", "/signal-rules", body | {"pain_id": 99}).status_code == 422
    assert reader.call("post", "/signal-rules", body).status_code == 403
    use("helen@heron.test", 2)
    (found,) = api.get(f"/signals?state=open&account_id={helen.account_id}&rule_id={rule['id']}")["items"]
    assert (found["contact_id"], found["count"], found["state"]) == (helen.pk, 2, "open")
    assert outsider.get("/signals")["items"] == []
    assert outsider.call("get", f"/signals/{found['id']}").status_code == 404
    done = api.post(f"/signals/{found['id']}/confirmation", {"note": "yes"})
    assert (done["by_id"], done["note"]) == (sam.pk, "yes")
    assert api.call("post", f"/signals/{found['id']}/dismissal").status_code == 409
    assert api.get(f"/signals/{found['id']}")["state"] == "confirmed"
    assert api.patch(f"/signal-rules/{rule['id']}", {"active": False})["active"] is False
    assert api.call("delete", f"/signal-rules/{rule['id']}").status_code == 204
    assert api.get(f"/signals/{found['id']}")["rule_id"] is None
