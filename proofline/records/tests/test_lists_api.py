"""Lists through the API: kinds, filters, orders, fields, views, many records at once."""

import json
from urllib.parse import urlencode

import pytest

from proofline.records.models import Account, Contact
from tests.cast import NOW
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts(sam):
    return [
        Account.objects.add(by=sam, now=NOW, name=name, sector=sector, employees=size, revenue="1.50", owner=sam)
        for name, sector, size in (("Aster", "Software", 30), ("Birch", "Retail", 10), ("Cedar", "Software", None))
    ]


@pytest.fixture
def api(sam, now):
    return Program(sam, now)


def asked(path, **query):
    return (
        f"{path}?{urlencode({name: json.dumps(value) if name == 'filter' else value for name, value in query.items()})}"
    )


SOFTWARE = [{"field": "sector", "op": "is", "value": ["Software"]}]


def test_kinds_tell_their_fields(api):
    kinds = {kind["name"]: kind for kind in api.get("/kinds")}
    assert {"accounts", "contacts", "tasks", "leads", "deals"} <= set(kinds)
    sector = next(one for one in api.get("/kinds/accounts")["fields"] if one["name"] == "sector")
    assert (sector["type"], sector["changeable"], "is_not" in sector["operators"]) == ("choice", True, True)
    assert kinds["accounts"]["relations"]["deals"] == "deals"
    assert api.call("get", "/kinds/planets").status_code == 404


@pytest.mark.parametrize("path", ["/accounts", "/kinds/accounts/records"])
def test_the_same_filters_and_orders_everywhere(accounts, api, path):
    found = api.get(asked(path, filter=SOFTWARE, sort="-employees"))
    assert [item["name"] for item in found["items"]] == ["Aster", "Cedar"]
    assert [item["name"] for item in api.get(asked(path, sort="employees"))["items"]] == ["Birch", "Aster", "Cedar"]


def test_pages_follow_one_another_in_the_order_and_a_cursor_of_another_is_refused(accounts, api):
    path, seen, cursor = "/kinds/accounts/records", [], ""
    while cursor is not None:
        found = api.get(asked(path, sort="employees", limit=1, **({"cursor": cursor} if cursor else {})))
        seen += [item["name"] for item in found["items"]]
        first, cursor = cursor, found["next"]
    assert seen == ["Birch", "Aster", "Cedar"]
    refused = api.call("get", asked(path, sort="name", cursor=first))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "cursor")


