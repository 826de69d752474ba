"""Two who have a form of one record open at once: neither takes back what the other wrote, and what both changed is asked."""

import html
import re
from datetime import timedelta

import pytest

from proofline.records.models import Task

OPENED = re.compile(r'<input type="hidden" name="opened" value="([^"]+)"')
FORMS = {
    # record: its form, what the one changes, what the other changes
    "study": ("/studies/{}/edit/", {"title": "Theirs"}, {"owner": ""}),
    "need": ("/needs/{}/", {"text": "Theirs"}, {"loss": "A lost contract"}),
    "case": ("/value-cases/{}/edit/", {"name": "Theirs"}, {"months": 24}),
    "proposal": ("/proposals/{}/edit/", {"title": "Theirs"}, {"terms": "Thirty days"}),
    "talk": ("/interviews/{}/edit/", {"title": "Theirs"}, {"place": "Bern"}),
    "todo": ("/tasks/{}/", {"title": "Theirs"}, {"repeats": "weekly"}),
}


@pytest.fixture
def todo(sam, now):
    return Task.objects.add(by=sam, now=now, title="Call", owner=sam, due_at=now + timedelta(days=1))


def whole(browser, address):
    """Return what the form holds, as a browser would send it back untouched."""
    answer = browser.get(address)
    form = answer.context["form"]
    shown = {bound.name: (bound, bound.value()) for bound in form.visible_fields()}
    given = {
        name: bound.field.widget.format_value(value) if hasattr(bound.field.widget, "format") else value
        for name, (bound, value) in shown.items()
        if value not in (None, [], False)
    }
    return given | {"opened": html.unescape(OPENED.search(answer.content.decode())[1])}


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_that_stood_open_takes_back_nothing_of_others(kind, request, sam, as_):
    record = request.getfixturevalue(kind)
    address, theirs, ours = FORMS[kind]
    address = address.format(record.pk)
    page = as_(sam)
    first, second = whole(page, address), whole(page, address)
    for given in (first | theirs, second | ours):
        answer = page.post(address, given)
        assert answer.status_code == 302, answer.context["form"].errors
    found = type(record).objects.get(pk=record.pk)
    for name, value in (theirs | ours).items():
        assert (getattr(found, name) or "") == value, name


@pytest.mark.parametrize("kind", FORMS)
def test_what_two_forms_change_is_asked(kind, request, sam, as_):
    record = request.getfixturevalue(kind)
    address, theirs, _ours = FORMS[kind]
    address = address.format(record.pk)
    page = as_(sam)
    ((name, _value),) = theirs.items()
    first, second = whole(page, address), whole(page, address)
    page.post(address, first | theirs)
    answer = page.post(address, second | {name: "Ours"})
    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile, to:" in answer.content.decode()
    assert getattr(type(record).objects.get(pk=record.pk), name) == "Theirs"
    again = html.unescape(OPENED.search(answer.content.decode())[1])
    assert page.post(address, second | {name: "Ours", "opened": again}).status_code == 302
    assert getattr(type(record).objects.get(pk=record.pk), name) == "Ours"
