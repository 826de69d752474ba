"""Whoever is erased is in no table of either store and in no file, wherever the rooms above keep something of them."""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from proofline.insight.models import SavedQuestion
from proofline.kit.jobs.running import run_pending
from proofline.kit.tests.sample_jobs import break_down
from proofline.records.models import Contact, Note, RecordFile
from proofline.stages.reach.models import SignalRule
from proofline.timeline import (
    archive,
    dailies,
    erasing,
    exports,
    identity,
    inbox,
    reactions,
    rebuilding,
    retention,
    store,
    watching,
)
from proofline.timeline.models import Firing, Person, Quarantined, Source
from proofline.timeline.projector import project_pending
from tests.fixtures import searching

pytestmark = pytest.mark.django_db
MAIL, USER, DEVICE, PHONE = "yue@crane.test", "user-yue-4711", "device-of-yue-0815", "4711081547110815"
SAID = "plays-the-erhu"
"""What only Yue's own events say."""
MARKS = [MAIL, quote(MAIL), USER, DEVICE, PHONE, SAID]
FIRST_ID = 7_310_554_201
"""People's numbers begin here, so that they can be told from all others."""
RECORDS = {"records_contact.email", "reach_lead.email", "kit_searchentry.text"}
"""Records are not behaviour: who keeps them deletes or changes them, and what search knows of them goes with it."""
PLACES = {
    "django_tasks_database_dbtaskresult.args_kwargs",
    "django_tasks_database_dbtaskresult.traceback",
    "insight_savedquestion.name",
    "insight_savedquestion.question",
    "reach_signal.people",
    "records_change.became",
    "records_change.was",
    "records_note.text",
    "records_recordfile.name",
    "timeline_batch.body",
    "timeline_effect.error",
    "timeline_effect.event",
    "timeline_firing.subject_id",
    "timeline_group.key",
    "timeline_group.traits",
    "timeline_merge.person_id",
    "timeline_personkey.key",
    "timeline_quarantined.error",
    "timeline_quarantined.payload",
}
"""Where she is before, at least."""
TOMBSTONES = {"timeline_person.id", "timeline_erasure.person"}


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Give each test a data folder of its own."""
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
    settings.INBOX_DAYS = timedelta(days=90)


@pytest.fixture(autouse=True)
def _far_numbers(db):
    """Let people have numbers that nothing else has."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('timeline_person', 'id'), %s)", [FIRST_ID])
    else:
        Person.objects.create(pk=FIRST_ID).delete()


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def stumbling(monkeypatch):
    """A reaction that fails at what Yue does, and tells of it."""

    def stumble(event):
        message = f"{event.properties} of {USER}"
        raise ValueError(message)

    monkeypatch.setattr(reactions, "_on_event", dict(reactions._on_event))
    reactions.on_event("Stumbled", stumble, key="stumble")


def mail_in(text):
    return {"type": "identify", "userId": USER, "anonymousId": DEVICE, "traits": {"email": MAIL, "hobby": text}}


def use(user=USER, event="Feature Used", **properties):
    told = {"feature": "data", **properties}
    return {"type": "track", "userId": user, "event": event, "properties": told, "messageId": uuid.uuid4().hex}


def sent(source, *messages, at=None):
    inbox.append(source, list(messages), at or timezone.now())
    project_pending()


def rule(now, per, times):
    data = [{"property": "feature", "operator": "is", "value": "data"}]
    made = SignalRule.objects.add(
        by=None, now=now, name=f"uses data, {per} {times}", need="may need more", event="Feature Used", conditions=data
    )
    SignalRule.objects.filter(pk=made.pk).update(per=per, times=times)
    watching.watcher.reread()


def lived(source, sam, leaving, now):
    """Let Yue leave something in every place; return her person."""
    for per, times in (("person", 2), ("person", 6), ("account", 4)):
        rule(now, per, times)
    sent(source, {"type": "page", "anonymousId": DEVICE, "properties": {"path": f"/{SAID}"}})
    sent(source, use("wang", note=f"asked {MAIL}", url=f"/people/{USER}/{PHONE}"))
    address = f"https://app.crane.test/?to={quote(MAIL)}&by=%22{USER}%22"
    sent(source, {"type": "page", "userId": "wang", "properties": {"url": address}})
    sent(source, use(event=SAID), {**use(note=SAID), "timestamp": (timezone.now() - timedelta(days=400)).isoformat()})
    sent(source, mail_in(SAID), use(note=SAID), use())  # a lead by now: the first rule fires for the person
    sent(source, {"type": "alias", "previousId": PHONE, "userId": USER}, {"type": "page", "anonymousId": PHONE})
    assert archive.archive(now=timezone.now() + timedelta(days=91)) > 0
    contact = Contact.objects.add(by=sam, now=now, name="Yue", email=MAIL, account=leaving, owner=sam)
    contact.change(by=sam, now=now, title=f"answers as {MAIL}")
    contact.change(by=sam, now=now, title="")
    Note.objects.write(contact, text=f"Asked {MAIL}, known as `{PHONE}`", by=sam, now=now)
    RecordFile.objects.attach(contact, SimpleUploadedFile(f"{MAIL}.txt", b"hello"), by=sam, now=now)
    sent(source, use(), use(), use())  # a contact by now: the second rule
    identity.tie(person=identity.resolve(user="wang"), account=leaving.pk)
    sent(source, use("wang"), use("wang", about=quote(MAIL), who=int(PHONE)), use())
    grouped(source)
    refused(source, sam)
    sent(source, use(event="Stumbled", note=SAID), use("wang", event="Stumbled", about=MAIL))
    break_down.enqueue(key=f"{MAIL} and {USER}")
    run_pending(now=timezone.now() + timedelta(days=1))
    person = identity.resolve(user=USER)
    asked_for(sam, person, now)
    exports.make(exports.ask(from_=None, to=None, zone="Asia/Shanghai", by=sam.pk, now=timezone.now()))
    return person


