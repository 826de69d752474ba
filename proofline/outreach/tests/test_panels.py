"""E-mails stand on the page of whom they were sent to, with what became of them."""

import pytest

from proofline.outreach.models import Message, Template
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(lin, now):
    """One that left, one that failed, one that waits."""
    Template.objects.create(name="Hello", language="en", subject="Hello {{ contact }}", body="Hi")
    made = [Message.objects.write_once(key=key, contact=lin, template="Hello", now=now) for key in "abc"]
    made[0].note_sent(now=now)
    made[1].note_failed(now=now, error="refused")
    return made


def test_a_contacts_and_an_accounts_page_show_them(as_, sam, lin, mails):
    for record in (lin, lin.account):
        page = as_(sam).get(record.get_absolute_url()).content.decode()
        panel = page[page.index('id="messages"') :].split("</section>")[0]
        assert all(f"/messages/{mail.pk}/" in panel for mail in mails)
        assert all(state in panel for state in (">sent", "not sent", "in the queue"))


def test_where_nothing_was_sent_there_is_no_panel(as_, sam, lin):
    assert 'id="messages"' not in as_(sam).get(lin.get_absolute_url()).content.decode()


def test_the_api_lists_them(sam, olga, lin, mails, now):
    api = Program(sam, now)
    for path in (f"/contacts/{lin.pk}/messages", f"/accounts/{lin.account_id}/messages"):
        found = api.get(path)["items"]
        assert [one["id"] for one in found] == [mail.pk for mail in reversed(mails)]
        assert [one["state"] for one in found] == ["waiting", "failed", "sent"]
        assert Program(olga, now).call("get", path).status_code == 404
