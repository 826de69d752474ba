"""Tasks: what Proofline asks for says what is to be done, in the reader's language."""

import pytest

from proofline.records.models import Task
from proofline.records.today import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def renewal(sam, healthy, now):
    return Task.objects.ask(
        key="renewal:1", created_at=now, kind=Task.Kind.RENEWAL, title=healthy.name, owner=sam, account=healthy
    )


def test_a_task_says_what_to_do_everywhere(renewal, sam, as_, now):
    said = "Prepare the renewal: Heron Robotics"
    assert [item.title for item in waiting(sam, now)] == [said]
    browser = as_(sam)
    assert said in browser.get("/").content.decode()
    assert said in browser.get("/tasks/").content.decode()
    answer = browser.post(f"/tasks/{renewal.pk}/completion/", follow=True)
    assert f"Done: {said}" in answer.content.decode()


def test_what_people_typed_stays_as_it_is(sam, as_, now):
    task = Task.objects.add(title="Call 50 % of <b>them</b>", owner=sam, now=now)
    assert [item.title for item in waiting(sam, now)] == [task.title]
    assert "Call 50 % of &lt;b&gt;them&lt;/b&gt;" in as_(sam).get("/").content.decode()


@pytest.mark.parametrize("day", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_day_that_nobody_means_is_refused_and_kept_to_correct(day, sam, as_):
    answer = as_(sam).post("/tasks/new/", {"title": "Call", "due_at": day, "owner": sam.pk})
    assert answer.status_code == 422
    assert "after 1970 and before 9000" in answer.content.decode()
    assert f'value="{day}"' in answer.content.decode()
    assert not Task.objects.exists()
