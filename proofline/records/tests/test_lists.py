"""The one list of records: filters, order, columns, groups, sums, views, files."""

import csv
import io
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from proofline.kit import search
from proofline.kit.search import narrowing, rebuilding
from proofline.records.models import Account, Contact, FirstView, SavedView, Segment, Task, Team, User
from proofline.timeline import query
from tests.cast import NOW

pytestmark = pytest.mark.django_db
NAMES = ("Aster", "Birch", "Cedar", "Dahlia", "Elm")


@pytest.fixture
def accounts(sam, tom):
    """Five accounts: two sectors, growing sizes, the last one without."""
    made = []
    for number, name in enumerate(NAMES):
        made.append(
            Account.objects.add(
                by=sam,
                now=NOW - timedelta(days=number),
                name=name,
                sector="Software" if number % 2 == 0 else "Retail",
                employees=None if name == "Elm" else (number + 1) * 10,
                owner=tom if name == "Dahlia" else sam,
            )
        )
    return made


@pytest.fixture
def shown(as_, ada):
    """Return `shown(filter, …)`: the names that the list of accounts shows, in its order, to the administrator or another."""

    def show(conditions=None, *, by=None, kind="records:accounts", **asked):
        if conditions is not None:
            asked["filter"] = conditions if isinstance(conditions, str) else json.dumps(conditions)
        answer = as_(by or ada).get(f"{reverse(kind)}?{urlencode(asked)}")
        assert answer.status_code == 200
        return [str(row) for row in answer.context["listing"].rows]

    return show


def on(field, op, *value):
    return (
        {"field": field, "op": op, "value": list(value) if op in {"is", "is_not", "between", "contains"} else value[0]}
        if value
        else {"field": field, "op": op}
    )


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ([on("sector", "is", "Software")], ["Aster", "Cedar", "Elm"]),
        ([on("sector", "is", "Software", "Retail")], list(NAMES)),
        ([on("sector", "is_not", "Software")], ["Birch", "Dahlia"]),
        ([on("employees", "gte", 20)], ["Birch", "Cedar", "Dahlia"]),
        ([on("employees", "between", "30", "15")], ["Birch", "Cedar"]),
        ([on("employees", "is_not", 10)], ["Birch", "Cedar", "Dahlia", "Elm"]),
        ([on("employees", "empty")], ["Elm"]),
        ([on("domain", "empty")], list(NAMES)),
        ([on("domain", "not_empty")], []),
        ([on("name", "contains", "a")], ["Aster", "Cedar", "Dahlia"]),
        ([on("name", "starts", "EL")], ["Elm"]),
        ([on("name", "not_contains", "a")], ["Birch", "Elm"]),
        ([on("sector", "is", "Software"), on("employees", "lt", 30)], ["Aster"]),
        ({"any": [on("name", "is", "Elm"), on("employees", "lte", 10)]}, ["Aster", "Elm"]),
        ({"none": [on("name", "is", "Elm"), on("employees", "lte", 10)]}, ["Birch", "Cedar", "Dahlia"]),
        ([on("sector", "is", "Retail"), {"any": [on("name", "is", "Birch"), on("name", "is", "Elm")]}], ["Birch"]),
        ([on("created_at", "before", "2026-11-01")], ["Cedar", "Dahlia", "Elm"]),
        ([on("created_at", "on", "2026-11-02")], ["Aster"]),
        ([on("created_at", "after", "2026-10-30")], ["Aster", "Birch", "Cedar"]),
        ([on("contacts", "gte", 1)], []),
        ([], list(NAMES)),
    ],
)  # fmt: skip
def test_a_filter_keeps_what_it_says(accounts, shown, conditions, names):
    assert shown(conditions) == names


def test_me_is_who_looks(accounts, shown, sam, tom):
    assert shown([on("owner", "is", "me")], by=tom) == ["Dahlia"]
    assert shown([on("owner", "is_not", "me")], by=tom) == []  # the others are not his to see
    assert shown([on("owner", "is", "me")], by=sam) == ["Aster", "Birch", "Cedar", "Elm"]


