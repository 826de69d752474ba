"""What custom fields compute, and what programs see of them."""

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from proofline.kit.imports.entries import EntryReader
from proofline.kit.imports.mapping import recognise
from proofline.kit.imports.reading import Row
from proofline.kit.lists import Context, kind_named
from proofline.kit.lists.reading import group_of
from proofline.records.imports.accounts import ACCOUNTS
from proofline.records.imports.custom import with_custom
from proofline.records.models import Account, ApiToken, Contact, CustomField
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(ada):
    """Return `add(name, type, …)`: a custom field of accounts, or of another kind."""

    def make(name, kind_of_value, *, kind="account", **more):
        return CustomField.objects.add(by=ada, now=NOW, kind=kind, name=name, type=kind_of_value, **more)

    return make


@pytest.fixture
def api(now):
    """Return `api(user)`: a program with the user's token."""
    return lambda user: Client(
        headers={"authorization": f"Bearer {ApiToken.issue(user=user, name='test', now=now)[1]}"}
    )


@pytest.fixture
def aster(add, sam):
    """An account of 40 people with a day and a number of its own."""
    add("Signed on", "date")
    add("Seats", "number")
    made = Account.objects.add(by=sam, now=NOW, name="Aster", employees=40, revenue="10.00", owner=sam)
    made.change(by=sam, now=NOW, custom_signed_on="2026-11-01", custom_seats="2.5")
    return made


def listed(browser, **asked):
    answer = browser.get(f"{reverse('records:accounts')}?{urlencode(asked)}")
    assert answer.status_code == 200
    listing = answer.context["listing"]
    assert not listing.state.problem
    return listing


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("employees / 16", "2.5"),
        ("= round(employees / 3, 2)", "13.33"),
        ("1 / 4 + seats * 2", "5.25"),
        ("employees / (seats - 2.5)", None),
        ("-seats + 1", "-1.5"),
        ('days(signed_on, "x")', ValidationError),
        ("days(signed_on, signed_on)", "0"),
        ('concat(name, " has ", employees, " people, ", seats)', "Aster has 40 people, 2.5"),
        ("concat(signed_on)", "2026-11-01"),
        ('if(employees >= 40 and not seats = 3, "big", "small")', "big"),
        ('if(location = "", "nowhere", location)', "nowhere"),
        ("signed_on", "2026-11-01"),
        ("employees + name", ValidationError),
        ("price * 2", ValidationError),
        ("employees > 3", ValidationError),
        ("__import__('os')", ValidationError),
        ("name.upper()", ValidationError),
        ("2 ** 9", ValidationError),
        ("999999999999 * 1000", "999999999999000"),
        ("99999999 * 99999999", ValidationError),
        ("-round(99999999 * 99999999 * 99999999, 2)", ValidationError),
        ("employees * 99999999 * 99999999 * 99999999 * 99999999", None),
        ("employees" + " * 9999999999999" * 30, None),
        ("1 / 0", None),
        ("(", ValidationError),
        ("", ValidationError),
    ],
)
def test_a_formula_gives_its_value_or_says_what_is_wrong(aster, add, api, sam, formula, value):
    if value is ValidationError:
        with pytest.raises(ValidationError) as refused:
            add("Made", "formula", formula=formula)
        assert list(refused.value.message_dict) == ["formula"]
        return
    add("Made", "formula", formula=formula)
    assert api(sam).get(f"/api/v1/accounts/{aster.pk}").json()["custom"]["made"] == value


def test_what_is_computed_is_shown_found_sorted_and_written_to_files(aster, add, as_, sam):
    add("Per seat", "formula", formula="employees / seats")
    Account.objects.add(by=sam, now=NOW, name="Birch", employees=1, owner=sam, custom_seats=1)
    browser = as_(sam)
    found = listed(
        browser,
        filter=json.dumps([{"field": "custom_per_seat", "op": "gte", "value": 16}]),
        columns="name,custom_per_seat",
    )
    assert [str(row) for row in found.rows] == ["Aster"]
    assert [str(row) for row in listed(browser, sort="-custom_per_seat").rows][:2] == ["Aster", "Birch"]
    page = browser.get(aster.get_absolute_url()).content.decode()
    assert "Per seat" in page
    file = b"".join(
        browser.get(f"{reverse('records:list_export', args=['accounts'])}?columns=name,custom_per_seat&sort=name")
    ).decode("utf-8-sig")
    assert float(file.splitlines()[1].split(",")[1]) == 16
    with pytest.raises(ValidationError):
        aster.change(by=sam, now=NOW, custom_per_seat=3)


