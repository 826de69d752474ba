"""Notes on records: formatted without harm, mentioning colleagues who may see the record, their author's to change."""

import json
from datetime import timedelta

import pytest

from proofline.records import about
from proofline.records.models import Mention, Note, Notification
from proofline.records.viewers import viewers_of
from proofline.stages.closing.models import Deal
from proofline.timeline import feed
from tests.cast import hire
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


def write(browser, record, text, part="?part=1"):
    return browser.post(f"{record.get_absolute_url()}notes/{part}", {"text": text})


def there(record, kind="account"):
    return list(Note.objects.of(kind, record.pk))


def test_a_note_stands_on_the_record_and_in_its_feed(as_, sam, healthy):
    answer = write(as_(sam), healthy, "Called.\nThey **like** it:\n\n- fast\n- ~~dear~~")
    assert answer.status_code == 200
    page = as_(sam).get(healthy.get_absolute_url()).content.decode()
    assert "<strong>like</strong>" in page
    assert "<li>fast</li>" in page
    assert "<s>dear</s>" in page
    assert [item.sentence for item in feed.feed(account=healthy.pk) if item.name == "note.written"] == [
        "wrote a note about Heron Robotics"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "![x](https://spy.test/pixel.png)",
        '<a href="https://x.test" onclick="alert(1)">x</a>',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<@99><@1 onmouseover=alert(1)>",
    ],
)
def test_a_note_can_do_no_harm(as_, sam, healthy, text):
    note = Note(kind="account", record=healthy.pk, text=text, by=sam)
    for bad in ("<script", "<img", 'href="javascript', 'href="data', "<a onclick", "<@"):
        assert bad not in note.html


def test_links_lead_out_safely(sam):
    html = Note(text="see https://heron.test/a?b=1&c=2 and [mail](mailto:lin@heron.test)", by=sam).html
    assert 'href="https://heron.test/a?b=1&amp;c=2"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'href="mailto:lin@heron.test"' in html


def test_a_mention_is_kept_by_id_and_follows_the_name(as_, sam, mei, tom, healthy):
    write(as_(sam), healthy, "@Mei 美 Manager请看, a@Tom Teammate no, @Tom Teammates no, @Mei 美 Manager!")
    (note,) = there(healthy)
    assert note.text == f"<@{mei.pk}>请看, a@Tom Teammate no, @Tom Teammates no, <@{mei.pk}>!"
    assert list(Mention.objects.values_list("user", flat=True)) == [mei.pk]
    (told,) = Notification.objects.of(mei)
    assert (str(told), told.url) == ("Sam Seller mentioned you: Heron Robotics", f"/accounts/{healthy.pk}/#notes")
    mei.change(name="Mei 梅")
    page = as_(sam).get(healthy.get_absolute_url()).content.decode()
    assert '<span class="mention">@Mei 梅</span>请看' in page
    assert "@Mei 梅请看" in as_(sam).get(f"/notes/{note.pk}/?part=1").content.decode()


def test_names_are_escaped_and_need_their_number_when_several_have_them(sam, healthy, now, as_):
    twins = [hire("Ann <b>Lee", "marketing"), None]
    twins[1] = type(sam).objects.add(name="Ann <b>Lee", role="marketing", email="two@proofline.test")
    offered = as_(sam).get(f"/accounts/{healthy.pk}/colleagues/?q=ann").json()["people"]
    assert [one["text"] for one in offered] == [f"@Ann <b>Lee #{twin.pk}" for twin in twins]
    note = Note.objects.write(healthy, text=f"@Ann <b>Lee and @Ann <b>Lee #{twins[1].pk}", by=sam, now=now)
    assert note.mentioned == [twins[1].pk]
    assert '<span class="mention">@Ann &lt;b&gt;Lee</span>' in note.html


def test_only_colleagues_who_may_see_the_record_are_offered(as_, sam, mei, tom, olga, rita, healthy, now):
    offered = as_(sam).get(f"/accounts/{healthy.pk}/colleagues/").json()["people"]
    assert {one["id"] for one in offered} == {sam.pk, mei.pk, rita.pk}
    assert as_(olga).get(f"/accounts/{healthy.pk}/colleagues/").status_code == 404
    answer = write(as_(sam), healthy, f"<@{olga.pk}> look")
    assert answer.status_code == 422
    assert "may not see this record" in answer.content.decode()
    write(as_(sam), healthy, "@Olga Outsider look")
    assert not Mention.objects.exists()


@pytest.fixture
def cast(request):
    """Everybody, by name, and a manager above all teams."""
    names = "sam mei tom olga rita ada mark cleo dan west everybody".split()
    found = {name: request.getfixturevalue(name) for name in names}
    return found | {"boss": hire("Boss", "manager", found["everybody"])}


