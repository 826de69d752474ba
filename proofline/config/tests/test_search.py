"""Search: what is found, by whom, and that the index says at every moment what the records say."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.utils import timezone

from proofline.config import shortcuts
from proofline.kit import search
from proofline.kit.models import SearchEntry, SearchFill, SearchTerm
from proofline.kit.search import asking, entries, jobs, rebuilding, terms
from proofline.records import merging
from proofline.records.access import whose
from proofline.records.models import Account, Contact, Evidence, Product, Task, removing
from proofline.stages.closing.models import Contract, Deal, Quote
from proofline.stages.discovery.models import Proposal
from tests.fixtures.indexed import wrong

pytestmark = pytest.mark.django_db


def titles(text, user=None, **options):
    """What is found, as (kind, title)."""
    found = search.find(text, whose=whose(user) if user else None, **options)
    return [(group.kind.name, hit.title) for group in found.groups for hit in group.hits]


def names(text, user=None):
    return {title for _kind, title in titles(text, user)}


@pytest.fixture
def account(sam, now):
    return Account.objects.add(by=sam, now=now, name="上海云图科技有限公司", domain="yuntu.example", owner=sam)


@pytest.mark.parametrize(
    "typed", ["heron", "HER", "rob", "robotics heron", "her rob", "Héron", "manufact", "heron.test", "ｈｅｒｏｎ"]
)
def test_words_are_found_as_typed(healthy, typed):
    assert ("accounts", "Heron Robotics") in titles(typed)


@pytest.mark.parametrize(
    "typed", ["云图", "云", "图科", "科技", "云图科技", "上海 科技", "司", "云图 yuntu", "yuntu", "ytkj", "shanghaiyun"]
)
def test_chinese_is_found_by_any_two_characters_and_by_how_it_is_read(account, typed):
    assert ("accounts", account.name) in titles(typed)


@pytest.mark.parametrize("typed", ["haron", "heronn", "hreon", "roboitcs", "robotcis heron", "herno rob", "robtoisc"])
def test_typos_are_forgiven_and_said(healthy, typed):
    found = search.find(typed, whose=None)
    assert [hit.title for group in found.groups for hit in group.hits] == ["Heron Robotics"]
    assert found.near


@pytest.mark.parametrize("typed", ["运图科技", "云图可技"])
def test_another_character_of_the_same_sound_is_forgiven(account, typed):
    assert titles(typed) == [("accounts", account.name)]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "?", "zzzz", "云山", "heron zzzz", "\x00", "a" * 500, "'\"\\ OR 1=1 --", "a_1", "a=heronrobotics"],
)
def test_what_is_nowhere_is_not_found(healthy, account, typed):
    assert titles(typed) == []


def test_a_telephone_number_is_found_however_it_is_written(healthy, sam, now):
    Contact.objects.add(by=sam, now=now, name="Tel", phone="+86 138 0013 8000", account=healthy)
    for typed in ("13800138000", "138 0013 8000", "+86 13800138000", "1380013"):
        assert titles(typed) == [("contacts", "Tel")], typed


@pytest.mark.parametrize("typed", ["8000", "138000", "1 380-00", "0013 8000", "13800138000", "138 0013 8000"])
@pytest.mark.parametrize("kept", ["+86 138 0013 8000", "8613800138000", "0086-138-0013-8000", "138.0013.8000"])
def test_its_last_digits_find_a_telephone_number(healthy, sam, now, kept, typed):
    Contact.objects.add(by=sam, now=now, name="Tel", phone=kept, account=healthy)
    Contact.objects.add(by=sam, now=now, name="Other", phone="+86 139 1111 2222", account=healthy)
    assert titles(typed) == [("contacts", "Tel")]
    assert len(asking.within(*search.named(["contacts"]), typed, most=9)) == 1


def test_what_is_found_by_last_digits_is_marked_in_the_number(healthy, sam, now):
    Contact.objects.add(by=sam, now=now, name="Tel", phone="+86 138 0013 8000", account=healthy)
    hit = search.find("38000", whose=None).groups[0].hits[0]
    assert [part.text for part in hit.marked_note if part.found] == ["3 8000"]
    assert search.find("999", whose=None).groups == []


def test_an_index_of_before_is_filled_anew_where_there_are_telephone_numbers(healthy, sam, now):
    """What the entries of contacts had before, they have too; those of others stay as they are."""
    Contact.objects.add(by=sam, now=now, name="Tel", phone="+86 138 0013 8000", account=healthy)
    (contacts,) = search.named(["contacts"])
    entry = SearchEntry.objects.get(kind="contacts", title="Tel")
    SearchEntry.objects.filter(pk=entry.pk).update(words=entry.words.replace("c==00083100831", "c=="))
    SearchFill.objects.filter(kind="contacts").update(declared="as it was before")
    assert titles("38000") == []
    assert contacts in rebuilding.missing()
    jobs.fill.call()
    assert titles("38000") == [("contacts", "Tel")]
    assert rebuilding.missing() == []


def test_the_best_comes_first(sam, healthy, now):
    for name in ("Crane Heron Park", "Heron", "Heronry", "Heron Works"):
        Account.objects.add(by=sam, now=now, name=name, owner=sam)
    Account.objects.add(by=sam, now=now, name="Zebra", domain="heron.example", owner=sam)
    found = [title for kind, title in titles("heron", limit=9) if kind == "accounts"]
    assert found[0] == "Heron"
    assert set(found[1:3]) == {"Heron Works", "Heron Robotics"}
    assert found[3:] == ["Crane Heron Park", "Heronry", "Zebra"]


def test_who_is_called_exactly_so_is_found_among_very_many_alike(sam, now):
    wanted = Account.objects.add(by=sam, now=now, name="Li", owner=sam)
    for number in range(60):
        Account.objects.add(by=sam, now=now, name=f"Li {number}", owner=sam)
    assert titles("li", limit=1)[0] == ("accounts", wanted.name)


def test_each_sees_their_own_their_teams_or_all(helen, sam, tom, mei, olga, ada, now):
    Task.objects.add(now=now, title="Call the heron people", owner=olga)
    for user, seen in ((sam, True), (tom, False), (olga, False), (mei, True), (ada, True)):
        assert ("Heron Robotics" in names("heron", user)) is seen, user
        assert (helen.name in names("helen", user)) is seen, user
    assert names("heron", olga) == {"Call the heron people"}


def test_what_is_hidden_takes_no_place_from_what_is_seen(olga, sam, now):
    """The filter is part of the question: a thousand hidden records stand before none that may be seen."""
    mine = Account.objects.add(by=olga, now=now, name="Lotus of mine", owner=olga)
    for number in range(120):
        Account.objects.add(by=sam, now=now, name=f"Lotus {number}", owner=sam)
    assert titles("lotus", olga, limit=3, pool=3) == [("accounts", mine.name)]
    assert titles("lotsu", olga, limit=3, pool=3) == [("accounts", mine.name)]


def test_a_new_owner_and_a_new_team_show_at_once_with_all_that_hangs_on_it(healthy, sam, olga, mei, west, story, now):
    account = Account.objects.get(pk=story["accounts"])
    kinds = {kind for kind, _title in titles(account.name, sam)}
    assert kinds >= {"accounts", "contacts", "deals", "quotes", "contracts", "projects", "studies", "proposals"}
    account.change(by=sam, now=now, owner=olga)
    assert wrong() == []
    assert {kind for kind, _title in titles(account.name, olga)} == kinds - {"leads"}  # those are their owners'
    assert ("accounts", account.name) not in titles(account.name, sam)
    assert "Heron Robotics" in names("heron", mei)
    sam.change(team=west)
    assert wrong() == []
    assert "Heron Robotics" not in names("heron", mei)


def test_everything_the_story_made_is_found_and_the_index_says_what_the_records_say(story):
    assert wrong() == []
    found = set(SearchEntry.objects.values_list("kind", flat=True).distinct())
    assert found >= {
        "accounts",
        "contacts",
        "leads",
        "deals",
        "proposals",
        "quotes",
        "contracts",
        "projects",
        "studies",
    }
    contract = Contract.objects.get(pk=story["contracts"])
    assert ("contracts", contract.number) in titles(contract.number)
    assert ("quotes", str(Quote.objects.latest("pk"))) in titles(Deal.objects.get(pk=story["deals"]).name)
    assert ("proposals", Proposal.objects.latest("pk").title) in titles(Proposal.objects.latest("pk").title)


def test_a_renamed_customer_is_renamed_wherever_it_is_shown(healthy, helen, sam, now):
    healthy.change(by=sam, now=now, name="Egret Machines")
    assert ("contacts", helen.name) in titles("egret")
    assert titles("robotics") == []
    assert wrong() == []


def test_two_that_become_one_are_one_and_two_again(healthy, helen, leaving, lin, sam, now):
    Deal.objects.open_deal(by=sam, now=now, name="Pilot", account=leaving, contact=lin)
    done = merging.merge(healthy, leaving, take=None, by=sam, now=now)
    assert wrong() == []
    assert titles(leaving.name) == []
    assert ("contacts", lin.name) in titles("heron")
    merging.unmerge(done, by=sam, now=now)
    assert wrong() == []
    assert ("deals", "Pilot") in titles(leaving.name)
    assert ("contacts", lin.name) not in titles("heron")


def test_what_is_removed_in_a_list_leaves_and_comes_back(healthy, helen, lin, sam, now):
    Deal.objects.open_deal(by=sam, now=now, name="Pilot", account=None, contact=helen)
    before = removing.remove(helen, by=sam, now=now)
    assert wrong() == []
    assert titles("helen") == []
    removing.restore(before, by=sam, now=now)
    assert wrong() == []
    assert ("deals", "Pilot") in titles("helen")
    removed = removing.remove(Account.objects.get(pk=lin.account_id), by=sam, now=now)
    assert wrong() == []
    assert titles(lin.name) == []
    removing.restore(removed, by=sam, now=now)
    assert wrong() == []


def test_an_edit_that_search_does_not_read_writes_nothing(healthy, sam, now, django_assert_num_queries):
    before = SearchEntry.objects.get(kind="accounts", record=healthy.pk).words
    healthy.change(by=sam, now=now, employees=7)
    with django_assert_num_queries(0):
        search.keep(Account, [healthy.pk], fields={"employees"})
    assert SearchEntry.objects.get(kind="accounts", record=healthy.pk).words == before


def _add_and_fail(sam, now):
    Account.objects.add(by=sam, now=now, name="Undone", owner=sam)
    assert titles("undone") == [("accounts", "Undone")]
    raise ZeroDivisionError


def test_the_entry_is_there_if_and_only_if_the_record_is(sam, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _add_and_fail(sam, now)
    assert titles("undone") == []
    assert not SearchEntry.objects.exists()


def test_what_is_removed_is_found_no_more_and_its_words_are_forgotten(ada, now):
    product = Product.objects.add(by=ada, now=now, name="Quillwort")
    product.modules.model.objects.add(by=ada, now=now, name="Fernleaf", product=product)
    assert {kind for kind, _title in titles("quillwort")} == {"products", "modules"}
    product.remove()
    assert titles("quillwort") == titles("fernleaf") == []
    assert not SearchEntry.objects.exists()
    assert not SearchTerm.objects.filter(word__in=["quillwort", "fernleaf"]).exists()


def test_nothing_of_what_was_removed_is_left_in_the_index_itself(ada, now):
    product = Product.objects.add(by=ada, now=now, name="Quillwort")
    Product.objects.add(by=ada, now=now, name="Quince")
    product.remove()
    rebuilding.tidy()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT block FROM kit_searchwords_data")
            assert not any(b"llwort" in bytes(row[0]) for row in cursor.fetchall())
    assert ("products", "Quince") in titles("quince")


def test_a_rebuild_mends_whatever_is_wrong_and_may_be_done_again(healthy, helen, ada, now):
    Evidence.objects.add(by=ada, now=now, kind="story", title="Heron saved nine hours")
    right = set(SearchEntry.objects.values_list("kind", "record", "words"))
    SearchEntry.objects.filter(kind="contacts").delete()
    SearchEntry.objects.filter(kind="accounts").update(title="Wrong", words="awrong")
    SearchEntry.objects.create(kind="deals", record=99, title="Gone", place=99, words="dgone")
    SearchEntry.objects.create(kind="unheard-of", record=1, title="Gone", place=1, words="zgone")
    assert wrong() != []
    changed = rebuilding.rebuild(search.registered(), now=timezone.now())
    assert changed == 3
    assert set(SearchEntry.objects.values_list("kind", "record", "words")) == right
    assert wrong() == []
    assert rebuilding.rebuild(search.registered(), now=timezone.now()) == 0


def test_a_store_of_before_is_filled_in_the_background_at_the_first_start(healthy, helen):
    from proofline.kit.jobs.running import run_pending
    from proofline.kit.search import jobs

    SearchEntry.objects.all().delete()
    SearchFill.objects.all().delete()
    assert len(rebuilding.missing()) == len(search.registered())
    jobs.start()
    run_pending(now=timezone.now())
    assert ("contacts", helen.name) in titles("helen")
    assert rebuilding.missing() == []
    jobs.start()
    assert run_pending(now=timezone.now()) == 0


def test_a_kind_that_is_declared_otherwise_is_filled_anew(db):
    rebuilding.rebuild(search.registered(), now=timezone.now())
    SearchFill.objects.filter(kind="deals").update(declared="of before")
    assert [kind.name for kind in rebuilding.missing()] == ["deals"]


def test_every_path_that_is_read_leads_over_kinds_that_tell_of_their_changes():
    """A title shown beside another record's changes with it only where its own model is a kind and shows it as its title."""
    for kind in search.registered():
        for path in kind.paths:
            for _prefix, model in entries.kinds.passed(kind.model, path):
                if model.__name__ != "User":
                    assert entries.kinds.of(model), (kind.name, path)


