"""Whoever is erased is nowhere any more; everybody else, and what the sale did, is as before."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from proofline.timeline import (
    archive,
    bodies,
    catalogue,
    changing,
    dailies,
    emptying,
    erasing,
    facts,
    forgetting,
    identity,
    inbox,
    query,
    reactions,
    rebuilding,
    store,
)
from proofline.timeline.feed import feed
from proofline.timeline.models import (
    ArchiveFile,
    Batch,
    Effect,
    Erasure,
    Group,
    Person,
    PersonKey,
    Quarantined,
    Source,
)
from proofline.timeline.models.inbox import unpack
from proofline.timeline.projector import Projector, project_pending
from proofline.timeline.traces import Traces

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)
REST = {"quarantined": 0, "effects": 0, "firings": 0, "mentions": 0, "exports": 0}
MAIL, USER, DEVICE = "lin.chen@lotus.test", "user-lin-4711", "device-of-lin-0815"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Give each test an archive of its own."""
    settings.DATA_DIR = tmp_path
    settings.INBOX_DAYS = timedelta(days=90)


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


def identify(user, email, device=None):
    return {"type": "identify", "userId": user, "anonymousId": device, "traits": {"email": email, "name": "Lin Chen"}}


def track(user, name="Feature Used", **properties):
    return {"type": "track", "userId": user, "event": name, "properties": {"feature": "Reports", **properties}}


def told(source, now):
    """Let Lin and Wang do the same, long ago and now; return Lin's person."""
    for at in (LONG_AGO, now):
        inbox.append(
            source,
            [
                {"type": "page", "anonymousId": DEVICE, "properties": {"path": "/pricing"}},
                identify(USER, MAIL.title(), DEVICE),
                track(USER),
                identify("wang", "wang@lotus.test"),
                track("wang"),
            ],
            at,
        )
    project_pending()
    person = identity.tie(email=MAIL, contact=3, account=7)
    project_pending()
    return person


def everywhere():
    """All that is kept, as text: what the stores say and what is in the archive's files."""
    parts = []
    for table in ("events", "people", "daily_people", "daily_accounts"):
        parts += [str(row) for row in store.query(f"SELECT * FROM {table}")]
    parts += [
        str(row) for row in store.query("SELECT event, toJSONString(properties), toJSONString(context) FROM events")
    ]
    parts += [unpack(bytes(batch.body)).decode() for batch in Batch.objects.all()]
    parts += [row.body.decode() for file in ArchiveFile.objects.all() for row in archive.read(file)]
    for model in (PersonKey, Quarantined, Effect, Group, Erasure, ArchiveFile, Person):
        parts += [str(row) for row in model.objects.values()]
    return "\n".join(parts)


def test_nothing_is_left_of_who_is_erased_and_others_are_as_before(now, source, ada):
    person = told(source, now)
    archive.archive(now=now)
    wang = identity.resolve(user="wang")
    others = query.count(where=None, by="person")
    assert MAIL in everywhere().lower()
    done = erasing.erase(person=person, by=ada.pk, now=now)
    project_pending()
    for trace in (MAIL, USER, DEVICE):
        assert trace not in everywhere().lower()
    assert done.numbers() == {"inbox": 3, "archive": 3, "store": 6, "daily": 6, "keys": 3} | REST
    assert (done.by, done.at, done.done_at) == (ada.pk, now, now)
    assert {key: number for key, number in query.count(by="person") if key != "0"} == {
        key: number for key, number in others if key == str(wang)
    }
    assert feed(contact=3).items == []
    assert store.query("SELECT count() FROM daily_people WHERE person = {person:UInt64}", {"person": person}) == [(0,)]
    tombstone = Person.objects.get(pk=person)
    assert (tombstone.erased_at, tombstone.contact_id, tombstone.account_id, tombstone.group_id) == (
        now,
        None,
        None,
        None,
    )


def test_nor_does_a_rebuild_bring_anything_back(now, source):
    person = told(source, now)
    archive.archive(now=now)
    erasing.erase(person=person, by=None, now=now)
    project_pending()
    before = query.count(by="person"), query.count(by="event"), query.count(by="day")
    rebuilding.rebuild()
    assert (query.count(by="person"), query.count(by="event"), query.count(by="day")) == before
    assert Person.objects.canonical().filter(erased_at=None).count() == 1


def test_what_comes_later_with_the_same_keys_is_somebody_new(now, source):
    person = told(source, now)
    projector = Projector()
    projector.drain()
    erasing.erase(person=person, by=None, now=now)
    inbox.append(source, [track(USER)], now)
    projector.drain()
    again = identity.resolve(user=USER)
    assert again != person
    assert dict(query.count(by="person"))[str(again)] == 1


