"""How long a talk is planned, and a talk that was closed by mistake: open again, with what it had left to a later one."""

from datetime import timedelta

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from proofline.records.models import CalendarFeed
from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.models import (
    GuideQuestion,
    Interview,
    InterviewNote,
    InterviewReopening,
    NotOverError,
    Save,
    call_off,
    conclude,
    plan,
    reopen,
)
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(talk):
    def ask(*texts, into=talk):
        return GuideQuestion.objects.ask(into, guides.free("\n".join(texts)))

    return ask


@pytest.fixture
def second(study, sam, now):
    return plan(study, by=sam, now=now, title="Second", planned_at=now + timedelta(days=2))


def states(interview):
    return {question.text: question.state for question in interview.questions.with_state()}


def fresh(interview):
    return Interview.objects.get(pk=interview.pk)


def answer(interview, question, *, by, now):
    return InterviewNote.objects.write(
        interview, Save("Three"), key=f"n{question.pk}", by=by, now=now, question=question
    )


# Planned length


def test_a_talk_is_planned_for_half_an_hour_or_as_long_as_one_says(study, talk, sam, now):
    assert (talk.minutes, talk.length) == (30, timedelta(minutes=30))
    assert plan(study, by=sam, now=now, minutes=480).minutes == 480
    for minutes in (4, 481, 10**9):
        with pytest.raises(ValidationError) as refused:
            plan(study, by=sam, now=now, minutes=minutes)
        assert "minutes" in refused.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.filter(pk=talk.pk).update(minutes=3)


def test_the_length_stands_in_the_form_the_page_and_the_list(study, sam, as_, facts):
    browser = as_(sam)
    given = {"planned_at": "2026-12-03T09:00", "title": "Long", "owner": sam.pk}
    wrong = browser.post(f"/studies/{study.pk}/interviews/", given | {"minutes": "600"})
    assert wrong.status_code == 422
    assert "480" in wrong.content.decode()
    assert 'value="600"' in wrong.content.decode()
    browser.post(f"/studies/{study.pk}/interviews/", given | {"minutes": "45"})
    made = Interview.objects.get()
    assert made.minutes == 45
    assert "45 min" in browser.get(made.get_absolute_url()).content.decode()
    assert "Planned minutes" in browser.get("/interviews/").content.decode()
    browser.post(f"/interviews/{made.pk}/edit/", given | {"minutes": ""})
    assert fresh(made).minutes == 45, "nothing written changes nothing"
    browser.post(f"/interviews/{made.pk}/edit/", given | {"minutes": "50"})
    assert fresh(made).minutes == 50
    assert facts("interview.changed")[-1]["properties"]["fields"] == ["minutes"]


def test_the_length_goes_through_the_api(study, sam, now):
    api = Program(sam, now)
    made = api.post(f"/studies/{study.pk}/interviews", {})
    assert made["minutes"] == 30
    assert api.patch(f"/interviews/{made['id']}", {"minutes": 90})["minutes"] == 90
    refused = api.client.patch(f"/api/v1/interviews/{made['id']}", {"minutes": 1}, content_type="application/json")
    assert refused.status_code == 422


def test_an_appointment_is_as_long_in_every_calendar(study, sam, as_):
    at = (timezone.now() + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    plan(study, by=sam, now=timezone.now(), title="Long talk", planned_at=at, minutes=75)
    day = timezone.localdate(at)
    local = timezone.localtime(at)
    page = as_(sam).get(f"/calendar/day/{day}/").content.decode()
    assert f"–{local + timedelta(minutes=75):%H:%M}" in page
    feed = CalendarFeed.issue(user=sam, whose="own", now=timezone.now())
    (event,) = icalendar.Calendar.from_ical(Client().get(f"/ics/{feed}.ics").content).walk("VEVENT")
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=75)


# Open again


def test_a_talk_closed_by_mistake_is_open_again_and_that_is_kept(talk, sam, mei, now, facts):
    talk.start(by=sam, now=now)
    closed_at = now + timedelta(minutes=10)
    conclude(talk, by=sam, now=closed_at)
    with pytest.raises(NotOverError):
        reopen(plan(talk.study, by=sam, now=now), by=sam, now=now)
    done = reopen(talk, by=mei, now=now + timedelta(hours=1))
    assert (done.by, done.was, done.closed_at, done.closed_by) == (mei, "held", closed_at, sam)
    talk = fresh(talk)
    assert (talk.state, talk.seconds(now=now + timedelta(hours=1))) == ("paused", 600)
    (told,) = facts("interview.reopened")
    assert {name: told["properties"][name] for name in ("was", "back", "elsewhere", "interview_id")} == {
        "was": "held", "back": 0, "elsewhere": 0, "interview_id": talk.pk,
    }  # fmt: skip
    talk.start(by=sam, now=now + timedelta(hours=2))
    assert conclude(fresh(talk), by=sam, now=now + timedelta(hours=2, minutes=5)).seconds == 900


