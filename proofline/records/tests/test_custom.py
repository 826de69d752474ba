"""Custom fields: defined in the browser, then at once in forms, lists, files, the history and the API."""

import json
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from proofline.records.models import Account, Change, CustomField, ListAction
from tests.cast import NOW
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
REGIONS = [{"key": "north", "name": "North", "name_zh": "北方"}, {"key": "south", "name": "South", "name_zh": ""}]


@pytest.fixture
def add(ada):
    """Return `add(name, type, …)`: a custom field of accounts, or of another kind."""

    def make(name, kind_of_value, *, kind="account", **more):
        return CustomField.objects.add(by=ada, now=NOW, kind=kind, name=name, type=kind_of_value, **more)

    return make


@pytest.fixture
def accounts(sam):
    return [
        Account.objects.add(by=sam, now=NOW, name=name, employees=size, owner=sam)
        for name, size in (("Aster", 10), ("Birch", 0), ("Cedar", 40))
    ]


@pytest.fixture
def shown(as_, ada):
    """Return `shown(filter, …)`: the names that the list of accounts shows, in its order."""

    def show(conditions=None, *, by=None, kind="records:accounts", **asked):
        if conditions is not None:
            asked["filter"] = json.dumps(conditions)
        answer = as_(by or ada).get(f"{reverse(kind)}?{urlencode(asked)}")
        assert answer.status_code == 200
        listing = answer.context["listing"]
        assert not listing.state.problem
        return [str(row) for row in listing.rows]

    return show


def test_administrator_adds_a_field_in_the_browser_and_it_is_everywhere(as_, ada, sam, accounts, shown):
    here = reverse("records:custom_fields")
    empty = as_(ada).get(here)
    assert "No custom fields yet" in empty.content.decode()
    new = reverse("records:custom_field_new")
    assert "One of the options" in as_(ada).get(f"{new}?kind=account").content.decode()
    bad = as_(ada).post(f"{new}?kind=account&type=choice", {"name": "Region", "options_text": ""})
    assert bad.status_code == 422
    assert "at least one option" in bad.content.decode()
    made = as_(ada).post(
        f"{new}?kind=account&type=choice", {"name": "Region", "name_zh": "大区", "options_text": "North | 北方\nSouth"}
    )
    assert made.status_code == 302, made.context["form"].errors
    field = CustomField.objects.get()
    assert (field.key, field.options) == ("region", REGIONS)
    edit = reverse("records:account_edit", args=[accounts[0].pk])
    assert "Region" in as_(sam).get(edit).content.decode()
    sent = {"name": "Aster", "employees": 10, "owner": sam.pk, "custom_region": "north"}
    assert as_(sam).post(edit, sent).status_code == 302
    page = as_(sam).get(accounts[0].get_absolute_url()).content.decode()
    assert "More facts" in page
    assert "North" in page
    assert shown([{"field": "custom_region", "op": "is", "value": ["north"]}]) == ["Aster"]
    assert sorted(shown([{"field": "custom_region", "op": "is_not", "value": ["north"]}])) == ["Birch", "Cedar"]
    export = reverse("records:list_export", args=["accounts"])
    file = b"".join(as_(ada).get(f"{export}?columns=name,custom_region&sort=name")).decode("utf-8-sig")
    assert file.splitlines()[:2] == ["Account,Region", "Aster,North"]
    history = as_(sam).get(reverse("records:account_history", args=[accounts[0].pk])).content.decode()
    assert "Region" in history


def test_only_administrators_define_fields(as_, sam, add):
    field = add("Tax number", "text")
    assert as_(sam).get(reverse("records:custom_fields")).status_code == 403
    for name in ("position", "retirement", "return"):
        assert as_(sam).post(reverse(f"records:custom_field_{name}", args=[field.pk])).status_code == 403