def test_all_who_became_the_person_are_erased(now, source):
    inbox.append(source, [{"type": "page", "anonymousId": DEVICE, "properties": {"path": "/"}}], now)
    project_pending()
    inbox.append(source, [{"type": "alias", "previousId": DEVICE, "userId": USER}, track(USER)], now)
    project_pending()
    visitor = PersonKey.objects.get(key=DEVICE).person_id
    done = erasing.erase(person=visitor, by=None, now=now)
    project_pending()
    assert done.numbers()["store"] == 3
    assert query.count() == [("", 0)]
    assert not Batch.objects.exists()
    assert Person.objects.filter(erased_at=now).count() == Person.objects.count()


def test_the_neighbours_of_a_shared_device_stay_but_say_nothing_of_it(now, source):
    inbox.append(
        source,
        [
            {"type": "track", "event": "Opened", "anonymousId": DEVICE, "userId": USER},
            {"type": "track", "event": "Opened", "anonymousId": DEVICE, "userId": "helen"},
        ],
        now,
    )
    project_pending()
    erasing.erase(person=identity.resolve(user=USER), by=None, now=now)
    project_pending()
    assert DEVICE not in everywhere()
    rebuilding.rebuild()
    assert query.count(by="person") == [(str(identity.resolve(user="helen")), 1)]


def test_what_others_said_of_them_says_it_no_more(now, source):
    person = told(source, now)
    inbox.append(
        source,
        [
            track("wang", "Invited", to=MAIL, feature=f"Invite {MAIL.upper()}", list=[{"who": f"<{MAIL}>, x"}], n=7),
            track("wang", "Invited", to=f"b{MAIL}", feature=f"{MAIL}.cn"),
            track("wang", f"Invited {MAIL}"),
            {"type": "group", "userId": "wang", "groupId": "lotus", "traits": {"owner": MAIL}},
        ],
        now,
    )
    project_pending()
    before = dict(query.count(by="event"))
    erasing.erase(person=person, by=None, now=now)
    project_pending()
    longer = everywhere().lower().replace(f"b{MAIL}", "").replace(f"{MAIL}.cn", "")
    assert MAIL not in longer
    told_of = store.query(
        "SELECT toJSONString(properties) FROM events WHERE event = 'Invited' ORDER BY toString(properties.to)"
    )
    assert [json.loads(text) for (text,) in told_of] == [
        {"feature": f"{MAIL}.cn", "to": f"b{MAIL}"},
        {"feature": "Invite erased", "to": "erased", "list": [{"who": "<erased>, x"}], "n": 7},
    ]
    assert query.count(event="Invited") == [("", 2)]
    assert before["Invited"] == 2
    daily = {row[0] for row in store.query("SELECT label FROM daily_people WHERE event = 'Invited'")}
    assert daily == {f"{MAIL}.cn", "Invite erased"}
    assert Group.objects.get(key="lotus").traits == {"owner": "erased"}
    after = query.count(by="person"), store.query("SELECT event, toJSONString(properties) FROM events ORDER BY ALL")
    rebuilding.rebuild()
    assert (
        query.count(by="person"),
        store.query("SELECT event, toJSONString(properties) FROM events ORDER BY ALL"),
    ) == after


def test_facts_of_the_sale_stay_without_them(now, source):
    catalogue.declare("lamp.lit", sentence="lit {name} for {email}", properties={"name": "its name", "email": "whose"})
    person = told(source, now)
    with transaction.atomic():
        facts.record(
            "lamp.lit", at=now, account=7, contact=3, subject=("deal", 12), properties={"name": "Lotus", "email": MAIL}
        )
        facts.record("lamp.lit", at=LONG_AGO, account=7, contact=3, properties={"name": "Iris", "email": "x@iris.test"})
    project_pending()
    assert store.query("SELECT person FROM events WHERE kind = 'fact'") == [(person,)] * 2
    done = erasing.erase(person=person, by=None, now=now)
    project_pending()
    assert MAIL not in everywhere().lower()
    assert store.query("SELECT person, contact, account FROM events WHERE kind = 'fact'") == [(0, 3, 7)] * 2
    assert store.query("SELECT person, sum(times) FROM daily_accounts WHERE kind = 'fact' GROUP BY person") == [(0, 2)]
    assert [item.sentence for item in feed(subject=("deal", 12))] == ["lit Lotus for erased"]
    assert [item.sentence for item in feed(account=7, kinds=["fact"])] == [
        "lit Lotus for erased",
        "lit Iris for x@iris.test",
    ]
    assert done.numbers()["store"] == 6
    rebuilding.rebuild()
    assert store.query("SELECT person, contact, account FROM events WHERE kind = 'fact'") == [(0, 3, 7)] * 2


