"""Who is not the same person after all: taken out again, with their own history, and never merged by the same keys."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofline.timeline import identity, inbox, query, store
from proofline.timeline.feed import feed
from proofline.timeline.merging import MergeRefusedError
from proofline.timeline.models import Merge, Person, PersonKey, Separation, Source
from proofline.timeline.projector import Projector, project_pending

pytestmark = pytest.mark.django_db


def by_person():
    return {int(key): number for key, number in query.count(by="person")}


def track(source, now, name="Feature Used", **who):
    inbox.append(source, [{"type": "track", "event": name, "properties": {"feature": "Reports"}, **who}], now)


def test_who_is_taken_out_stands_for_themselves_at_once(now, ada):
    source = Source.add(name="Product", now=now)
    projector = Projector()
    track(source, now, anonymousId="phone")
    track(source, now, userId="lin")
    projector.drain()
    apart = by_person()
    track(source, now, "Signed In", anonymousId="phone", userId="lin")
    projector.drain()
    phone, lin = (PersonKey.objects.get(key=key).person_id for key in ("phone", "lin"))
    identity.tie(person=lin, contact=3, account=7)
    projector.drain()
    assert by_person() == {lin: 3}
    assert sum(item.count for item in feed(contact=3)) == 3

    assert identity.unmerge(person=phone, by=ada.pk, now=now) == lin
    projector.drain()
    assert by_person() == {phone: apart[phone], lin: apart[lin] + 1}
    assert sum(item.count for item in feed(contact=3)) == 2
    assert dict(query.count(by="account"))["7"] == 2
    separation = Separation.objects.get()
    assert (separation.person_id, separation.other_id, separation.by, separation.at) == (phone, lin, ada.pk, now)


def test_the_same_keys_do_not_merge_them_again(now):
    source = Source.add(name="Product", now=now)
    projector = Projector()
    phone, lin = identity.resolve(anonymous="phone"), identity.resolve(user="lin")
    assert identity.resolve(anonymous="phone", user="lin") == lin
    identity.unmerge(person=phone, by=None, now=now)
    assert identity.resolve(anonymous="phone", user="lin") == lin
    track(source, now, anonymousId="phone", userId="lin")
    track(source, now, anonymousId="phone")
    projector.drain()
    assert identity.canonical(phone) == phone
    assert by_person() == {phone: 1, lin: 1}


def test_two_halves_that_were_taken_apart_stay_apart(now):
    form, user = identity.identify(email="lin@lotus.test"), identity.resolve(user="lin")
    whole = identity.resolve(user="lin", email="lin@lotus.test")
    other = form if whole == user else user
    identity.unmerge(person=other, by=None, now=now)
    identity.resolve(user="lin", email="lin@lotus.test")
    assert identity.canonical(form) != identity.canonical(user)


def test_by_hand_they_become_one_again(now, ada):
    phone, lin = identity.resolve(anonymous="phone"), identity.resolve(user="lin")
    identity.resolve(anonymous="phone", user="lin")
    identity.unmerge(person=phone, by=ada.pk, now=now)
    assert identity.merge(person=phone, into=lin, by=ada.pk, now=now) == lin
    assert not Separation.objects.exists()
    assert Merge.objects.get().by == ada.pk
    assert identity.merge(person=lin, into=phone, by=ada.pk, now=now) == lin


def test_two_users_become_one_by_hand_and_come_apart_again(now):
    lin, wang = identity.resolve(user="lin"), identity.resolve(user="wang", email="wang@lotus.test")
    identity.tie(person=lin, contact=3)
    assert identity.merge(person=lin, into=wang, by=None, now=now) == lin
    assert identity.resolve(user="wang") == lin
    identity.unmerge(person=wang, by=None, now=now)
    assert identity.resolve(user="wang") == wang


def test_two_contacts_do_not_become_one(now):
    lin = identity.tie(email="lin@lotus.test", contact=3)
    wang = identity.tie(email="wang@lotus.test", contact=4)
    with pytest.raises(MergeRefusedError, match="two contacts"):
        identity.merge(person=lin, into=wang, by=None, now=now)
    with pytest.raises(MergeRefusedError, match="nobody"):
        identity.unmerge(person=lin, by=None, now=now)


def test_the_contact_that_one_brought_goes_with_them(now):
    form = identity.tie(email="lin@lotus.test", contact=3, account=7)
    phone, tablet = identity.resolve(anonymous="phone"), identity.resolve(anonymous="tablet")
    user = identity.resolve(user="u1")
    identity.resolve(anonymous="phone", user="u1")
    stays = identity.merge(person=user, into=form, by=None, now=now)
    assert stays == form
    assert set(identity.persons_of(contact=3)) == {form, phone, user}
    identity.unmerge(person=user, by=None, now=now)
    assert identity.persons_of(account=7) == [form]
    assert set(Person.objects.standing_for([user])) == {user, phone}
    assert identity.canonical(tablet) == tablet


def test_what_a_visitor_gave_goes_with_them_also_from_those_above(now):
    visitor, lin, other = identity.resolve(anonymous="a1"), identity.resolve(user="lin"), identity.resolve(user="other")
    identity.tie(person=visitor, account=7)
    assert identity.resolve(anonymous="a1", user="lin") == lin
    assert identity.merge(person=lin, into=other, by=None, now=now) == other
    assert set(identity.persons_of(account=7)) == {visitor, lin, other}
    tablet = identity.resolve(anonymous="a2")
    identity.tie(person=tablet, account=8)
    assert identity.resolve(anonymous="a2", user="lin") == other
    assert set(identity.persons_of(account=7)) == {visitor, lin, other, tablet}
    identity.unmerge(person=visitor, by=None, now=now)
    assert identity.persons_of(account=7) == [visitor]
    assert set(identity.persons_of(account=8)) == {lin, other, tablet}  # the tablet had something to give as well


KEYS = {"anonymous": ["a1", "a2", "a3"], "user": ["u1", "u2"], "email": ["e1@x.test", "e2@x.test"]}
some_keys = st.fixed_dictionaries({kind: st.none() | st.sampled_from(keys) for kind, keys in KEYS.items()})
acts = st.one_of(
    st.tuples(st.just("resolve"), some_keys),
    st.tuples(st.just("unmerge"), st.integers(0, 5)),
    st.tuples(st.just("merge"), st.tuples(st.integers(0, 5), st.integers(0, 5))),
    st.tuples(st.just("tie"), st.tuples(st.integers(0, 5), st.none() | st.integers(1, 2), st.integers(1, 2))),
)
QUICKLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def act(what, given, *, now):
    """Do one of the acts; people are chosen by their place among those that there are."""
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    if what == "resolve":
        if any(given.values()):
            identity.resolve(**given)
        return
    if not people:
        return
    places = given if what == "merge" else given[:1] if what == "tie" else (given,)
    chosen = [people[place % len(people)] for place in places]
    try:
        if what == "unmerge":
            identity.unmerge(person=chosen[0], by=None, now=now)
        elif what == "merge":
            identity.merge(person=chosen[0], into=chosen[1], by=None, now=now)
        else:
            identity.tie(person=chosen[0], contact=given[1], account=given[2])
    except MergeRefusedError:
        pass


@QUICKLY
@given(steps=st.lists(acts, max_size=14))
def test_chains_stay_one_step_long_and_the_forest_says_the_same(db, now, steps):
    Person.objects.all().delete()
    for what, given_ in steps:
        act(what, given_, now=now)
    for person in Person.objects.select_related("canonical"):
        assert person.canonical is None or person.canonical.canonical_id is None
        edge = Merge.objects.filter(person=person).first()
        assert (edge is None) == (person.canonical_id is None)
        root = person.pk
        while above := Merge.objects.filter(person=root).first():
            root = above.into_id
        assert root == (person.canonical_id or person.pk)


@QUICKLY
@given(steps=st.lists(some_keys, max_size=12))
def test_two_known_people_never_merge_by_a_shared_device(db, now, steps):
    Person.objects.all().delete()
    for keys in steps:
        if any(keys.values()):
            identity.resolve(**keys)
    for person in Person.objects.canonical():
        family = Person.objects.standing_for([person.pk])
        assert PersonKey.objects.filter(person__in=family, kind="user").count() <= 1


def standing():
    people = Person.objects.order_by("pk")
    return [(one.pk, one.canonical_id, one.contact_id, one.account_id) for one in people if not one.canonical_id], {
        one.pk: one.canonical_id for one in people
    }


@QUICKLY
@given(steps=st.lists(acts, max_size=10), pair=st.tuples(st.integers(0, 5), st.integers(0, 5)))
def test_taking_out_who_just_merged_leaves_everything_as_it_was(db, now, steps, pair):
    Person.objects.all().delete()
    for what, given_ in steps:
        act(what, given_, now=now)
    people = list(Person.objects.canonical().order_by("pk").values_list("pk", flat=True))
    if len(people) < 2:
        return
    one, other = people[pair[0] % len(people)], people[pair[1] % len(people)]
    before = standing()
    try:
        stays = identity.merge(person=one, into=other, by=None, now=now)
    except MergeRefusedError:
        return
    if one != other:
        identity.unmerge(person=one if stays == other else other, by=None, now=now)
    assert standing() == before


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(some_keys.filter(lambda keys: keys["anonymous"] or keys["user"]), min_size=1, max_size=8),
    data=st.data(),
)
def test_counts_are_as_before_the_merge(db, now, sent, data):
    Person.objects.all().delete()
    store.clear()
    source = Source.add(name="Product", now=now)
    for keys in sent:
        track(source, now, anonymousId=keys["anonymous"], userId=keys["user"])
    project_pending()
    before = by_person()
    people = sorted(before)
    one, other = data.draw(st.sampled_from(people)), data.draw(st.sampled_from(people))
    stays = identity.merge(person=one, into=other, by=None, now=now)
    project_pending()
    assert sum(by_person().values()) == len(sent)
    assert len(by_person()) == len(before) - (one != other)
    if one != other:
        identity.unmerge(person=one if stays == other else other, by=None, now=now)
        project_pending()
    assert by_person() == before