def test_each_type_is_read_strictly_and_found_by_its_conditions(add, accounts, sam, helen, shown):
    add("Branches", "number")
    add("Budget", "money", currency="CNY")
    add("Signed on", "date")
    add("Channels", "choices", options=REGIONS)
    add("Adviser", "person")
    add("Sponsor", "relation", to="contact")
    aster, birch, _cedar = accounts
    aster.change(by=sam, now=NOW, custom_branches="9.5", custom_budget=Decimal(1200), custom_signed_on="2026-11-02", custom_channels=["south", "north"], custom_adviser=sam, custom_sponsor=helen.pk)  # fmt: skip
    birch.change(by=sam, now=NOW, custom_branches=10, custom_signed_on="2026-10-02", custom_channels=["south"])
    aster.refresh_from_db()
    assert aster.custom == {"branches": "9.5", "budget": "1200.00", "signed_on": "2026-11-02", "channels": ["north", "south"], "adviser": sam.pk, "sponsor": helen.pk}  # fmt: skip
    for field, op, value, found in (
        ("branches", "gt", "9.5", ["Birch"]),
        ("branches", "is", ["9.5"], ["Aster"]),
        ("budget", "between", ["1000", "2000"], ["Aster"]),
        ("signed_on", "after", "2026-10-15", ["Aster"]),
        ("signed_on", "on", "2026-10-02", ["Birch"]),
        ("channels", "is", ["north"], ["Aster"]),
        ("channels", "is_not", ["north"], ["Birch", "Cedar", "Heron Robotics"]),
        ("channels", "not_empty", [], ["Aster", "Birch"]),
        ("branches", "is_not", ["10"], ["Aster", "Cedar", "Heron Robotics"]),
        ("adviser", "is", [str(sam.pk)], ["Aster"]),
        ("sponsor", "is", [str(helen.pk)], ["Aster"]),
    ):
        assert sorted(shown([{"field": f"custom_{field}", "op": op, "value": value}])) == found, (field, op)
    assert shown([{"field": "custom_budget", "op": "empty"}], sort="name") == ["Birch", "Cedar", "Heron Robotics"]
    for part, left in (
        ({"field": "custom_branches", "op": "gt", "value": "9.5"}, ["Aster", "Cedar", "Heron Robotics"]),
        ({"field": "custom_channels", "op": "is", "value": ["north"]}, ["Birch", "Cedar", "Heron Robotics"]),
        ({"field": "custom_budget", "op": "empty"}, ["Aster"]),
        ({"field": "employees", "op": "gt", "value": 20}, ["Aster", "Birch"]),
        ({"field": "revenue", "op": "gt", "value": 20}, ["Aster", "Birch", "Cedar", "Heron Robotics"]),
    ):
        assert sorted(shown({"none": [part]})) == left, part
    assert shown(sort="-custom_branches")[:2] == ["Birch", "Aster"]
    assert shown(sort="custom_signed_on", columns="name,custom_adviser,custom_sponsor,custom_budget,custom_signed_on")[
        :2
    ] == ["Birch", "Aster"]
    assert shown(group="custom_adviser")[0] == "Aster"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("text", "x" * 501), ("text", 5), ("number", "ten"), ("number", True), ("number", "1e20"), ("money", "1.234"), ("date", "2.11.2026"), ("date", 20261102), ("choice", "east"), ("choices", ["north", "east"]), ("person", 0), ("relation", "x")],
)  # fmt: skip
def test_what_is_none_of_the_type_is_refused(add, accounts, sam, kind, value):
    from django.core.exceptions import ValidationError

    add(
        "Thing",
        kind,
        **({"options": REGIONS} if kind.startswith("choice") else {"to": "contact"} if kind == "relation" else {}),
    )
    with pytest.raises(ValidationError) as refused:
        accounts[0].change(by=sam, now=NOW, custom_thing=value)
    assert list(refused.value.message_dict) == ["custom_thing"]
    accounts[0].refresh_from_db()
    assert accounts[0].custom == {}


def test_history_edit_in_place_and_bulk_change_with_undo(as_, add, accounts, sam):
    add("Region", "choice", options=REGIONS)
    fact = reverse("records:account_fact", args=[accounts[0].pk, "custom_region"]) + "?as=cell"
    assert "北方" not in as_(sam).get(fact).content.decode()
    assert "North" in as_(sam).post(fact, {"custom_region": "north"}).content.decode()
    change = Change.objects.of("account", accounts[0].pk).get()
    assert (change.field, change.before, change.after) == ("custom.region", None, "north")
    bulk = reverse("records:list_bulk", args=["accounts"])
    ids = ",".join(str(one.pk) for one in accounts)
    answer = as_(sam).post(f"{bulk}?ids={ids}", {"ids": ids, "field": "custom_region", "value": "south"})
    assert answer.status_code == 302
    assert {one.custom.get("region") for one in Account.objects.all()} == {"south"}
    as_(sam).post(reverse("records:list_action_undo", args=[ListAction.objects.get().pk]))
    assert [one.custom for one in Account.objects.order_by("name")] == [{"region": "north"}, {}, {}]


