"""Rules that watch the timeline: so many events in a window fire once in a period, however the events come."""

import itertools
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from proofline.timeline import facts, hearing, identity, inbox, projector, reactions, store, watching
from proofline.timeline.events import Event, event_id
from proofline.timeline.models import Effect, Firing, Source
from proofline.timeline.watches import Condition, Per, Watch, conditions, text_of
from proofline.timeline.watching import Watcher

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
numbers = itertools.count(1)


@pytest.fixture
def rules(_alone):
    """The rules as they are now: change the dictionary. What they did is in `fired`."""
    kept = {}
    watching.provide("test", rules=lambda: list(kept.values()), function=note)
    fired.clear()
    yield kept
    trouble.clear()


fired: list[tuple[str, str, watching.Found]] = []
trouble: list[Exception] = []


def note(watch, event, found):
    if trouble:
        raise trouble[0]
    fired.append((watch.key, event.id, found))


@pytest.fixture
def source(rules):
    return Source.add(name="Product", now=NOW)


def rule(rules, **given):
    """Add a rule: three uses of Reports within a week, once a week."""
    number = next(numbers)
    usual = {"event": "Feature Used", "conditions": conditions(("feature", "is", "Reports")), "times": 3}
    watch = Watch(key=f"test:{number}", rule=number, **(usual | given))
    rules[watch.key] = watch
    watching.watcher.reread()
    return watch


def use(source, count=1, *, user="u1", at=None, project=True, **given):
    """Use a feature so many times, a minute apart."""
    at = at or timezone.now()
    messages = [
        {"type": "track", "event": "Feature Used", "userId": user, "properties": {"feature": "Reports"}}
        | {"timestamp": (at - timedelta(minutes=count - 1 - number)).isoformat()}
        | given
        for number in range(count)
    ]
    inbox.append(source, messages, timezone.now())
    if project:
        projector.project_pending()


def known(user, *, contact, account):
    return identity.tie(person=identity.resolve(user=user), contact=contact, account=account)


def test_the_third_time_fires_once_and_says_why(rules, source):
    watch = rule(rules)
    known("u1", contact=7, account=9)
    use(source, 2)
    assert fired == []
    use(source)
    ((key, _event, found),) = fired
    assert (key, found.subject, found.count) == (watch.key, ("contact", 7), 3)
    assert found.people == (identity.resolve(user="u1"),)
    assert timedelta(0) < found.last - found.first < timedelta(minutes=2)
    use(source, 5)
    assert len(fired) == 1
    firing = Firing.objects.get()
    assert (firing.rule_key, firing.subject_kind, firing.subject_id, firing.turn) == (watch.key, "contact", 7, 1)


def test_other_values_and_other_people_do_not_count(rules, source):
    rule(rules)
    use(source, 2)
    use(source, 3, properties={"feature": "Plans"})
    use(source, 2, user="u2")
    assert fired == []


def test_what_lies_further_apart_than_the_window_does_not_count(rules, source):
    rule(rules, window=timedelta(seconds=90))
    use(source, 3)
    assert fired == []
    rule(rules, window=timedelta(seconds=120))
    use(source, 3, user="u2")
    assert len(fired) == 1


def test_it_fires_again_when_its_period_is_over(rules, source):
    rule(rules, times=1, period=timedelta(minutes=10))
    use(source, at=timezone.now() - timedelta(minutes=11))
    use(source, at=timezone.now() - timedelta(minutes=5))
    assert len(fired) == 1
    use(source)
    assert [firing.turn for firing in Firing.objects.order_by("turn")] == [1, 2]


def test_without_a_period_every_event_fires_once(rules, source):
    rule(rules, times=1, period=timedelta())
    message = {"messageId": "m1"}
    use(source, **message)
    use(source, **message)
    use(source)
    assert len({event for _key, event, _found in fired}) == Firing.objects.count() == 2


