"""Who is behind a contact: seen, merged, taken out and erased, in the browser and through the API, by those who may."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from proofline.kit.jobs.running import run_pending
from proofline.records.models import ApiToken
from proofline.timeline import identity, inbox, query, store
from proofline.timeline.models import Erasure, Merge, Person, Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(lin, now):
    """Lin's person, with a phone that became her, and a stranger."""
    source = Source.add(name="Product", now=now)
    inbox.append(source, [{"type": "page", "anonymousId": "phone-1", "properties": {"path": "/"}}], now)
    inbox.append(source, [{"type": "track", "event": "Used", "anonymousId": "tablet-9"}], now)
    project_pending()
    identity.tie(email=lin.email, contact=lin.pk, account=lin.account_id)
    identify = {"type": "identify", "anonymousId": "phone-1", "userId": "user-lin", "traits": {"email": lin.email}}
    inbox.append(source, [identify], now)
    project_pending()
    people = {name: identity.resolve(anonymous=name) for name in ("phone-1", "tablet-9")}
    phone = Merge.objects.get().person_id
    return {"lin": people["phone-1"], "phone": phone, "stranger": people["tablet-9"]}


@pytest.fixture
def call(client, now):
    """Call the API as somebody: `call(sam, "get", "/people/7")`."""

    def call(user, method, path, **body):
        _token, text = ApiToken.issue(user=user, name="test", now=now)
        headers = {"Authorization": f"Bearer {text}"}
        more = {"data": body, "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **more)

    return call


def test_a_contacts_page_says_who_they_are(sam, as_, lin, known):
    page = as_(sam).get(f"/contacts/{lin.pk}/").content.decode()
    for said in (lin.email, "user-lin", "phone-1", "Not the same person"):
        assert said in page
    assert "Erase" not in page


def test_a_reader_sees_it_and_changes_nothing(rita, as_, lin, known):
    page = as_(rita).get(f"/contacts/{lin.pk}/").content.decode()
    assert "phone-1" in page
    assert "Not the same person" not in page
    for address in (f"/people/{known['phone']}/separation/", f"/people/{known['lin']}/merge/"):
        assert as_(rita).post(address).status_code == 403


def test_who_is_not_the_same_is_taken_out_and_merged_again(sam, ada, as_, lin, known):
    browser = as_(sam)
    answer = browser.post(f"/people/{known['phone']}/separation/", {"contact": lin.pk})
    assert answer["Location"] == f"/contacts/{lin.pk}/"
    assert "phone-1" not in browser.get(f"/contacts/{lin.pk}/").content.decode()
    assert browser.get(f"/people/{known['phone']}/").status_code == 404  # nobody that Sam's records know
    again = as_(ada).post(f"/people/{known['lin']}/merge/", {"with": "phone-1"})
    assert again["Location"] == f"/people/{known['lin']}/"
    assert identity.canonical(known["phone"]) == known["lin"]
    assert as_(ada).get(f"/people/{known['phone']}/")["Location"] == f"/people/{known['lin']}/"


def test_nobody_and_two_contacts_are_refused_in_words(ada, as_, known):
    other = identity.tie(email="wang@lotus.test", contact=999_999)
    browser = as_(ada)
    for given, said in (("nobody", "Nobody is known"), ("", "Nobody is known"), (f"#{other}", "two contacts")):
        assert said in browser.post(f"/people/{known['lin']}/merge/", {"with": given}, follow=True).content.decode()
    assert "nobody else" in browser.post(f"/people/{known['lin']}/separation/", follow=True).content.decode()


def test_strangers_are_for_administrators(sam, olga, rita, ada, as_, known):
    for user, expected in ((sam, 404), (olga, 404), (rita, 404), (ada, 200)):
        assert as_(user).get(f"/people/{known['stranger']}/").status_code == expected
    assert as_(olga).get(f"/people/{known['lin']}/").status_code == 404


def test_a_persons_page_tells_what_they_did_and_what_was_done_with_them(ada, sam, as_, lin, known):
    page = as_(sam).get(f"/people/{known['lin']}/").content.decode()
    assert 'id="feed"' in page
    assert "viewed /" in page
    assert "added the contact 林晓" in page
    again = re.search(r'hx-get="(/feed/\?of=[^"]*kinds=visits[^"]*)"', page)[1].replace("&amp;", "&")
    visits = as_(sam).get(again).content.decode()
    assert "viewed /" in visits
    assert "added the contact" not in visits
    assert as_(ada).get(again).status_code == 404
    stranger = as_(ada).get(f"/people/{known['stranger']}/").content.decode()
    assert "did “Used”" in stranger
    assert "viewed /" not in stranger


def test_an_administrator_erases_after_being_asked(ada, sam, as_, lin, known, now):
    address = f"/people/{known['lin']}/erasure/"
    assert as_(sam).get(address).status_code == 403
    assert as_(sam).post(address).status_code == 403
    browser = as_(ada)
    assert f'href="{address}"' in browser.get(f"/contacts/{lin.pk}/").content.decode()
    assert "be undone" in browser.get(address).content.decode()
    assert not Erasure.objects.exists()
    assert browser.post(address)["Location"] == address
    assert "every 1s" in browser.get(address).content.decode()
    browser.post(address)
    run_pending()
    page = browser.get(address).content.decode()
    assert "every 1s" not in page
    assert "Nothing of person" in page
    [done] = Erasure.objects.all()
    assert done.by == ada.pk
    assert done.numbers() | {"daily": 0} == {
        "inbox": 2,
        "archive": 0,
        "store": 2,
        "daily": 0,
        "keys": 3,
        "quarantined": 0,
        "effects": 0,
        "firings": 0,
        "mentions": 0,
        "exports": 0,
    }
    project_pending()
    assert query.count(event="Used") == [("", 1)]
    assert "phone-1" not in browser.get(f"/contacts/{lin.pk}/").content.decode()
    assert browser.get(f"/people/{known['lin']}/")["Location"] == address
    assert browser.get(f"/people/{known['phone']}/erasure/").status_code == 404
    assert as_(sam).get(address).status_code == 404


def test_the_same_through_the_api(ada, sam, olga, rita, call, known, lin):
    said = call(sam, "get", f"/people/{known['phone']}").json()
    assert (said["id"], said["contact_id"], said["erased_at"]) == (known["lin"], lin.pk, None)
    assert {(key["kind"], key["key"]) for key in said["keys"]} == {("email", lin.email), ("user", "user-lin")}
    assert [(one["id"], one["keys"]) for one in said["merged"]] == [
        (known["phone"], [{"kind": "anonymous", "key": "phone-1"}])
    ]
    assert call(olga, "get", f"/people/{known['lin']}").status_code == 404
    assert call(rita, "post", f"/people/{known['phone']}/unmerge").status_code == 403
    apart = call(sam, "post", f"/people/{known['phone']}/unmerge").json()
    assert (apart["merged"], apart["separated"]) == ([], [known["phone"]])
    assert call(ada, "post", f"/people/{known['phone']}/unmerge").status_code == 409
    assert call(sam, "post", f"/people/{known['lin']}/merge", **{"with": known["stranger"]}).status_code == 422
    one = call(ada, "post", f"/people/{known['lin']}/merge", **{"with": known["stranger"]}).json()
    assert [merged["id"] for merged in one["merged"]] == [known["stranger"]]
    assert call(sam, "post", f"/people/{known['lin']}/erasure").status_code == 403
    assert call(ada, "get", f"/people/{known['lin']}/erasure").status_code == 404
    begun = call(ada, "post", f"/people/{known['lin']}/erasure")
    assert (begun.status_code, begun.json()["done_at"]) == (202, None)
    assert call(ada, "post", f"/people/{known['lin']}/erasure").json()["id"] == begun.json()["id"]
    run_pending()
    done = call(ada, "get", f"/people/{known['lin']}/erasure").json()
    assert (done["person_id"], done["removed"]["store"]) == (known["lin"], 2)
    assert done["done_at"]
    assert call(ada, "get", f"/people/{known['lin']}").json()["erased_at"]
    assert call(ada, "post", f"/people/{known['stranger']}/erasure").status_code == 404
    assert Person.objects.filter(erased_at=None).count() == 1


@pytest.mark.parametrize("whose", ["accounts", "contacts", "people"])
def test_what_happened_through_the_api(whose, sam, olga, call, known, lin, now):
    for day in range(3):
        used = {"type": "track", "event": "Used", "userId": "user-lin", "properties": {"feature": "Reports"}}
        at = (now - timedelta(days=1 + day)).isoformat()
        inbox.append(Source.objects.get(), [used | {"timestamp": at}] * 2, now)
    project_pending()
    address = f"/{whose}/{ {'accounts': lin.account_id, 'contacts': lin.pk, 'people': known['phone']}[whose] }/feed"
    first = call(sam, "get", f"{address}?kinds=use&limit=2").json()
    assert [(line["event"], line["kind"], line["count"]) for line in first["items"]] == [("Used", "track", 2)] * 2
    assert {(line["who"], line["sentence"]) for line in first["items"]} == {(lin.name, "used Reports 2 times")}
    assert first["complete"]
    second = call(sam, "get", f"{address}?kinds=use&limit=2&cursor={quote(first['next'])}").json()
    assert [line["count"] for line in second["items"]] == [2]
    assert second["next"] is None
    assert "viewed /" in {line["sentence"] for line in call(sam, "get", f"{address}?kinds=visits").json()["items"]}
    assert len(call(sam, "get", address).json()["items"]) > 4
    assert call(olga, "get", address).status_code == 404
    assert call(sam, "get", f"{address}?cursor=x").status_code == 422
    assert call(sam, "get", f"{address}?kinds=x").status_code == 422
    assert call(sam, "get", f"/{whose}/999999/feed").status_code == 404


def test_a_feed_through_the_api_says_when_the_store_is_away(sam, call, lin, monkeypatch):
    def away(_sql, _parameters=None):
        raise store.UnavailableError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(store, "query", away)
        assert not call(sam, "get", f"/contacts/{lin.pk}/feed").json()["complete"]
    assert call(sam, "get", f"/contacts/{lin.pk}/feed").json()["complete"]