def test_retired_fields_hide_and_come_back_with_their_values(as_, ada, add, accounts, sam):
    field = add("Region", "choice", options=REGIONS)
    accounts[0].change(by=sam, now=NOW, custom_region="north")
    as_(ada).post(reverse("records:custom_field_retirement", args=[field.pk]))
    assert "Region" not in as_(sam).get(accounts[0].get_absolute_url()).content.decode()
    assert "Show again" in as_(ada).get(reverse("records:custom_fields")).content.decode()
    as_(ada).post(reverse("records:custom_field_return", args=[field.pk]))
    assert "North" in as_(sam).get(accounts[0].get_absolute_url()).content.decode()
    taken = as_(ada).post(reverse("records:custom_field", args=[field.pk]), {"name": "Area", "options_text": "South"})
    assert taken.status_code == 422
    assert "Records have “North”" in taken.content.decode()
    as_(ada).post(reverse("records:custom_field", args=[field.pk]), {"name": "Area", "options_text": "Northern\nSouth"})
    field.refresh_from_db()
    assert (field.key, field.name, field.options[0]) == (
        "region",
        "Area",
        {"key": "north", "name": "Northern", "name_zh": ""},
    )


def test_fields_are_put_in_order_and_chinese_names_get_keys(as_, ada, add):
    first, second = add("合同渠道", "text"), add("Tax number", "text")
    assert first.key == "he_tong_qu_dao"
    as_(ada).post(reverse("records:custom_field_position", args=[second.pk]), {"step": "up"})
    assert [one.pk for one in CustomField.objects.of("account")] == [second.pk, first.pk]
    as_(ada).post(reverse("records:custom_field_position", args=[second.pk]), {"step": "down"})
    assert [one.pk for one in CustomField.objects.of("account")] == [first.pk, second.pk]


def test_fields_are_told_apart_by_their_names(as_, ada, add):
    add("Seats", "number")
    new = reverse("records:custom_field_new")
    again = as_(ada).post(f"{new}?kind=account&type=text", {"name": " seats "})
    assert again.status_code == 422
    assert "There is a field of this name already." in again.content.decode()
    other = add("Rooms", "number")
    renamed = as_(ada).post(reverse("records:custom_field", args=[other.pk]), {"name": "SEATS"})
    assert renamed.status_code == 422
    CustomField.objects.get(key="seats").retire(now=NOW)
    assert add("Seats", "number").key == "seats_2"


def test_a_key_leaves_the_records_own_fields_to_formulas(as_, ada, add, accounts):
    size = add("Size", "formula", formula="employees * 2")
    assert add("Employees", "text").key == "employees_2"
    rows = as_(ada).get(f"{reverse('records:accounts')}?columns=name,{size.attribute}").content.decode()
    assert ">80<" in rows


def test_kinds_and_types_are_named_in_chinese(as_, ada):
    ada.change(language="zh-hans")
    page = as_(ada).get(reverse("records:custom_fields")).content.decode()
    assert "Account" not in page.partition("<main")[2]
    types = as_(ada).get(f"{reverse('records:custom_field_new')}?kind=deal").content.decode()
    assert all(f">{word}<" in types for word in ("文本", "数字"))


def test_lists_tell_custom_fields_as_the_records_themselves_do(add, accounts, sam, helen):
    api = Program(sam, NOW)
    given = {
        add("Note", "text").key: "as is",
        add("Seats", "number").key: "12.5",
        add("Signed", "date").key: "2026-11-30",
        add("Region", "choice", options=REGIONS).key: "south",
        add("Regions", "choices", options=REGIONS).key: ["north", "south"],
        add("Adviser", "person").key: sam.pk,
        add("Sponsor", "relation", to="contact").key: helen.pk,
    }
    typed = api.patch(f"/accounts/{accounts[0].pk}", {"custom": given})["custom"]
    assert typed == given
    fields = ",".join(f"custom_{key}" for key in given)
    rows = {one["id"]: one for one in api.get(f"/kinds/accounts/records?fields={fields}")["items"]}
    assert rows[accounts[0].pk] == {"id": accounts[0].pk} | {f"custom_{key}": value for key, value in given.items()}
    nothing = {key: [] if key == "regions" else None for key in given}
    assert rows[accounts[1].pk] == {"id": accounts[1].pk} | {f"custom_{key}": value for key, value in nothing.items()}
