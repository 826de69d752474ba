"""Many records checked and written at once: the same comes of it as of one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.safestring import mark_safe

from proofline.kit.among import among
from proofline.kit.bulk import insert_many, insert_rows, next_keys
from proofline.kit.checking import check_fields
from proofline.kit.models import SearchEntry
from proofline.records.models import Account, Contact, User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 2, 0, 0, 123456, tzinfo=UTC)
ENTRY = ("kind", "record", "title", "note", "text", "place", "variant", "words")


def account(**fields):
    return Account(**{"name": "Heron", "created_at": AT, "changed_at": AT} | fields)


def kept(record):
    return {item.attname: getattr(record, item.attname) for item in Account._meta.concrete_fields}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": '云帆 \\ "a"\n', "domain": mark_safe("heron.example")},
        {"revenue": Decimal("12.50"), "employees": 0, "founded": None},
        {"custom": {"robots": "7", "days": ["mon"], "is": None}, "extra": {"Rating": "hot", "Größe": "§"}},
        {"created_at": datetime.fromisoformat("2026-11-02T10:00:00.5+08:00"), "external_id": "0"},
    ],
)
def test_what_is_inserted_at_once_reads_as_what_is_saved(fields):
    one, other = account(**fields), account(**fields | {"external_id": None})
    other.save()
    insert_many([one])
    assert one.pk > other.pk
    found = kept(Account.objects.get(pk=one.pk)) | {"external_id": None, "id": 0}
    assert found == kept(Account.objects.get(pk=other.pk)) | {"external_id": None, "id": 0}
    one.name = "Heron again"
    one.save()
    assert Account.objects.count() == 2


def test_keys_go_on_from_what_is_there_and_leave_the_next_one_free():
    insert_many([account(name="Ibis"), account(name="Heron")])
    first, second = next_keys(Account, 2)
    assert first > max(Account.objects.values_list("pk", flat=True))
    insert_rows(
        Account,
        (
            "id",
            "name",
            "domain",
            "sector",
            "location",
            "language",
            "extra",
            "custom",
            "unmatched",
            "created_at",
            "changed_at",
        ),
        [(key, "Egret", "", "", "", "", {}, {}, True, AT, AT) for key in (first, second)],
    )
    last = account()
    last.save()
    assert last.pk > second


def test_a_row_takes_the_place_of_the_one_that_is_the_same():
    rows = [("accounts", 1, "Heron", "", "", 1, "", "aheron"), ("accounts", 2, "Ibis", "", "", 2, "", "aibis")]
    insert_rows(SearchEntry, ENTRY, rows)
    insert_rows(SearchEntry, ENTRY, [("accounts", 2, "Egret", "", "", 2, "", "aegret")], unique=("kind", "record"))
    assert list(SearchEntry.objects.order_by("record").values_list("title", flat=True)) == ["Heron", "Egret"]
    insert_rows(SearchEntry, ENTRY, [])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": None, "email": "nobody"},
        {"name": "x" * 121, "phone": "1" * 41},
        {"name": 7, "title": None},
        {"email": "mei@example.com", "phone": "1" * 40},
        {"email": "mei@example.com\n"},
        {"language": "fr"},
        {"language": "en", "extra": {"a": "b"}, "custom": {"a": ["b", 1]}},
        {"custom": {"at": object()}},
        {"custom": []},
        {"created_at": "2026-11-02"},
        {"created_at": None, "unmatched": "maybe"},
        {"unmatched": "1"},
        {"created_at": "2026-11-02 10:00+08:00"},
    ],
)
def test_a_record_is_checked_as_django_checks_it(fields):
    given = {"name": "Mei", "created_at": AT, "changed_at": AT} | fields
    one, other = Contact(**given), Contact(**given)
    assert _wrong(lambda: check_fields(one, exclude={"account"})) == _wrong(
        lambda: other.clean_fields(exclude={"account"})
    )
    assert vars(one).keys() == vars(other).keys()
    assert {name: value for name, value in vars(one).items() if name != "_state"} == {
        name: value for name, value in vars(other).items() if name != "_state"
    }


def test_choices_and_numbers_are_checked_too():
    for record in (User(name="Mei", role="emperor"), account(employees=-1), account(revenue="12.345")):
        assert _wrong(lambda record=record: check_fields(record, exclude=()))


def _wrong(check):
    try:
        check()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_rows_are_found_among_very_many_values():
    insert_many(
        [account(name="Heron", external_id="7"), account(name='云 "帆"', external_id="8"), account(name="Ibis")]
    )
    keys = dict(Account.objects.values_list("name", "pk"))
    names = ['云 "帆"', "Ibis", None, *map(str, range(5000))]
    found = Account.objects.filter(name__in=among(names)).order_by("pk").values_list("name", flat=True)
    assert list(found) == ['云 "帆"', "Ibis"]
    assert Account.objects.get(pk__in=among([keys["Heron"], 0, None])).name == "Heron"
    assert Account.objects.get(external_id__in=among(["7"]), pk__in=among(keys.values())).name == "Heron"
    assert not Account.objects.filter(pk__in=among([])).exists()
    assert not Account.objects.filter(name__in=among([None])).exists()


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_inserted_outside_of_a_transaction_are_there_all_or_none():
    rows = [
        ("deals", number, f"Deal {number}", "", "", number, "", "x") for number in (1, 2, 1)
    ]  # the third is there already
    with pytest.raises(IntegrityError):
        insert_rows(SearchEntry, ENTRY, rows)
    assert not SearchEntry.objects.filter(kind="deals").exists()