def test_periods_count_from_today_in_the_readers_zone(accounts, shown, freezer_at):
    assert shown([on("created_at", "last", 2)]) == ["Aster", "Birch"]
    assert shown([on("created_at", "this", "month")]) == ["Aster", "Birch"]
    assert shown([on("created_at", "this", "week")]) == ["Aster"]


@pytest.fixture
def freezer_at(monkeypatch):
    from proofline.records.lists import listing

    monkeypatch.setattr(listing.timezone, "now", lambda: NOW)


def test_related_records_count_as_far_as_one_may_see_them(accounts, shown, sam, tom, ada):
    birch, dahlia = accounts[1], accounts[3]
    Contact.objects.add(by=sam, now=NOW, name="Bo", account=birch, owner=sam, title="CTO")
    Contact.objects.add(by=sam, now=NOW, name="Di", account=dahlia, owner=sam, title="CTO")
    Task.objects.add(now=NOW, title="Call", account=birch)
    has_cto = [{"has": "contacts", "all": [on("title", "is", "CTO")]}]
    assert shown(has_cto) == ["Birch", "Dahlia"]
    assert shown([{"has_no": "contacts"}]) == ["Aster", "Cedar", "Elm"]
    assert shown([{"has": "tasks", "all": [on("open", "yes")]}]) == ["Birch"]
    assert shown([on("contacts", "gte", 1)]) == ["Birch", "Dahlia"]
    assert shown([on("account_sector", "is", "Retail")], kind="records:contacts") == ["Di", "Bo"]


