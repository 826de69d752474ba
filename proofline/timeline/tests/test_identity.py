"""Who is who: visitors become known, known people stay apart."""

import pytest
from django.db import connections

from proofline.timeline import identity, inbox, query, recognising, store
from proofline.timeline.models import Person, PersonKey, Source
from proofline.timeline.projector import project_pending
from tests.fixtures import waiting

pytestmark = pytest.mark.django_db


def test_a_visitor_becomes_known_with_all_devices():
    phone, laptop = identity.resolve(anonymous="phone"), identity.resolve(anonymous="laptop")
    lin = identity.resolve(anonymous="phone", user="lin")
    assert identity.resolve(anonymous="laptop", user="lin", email="lin@lotus.test") == lin
    assert {identity.canonical(phone), identity.canonical(laptop), identity.resolve(email="LIN@lotus.test")} == {lin}


def test_a_shared_computer_does_not_merge_two_known_people():
    lin = identity.resolve(anonymous="shared", user="lin")
    helen = identity.resolve(anonymous="shared", user="helen")
    assert lin != helen
    assert identity.resolve(anonymous="shared") == lin
    assert identity.resolve(anonymous="shared", user="helen") == helen


def test_an_email_joins_the_form_and_the_account_of_one_person():
    form = identity.identify(anonymous="a1", email="lin@lotus.test")
    user = identity.resolve(user="lin")
    assert form != user
    assert identity.resolve(user="lin", email="lin@lotus.test") == identity.canonical(form) == identity.canonical(user)


def test_an_email_does_not_join_two_users():
    lin = identity.resolve(user="lin", email="team@lotus.test")
    wang = identity.resolve(user="wang", email="team@lotus.test")
    assert lin != wang
    assert identity.resolve(email="team@lotus.test") == lin


def test_a_contact_is_known_by_email_before_ever_coming():
    tied = identity.tie(email="lin@lotus.test", contact=3, account=7)
    visitor = identity.resolve(anonymous="a1")
    assert identity.resolve(anonymous="a1", user="lin", email="lin@lotus.test") == tied
    assert identity.persons_of(contact=3) == identity.persons_of(account=7)
    assert set(identity.persons_of(account=7)) == {tied, visitor}
    assert identity.email_of(tied) == "lin@lotus.test"


def test_a_group_brings_its_people_to_the_account():
    lin = identity.resolve(user="lin")
    identity.join(person=lin, group="lotus", traits={"name": "Lotus"})
    assert identity.persons_of(account=7) == []
    identity.tie_group(key="lotus", account=7)
    wang = identity.resolve(user="wang")
    identity.join(person=wang, group="lotus", traits={})
    assert set(identity.persons_of(account=7)) == {lin, wang}


def test_nobody_is_refused():
    with pytest.raises(ValueError, match="Nobody"):
        identity.resolve(anonymous=" ", email="not an address")


def test_many_at_once_give_the_same_people_as_one_after_the_other():
    wanted = [
        {"anonymous": "a1", "user": None, "email": None},
        {"anonymous": "a2", "user": None, "email": None},
        {"anonymous": "a1", "user": "u1", "email": None},
        {"anonymous": "a2", "user": "u1", "email": "lin@lotus.test"},
        {"anonymous": "a1", "user": "u2", "email": None},
        {"anonymous": "a1", "user": None, "email": None},
    ]
    people = recognising.resolve_many(wanted)
    assert people == [identity.resolve(**keys) for keys in wanted]
    assert len(set(people)) == 2


def test_history_follows_the_merge_and_the_tie_without_rewriting(now):
    source = Source.add(name="Website", now=now)
    visit = {"type": "page", "anonymousId": "a1", "properties": {"path": "/pricing"}}
    inbox.append(source, [visit], now)
    project_pending()
    before = store.query("SELECT id, person FROM events")
    inbox.append(
        source, [{"type": "identify", "anonymousId": "a1", "userId": "lin", "traits": {"email": "lin@lotus.test"}}], now
    )
    inbox.append(source, [{"type": "track", "userId": "lin", "event": "Signed Up"}], now)
    project_pending()
    identity.tie(email="lin@lotus.test", contact=3, account=7)
    project_pending()
    assert set(before) < set(store.query("SELECT id, person FROM events"))
    assert [number for _person, number in query.count(by="person")] == [3]
    assert query.count(by="account") == [("7", 3)]


def test_the_same_person_met_at_the_same_moment_is_made_once(transactional_db):
    found = []

    def meet():
        try:
            found.append(identity.resolve(anonymous="a1", user="lin", email="lin@lotus.test"))
        finally:
            connections.close_all()

    waiting.at_once(*[meet] * 4)
    assert len(found) == 4
    assert {identity.canonical(person) for person in found} == {identity.resolve(user="lin")}
    assert PersonKey.objects.count() == 3
    assert Person.objects.canonical().count() == 1


def test_use_that_mentions_a_company_counts_for_it_also_when_it_becomes_known_later(now):
    source = Source.add(name="Product", now=now)
    used = {"type": "track", "event": "Feature Used", "userId": "lin", "context": {"groupId": "lotus"}}
    inbox.append(source, [used], received_at=now)
    project_pending()
    identity.tie_group(key="lotus", account=7)
    assert identity.persons_of(account=7) == [identity.resolve(user="lin")]