def test_a_result_too_large_to_keep_is_a_dash_on_every_page(aster, add, as_, sam):
    add("Made", "formula", formula="employees * 99999999 * 99999999 * 99999999 * 99999999")
    assert [str(row) for row in listed(as_(sam), columns="name,custom_made", sort="-custom_made").rows] == ["Aster"]
    assert as_(sam).get(aster.get_absolute_url()).status_code == 200


def test_rollups_count_what_the_reader_may_see(aster, add, api, as_, sam, tom, ada):
    add("Weight", "number", kind="contact")
    add("Seen on", "date", kind="contact")
    for name, weight, day, owner in (("Ann", 2, date(2026, 11, 3), sam), ("Bob", "0.5", date(2026, 11, 9), sam)):
        Contact.objects.add(by=sam, now=NOW, name=name, account=aster, owner=owner, custom_weight=weight, custom_seen_on=day)  # fmt: skip
    add("People", "rollup", relation="contacts", function="count")
    add("Weights", "rollup", relation="contacts", function="sum", rolls="custom_weight")
    add("Last seen", "rollup", relation="contacts", function="max", rolls="custom_seen_on")
    add("Newest", "rollup", relation="contacts", function="latest", rolls="name")
    custom = api(sam).get(f"/api/v1/accounts/{aster.pk}").json()["custom"]
    assert (custom["people"], custom["weights"], custom["last_seen"], custom["newest"]) == (
        2,
        "2.5",
        "2026-11-09",
        "Bob",
    )
    assert [
        str(row)
        for row in listed(as_(sam), filter=json.dumps([{"field": "custom_weights", "op": "gt", "value": 2}])).rows
    ] == ["Aster"]
    for wrong in (
        {"relation": "nothing"},
        {"relation": "contacts", "function": "sum", "rolls": "name"},
        {"relation": "contacts", "function": "sum"},
    ):
        with pytest.raises(ValidationError):
            add("Wrong", "rollup", **wrong)


def test_programs_write_and_read_values(aster, add, api, sam, olga, lin):
    add("Sponsor", "relation", to="contact")
    client = api(sam)
    made = client.post(
        "/api/v1/accounts",
        {"name": "Cedar", "custom": {"seats": 12.5, "signed_on": None}},
        content_type="application/json",
    )
    assert made.status_code == 201, made.json()
    assert made.json()["custom"] == {"signed_on": None, "seats": "12.5", "sponsor": None}
    here = f"/api/v1/accounts/{made.json()['id']}"
    changed = client.patch(
        here, {"custom": {"signed_on": "2026-12-01", "sponsor": lin.pk}}, content_type="application/json"
    )
    assert changed.json()["custom"] == {"signed_on": "2026-12-01", "seats": "12.5", "sponsor": lin.pk}
    wrong = client.patch(here, {"custom": {"seats": "many", "colour": 1}}, content_type="application/json")
    assert wrong.status_code == 422
    assert [one["field"] for one in wrong.json()["errors"]] == ["custom.seats", "custom.colour"]
    assert client.get("/api/v1/accounts?limit=1").json()["items"][0]["custom"]["seats"] == "12.5"
    fields = client.get("/api/v1/custom-fields?kind=account").json()["items"]
    assert {one["key"] for one in fields} == {"signed_on", "seats", "sponsor"}


def test_a_record_that_one_may_not_see_does_not_exist_for_values(aster, add, api, sam, olga):
    add("Sponsor", "relation", to="contact")
    hidden = Contact.objects.add(by=olga, now=NOW, name="Hidden", owner=olga)
    answer = api(sam).patch(
        f"/api/v1/accounts/{aster.pk}", {"custom": {"sponsor": hidden.pk}}, content_type="application/json"
    )
    assert answer.status_code == 422
    absent = api(sam).patch(
        f"/api/v1/accounts/{aster.pk}", {"custom": {"sponsor": 10**6}}, content_type="application/json"
    )
    assert answer.json() == absent.json()