def test_codes_are_one_letter_and_each_ones_own():
    codes = [kind.code for kind in search.registered()]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 1 and code.isascii() and code.isalnum() and code == code.lower() for code in codes)
    with pytest.raises(ValueError, match="code"):
        search.register(replace(search.registered()[0], name="other"))


@pytest.mark.parametrize(
    ("typed", "word", "found"),
    [
        ("helo", "hello", True),
        ("hallo", "hello", True),
        ("ehllo", "hello", True),
        ("hllo", "hello", True),
        ("hxllx", "hello", False),
        ("prooflnie", "proofline", True),
        ("prooflnei", "proofline", True),
        ("hel", "help", False),
        ("2024", "2025", False),
    ],
)
def test_slips_are_counted(db, typed, word, found):
    terms.learn([word])
    assert (terms.meant(typed, typing=False) == [word]) is found


def test_a_word_that_is_still_being_typed_is_compared_with_beginnings(db):
    terms.learn(["manufacturing"])
    assert terms.meant("manfuac", typing=True) == ["manufacturing"]
    assert terms.meant("manfuac", typing=False) == []


def test_a_search_asks_three_times_and_for_a_typo_six_times(healthy, sam, now, django_assert_max_num_queries):
    seen = whose(sam)
    for name in ("Heron Park", "Heron Works"):
        Account.objects.add(by=sam, now=now, name=name, owner=sam)
    with django_assert_max_num_queries(3):
        search.find("heron", whose=seen)
    with django_assert_max_num_queries(6):
        search.find("hreon", whose=seen)