def test_a_rule_is_changed_while_the_server_runs(rules, source):
    watch = rule(rules)
    use(source)
    rules[watch.key] = Watch(key=watch.key, rule=1, event="Feature Used")
    use(source)
    assert len(fired) == 1
    rules.clear()
    use(source, user="u2")
    assert len(fired) == 1


def test_a_restart_forgets_nothing(rules, source):
    rule(rules)
    use(source, 2)
    watching.watcher.begin()
    use(source)
    assert len(fired) == 1
    watching.watcher.begin()
    use(source, 4)
    assert len(fired) == 1


@pytest.fixture
def keep_running(rules, monkeypatch):
    """Let one projector take everything, as a server does, so that it remembers."""
    running = projector.Projector()
    monkeypatch.setattr(projector, "project_pending", running.drain)


@pytest.mark.usefixtures("keep_running")
def test_what_an_anonymous_visitor_did_counts_once_they_are_known(rules, source):
    rule(rules)
    use(source, 2, user=None, anonymousId="a1")
    use(source, user="u1")
    assert fired == []
    inbox.append(source, [{"type": "identify", "userId": "u1", "anonymousId": "a1"}], timezone.now())
    use(source, user="u1")
    assert [found.count for _key, _event, found in fired] == [4]


@pytest.mark.usefixtures("keep_running")
def test_who_turns_out_to_be_known_is_not_fired_for_twice(rules, source):
    rule(rules, times=1)
    use(source, user=None, anonymousId="a1")
    inbox.append(source, [{"type": "identify", "userId": "u1", "anonymousId": "a1"}], timezone.now())
    use(source, user="u1")
    known("u1", contact=7, account=None)
    use(source, user="u1")
    assert [found.subject[0] for _key, _event, found in fired] == ["person"]


@pytest.mark.usefixtures("keep_running")
def test_a_second_person_of_the_same_contact_counts_too(rules, source):
    rule(rules)
    known("u1", contact=7, account=None)
    use(source, 2, user="u1")
    use(source, user="u2")
    known("u2", contact=7, account=None)
    use(source, user="u2")
    assert [found.count for _key, _event, found in fired] == [4]


@pytest.mark.usefixtures("keep_running")
def test_an_account_counts_all_its_people(rules, source):
    rule(rules, per=Per.ACCOUNT)
    use(source, user="u0")
    for number in range(3):
        known(f"u{number}", contact=None, account=9)
        use(source, user=f"u{number}", properties={"feature": "Plans"})
    use(source, user="u1")
    assert fired == []
    use(source, user="u2")
    ((_key, _event, found),) = fired
    assert (found.subject, found.count, len(found.people)) == (("account", 9), 3, 3)


def test_whose_account_nobody_knows_counts_for_none(rules, source):
    rule(rules, per=Per.ACCOUNT, times=1)
    use(source)
    assert fired == []


def test_late_history_does_not_fire_but_counts(rules, source):
    rule(rules)
    use(source, 5, at=timezone.now() - timedelta(days=1))
    assert fired == []
    use(source)
    assert [found.count for _key, _event, found in fired] == [6]


def test_an_uploaded_past_of_facts_does_not_fire(rules, source, db):
    from proofline.timeline import catalogue

    catalogue.declare("boat.sold", sentence="sold")
    rule(rules, event="boat.sold", conditions=(), times=1)
    told = [{"name": "boat.sold", "at": timezone.now(), "contact": 7, "key": "a"}]
    facts.record_many(told)
    projector.project_pending()
    assert fired == []


def test_only_those_who_are_contacts(rules, source):
    rule(rules, times=1, known=True)
    use(source)
    assert fired == []
    known("u1", contact=7, account=None)
    use(source)
    assert len(fired) == 1


def test_any_event_of_a_kind(rules, source):
    rule(rules, event="", kinds=frozenset({"page"}), conditions=(), times=2)
    use(source, 3)
    use(source, 1, type="page", name="Prices", properties={"path": "/pricing"})
    use(source, 1, type="page", name="Start", properties={"path": "/"})
    assert [found.count for _key, _event, found in fired] == [2]