@pytest.mark.parametrize("kind_of_value", ["text", "number", "money", "date", "choice", "person"])
def test_a_condition_is_answered_by_the_index(add, sam, kind_of_value):
    options = {"options": [{"key": "north", "name": "North", "name_zh": ""}]} if kind_of_value == "choice" else {}
    field = add("Region", kind_of_value, **options)
    field.keep_index(now=NOW)
    assert field.indexed_at == NOW
    value = {"number": "5", "money": "5", "date": "2026-11-01", "person": str(sam.pk)}.get(kind_of_value, "north")
    operator = "on" if kind_of_value == "date" else "is"
    context = Context(sam, NOW)
    kind = kind_named("accounts")
    data = [{"field": "custom_region", "op": operator, "value": value}]
    found = group_of(data, kind=kind, context=context).narrow(Account.objects.all(), context)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a table of few rows is read whole, unless that is forbidden
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = found.order_by().explain()  # in an order, an empty table may as well be read by the order's own index
    assert f"custom_field_{field.pk}" in plan
    field.retire(now=NOW)
    field.keep_index(now=NOW)
    with connection.cursor() as cursor:
        assert f"custom_field_{field.pk}" not in connection.introspection.get_constraints(
            cursor, Account._meta.db_table
        )


@pytest.mark.parametrize("operator", ["is", "is_not"])
def test_several_choices_are_found_by_an_index(add, sam, operator):
    options = [{"key": f"o{number}", "name": f"O {number}", "name_zh": ""} for number in range(25)]
    field = add("Ways", "choices", options=options)
    field.keep_index(now=NOW)
    assert field.indexed_at == NOW
    given = {"None": [], "One": ["o1"], "Both": ["o1", "o2"], "Eleven": ["o11"], "Late": ["o24"]}
    for name, keys in given.items():
        Account.objects.add(by=sam, now=NOW, name=name, owner=sam, custom_ways=keys or None)

    ours = Account.objects.filter(name__in=given)

    def found(*wanted, of=None):
        context, kind = Context(sam, NOW), kind_named("accounts")
        data = [{"field": "custom_ways", "op": operator, "value": list(wanted)}]
        return group_of(data, kind=kind, context=context).narrow(ours if of is None else of, context)

    def those(*wanted):
        return {name for name, keys in given.items() if bool({*wanted} & {*keys}) == (operator == "is")}

    for wanted in (["o1"], ["o2"], ["o24"], ["o1", "o11"], ["none of them"], ['"'], ["%", "_"]):
        assert {one.name for one in found(*wanted)} == those(*wanted), wanted
    if operator == "is":
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
        assert f"custom_field_{field.pk}" in found("o1", of=Account.objects.all()).order_by().explain()
    field.retire(now=NOW)
    field.keep_index(now=NOW)
    with connection.cursor() as cursor:
        left = connection.introspection.get_constraints(cursor, Account._meta.db_table)
    assert not [name for name in left if name.startswith(f"custom_field_{field.pk}")]


def test_an_import_fills_custom_fields(aster, add, sam, ada):
    add("Region", "choice", options=[{"key": "north", "name": "North", "name_zh": "北方"}])
    kind = with_custom(ACCOUNTS)
    columns = recognise(kind, ["Name", "Seats", "Region", "Signed on"])
    assert columns.field_at(2) == "custom_region"
    keeper = kind.keeper(ada, NOW)
    reader = EntryReader(kind, ["Name", "Seats", "Region", "Signed on"], columns, {}, frozenset())
    entry = reader.read(Row(2, ["Cedar", "1,200.5", "北方", "2026/11/05"]))
    assert keeper.make(entry).custom == {"seats": "1200.5", "region": "north", "signed_on": "2026-11-05"}
    wrong = reader.read(Row(3, ["Cedar", "many", "West", ""]))
    assert [problem.column for problem in wrong] == ["Seats", "Region"]
