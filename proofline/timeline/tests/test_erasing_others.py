"""What becomes of those who had to do with somebody who is erased: their events, groups and rules are theirs as before."""

from datetime import timedelta

import pytest

from proofline.timeline import erasing, identity, inbox, query, rebuilding, store
from proofline.timeline.models import Firing, Group, Quarantined
from proofline.timeline.projector import project_pending
from proofline.timeline.tests import test_erasing
from proofline.timeline.tests.test_erasing import MAIL, USER, everywhere, told, track

pytestmark = pytest.mark.django_db
_folder, source = test_erasing._folder, test_erasing.source


def test_who_a_message_is_by_stays_where_it_is_another_key_than_theirs(now, source):
    told(source, now)
    theirs = [f"okta|{MAIL}", f"{USER}-b", f"team:{USER}"]
    inbox.append(source, [track(one, "Invited", by=one) for one in theirs], now)
    inbox.append(source, [track("wang", "Invited") | {"messageId": f"{MAIL} {number}"} for number in range(2)], now)
    project_pending()
    before = dict(query.count(event="Invited", by="person"))
    erasing.erase(person=identity.resolve(user=USER), by=None, now=now)
    assert dict(query.count(event="Invited", by="person")) == before
    said = store.query(
        "SELECT toString(properties.by) FROM events WHERE event = 'Invited' AND isNotNull(properties.by) ORDER BY ALL"
    )
    assert said == [("okta|erased",), ("team:erased",), (f"{USER}-b",)]
    rebuilding.rebuild()
    assert dict(query.count(event="Invited", by="person")) == before


def test_groups_that_are_called_as_they_are_go_and_others_stay(now, source):
    told(source, now)
    wang = {"type": "group", "userId": "wang"}
    inbox.append(
        source,
        [
            {**wang, "groupId": MAIL, "traits": {"plan": "pro"}},
            {**wang, "groupId": "lotus", "traits": {"owner": USER, "seats": 5}},
            {"type": "group", "userId": USER, "groupId": "lotus"},
            track("wang", "Opened") | {"context": {"groupId": MAIL, "page": {"path": "/x"}}},
        ],
        now,
    )
    project_pending()
    identity.tie_group(key="lotus", account=7)
    done = erasing.erase(person=identity.resolve(user=USER), by=None, now=now)
    project_pending()
    assert done.numbers()["mentions"] == 2
    assert list(Group.objects.values_list("key", "traits")) == [("lotus", {"owner": "erased", "seats": 5})]
    grouped = "SELECT toString(properties.groupId) FROM events WHERE event = 'Grouped'"
    assert store.query(grouped) == [("lotus",)]
    assert MAIL not in everywhere().lower()
    rebuilding.rebuild()
    assert store.query(grouped) == [("lotus",)]
    assert query.count(event="Opened") == [("", 1)]


def test_rules_may_fire_anew_for_a_contact_whom_nobody_else_is(now, source):
    person = told(source, now)
    identity.tie(person=identity.resolve(user="wang"), contact=4)
    identity.tie(person=identity.resolve(user="wu"), contact=5)
    identity.tie(person=identity.resolve(user=USER), contact=5)
    subjects = [("person", person), ("contact", 4), ("contact", 5), ("account", 7), ("person", person + 999)]
    for subject in subjects:
        Firing.claim("rule:1", subject=subject, turn=1, at=now, event_id="0" * 32, now=now)
    assert erasing.erase(person=person, by=None, now=now).numbers()["firings"] == 1
    assert set(Firing.objects.values_list("subject_kind", "subject_id")) == set(subjects[1:])


def test_nothing_stays_of_what_was_tried_again_or_discarded(now, source, ada):
    inbox.append(source, [{"type": "track", "userId": "wang", "event": "Odd", "timestamp": MAIL}] * 3, now)
    project_pending()
    held = list(Quarantined.objects.held().order_by("pk"))
    assert MAIL in held[0].error
    held[0].replay(by=ada.pk, now=now)
    held[1].discard(by=ada.pk, now=now - timedelta(days=2))
    held[2].discard(by=ada.pk, now=now)
    left = Quarantined.objects.filter(pk__in=[one.pk for one in held]).order_by("pk")
    assert [row.error for row in left[:2]] == ["", ""]
    assert MAIL in left[2].error  # that can be taken back for a day
