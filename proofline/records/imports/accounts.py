"""Accounts from tables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.kit.imports import values
from proofline.kit.imports.keeping import Entry, Outcome
from proofline.kit.imports.kinds import Field, Kind
from proofline.records.imports.keeping import ACCOUNT_NAMES, OWNER_NAMES, RecordKeeper, changed_fields
from proofline.records.imports.matched import MatchedKeeper
from proofline.records.models import Account

MILLION = 1_000_000


class AccountKeeper(MatchedKeeper[Account]):
    """Keeps rows as accounts: found again by the source's id, else by name."""

    model = Account
    keys = ("external_id", "name")
    choosable = ("domain",)
    lists = ("account", "user")
    noun = "account"

    def apply(self, record: Account, entry: Entry) -> None:
        """Put the values on the account; a revenue in full becomes one in millions."""
        if "annual_revenue" in entry.values:
            full = entry.values.pop("annual_revenue")
            entry.values.setdefault("revenue", values.cents(full / MILLION))
        super().apply(record, entry)

    def make(self, entry: Entry) -> Account:
        """Return a new account."""
        account = super().make(entry)
        account.created_at = self.now
        account.owner_id = account.owner_id or self.default_owner
        return account

    def learn(self, entries: list[Entry]) -> None:
        """Let later rows name these accounts as what they are part of."""
        super().learn(entries)
        for entry in entries:
            self.known["account"].add(entry.record.name, entry.record.pk or -entry.number)

    def after_create(self, entries: list[Entry]) -> None:
        """Record `account.created`."""
        self.tell("account.created", entries, self._told)

    def after_update(self, entries: list[Entry]) -> None:
        """Record `account.changed`."""
        super().after_update(entries)
        self.tell("account.changed", entries, self._told)

    def about(self, record: Account) -> dict[str, Any]:
        """Return whom a fact is about."""
        return super().about(record) | {"account": record.pk}

    def _told(self, entry: Entry) -> dict[str, Any]:
        account: Account = entry.record
        owner = self.users.get(account.owner_id or 0)
        properties = {"name": account.name, "sector": account.sector, "owner": str(owner or "")}
        return {
            "account": account.pk,
            "subject": ("account", account.pk),
            "properties": properties | {"fields": changed_fields(entry)},
        }


def introduce_accounts(keeper: RecordKeeper[Any], named: list[tuple[str, int]], *, dry_run: bool) -> list[Entry]:
    """Add accounts that rows of another kind name, and make them known to it; a name that can't be one is left out."""
    accounts = AccountKeeper(keeper.by, keeper.now)
    entries = list[Entry]()
    for name, row in named:
        entry = Entry(row, {"name": name}, {}, outcome=Outcome.CREATED)
        entry.record = accounts.make(entry)
        try:
            accounts.check(entry.record)
        except ValidationError:
            continue
        entries.append(entry)
    if not dry_run:
        accounts.write(entries)
    for entry in entries:
        keeper.known["account"].add(entry.record.name, entry.record.pk or -entry.number)
    return entries


ACCOUNTS = Kind(
    name="accounts",
    label=_("Accounts"),
    keeper=AccountKeeper,
    fields=(
        Field(
            name="external_id",
            label=_("id in the source"),
            aliases=(
                "account id",
                "company id",
                "customer id",
                "record id",
                "id",
                "客户编号",
                "客户id",
                "公司编号",
                "编号",
            ),
        ),
        Field(
            name="name",
            label=_("name"),
            required=True,
            aliases=(*ACCOUNT_NAMES, "organization", "organisation", "名称"),
        ),
        Field(
            name="domain",
            label=_("website domain"),
            read=values.domain,
            aliases=("company domain name", "website", "website url", "web", "url", "网站", "网址", "域名", "官网"),
        ),
        Field(name="sector", label=_("industry"), aliases=("industry", "行业", "所属行业", "行业类型")),
        Field(
            name="employees",
            label=_("employees"),
            read=values.whole,
            aliases=("number of employees", "headcount", "员工数", "员工人数", "人数", "公司规模", "人员规模"),
        ),
        Field(
            name="revenue",
            label=_("yearly revenue, millions"),
            read=values.money,
            aliases=("revenue millions", "revenue in millions", "年营收百万", "营收百万"),
        ),
        Field(
            name="annual_revenue",
            label=_("yearly revenue"),
            read=values.money,
            aliases=("annual revenue", "年收入", "年营收", "营业收入"),
        ),
        Field(
            name="founded",
            label=_("founded in"),
            read=values.year,
            aliases=("year established", "year founded", "founded year", "established", "成立年份", "成立时间"),
        ),
        Field(
            name="location",
            label=_("location"),
            aliases=(
                "office location",
                "country",
                "country region",
                "billing country",
                "headquarters",
                "headquarters location",
                "region",
                "所在地",
                "国家",
                "地区",
                "城市",
                "地址",
            ),
        ),
        Field(
            name="parent",
            label=_("part of"),
            known="account",
            itself=True,
            aliases=("subsidiary of", "parent account", "parent company", "parent", "母公司", "上级客户", "上级公司"),
        ),
        Field(
            name="owner",
            label=_("owner"),
            known="user",
            aliases=("account owner", "company owner", "客户负责人", *OWNER_NAMES),
        ),
    ),
)