def test_every_key_that_does_something_is_in_the_help(as_, sam):
    """The keys are those that the scripts ask for; what is pressed in fields alone is a browser's own."""
    known = {
        key.lower()
        for _label, found in shortcuts.groups()
        for one in found
        for part in one.keys
        for key in part.split()
    }
    said = {"esc": "escape", "↑": "arrowup", "↓": "arrowdown", "←": "arrowleft", "→": "arrowright"}
    known = {said.get(key, key) for key in known}
    handled = set()
    for path in finders.find("kit/keys.js", find_all=True) + [
        finders.find(f"kit/{name}.js") for name in ("app", "board", "lists", "editing", "writing")
    ]:
        text = Path(path).read_text()
        handled |= {key.lower() for key in re.findall(r'event\.key(?:\.toLowerCase\(\))? [=!]== "([^"]+)"', text)}
        handled |= set(re.findall(r'"([^"])": "(?:previous|next)"', text))
        if keys := re.search(r"const KEYS = \{(.*?)\n  \};", text, re.DOTALL):
            handled |= set(re.findall(r'^    "?([^\s":]+)"?:', keys[1], re.MULTILINE))
    assert len(handled) > 12
    assert handled - known - {"tab", "shift"} == set()
    for language, word in (("en", "Keyboard shortcuts"), ("zh-hans", "键盘快捷键")):
        sam.change(language=language)
        html = as_(sam).get("/shortcuts/").content.decode()
        assert word in html
        assert html.count("<dt>") > 30