def test_refused_events_and_failed_reactions_of_theirs_are_emptied(now, source):
    def stumble(event):
        raise ValueError(event.properties)

    reactions.on_event("Feature Used", stumble, key="stumble")
    inbox.append(
        source,
        [identify(USER, MAIL), track(USER), {"type": "track", "userId": USER}, {"type": "track", "userId": "wang"}],
        now,
    )
    inbox.append(source, [track("wang"), {"type": "track", "event": "", "properties": {"of": MAIL}}], now)
    project_pending()
    assert Quarantined.objects.held().count() == 3
    assert Effect.objects.failed().count() == 2
    done = erasing.erase(person=identity.resolve(user=USER), by=None, now=now)
    assert done.numbers()["quarantined"] == 2
    assert USER not in everywhere()
    assert MAIL not in everywhere().lower()
    [left] = Quarantined.objects.held()
    assert json.loads(left.text)["userId"] == "wang"
    assert Effect.objects.failed().count() == 1
    rebuilding.rebuild()
    assert Quarantined.objects.held().count() == 1


def test_what_waits_for_the_projector_is_erased_too(now, source):
    person = identity.resolve(user=USER, email=MAIL)
    inbox.append(source, [track(USER), track("wang")], now)
    erasing.erase(person=person, by=None, now=now)
    project_pending()
    assert [number for _key, number in query.count(by="person")] == [1]
    assert USER not in everywhere()


@pytest.mark.parametrize(
    "place",
    [
        *("_rewrite_file", "_rewrite_inbox", "command", "delete", "insert", "set_aside", "mend", "in_store", "_redact"),
        *("sweep", "in_records", "finish"),
    ],
)
def test_killed_anywhere_it_is_done_when_it_is_tried_again(now, source, monkeypatch, place):
    person = told(source, now)
    inbox.append(source, [track("wang", "Invited", to=MAIL)], now)
    project_pending()
    archive.archive(now=now)

    def killed(*words, **named):
        known(*words, **named)
        raise KeyboardInterrupt

    where = next(
        one
        for one in (erasing, forgetting, emptying, changing, dailies, store, Erasure)
        if (place != "finish" and hasattr(one, place)) or one is Erasure
    )
    known = getattr(where, place)
    with monkeypatch.context() as patched:
        patched.setattr(where, place, killed)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(person=person, by=None, now=now)
    [noted] = Erasure.objects.all()
    assert noted.done_at is None
    erasing.finish(noted, now=now)
    project_pending()
    assert MAIL not in everywhere().lower()
    assert USER not in everywhere()
    assert noted.numbers() == {"inbox": 3, "archive": 3, "store": 6, "daily": 6, "keys": 3} | REST
    assert query.count(event="Invited") == [("", 1)]
    assert noted.altered == []
    call_command("check")
    assert connection.vendor


def test_nobody_known_is_said(now, source):
    with pytest.raises(erasing.NobodyError, match="somebody"):
        erasing.find(user="somebody")
    person = told(source, now)
    assert erasing.find(email=MAIL.upper()) == erasing.find(user=USER) == erasing.find(anonymous=DEVICE) == person
    erasing.erase(person=person, by=None, now=now)
    with pytest.raises(Person.DoesNotExist):
        erasing.erase(person=person, by=None, now=now)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(max_size=8)
    | st.sampled_from([MAIL, f"to {MAIL}!", f"/u/{USER}/x", f"?by=%22{USER}%22", f"{DEVICE}.json"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
messages = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "identify", "page", "group", "alias", "nonsense"])},
    optional={
        "userId": st.sampled_from([USER, "wang", 7, None]),
        "anonymousId": st.sampled_from([DEVICE, "other", None]),
        "previousId": st.sampled_from([DEVICE, "other"]),
        "event": st.sampled_from(["Used", f"Used {MAIL}"]),
        "properties": json_values,
        "traits": st.fixed_dictionaries(
            {}, optional={"email": st.sampled_from([MAIL, "w@lotus.test"]), "x": json_values}
        ),
        "messageId": st.text(max_size=5) | st.sampled_from([MAIL, f"m:{MAIL}"]),
        "groupId": st.sampled_from(["lotus", MAIL]),
    },
)


@examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.lists(messages, max_size=5), ascii_only=st.booleans())
def test_no_trace_stays_in_a_body_and_neighbours_keep_their_places(now, batch, ascii_only):
    traces = Traces(frozenset({1}), frozenset({("email", MAIL), ("user", USER), ("anonymous", DEVICE)}))
    body = json.dumps({"batch": batch, "context": {"page": {"title": MAIL}}}, ensure_ascii=ascii_only).encode()
    read = Batch(pk=1, kind="tracking", received_at=now)
    done = bodies.without(traces, read, body)
    left = body if done is None else done.body
    for trace in (MAIL, USER, DEVICE):
        assert trace.encode() not in left
    if left:
        kept = json.loads(left)["batch"]
        assert len(kept) == len(batch)
        for before, after in zip(batch, kept, strict=True):
            if not any(trace in json.dumps(before) for trace in (MAIL, USER, DEVICE)):
                assert after == before
    assert done is None or bodies.without(traces, read, left) is None