def test_behaviour_is_a_condition_too(accounts, shown, monkeypatch):
    asked = []

    def who(step, **more):
        asked.append((step.event, more["per"], more["times"]))
        return [accounts[0].pk, accounts[2].pk]

    monkeypatch.setattr(query, "who", who)
    did = {"event": "Page Viewed", "times": 3, "within": "7d"}
    assert shown([{"did": did}]) == ["Aster", "Cedar"]
    assert shown([{"did_not": did}]) == ["Birch", "Dahlia", "Elm"]
    assert asked[0] == ("Page Viewed", "account", 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ('{"all": 3}', "a list of conditions"),
        ('{"all": [], "any": []}', "a list of conditions"),
        ('[{"field": "nothing"}]', "all[0].field"),
        ('[{"field": "sector", "op": "gt", "value": 3}]', "all[0].op"),
        ('[{"field": "employees", "op": "gt", "value": "many"}]', "“many” is no number"),
        ('[{"field": "employees", "op": "gt", "value": [1, 2]}]', "takes 1 value"),
        ('[{"field": "employees", "op": "gt", "value": {"a": 1}}]', "all[0].value"),
        ('[{"field": "created_at", "op": "on", "value": "7"}]', "takes a day"),
        ('[{"field": "created_at", "op": "last", "value": "2026-11-01"}]', "number of days"),
        ('[{"field": "created_at", "op": "on", "value": "2026-13-41"}]', "is no day"),
        ('[{"field": "created_at", "op": "on", "value": "0001-01-01"}]', "is no day"),
        ('[{"field": "created_at", "op": "after", "value": "9999-12-31"}]', "is no day"),
        ('[{"has": "planets"}]', "no such related records"),
        ('[{"did": {"event": "x", "times": 0}}]', "times"),
        ("[" * 6 + "]" * 6, "object"),
        (json.dumps({"all": [{"any": [{"any": [{"any": [{"any": [{"any": [{"any": []}]}]}]}]}]}]}), "nested"),
        (json.dumps([{"field": "name", "op": "is", "value": ["a"]}] * 60), "at most 50"),
        ("x" * 20_000, "too long"),
        ('[{"field": "name", "op": "is", "value": [null]}]', "text or a number"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_said_and_shows_nothing(accounts, as_, ada, text, said):
    page = as_(ada).get(f"{reverse('records:accounts')}?{urlencode({'filter': text})}")
    assert page.status_code == 200
    assert page.context["listing"].rows == []
    assert said in page.content.decode().replace("&quot;", '"')


def test_order_columns_and_groups_come_from_the_address(accounts, as_, ada, shown):
    assert shown(sort="-employees") == ["Dahlia", "Cedar", "Birch", "Aster", "Elm"]
    assert shown(sort="owner") == ["Elm", "Cedar", "Birch", "Aster", "Dahlia"]
    page = (
        as_(ada).get(f"{reverse('records:accounts')}?columns=sector,employees,nonsense&group=sector").context["listing"]
    )
    assert [column.label for column in page.columns] == ["Account", "Industry", "Employees"]
    assert [(section.label, section.count, len(section.rows)) for section in page.sections] == [
        ("Retail", 2, 2),
        ("Software", 3, 3),
    ]
    assert page.sums == ["", "", "100"]
    assert [section.sums for section in page.sections] == ["Employees 60", "Employees 40"]


def test_filters_are_cleared_and_nothing_else(accounts, as_, ada):
    page = as_(ada).get("/accounts/?q=Aster&sector=Software&sort=name&columns=name,owner&group=owner&after=x")
    cleared = as_(ada).get(page.context["listing"].clear)
    assert cleared.context["listing"].query == ""
    assert [column.label for column in cleared.context["listing"].columns] == ["Account", "Owner"]
    assert [str(row) for row in cleared.context["listing"].rows] == ["Aster", "Birch", "Cedar", "Elm", "Dahlia"]


def test_the_pages_follow_one_another_in_any_order(accounts, as_, ada):
    browser, seen, address = as_(ada), [], f"{reverse('records:accounts')}?sort=-employees"
    from proofline.records.lists import RecordList

    for _page in range(5):
        request = browser.get(address).wsgi_request
        request.user = ada
        listing = RecordList.of(request, kind=browser.get(address).context["listing"].kind, per=2)
        seen += [str(row) for row in listing.rows]
        if not listing.page.older:
            break
        address = reverse("records:accounts") + listing.page.older
    assert seen == ["Dahlia", "Cedar", "Birch", "Aster", "Elm"]


def test_a_page_asks_the_store_as_often_for_many_rows_as_for_one(accounts, as_, ada, sam):
    browser, address = as_(ada), f"{reverse('records:accounts')}?columns=sector,parent,owner,contacts&sort=owner"
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(40):
        Account.objects.add(by=sam, now=NOW, name=f"More {number}", owner=sam, parent=accounts[0])
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few) <= 20


def test_cells_are_edited_where_they_stand_by_those_who_may(accounts, as_, sam, rita):
    address = reverse("records:account_fact", args=[accounts[0].pk, "sector"])
    assert f'data-edit="{address}"' in as_(sam).get(reverse("records:accounts")).content.decode()
    assert "data-edit" not in as_(rita).get(reverse("records:accounts")).content.decode()
    as_(sam).post(f"{address}?as=cell", {"sector": "Energy"})
    accounts[0].refresh_from_db()
    assert accounts[0].sector == "Energy"


@pytest.fixture
def begin_of():
    """Return `begin_of(pk)`: a user shares a view and a segment of accounts with their team."""

    def begin_of(pk):
        by = User.objects.get(pk=pk)
        SavedView.objects.save_view(by=by, now=NOW, kind="accounts", name="Big ones", audience="team", state={})
        Segment.objects.add(
            by=by, now=NOW, kind="accounts", name="Whole segment", audience="team", conditions={"all": []}
        )

    return begin_of


class TestViews:
    def test_a_view_is_saved_chosen_and_shared(self, accounts, as_, sam, tom, olga):
        browser = as_(sam)
        state = urlencode(
            {"filter": json.dumps([on("sector", "is", "Software")]), "sort": "-name", "columns": "name,sector"}
        )
        saved = browser.post(
            f"{reverse('records:list_view', args=['accounts'])}?{state}", {"name": "Software", "audience": "team"}
        )
        view = SavedView.objects.get()
        assert saved.url == f"{reverse('records:accounts')}?view={view.pk}"
        page = browser.get(saved.url).context["listing"]
        assert [str(row) for row in page.rows] == ["Elm", "Cedar", "Aster"]
        assert [column.label for column in page.columns] == ["Account", "Industry"]
        assert "Software" in as_(tom).get(reverse("records:accounts")).content.decode()
        assert "?view=" + str(view.pk) not in as_(olga).get(reverse("records:accounts")).content.decode()
        assert as_(olga).post(reverse("records:view_removal", args=[view.pk])).status_code == 404
        assert as_(tom).post(reverse("records:view_removal", args=[view.pk])).status_code == 403

    def test_what_a_head_shares_with_the_team_reaches_the_teams_below(self, accounts, as_, sam, olga, mei, begin_of):
        head, other = Team.objects.create(name="Sales"), sam.team
        Team.objects.filter(pk=other.pk).update(parent=Team.objects.create(name="Asia", parent=head))
        User.objects.filter(pk=mei.pk).update(team=head)
        begin_of(mei.pk)
        for user, seen in ((sam, True), (olga, False)):
            page = as_(user)
            assert ("Big ones" in page.get(reverse("records:accounts")).content.decode()) is seen
            assert ("Whole segment" in page.get(reverse("records:segments")).content.decode()) is seen

    def test_a_view_that_one_may_not_use_is_said_above_the_whole_list(self, accounts, as_, sam, olga):
        view = SavedView.objects.save_view(by=sam, now=NOW, kind="accounts", name="Mine", audience="me", state={})
        said = "This view is gone, or is not shared with you"
        for user, seen in ((sam, False), (olga, True)):
            assert (said in as_(user).get(f"{reverse('records:accounts')}?view={view.pk}").content.decode()) is seen
        assert said not in as_(olga).get(f"{reverse('records:accounts')}?view=0").content.decode()

    def test_a_list_begins_with_the_view_that_was_chosen(self, accounts, as_, sam, mei):
        view = SavedView.objects.save_view(
            by=mei,
            now=NOW,
            kind="accounts",
            name="Retail",
            audience="all",
            state={"filter": {"all": [on("sector", "is", "Retail")]}},
        )
        FirstView.choose(view, by=mei, for_all=True)
        browser = as_(sam)
        page = browser.get(reverse("records:accounts")).context["listing"]
        assert [str(row) for row in page.rows] == ["Birch"]
        sorted_by_name = next(url for column, url, _direction in page.heads if column.sort == "name")
        assert [
            str(row) for row in browser.get(reverse("records:accounts") + sorted_by_name).context["listing"].rows
        ] == ["Birch"]
        assert len(browser.get(page.clear.replace(f"={view.pk}", "=0")).context["listing"].rows) == 4
        [condition] = page.conditions
        assert len(browser.get(reverse("records:accounts") + condition.remove).context["listing"].rows) == 4

    def test_only_managers_choose_for_everybody(self, as_, sam):
        view = SavedView.objects.save_view(by=sam, now=NOW, kind="accounts", name="Mine", audience="me", state={})
        page = as_(sam).get(reverse("records:view", args=[view.pk])).content.decode()
        assert "is_first_for_all" not in page
        assert as_(sam).post(reverse("records:view_first", args=[view.pk])).status_code == 302
        assert FirstView.of("accounts", user=sam) == view

    def test_two_views_of_one_name_are_refused(self, as_, sam):
        address = reverse("records:list_view", args=["accounts"])
        assert as_(sam).post(address, {"name": "A", "audience": "me"}).status_code == 302
        again = as_(sam).post(address, {"name": "A", "audience": "me"})
        assert again.status_code == 422
        assert "You have a view of this name already." in again.content.decode()


class TestBuilder:
    def test_it_is_built_step_by_step(self, accounts, as_, ada):
        address = reverse("records:list_filter", args=["accounts"])
        browser = as_(ada)
        assert "Filter Accounts" in browser.get(address).content.decode()
        tree = {"all": [{"field": "name"}]}
        step = browser.post(address, {"tree": json.dumps(tree), "0.field": "sector", "do": "show"}).context["tree"]
        assert step == {"all": [{"field": "sector"}]}
        step = browser.post(
            address, {"tree": json.dumps(step), "0.op": "is", "0.shown": "1", "0.value": ["Retail"], "do": "add::group"}
        ).context["tree"]
        assert step == {"all": [{"field": "sector", "op": "is", "value": ["Retail"]}, {"any": [{"field": "name"}]}]}
        step = browser.post(address, {"tree": json.dumps(step), "do": "remove:1"}).context["tree"]
        done = browser.post(address, {"tree": json.dumps(step), "do": "apply"})
        assert [str(row) for row in browser.get(done.url).context["listing"].rows] == ["Birch", "Dahlia"]

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, as_, ada):
        tree = {"all": [{"field": "employees", "op": "gt"}]}
        answer = as_(ada).post(
            reverse("records:list_filter", args=["accounts"]),
            {"tree": json.dumps(tree), "0.shown": "1", "0.value": "many", "do": "apply"},
        )
        assert answer.status_code == 422
        assert "“many” is no number" in answer.content.decode()
        assert 'value="many"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("part", "typed", "said"),
        [
            ({"field": "name"}, {"0.op": "is", "0.value": " "}, "Account: a value is missing"),
            ({"field": "name"}, {"0.op": "not_contains", "0.value": ""}, "Account: a value is missing"),
            ({"field": "employees"}, {"0.op": "gt", "0.value": ""}, "Employees: a value is missing"),
            (
                {"field": "employees", "op": "between"},
                {"0.op": "between", "0.value": ["30", ""]},
                "Employees: a value is missing",
            ),
            ({"field": "sector"}, {"0.op": "is"}, "Industry: a value is missing"),
        ],
    )
    def test_a_condition_without_its_value_says_which_one_it_is_and_the_others_stay(
        self, accounts, as_, ada, part, typed, said
    ):
        tree = {"all": [{"any": []}, part, {"field": "domain", "op": "contains"}]}
        sent = {name.replace("0.", "1."): value for name, value in typed.items()}
        answer = as_(ada).post(
            reverse("records:list_filter", args=["accounts"]),
            {
                "tree": json.dumps(tree),
                "1.shown": "1",
                **sent,
                "2.shown": "1",
                "2.value": "typed.example",
                "do": "apply",
            },
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert page.count("filter-condition is-invalid") == 1
        assert 'value="typed.example"' in page

    def test_an_address_with_a_condition_without_a_value_says_so_and_its_form_still_has_the_others(
        self, accounts, as_, ada
    ):
        asked = urlencode({"filter": json.dumps([on("name", "is", ""), on("domain", "contains", "typed.example")])})
        answer = as_(ada).get(f"{reverse('records:accounts')}?{asked}")
        assert "all[0].value: Account: a value is missing" in answer.content.decode()
        form = as_(ada).get(f"{reverse('records:list_filter', args=['accounts'])}?{asked}")
        assert 'value="typed.example"' in form.content.decode()

    @pytest.mark.parametrize(
        "tree",
        [
            {"all": 5},
            {"all": {"any": []}},
            {"all": [{"field": 5}, {"did": "x"}, {"has": ["contacts"]}, None, [[]]]},
            {"any": [{"has": "contacts", "all": 7}, {"all": [], "any": 1}]},
        ],
    )
    @pytest.mark.parametrize("step", ["show", "apply", "add:0:field", "remove:0"])
    def test_a_tree_of_another_shape_is_no_fault(self, as_, ada, tree, step):
        sent = {"tree": json.dumps(tree), "do": step}
        answer = as_(ada).post(reverse("records:list_filter", args=["accounts"]), sent)
        assert answer.status_code in {200, 302, 422}

    def test_a_related_record_is_named_and_a_related_kind_has_its_own_fields(self, accounts, as_, ada, sam):
        address = reverse("records:list_filter", args=["contacts"])
        Contact.objects.add(by=sam, now=NOW, name="Bo", account=accounts[1], owner=sam)
        tree = {"all": [{"field": "account"}]}
        done = as_(ada).post(
            address, {"tree": json.dumps(tree), "0.op": "is", "0.shown": "1", "0.value": "birch", "do": "apply"}
        )
        assert [str(row) for row in as_(ada).get(done.url).context["listing"].rows] == ["Bo"]
        page = as_(ada).get(f"{address}?{done.url.partition('?')[2]}").content.decode()
        assert 'value="Birch"' in page
        tree = (
            as_(ada)
            .post(reverse("records:list_filter", args=["accounts"]), {"tree": "{}", "do": "add::contacts"})
            .context["tree"]
        )
        assert tree == {"all": [{"has": "contacts", "all": []}]}


class TestFiles:
    def test_the_whole_list_as_csv_without_formulas(self, accounts, as_, ada, sam):
        Account.objects.add(by=sam, now=NOW, name="=HYPERLINK(1)", owner=sam)
        address = reverse("records:list_export", args=["accounts"])
        answer = as_(ada).get(f"{address}?columns=sector,employees,created_at&sort=name")
        assert answer.streaming
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0] == ["Account", "Industry", "Employees", "Since"]
        assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", *NAMES]
        assert rows[2][1:] == ["Software", "10", "2026-11-02 10:00:00+08:00"]
        assert "Accounts" in answer["Content-Disposition"]

    def test_the_marked_ones_as_a_workbook(self, accounts, as_, ada):
        address = reverse("records:list_export", args=["accounts"])
        answer = as_(ada).get(f"{address}?format=xlsx&ids={accounts[0].pk},{accounts[3].pk},999999&columns=employees")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert {tuple(cell.value for cell in row) for row in sheet.rows} == {
            ("Account", "Employees"),
            ("Aster", 10),
            ("Dahlia", 40),
        }

    def test_it_holds_only_what_one_may_see(self, accounts, as_, tom):
        address = reverse("records:list_export", args=["accounts"])
        text = b"".join(as_(tom).get(f"{address}?ids={accounts[0].pk},{accounts[3].pk}").streaming_content).decode()
        assert "Dahlia" in text
        assert "Aster" not in text