@pytest.mark.parametrize(
    ("operator", "value", "fires"),
    [
        ("is", "12", True),
        ("is", "12.0", False),
        ("contains", "2", True),
        ("more", "11.5", True),
        ("more", "12", False),
        ("less", "13", True),
        ("less", "x", False),
        ("any", "", True),
    ],
)
def test_a_property_is_compared_in_memory_as_in_the_store(rules, source, operator, value, fires):
    rule(rules, conditions=(Condition("rows", operator, value),), times=2)
    for number in (12, "12", 12.0):
        use(source, properties={"rows": number})
    assert bool(fired) is fires


def test_nested_properties_and_several_conditions(rules, source):
    rule(rules, conditions=conditions(("plan.name", "is", "pro"), ("seats", "more", "9")), times=2)
    use(source, 2, properties={"plan": {"name": "pro"}, "seats": 9})
    use(source, 2, properties={"plan": {"name": "basic"}, "seats": 10})
    use(source, 1, properties={"plan": {"name": "pro"}, "seats": 10})
    assert fired == []
    use(source, 1, properties={"plan": {"name": "pro"}, "seats": 11})
    assert len(fired) == 1


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e12, 1e12).filter(lambda number: abs(number) > 1e-3 or not number).map(lambda number: round(number, 4)),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
)


@example([-0.0])
@given(st.lists(VALUES, min_size=1, max_size=30))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_store_writes_values_as_we_do(db, given):
    name = f"Law {next(numbers)}"
    insert([(event_id(name, place), NOW, {"n": place, "v": value}) for place, value in enumerate(given)], name=name)
    sql = "SELECT toString(properties.{p:Identifier}) FROM events WHERE event = {e:String} ORDER BY properties.n.:Int64"
    rows = store.query(sql, {"p": "v", "e": name})
    assert [row[0] for row in rows] == [text_of({"v": value}, "v") for value in given]


def insert(events, *, name="Feature Used", person=0):
    """Put (id, at, properties) into the columnar store."""
    lines = [
        json.dumps(
            {"id": key, "at": f"{at:%F %T.%f}"[:23], "received": f"{NOW:%F %T.000}", "kind": "track", "event": name}
            | {"person": person, "properties": properties}
        )
        for key, at, properties in events
    ]
    store.insert("events", "".join(f"{line}\n" for line in lines).encode())


@st.composite
def arrivals(draw):
    """Events at some seconds of ten minutes, in any order, some of them twice, in batches; True in between is a restart."""
    seconds = draw(st.lists(st.integers(0, 600), min_size=1, max_size=12))
    order = draw(
        st.permutations([*range(len(seconds)), *draw(st.lists(st.sampled_from(range(len(seconds))), max_size=4))])
    )
    batches = []
    for place in order:
        if not batches or draw(st.booleans()):
            batches.append((draw(st.booleans()), []))
        batches[-1][1].append(place)
    return seconds, batches


def fullest(seconds, place, some, *, window):
    """The most of some events that lie with this one in a window, counted in plain words."""
    at = seconds[place]
    starts = {seconds[one] for one in some if at - window <= seconds[one] <= at}
    return max(sum(start <= seconds[one] <= start + window for one in some) for start in starts)


def check_firings(seconds, batches, fires, *, times, window, period):
    """Whatever fired had to, and whatever had to fire did; what comes together may be known together, but needn't be."""
    before, quiet, left = set(), -1, list(fires)
    for _restart, batch in batches:
        together = before | set(batch)
        for place in batch:
            before.add(place)
            may = seconds[place] >= quiet and fullest(seconds, place, together, window=window) >= times
            if may and left and left[0] == place:
                quiet = seconds[left.pop(0)] + period
            else:
                assert seconds[place] < quiet or fullest(seconds, place, before, window=window) < times
    assert left == []