def deleted_before(settings):
    """Rows of hers that the store hides but has on its disk: what was too old, and daily rows that were made anew."""
    settings.RETENTION = timedelta(days=180)
    assert retention.retain(now=timezone.now()) == 1
    dailies.mend([row[0] for row in store.query("SELECT DISTINCT day FROM daily_people")])


def grouped(source):
    """Yue alone is in one group; another one is called as she is; Wang says something of her in the third."""
    sent(
        source,
        {"type": "group", "userId": USER, "groupId": "studio", "traits": {"name": SAID}},
        {"type": "group", "userId": "wang", "groupId": "lotus", "traits": {"owner": USER, "mail": f"to {MAIL}"}},
        {"type": "group", "userId": "wang", "groupId": MAIL, "traits": {"plan": "pro"}},
    )


def refused(source, sam):
    """What was refused is held, was tried again, was discarded, and says why."""
    wrong = {"type": "track", "userId": USER, "timestamp": SAID}
    sent(source, *({**wrong, "event": event} for event in ("Odd", "Odder", "Oddest")))
    sent(source, {**wrong, "event": "Odd", "userId": "wang", "timestamp": USER})
    held = list(Quarantined.objects.held().order_by("pk"))
    held[0].replay(by=sam.pk, now=timezone.now())
    held[1].discard(by=sam.pk, now=timezone.now())
    project_pending()


def asked_for(sam, person, now):
    """A question of Sam's names her in every way."""
    where = [
        {"of": "person", "name": "email", "op": "is", "value": MAIL},
        {"of": "person", "name": "id", "op": "in", "value": [person, 7]},
        {"name": "owner", "op": "is", "value": USER},
    ]
    asked = {"events": [{"event": "Feature Used", "where": where}]}
    SavedQuestion.objects.keep(name=f"What {MAIL} does", kind="trend", question=asked, by=sam, now=now, shared=True)


def folders():
    """The folders of the columnar store's parts, but for those that were replaced: they are there for some minutes more."""
    parts = store.query("SELECT path FROM system.parts WHERE database = currentDatabase() AND active AND rows > 0")
    return [Path(path) for (path,) in parts]


def subjects():
    return {kind for (kind,) in Firing.objects.values_list("subject_kind").distinct()}


def test_nothing_is_left_of_who_is_erased(source, sam, leaving, now, tmp_path, stumbling, settings):
    person = lived(source, sam, leaving, now)
    family = [str(one) for one in Person.objects.standing_for([person])]
    before = searching.found(searching.records(), [*MARKS, *family])
    assert {mark for place, mark in before if place not in RECORDS | TOMBSTONES} == {*MARKS, *family}
    assert {place for place, _mark in before} >= PLACES
    assert subjects() == {"person", "contact", "account"}
    for places in (searching.columns(), searching.files(tmp_path), searching.files(*folders())):
        assert searching.found(places, MARKS)
    deleted_before(settings)
    done = erasing.erase(person=person, by=None, now=timezone.now())
    project_pending()
    left = searching.found(searching.records(), [*MARKS, *family])
    left |= searching.found(searching.columns(), [*MARKS, *family])
    left |= searching.found(searching.files(tmp_path, *folders()), MARKS)
    assert sorted(one for one in left if one[0] not in RECORDS | TOMBSTONES) == []
    numbers = done.numbers()
    assert (numbers["effects"], numbers["firings"], numbers["exports"]) == (2, 2, 1)
    assert (
        numbers["mentions"] == 3 + 1 + 1 + 3 + 2 + 2
    )  # groups, a job, a question, signals, changes, a note and a file
    assert subjects() == {"account"}
    assert watching.watcher._memory.states == 0


def test_not_even_the_name_of_a_property_is_left_and_its_neighbours_are_as_they_were(source, tmp_path):
    """The store's files hold such a name, without a value, until the store is made anew."""
    votes = {"votes": {MAIL: 1, "wang@crane.test": 2}, "list": [{USER: {"x": [1.5]}}]}
    plain = {"n": 7, "share": 0.25, "big": 2**60, "at": "2026-10-01T08:00:00Z", "day": "2026-10-01", "on": True}
    sent(source, mail_in(SAID), use("wang", event="Voted", **plain, **votes), use(event="Voted", **votes))
    types = "SELECT JSONAllPathsWithTypes(properties) FROM events WHERE event = 'Voted'"
    ((before,),) = store.query(f"{types} AND properties.n = 7")
    erasing.erase(person=identity.resolve(user=USER), by=None, now=timezone.now())
    ((text,),) = store.query("SELECT toJSONString(properties) FROM events WHERE event = 'Voted'")
    assert json.loads(text) == {"feature": "data", **plain} | {
        "votes": {"erased": 1, "wang@crane": {"test": 2}},
        "list": [{"erased": {"x": [1.5]}}],
    }
    ((after,),) = store.query(types)
    assert {name: after[name] for name in plain} == {name: before[name] for name in plain}
    assert searching.found(searching.columns(), MARKS) == set()
    rebuilding.rebuild()
    assert store.query("SELECT toJSONString(properties) FROM events WHERE event = 'Voted'") == [(text,)]
    assert searching.found(searching.files(*folders()), MARKS) == set()
