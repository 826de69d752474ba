"""Many customers in an empty folder: `python -m benchmarks._customers FOLDER SIZE` fills it in bulk and says as JSON what pages are asked with."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE, A_COMPANY, AT_ONCE, A_DEAL, OPEN = 20, 10, 10_000, 10, 5
"""Colleagues; contacts of an account; rows of a statement; contacts for each deal; of so many deals one is open."""
SECTORS = ("Software", "Retail", "Education", "Logistics", "Healthcare", "制造", "金融科技", "餐饮")
CITIES = ("上海", "北京", "深圳", "Hangzhou", "Singapore", "Berlin", "Boston", "成都")
FIRST_ZH, FAMILY_ZH = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂鹏飞玲", "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
FIRST_EN = (
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Emma",
    "Felix",
    "Grace",
    "Henry",
    "Iris",
    "Jack",
    "Kate",
    "Liam",
    "Maya",
    "Noah",
    "Olga",
    "Paul",
)
FAMILY_EN = (
    "Miller",
    "Okafor",
    "Schmidt",
    "Tanaka",
    "Garcia",
    "Novak",
    "Larsen",
    "Rossi",
    "Dubois",
    "Walker",
    "Kumar",
    "Silva",
    "Weber",
)
BRANDS_ZH, BRANDS_EN = (
    ("云帆", "恒信", "明远", "启航", "博雅", "天和", "华盛", "蓝湖", "星河", "远景"),
    ("North", "Blue", "Clear", "Bright", "Swift", "Prime"),
)
TRADES_ZH, TRADES_EN = (
    ("软件", "物流", "教育", "医疗", "零售", "制造"),
    ("Labs", "Works", "Freight", "Health", "Foods", "Cloud"),
)
TITLES = ("Head of operations", "CTO", "采购经理", "财务总监", "Product owner", "运营主管")
NOW = datetime.now(UTC)


def company(number: int) -> str:
    """Return the name of an account, every other one in Chinese."""
    if number % 2:
        return f"{BRANDS_EN[number % 6]} {TRADES_EN[number // 6 % 6]} {number}"
    return f"{BRANDS_ZH[number % 10]}{TRADES_ZH[number // 10 % 6]}{number}有限公司"


def person(number: int) -> str:
    """Return the name of a contact, every other one in Chinese."""
    if number % 2:
        return f"{FIRST_EN[number // 2 % 16]} {FAMILY_EN[number // 32 % 13]}"
    return f"{FAMILY_ZH[number // 2 % 20]}{FIRST_ZH[number // 40 % 25]}{FIRST_ZH[number // 1000 % 25]}"


def since(number: int) -> datetime:
    """Return a moment within the last two years, in no order."""
    return NOW - timedelta(seconds=number * 7_919 % 63_000_000, milliseconds=number)


def accounts(first: int, last: int, owners: list[int]) -> Iterator[Any]:
    """Give accounts that are not saved; their keys are their numbers, from 1 on."""
    from proofline.records.models import Account  # noqa: PLC0415 - needs Django

    for number in range(first, last):
        yield Account(
            id=number,
            name=company(number),
            domain=f"company{number}.example",
            sector=SECTORS[number % len(SECTORS)],
            employees=number % 900 + 3,
            location=CITIES[number // 8 % len(CITIES)],
            owner_id=owners[number % len(owners)],
            created_at=since(number),
            changed_at=since(number * 3),
            unmatched=False,
        )


def contacts(first: int, last: int, owners: list[int]) -> Iterator[Any]:
    """Give contacts that are not saved, ten of an account, as their account's owner's."""
    from proofline.records.models import Contact  # noqa: PLC0415 - needs Django

    for number in range(first, last):
        account = (number - 1) // A_COMPANY + 1
        yield Contact(
            id=number,
            name=person(number),
            email=f"person{number}@company{account}.example",
            phone=f"138{number:08}",
            title=TITLES[number % len(TITLES)],
            account_id=account,
            owner_id=owners[account % len(owners)],
            created_at=since(number),
            changed_at=since(number * 3),
            unmatched=False,
        )


def deals(first: int, last: int, owners: list[int], stages: list[int]) -> Iterator[Any]:
    """Give deals that are not saved, one of an account."""
    from proofline.stages.closing.models import Deal  # noqa: PLC0415 - needs Django

    for number in range(first, last):
        yield Deal(
            id=number,
            name=f"{company(number)} · {number % 90 + 10}",
            account_id=number,
            owner_id=owners[number % len(owners)],
            stage_id=stages[number // OPEN % len(stages)],
            amount=Decimal(number % 500 * 1000 + 5000),
            currency="CNY",
            sector=SECTORS[number % len(SECTORS)],
            expected_close=(NOW + timedelta(days=number % 120)).date(),
            opened_at=since(number),
            stage_since=NOW - timedelta(days=number % 60),
            changed_at=since(number * 3),
        )


def closed(first: int, last: int, model: Any, remainders: set[int], **values: Any) -> Iterator[Any]:
    """Give the outcomes of the deals whose numbers leave such a remainder."""
    for number in range(first, last):
        if number % OPEN in remainders:
            yield model(deal_id=number, at=since(number * 5), **values)


def fill(size: int) -> dict[str, Any]:
    """Make everything; return the keys that pages are asked with."""
    from django.db import connection  # noqa: PLC0415 - needs Django
    from django.utils import timezone  # noqa: PLC0415 - as above

    from proofline.kit.search import rebuilding, registered  # noqa: PLC0415 - as above
    from proofline.records import likeness  # noqa: PLC0415 - as above
    from proofline.records.models import Account, ApiToken, Contact, User  # noqa: PLC0415 - as above
    from proofline.records.models.duplicates import MatchKey  # noqa: PLC0415 - as above
    from proofline.stages.closing.models import Deal, DealStage, Loss, Win  # noqa: PLC0415 - as above

    admin = User.objects.add(name="Mona Weber", role="administrator", email="mona@bench.example", password="a long one")  # noqa: S106 - of a store that is thrown away
    owners = [
        User.objects.add(name=person(one), role="sales", email=f"seller{one}@bench.example").pk for one in range(PEOPLE)
    ]
    stages = [stage.pk for stage in DealStage.objects.ladder()]
    for first in range(1, size // A_COMPANY + 1, AT_ONCE):
        last = min(first + AT_ONCE, size // A_COMPANY + 1)
        made = Account.objects.bulk_create(accounts(first, last, owners))
        MatchKey.objects.add(
            "accounts", {one.pk: likeness.keys_of("accounts", likeness.values_of(one)) for one in made}
        )
        Deal.objects.bulk_create(deals(first, last, owners, stages))
        Win.objects.bulk_create(closed(first, last, Win, {1, 2}, currency="CNY", amount=Decimal(90_000)))
        Loss.objects.bulk_create(closed(first, last, Loss, {3, 4}))
    for first in range(1, size + 1, AT_ONCE):
        last = min(first + AT_ONCE, size + 1)
        of = {
            one.pk: one
            for one in Account.objects.filter(pk__range=((first - 1) // A_COMPANY + 1, last // A_COMPANY + 1))
        }
        made = Contact.objects.bulk_create(contacts(first, last, owners))
        for one in made:
            one.account = of[one.account_id]
        MatchKey.objects.add(
            "contacts", {one.pk: likeness.keys_of("contacts", likeness.values_of(one)) for one in made}
        )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # keys were given; what is added next counts on from there
            for model in (Account, Contact, Deal):
                table = model._meta.db_table  # noqa: SLF001 - Django's documented model API
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - our own names
        rebuilding.rebuild(registered(), now=timezone.now())
        rebuilding.tidy()
        cursor.execute("ANALYZE")
    _token, text = ApiToken.issue(user=admin, name="Bench", now=timezone.now())
    return {"session": signed_in(admin), "token": text, "owner": owners[3], "sector": SECTORS[3], "size": size}


def signed_in(user: Any) -> str:
    """Return the key of a session of the user's."""
    from django.test import Client  # noqa: PLC0415 - needs Django

    browser = Client()
    browser.force_login(user)
    return str(browser.cookies["sessionid"].value)


def main() -> int:
    """Fill and say with what."""
    from proofline.config import cli  # noqa: PLC0415 - reads the environment

    cli.open_folder(sys.argv[1])
    print(json.dumps(fill(int(sys.argv[2]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