@given(arrivals(), st.integers(1, 4), st.sampled_from([0, 30, 100, 700]), st.sampled_from([1, 40, 200, 1000]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_fires_as_the_rule_says_in_any_order(rules, given, times, window, period):
    seconds, batches = given
    person = 10_000 + next(numbers)
    rules.clear()
    watch = rule(rules, times=times, window=SECOND * window, period=SECOND * period, conditions=())
    fired.clear()
    there = set()
    for restart, batch in batches:
        if restart:
            watching.watcher.begin()
        ids = {place: event_id(watch.key, place) for place in batch}
        times_of = {place: NOW - timedelta(minutes=30) + SECOND * seconds[place] for place in batch}
        insert(
            [(ids[place], times_of[place], {}) for place in dict.fromkeys(batch) if place not in there], person=person
        )
        there |= set(batch)
        hearing.hear(
            Event(id=ids[place], name="Feature Used", kind="track", at=times_of[place], received_at=NOW, person=person)
            for place in batch
        )
    places = {event_id(watch.key, place): place for place in range(len(seconds))}
    fires = [places[event] for _key, event, _found in fired]
    check_firings(seconds, batches, fires, times=times, window=window, period=period)
    ats = sorted(Firing.objects.filter(rule_key=watch.key).values_list("at", flat=True))
    assert len(ats) == len(fires)
    assert all(later - earlier >= SECOND * period for earlier, later in itertools.pairwise(ats))
    some = max(sum(start <= at <= start + window for at in seconds) for start in seconds)
    assert bool(ats) is (some >= times)


def test_a_rule_that_fails_hinders_nobody_and_fires_later(rules, source, caplog):
    rule(rules)
    heard = []
    reactions.on_event("Feature Used", lambda event: heard.append(event.id), key="neighbour")
    trouble.append(OSError("the mail server is down"))
    use(source, 3)
    assert len(heard) == 3
    failed = Effect.objects.failed().get()
    assert "mail server" in failed.error
    assert not Firing.objects.exists()
    trouble.clear()
    Effect.objects.failed().update(next_at=NOW)
    projector.Projector().drain()
    assert len(fired) == Firing.objects.count() == 1
    assert not Effect.objects.failed().exists()


def test_what_is_tried_again_after_another_event_fired_is_let_be(rules, source, caplog):
    rule(rules)
    trouble.append(OSError("down"))
    use(source, 3)
    trouble.clear()
    use(source)
    Effect.objects.failed().update(next_at=NOW)
    projector.Projector().drain()
    assert len(fired) == Firing.objects.count() == 1
    assert not Effect.objects.failed().exists()


def test_a_rule_that_is_gone_is_not_tried_for_ever(rules, source, caplog):
    rule(rules, times=1)
    trouble.append(OSError("down"))
    use(source)
    rules.clear()
    for _attempt in range(20):
        Effect.objects.failed().filter(next_at__isnull=False).update(next_at=NOW)
        projector.Projector().drain()
    assert Effect.objects.failed().get().next_at is None


def test_an_effect_with_nothing_to_do_does_not_use_up_the_period(rules, source, monkeypatch):
    rule(rules, times=1)
    known("u1", contact=7, account=None)
    monkeypatch.setattr(watching, "_providers", {"test": watching.Provider(rules.values, lambda *_: False)})
    use(source)
    assert not Firing.objects.exists()
    monkeypatch.setattr(watching, "_providers", {"test": watching.Provider(rules.values, note)})
    use(source)
    assert len(fired) == Firing.objects.count() == 1


def test_killed_between_firing_and_the_mark_it_does_not_fire_again(rules, source):
    from proofline.timeline.models import Batch

    for period in (timedelta(), timedelta(days=7)):
        rule(rules, times=1, period=period)
    use(source, 3)
    before = Firing.objects.count()
    assert before == 4
    Batch.objects.update(reacted_at=None)
    projector.project_pending()
    assert Firing.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_projectors_let_a_rule_fire_once(rules, monkeypatch):
    watch = rule(rules, times=1)
    barrier, threads = threading.Barrier(2, timeout=20), []
    meet = threading.local()

    def note_together(watch, event, found):
        fired.append((watch.key, event.id, found))

    first_claim = Firing.claim

    def claim(*args, **given):
        if not getattr(meet, "met", False):
            meet.met = True
            barrier.wait()  # both have looked, and neither has found a firing
        return first_claim(*args, **given)

    monkeypatch.setattr(Firing, "claim", claim)
    monkeypatch.setattr(watching, "_providers", {"test": watching.Provider(rules.values, note_together)})

    def server(number):
        try:
            event = Event(
                id=event_id(number), name="Feature Used", kind="track", at=NOW, received_at=NOW, contact_id=7,
                properties={"feature": "Reports"},
            )  # fmt: skip
            Watcher().hear([event])
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":  # one writer at a time: it is enough that both looked before
        barrier = threading.Barrier(1, timeout=20)
    for number in range(2):
        threads.append(threading.Thread(target=server, args=(number,)))
        threads[-1].start()
    for thread in threads:
        thread.join(timeout=30)
    assert list(Firing.objects.values_list("rule_key", "turn")) == [(watch.key, 1)]


def test_wanted_says_what_nobody_would_hear(rules):
    assert not hearing.wanted()["track", "Feature Used", True]
    watch = rule(rules, known=True)
    assert hearing.wanted()["track", "Feature Used", True]
    assert not hearing.wanted()["track", "Feature Used", False]
    assert not hearing.wanted()["track", "Plan Compared", True]
    reactions.on_event(bool, print, key="groups", kinds=frozenset({"group"}))
    assert hearing.wanted()["group", "Grouped", False]
    assert not hearing.wanted()["track", "Plan Compared", True]
    reactions.on_event("Plan Compared", print, key="known ones", known=True)
    assert hearing.wanted()["track", "Plan Compared", True]
    assert not hearing.wanted()["track", "Plan Compared", False]
    rules[watch.key] = Watch(key=watch.key, rule=1, event="Feature Used")
    watching.watcher.reread()
    assert hearing.wanted()["track", "Feature Used", False]


def test_a_room_watches_under_its_own_name(rules):
    with pytest.raises(ValueError, match="test"):
        watching.provide("test", rules=list, function=print)


def test_memory_is_bounded():
    from proofline.timeline.windows import MOST_MOMENTS, Memory, Moment

    memory = Memory(most=3, states=10)
    for number in range(10):
        state = memory.of(("contact", number)).state("rule")
    assert len(memory) == 3
    for number in range(10):
        memory.of(("contact", 9)).state(f"rule {number}")
    memory.of(("contact", 10))
    assert len(memory) == 1
    for number in range(5 * MOST_MOMENTS):
        state.add(Moment(number, str(number), 1), width=10**9, times=5)
    assert len(state.moments) == MOST_MOMENTS
    state.add(Moment(10**9, "late", 1), width=10, times=5)
    assert len(state.moments) == 1


def test_five_hundred_rules_cost_little(rules):
    for number in range(500):
        rule(rules, event=f"Event {number % 25}", conditions=conditions(("path", "contains", f"/{number}/")))
    index = watching.watcher.index()
    events = [
        Event(id="1", name="Event 7", kind="page", at=NOW, received_at=NOW, properties={"path": f"/{number}/"})
        for number in range(500)
    ]
    compared = []
    original = Condition.holds
    try:
        Condition.holds = lambda self, text: compared.append(text) or original(self, text)
        for _turn in range(10):
            found = [watch for event in events for watch in index.meant(event)]
    finally:
        Condition.holds = original
    assert len(found) == 20
    assert len(compared) == 500 * 20  # once for each value and rule of that name, however often the value comes