def test_the_page_shows_kinds_and_pages_through_one(as_, sam, olga, healthy, now):
    for number in range(30):
        Account.objects.add(by=sam, now=now, name=f"Lotus {number:02}", owner=sam)
    Account.objects.add(by=olga, now=now, name="Lotus hidden", owner=olga)
    html = as_(sam).get("/search/", {"q": "lotus"}).content.decode()
    assert "<mark>Lotus</mark>" in html
    assert "Show all 30" in html
    first = as_(sam).get("/search/", {"q": "lotus", "kind": "accounts"}).content.decode()
    second = as_(sam).get("/search/", {"q": "lotus", "kind": "accounts", "page": "2"}).content.decode()
    seen = re.findall(r"<mark>Lotus</mark> (\d\d)", first) + re.findall(r"<mark>Lotus</mark> (\d\d)", second)
    assert sorted(seen) == [f"{number:02}" for number in range(30)]
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert "Nothing found for “zzzz”" in as_(sam).get("/search/", {"q": "zzzz"}).content.decode()
    for odd in ({"q": "lotus", "kind": "nothing"}, {"q": "lotus", "kind": "accounts", "page": "x"}, {"q": ""}):
        assert as_(sam).get("/search/", odd).status_code == 200


def test_the_palette_shows_where_one_was_and_what_one_may_do(as_, sam, olga, rita, healthy, helen):
    recent = f"{helen.get_absolute_url()},{healthy.get_absolute_url()},/contacts/,/accounts/99/,nonsense"
    html = as_(sam).get("/search/palette/", {"recent": recent}).content.decode()
    assert html.index("Helen He") < html.index("Heron Robotics")
    assert "Helen He" not in as_(olga).get("/search/palette/", {"recent": recent}).content.decode()
    assert "New account" in html
    assert "New account" not in as_(rita).get("/search/palette/").content.decode()
    for typed, label in (("sign o", "Sign out"), ("新建 客户", "New account"), ("dark", "Dark mode"), ("teams", "")):
        assert label in as_(sam).get("/search/palette/", {"q": typed}).content.decode(), typed
    sam.change(language="zh-hans")
    for typed in ("合同", "hetong", "ht", "contracts"):
        assert "/contracts/" in as_(sam).get("/search/palette/", {"q": typed}).content.decode(), typed
    assert "没有找到" in as_(sam).get("/search/palette/", {"q": "zzzz"}).content.decode()


def test_a_program_searches_what_its_user_may_see(sam, olga, healthy, helen, now):
    from tests.fixtures.sale import Program

    found = Program(sam, now).get("/search?q=hero&kinds=accounts,contacts&limit=3")
    assert found["items"][0] == {
        "kind": "accounts",
        "id": healthy.pk,
        "title": "Heron Robotics",
        "note": "manufacturing",
        "url": healthy.get_absolute_url(),
    }
    assert Program(olga, now).get("/search?q=hero")["items"] == []
    assert Program(sam, now).expect(422, "get", "/search?q=hero&kinds=nothing")["errors"][0]["field"] == "kinds"
