"""Questions with a name: one's own, shared, changed, removed and brought back; and to whom they exist."""

import html
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from proofline.insight.models import SavedQuestion

pytestmark = pytest.mark.django_db
ASKED = {"events": [{"event": "Signed Up"}, {"event": "Feature Used"}], "window": "14d"}
NEW = "/insight/explore/saved/new/?" + urlencode({"kind": "funnel", "q": json.dumps(ASKED)})


@pytest.fixture
def save(now):
    def save(by, name="Activation", **fields):
        values = {"kind": "funnel", "question": ASKED, **fields}
        return SavedQuestion.objects.keep(name=name, by=by, now=now, **values)

    return save


def test_a_question_is_saved_under_a_name_and_opened_by_its_address(sam, as_):
    browser = as_(sam)
    opened = browser.post(NEW, {"name": "Activation"})
    saved = SavedQuestion.objects.get()
    assert (saved.name, saved.kind, saved.question, saved.shared, saved.owner) == (
        "Activation",
        "funnel",
        ASKED,
        False,
        sam,
    )
    asked = parse_qs(urlsplit(opened["Location"]).query)
    assert json.loads(asked["q"][0]) == ASKED
    page = browser.get(opened["Location"]).content.decode()
    assert "<h1>Activation</h1>" in page
    assert "Changed" not in page
    assert browser.get(saved.get_absolute_url())["Location"] == opened["Location"]
    assert "Activation" in browser.get("/insight/explore/").content.decode()


def test_a_name_is_needed(sam, as_):
    assert as_(sam).post(NEW, {"name": " "}).status_code == 422
    assert not SavedQuestion.objects.exists()


def test_what_can_not_be_asked_is_not_kept(save, sam, as_):
    wrong = json.dumps({"events": [], "window": "soon"})
    new = "/insight/explore/saved/new/?" + urlencode({"kind": "funnel", "q": wrong})
    answer = as_(sam).post(new, {"name": "Wrong"})
    assert answer.status_code == 422
    assert "window" in answer.content.decode()
    assert not SavedQuestion.objects.exists()
    saved = save(sam)
    assert as_(sam).post(f"{saved.get_absolute_url()}question/", {"q": wrong}).status_code == 404
    saved.refresh_from_db()
    assert saved.question == ASKED


@pytest.mark.parametrize("page", ["", "edit/", "question/", "removal/", "return/"])
def test_a_private_question_does_not_exist_for_others(page, save, sam, mei, ada, as_):
    path = f"{save(sam).get_absolute_url()}{page}"
    for other in (mei, ada):
        assert as_(other).get(path).status_code in {404, 405}
        assert as_(other).post(path, {"name": "Mine", "q": json.dumps(ASKED)}).status_code in {404, 405}
        assert "Activation" not in as_(other).get("/insight/explore/").content.decode()
    assert SavedQuestion.objects.get().name == "Activation"


def test_a_shared_question_is_seen_by_all_and_changed_by_its_owner(save, sam, olga, rita, as_):
    saved = save(sam, shared=True)
    for other in (olga, rita):
        opened = as_(other).get(saved.get_absolute_url(), follow=True)
        assert "Activation" in opened.content.decode()
        assert "Save a copy" in opened.content.decode()
        for page, given in (("edit/", {"name": "Mine"}), ("question/", {"q": "{}"}), ("removal/", {})):
            assert as_(other).post(f"{saved.get_absolute_url()}{page}", given).status_code == 403
    saved.refresh_from_db()
    assert (saved.name, saved.removed_at) == ("Activation", None)


def test_an_administrator_tidies_up_what_is_shared(save, sam, ada, as_):
    saved = save(sam, shared=True)
    assert as_(ada).post(f"{saved.get_absolute_url()}removal/").status_code == 302
    assert not SavedQuestion.objects.visible_to(sam).exists()


def test_a_reader_saves_their_own_but_shares_nothing(rita, sam, as_):
    form = as_(rita).get(NEW).content.decode()
    assert 'name="shared"' not in form
    assert as_(rita).post(NEW, {"name": "Mine", "shared": "on"}).status_code == 302
    saved = SavedQuestion.objects.get()
    assert (saved.owner, saved.shared) == (rita, False)
    assert as_(sam).get(saved.get_absolute_url()).status_code == 404


def test_rename_and_share(save, sam, olga, as_):
    saved = save(sam)
    as_(sam).post(f"{saved.get_absolute_url()}edit/", {"name": "First value", "shared": "on"})
    saved.refresh_from_db()
    assert (saved.name, saved.shared) == ("First value", True)
    assert "First value" in as_(olga).get("/insight/explore/").content.decode()


def test_a_change_in_the_address_is_kept_when_asked_to(save, sam, as_):
    saved, browser = save(sam), as_(sam)
    other = {**ASKED, "window": "30d"}
    changed = "/insight/explore/funnel/?" + urlencode({"q": json.dumps(other), "saved": saved.pk})
    page = html.unescape(browser.get(changed).content.decode())
    assert "Save changes" in page
    browser.post(f"{saved.get_absolute_url()}question/", {"kind": "funnel", "q": json.dumps(other)})
    saved.refresh_from_db()
    assert saved.question == other
    assert "Save changes" not in browser.get(changed).content.decode()


def test_what_was_removed_can_be_brought_back(save, sam, as_):
    saved, browser = save(sam), as_(sam)
    page = browser.post(f"{saved.get_absolute_url()}removal/", follow=True).content.decode()
    undo = f"{saved.get_absolute_url()}return/"
    assert undo in page
    assert browser.get(saved.get_absolute_url()).status_code == 404
    assert browser.post(undo).status_code == 302
    assert browser.get(saved.get_absolute_url()).status_code == 302


def test_what_was_removed_long_ago_is_gone(save, sam, now):
    old, new = save(sam, "Old"), save(sam, "New")
    old.remove(by=sam, now=now - timedelta(days=31))
    new.remove(by=sam, now=now)
    assert list(SavedQuestion.objects.values_list("name", flat=True)) == ["New"]


def test_the_list_can_be_narrowed(save, sam, mei, as_):
    save(sam, "Mine")
    save(mei, "Theirs", shared=True)
    save(sam, "Growth", kind="trend")
    browser = as_(sam)

    def listed(**given):
        page = browser.get("/insight/explore/", given).content.decode()
        return {name for name in ("Mine", "Theirs", "Growth") if f'">{name}</a>' in page.replace("\n", "")}

    assert listed() == {"Mine", "Theirs", "Growth"}
    assert listed(owner="me") == {"Mine", "Growth"}
    assert listed(kind="trend") == {"Growth"}
    assert listed(q="thei") == {"Theirs"}