def test_viewers_are_those_whom_the_record_is_visible_to(cast, healthy, lin, now):
    sam, olga = cast["sam"], cast["olga"]
    olga.change(own_scope="team")
    lin.change(by=sam, now=now, owner=olga)
    cast["rita"].deactivate(by=sam)
    deal = Deal.objects.open_deal(by=sam, now=now, name="Heron", account=None, owner=None)
    deal.change(by=sam, now=now, owner=None)
    for record in (healthy, lin, deal, healthy.contacts.first() or lin):
        seeing = {
            user.pk
            for user in type(sam).objects.filter(is_active=True)
            if type(record).objects.visible_to(user).filter(pk=record.pk).exists()
        }
        assert set(viewers_of(record).values_list("pk", flat=True)) == seeing


def test_a_note_is_its_authors_to_change(as_, sam, mei, ada, healthy, now):
    note = Note.objects.write(healthy, text="first", by=sam, now=now)
    assert as_(mei).get(f"/notes/{note.pk}/").status_code == 403
    assert as_(mei).post(f"/notes/{note.pk}/", {"text": "mine"}).status_code == 403
    assert as_(mei).post(f"/notes/{note.pk}/removal/").status_code == 403
    assert as_(sam).post(f"/notes/{note.pk}/?part=1", {"text": "second @Mei 美 Manager"}).status_code == 200
    (note,) = there(healthy)
    assert note.text == f"second <@{mei.pk}>"
    assert note.edited_at
    as_(sam).post(f"/notes/{note.pk}/", {"text": "third"})
    assert not Mention.objects.exists()
    assert as_(ada).post(f"/notes/{note.pk}/removal/").status_code == 302
    assert there(healthy) == []


def test_what_was_removed_comes_back_until_it_is_swept(as_, sam, healthy, now):
    page = as_(sam)
    note = Note.objects.write(healthy, text="keep me", by=sam, now=now)
    assert f"/notes/{note.pk}/restoration/" in page.post(f"/notes/{note.pk}/removal/", follow=True).content.decode()
    page.post(f"/notes/{note.pk}/restoration/")
    assert len(there(healthy)) == 1
    note.remove(by=sam, now=now)
    about.sweep(now=now + timedelta(days=6))
    assert Note.objects.exists()
    about.sweep(now=now + timedelta(days=8))
    assert not Note.objects.exists()


def test_a_pinned_note_stands_first(as_, sam, healthy, now):
    old, new = (Note.objects.write(healthy, text=text, by=sam, now=now) for text in ("old", "new"))
    as_(sam).post(f"/notes/{old.pk}/pin/?part=1")
    assert there(healthy) == [old, new]
    as_(sam).post(f"/notes/{old.pk}/pin/?part=1", {"put": "back"})
    assert there(healthy) == [new, old]


def test_nothing_is_no_note_and_what_was_typed_stays(as_, sam, healthy):
    assert write(as_(sam), healthy, "  ").status_code == 422
    answer = write(as_(sam), healthy, "x" * 20_001, part="")
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.content.decode()


def test_readers_write_nothing(as_, rita, healthy):
    assert write(as_(rita), healthy, "x").status_code == 403
    assert "data-note-new" not in as_(rita).get(healthy.get_absolute_url()).content.decode()


def test_the_questions_of_a_page_do_not_grow_with_its_notes(as_, sam, mei, healthy, now, django_assert_num_queries):
    def asked():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            as_(sam).get(f"/accounts/{healthy.pk}/notes/?part=1")
        return len(queries)

    Note.objects.write(healthy, text="hi @Mei 美 Manager", by=sam, now=now)
    one = asked()
    for _number in range(5):
        Note.objects.write(healthy, text="hi @Mei 美 Manager", by=sam, now=now)
    assert asked() == one


def test_the_api_does_it_all(sam, mei, olga, healthy, now):
    api = Program(sam, now)
    made = api.post(f"/accounts/{healthy.pk}/notes", {"text": f"**Hi** <@{mei.pk}>"})
    assert made["mentioned"] == [mei.pk]
    assert made["html"].startswith("<p><strong>Hi</strong>")
    changed = api.patch(f"/notes/{made['id']}", {"text": "Bye", "pinned": True})
    assert (changed["text"], changed["pinned"], changed["mentioned"]) == ("Bye", True, [])
    assert [one["id"] for one in api.get(f"/accounts/{healthy.pk}/notes")["items"]] == [made["id"]]
    assert Program(mei, now).call("patch", f"/notes/{made['id']}", {"text": "x"}).status_code == 403
    assert Program(olga, now).call("get", f"/notes/{made['id']}").status_code == 404
    api.expect(204, "delete", f"/notes/{made['id']}")
    assert api.call("get", f"/notes/{made['id']}").status_code == 404
    assert api.get(f"/accounts/{healthy.pk}/notes")["items"] == []
    assert json.loads(api.call("post", f"/accounts/{healthy.pk}/notes", {"text": ""}).content)["errors"]