@pytest.fixture
def filled(accounts):
    """The search index has all accounts."""
    rebuilding.rebuild(search.named(["accounts"]), now=NOW)
    return accounts


@pytest.mark.usefixtures("filled")
def test_what_is_typed_above_a_list_is_found_by_the_index_from_the_beginning_of_words(shown, sam):
    Account.objects.add(by=sam, now=NOW, name="云图科技 Zürich", domain="yuntu.example")
    with CaptureQueriesContext(connection) as asked:
        assert shown(q="zur") == ["云图科技 Zürich"]
    assert "LIKE" not in "".join(one["sql"] for one in asked if "records_account" in one["sql"]).upper()
    assert shown(q="图科") == shown(q="yuntu") == ["云图科技 Zürich"]
    assert shown(q="irch") == []
    assert shown(q="birch", sector="") == ["Birch"]
    assert shown({"field": "sector", "op": "is", "value": ["Software"]}, q="birch") == []


@pytest.mark.usefixtures("filled")
def test_the_index_shows_no_more_of_a_list_than_one_may_see(shown, tom, sam):
    assert shown(q="dahlia", by=tom) == ["Dahlia"]
    assert shown(q="aster", by=tom) == [row for row in shown(by=tom) if row == "Aster"]


@pytest.mark.usefixtures("filled")
def test_a_word_that_very_many_records_have_is_looked_for_in_the_records(shown, monkeypatch):
    monkeypatch.setattr(narrowing, "MOST", 0)
    assert shown(q="e", sort="name") == ["Aster", "Cedar", "Elm"]


@pytest.mark.usefixtures("accounts")
def test_until_the_index_is_whole_a_list_looks_into_the_records(shown):
    assert shown(q="irch") == ["Birch"]