def test_the_fields_that_are_asked_for(accounts, api, sam):
    Contact.objects.add(by=sam, now=NOW, name="Bo", account=accounts[0], owner=sam)
    found = api.get(
        asked(
            "/kinds/accounts/records",
            fields="name,owner,employees,revenue,contacts,created_at",
            filter=[{"field": "name", "op": "is", "value": ["Aster"]}],
        )
    )
    assert found["items"] == [
        {
            "id": accounts[0].pk,
            "name": "Aster",
            "owner": {"id": sam.pk, "name": "Sam Seller"},
            "employees": 30,
            "revenue": "1.50",
            "contacts": 1,
            "created_at": "2026-11-02T02:00:00Z",
        }
    ]
    [contact] = api.get(asked("/kinds/contacts/records", fields="name,account"))["items"]
    assert contact["account"] == {"id": accounts[0].pk, "name": "Aster"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"filter": [{"field": "nothing"}]}, "all[0].field"),
        ({"filter": [{"field": "employees", "op": "gt", "value": "many"}]}, "all[0].value"),
        ({"filter": [{"field": "name", "op": "is", "value": [""]}]}, "all[0].value"),
        ({"filter": {"all": [{"any": [{"field": "name", "op": "contains", "value": " "}]}]}}, "all[0].any[0].value"),
        ({"filter": [{"field": "name", "op": "is"}]}, "all[0].value"),
        ({"sort": "nothing"}, "sort"),
        ({"fields": "name,nothing"}, "fields"),
    ],
)
def test_what_can_not_be_read_is_a_problem_that_says_where(accounts, api, query, field):
    answer = api.call("get", asked("/kinds/accounts/records", **query))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_a_view_is_saved_used_and_ended(accounts, api, olga, now):
    made = api.post(
        "/views", {"kind": "accounts", "name": "Software", "filter": SOFTWARE, "sort": "-name", "columns": ["name"]}
    )
    found = api.get(asked("/kinds/accounts/records", view=made["id"]))
    assert found["items"] == [{"id": accounts[2].pk, "name": "Cedar"}, {"id": accounts[0].pk, "name": "Aster"}]
    assert [view["name"] for view in api.get("/views?kind=accounts")["items"]] == ["Software"]
    other = Program(olga, now)
    assert other.get("/views") == {"items": [], "next": None}
    assert other.call("get", asked("/kinds/accounts/records", view=made["id"])).status_code == 404
    assert other.call("delete", f"/views/{made['id']}").status_code == 404
    assert api.call("delete", f"/views/{made['id']}").status_code == 204


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "planets"}, "kind"),
        ({"group": "planet"}, "group"),
        ({"columns": ["planet"]}, "fields"),
        ({"name": " "}, "name"),
    ],
)
def test_a_view_that_makes_no_sense_is_refused(api, given, field):
    answer = api.call("post", "/views", {"kind": "accounts", "name": "Software"} | given)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_many_are_changed_and_that_is_undone(accounts, api, tom):
    done = api.post(
        "/kinds/accounts/changes", {"filter": SOFTWARE, "set": {"sector": "Energy", "owner": tom.pk}}, status=200
    )
    assert (done["state"], done["total"], done["counts"]["done"]) == ("done", 2, 2)
    assert set(Account.objects.values_list("name", "sector")) == {
        ("Aster", "Energy"),
        ("Birch", "Retail"),
        ("Cedar", "Energy"),
    }


def test_what_was_removed_is_put_back(accounts, api):
    done = api.post("/kinds/accounts/removals", {"ids": [accounts[0].pk, accounts[1].pk, 999_999]}, status=200)
    assert Account.objects.count() == 1
    assert api.post(f"/list-actions/{done['id']}/undo", status=200)["state"] == "undone"
    assert api.get(f"/list-actions/{done['id']}")["counts"]["undone"] == 2
    assert Account.objects.count() == 3


@pytest.mark.parametrize(
    "body",
    [
        {"set": {"sector": "X"}},
        {"ids": [1], "filter": [], "set": {"sector": "X"}},
        {"ids": [1], "set": {}},
        {"ids": [1], "set": {"name": "X"}},
        {"ids": [1], "set": {"employees": "many"}},
        {"ids": [1], "set": {"owner": 999_999}},
        {"ids": [1], "set": {"owner": "me"}},
    ],
)
def test_what_can_not_be_set_is_refused(accounts, api, body):
    answer = api.call("post", "/kinds/accounts/changes", body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"]


def test_who_may_not_changes_nothing(accounts, rita, olga, api, now):
    body = {"ids": [accounts[0].pk], "set": {"sector": "X"}}
    assert Program(rita, now).call("post", "/kinds/accounts/changes", body).status_code == 403
    assert Program(olga, now).post("/kinds/accounts/changes", body, status=200)["total"] == 0
    done = api.post("/kinds/accounts/changes", body, status=200)
    assert Program(rita, now).call("get", f"/list-actions/{done['id']}").status_code == 404


def test_views_come_in_pages(api):
    made = [api.post("/views", {"kind": "accounts", "name": str(number)})["id"] for number in range(3)]
    api.post("/views", {"kind": "contacts", "name": "People"})
    first = api.get("/views?kind=accounts&limit=2")
    assert [one["id"] for one in first["items"]] == made[:0:-1]
    rest = api.get(f"/views?kind=accounts&limit=2&cursor={first['next']}")
    assert [one["id"] for one in rest["items"]] == made[:1]
    assert rest["next"] is None