def test_what_it_left_to_a_later_talk_it_asks_again(talk, second, ask, sam, now):
    ask("How long?", "Who decides?")
    conclude(talk, by=sam, now=now)
    assert states(second) == {"How long?": "open", "Who decides?": "open"}
    done = reopen(talk, by=sam, now=now)
    assert (done.back, done.elsewhere) == (2, 0)
    assert states(talk) == {"How long?": "open", "Who decides?": "open"}
    assert states(second) == {}, "nothing is asked twice"
    answer(talk, talk.questions.get(text="How long?"), by=sam, now=now)
    conclude(fresh(talk), by=sam, now=now)
    assert states(second) == {"Who decides?": "open"}
    assert states(talk) == {"How long?": "answered", "Who decides?": "carried"}


def test_what_the_later_talk_asked_itself_stays_in_its_guide(talk, second, ask, sam, now):
    ask("How long?")
    ask("How long?", into=second)
    conclude(talk, by=sam, now=now)
    assert reopen(talk, by=sam, now=now).back == 1
    assert (states(talk), states(second)) == ({"How long?": "open"}, {"How long?": "open"})
    assert second.questions.get().carried_from is None
    conclude(fresh(talk), by=sam, now=now)
    assert states(talk) == {"How long?": "carried"}


def test_what_the_later_talk_has_begun_with_stays_there(talk, second, ask, sam, now):
    ask("How long?", "Who decides?", "Why now?")
    conclude(talk, by=sam, now=now)
    asked = {question.text: question for question in second.questions.all()}
    answer(second, asked["How long?"], by=sam, now=now)
    asked["Who decides?"].cross_off(by=sam, now=now, reason="Known")
    done = reopen(talk, by=sam, now=now)
    assert (done.back, done.elsewhere) == (1, 2)
    assert states(talk) == {"How long?": "carried", "Who decides?": "carried", "Why now?": "open"}
    assert states(second) == {"How long?": "answered", "Who decides?": "crossed"}
    conclude(fresh(talk), by=sam, now=now)
    second.start(by=sam, now=now)
    done = reopen(talk, by=sam, now=now)
    assert (done.back, done.elsewhere) == (0, 3), "they talk about it right now"
    conclude(fresh(second), by=sam, now=now)
    assert states(talk)["Why now?"] == "carried"


def test_a_talk_that_is_open_again_is_not_the_next_for_others(talk, second, study, ask, sam, now):
    conclude(talk, by=sam, now=now)
    reopen(talk, by=sam, now=now)
    between = plan(study, by=sam, now=now, title="Between", planned_at=now + timedelta(days=1))
    ask("Since when?", into=between)
    conclude(between, by=sam, now=now)
    assert (states(talk), states(second)) == ({}, {"Since when?": "open"})


def test_a_talk_called_off_by_mistake_takes_place_after_all(talk, second, study, ask, sam, now):
    ask("How long?")
    call_off(talk, by=sam, now=now, reason="Ill")
    assert states(second) == {"How long?": "open"}
    done = reopen(talk, by=sam, now=now)
    assert (done.was, fresh(talk).state, states(talk), states(second)) == (
        "called_off", "planned", {"How long?": "open"}, {},
    )  # fmt: skip
    between = plan(study, by=sam, now=now, title="Before it", planned_at=now - timedelta(days=1))
    ask("Since when?", into=between)
    conclude(between, by=sam, now=now)
    assert "Since when?" in states(talk), "it is a talk to come as any other"


def test_it_is_opened_again_on_its_page(talk, second, ask, sam, rita, olga, as_):
    browser = as_(sam)
    ask("How long?")
    assert "Open it again" not in browser.get(talk.get_absolute_url()).content.decode()
    browser.post(f"/interviews/{talk.pk}/conclusion/")
    assert "Open it again" in browser.get(talk.get_absolute_url()).content.decode()
    assert as_(rita).post(f"/interviews/{talk.pk}/reopening/").status_code == 403
    assert as_(olga).post(f"/interviews/{talk.pk}/reopening/").status_code == 404
    page = browser.post(f"/interviews/{talk.pk}/reopening/", follow=True).content.decode()
    assert "The interview is open again. 1 question is asked here again." in page
    assert "Opened again" in page
    assert "Close the interview" in page
    again = browser.post(f"/interviews/{talk.pk}/reopening/", follow=True).content.decode()
    assert "This interview is open already." in again
    assert InterviewReopening.objects.count() == 1


def test_it_is_opened_again_through_the_api(talk, sam, now):
    api = Program(sam, now)
    api.post(f"/interviews/{talk.pk}/conclusion", status=200)
    again = api.post(f"/interviews/{talk.pk}/reopening", status=200)
    assert (again["state"], again["held_at"]) == ("planned", None)
    (done,) = again["reopenings"]
    assert (done["was"], done["by_id"], done["closed_by_id"]) == ("held", sam.pk, sam.pk)
    assert api.client.post(f"/api/v1/interviews/{talk.pk}/reopening").status_code == 409
