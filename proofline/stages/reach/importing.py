"""Leads from tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Min
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit.bulk import update_many
from proofline.kit.clock import start_of_day
from proofline.kit.imports import values
from proofline.kit.imports.kinds import Field, Kind
from proofline.kit.text import fold
from proofline.records.imports.contacts import PERSON_FIELDS, name_from_parts
from proofline.records.imports.keeping import OWNER_NAMES, changed_fields
from proofline.records.imports.matched import MatchedKeeper
from proofline.stages.reach.models import UTM, Lead, Origin, Qualification, ScoreRule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.kit.imports.keeping import Entry, Key

NOT_ANSWERED = frozenset({"select", "please select", "请选择", "未选择"})


class LeadKeeper(MatchedKeeper[Lead]):
    """Keeps rows as leads: found again by the source's id, else by e-mail, phone, or name within the company.

    A lead that the file calls converted is qualified; history reacts to nothing, so neither account nor deal is made of it.
    """

    model = Lead
    keys = ("external_id", "email", "phone", "name+company")
    folded = frozenset({"name", "company"})
    lists = ("product", "user")
    noun = "lead"
    own_parts = frozenset({"reach.Qualification"})

    def settle(self, values: dict[str, Any]) -> None:
        """Settle id and name; where the file has no id, a number serves."""
        name_from_parts(values)
        if "number" in values:
            values.setdefault("external_id", values["number"])

    def keys_of(self, values: dict[str, Any], *, chosen: str = "") -> list[Key]:
        """Return the keys; the name counts only where it is the one."""
        found = super().keys_of(values, chosen=chosen)
        return found if len(found) == 1 or chosen else [key for key in found if key[0] != "name+company"]

    def records(self, *, without: Iterable[str] = ()) -> Any:
        """Return leads with what became of them."""
        return (
            super()
            .records(without=without)
            .select_related("qualification", "disqualification", "owner__team", "product")
        )

    def find(self, name: str, values: set[Any], *, without: tuple[str, ...]) -> Iterable[Lead]:
        """Find a name within its company."""
        if name != "name+company":
            return super().find(name, values, without=without)
        ids = self.named(Lead.objects.filter(external_id=None), {called for called, _company in values})
        return self.records().filter(pk__in=ids)  # type: ignore[no-any-return]

    def make(self, entry: Entry) -> Lead:
        """Return a new lead; one without a name goes by company, e-mail, phone or id."""
        lead = super().make(entry)
        lead.origin = Origin.IMPORT
        day = entry.values.get("created_on")
        lead.created_at = start_of_day(day, time_zone=self.workspace.time_zone) if day else self.now
        lead.name = lead.name or lead.company or lead.email or lead.phone or f"#{lead.external_id}"[:120]
        lead.owner_id = lead.owner_id or self.default_owner
        return lead

    def apply(self, record: Lead, entry: Entry) -> None:
        """Put the values on the lead; a source gets the spelling under which it is known."""
        if source := entry.values.get("source"):
            entry.values["source"] = self.sources.setdefault(fold(source), source)
        if entry.values.get("number", entry.values.get("external_id")) != entry.values.get("external_id"):
            entry.extra["number"] = entry.values["number"]
        super().apply(record, entry)
        if entry.values.get("converted") and not hasattr(record, "qualification"):
            if hasattr(record, "disqualification"):
                entry.reject(gettext("was turned down here, so it can't be converted"), field_name="converted")
            entry.changed.append("qualification")
        self.score(record)

    def score(self, lead: Lead) -> None:
        """Score the lead by the rules as they are now."""
        lead.clean()
        lead.compute_score(self.rules)

    @cached_property
    def sources(self) -> dict[str, str]:
        """How the sources known so far are spelt, by their folded names."""
        known = Lead.objects.exclude(source="").values_list("source_key").annotate(spelling=Min("source"))
        return dict(known)

    @cached_property
    def rules(self) -> list[ScoreRule]:
        """The rules that score leads, read once."""
        return list(ScoreRule.objects.all())

    def after_create(self, entries: list[Entry]) -> None:
        """Record `lead.created` on the day it came, and qualify converted leads."""
        self._attach(entries)
        self.tell("lead.created", entries, self._created)
        self._qualify(entries)

    def after_update(self, entries: list[Entry]) -> None:
        """Record `lead.changed`, and qualify leads that were converted since."""
        super().after_update(entries)
        self._attach(entries)
        update_many((entry.record, ("score", "grade")) for entry in entries)
        told = [entry for entry in entries if set(entry.changed) - {"qualification"}]
        self.tell("lead.changed", told, self._told)
        self._qualify([entry for entry in entries if "qualification" in entry.changed])

    def _qualify(self, entries: list[Entry]) -> None:
        converted = [entry for entry in entries if entry.values.get("converted")]
        Qualification.objects.bulk_create(
            Qualification(lead=entry.record, by=self.by, at=self._converted_at(entry)) for entry in converted
        )
        self.tell("lead.qualified", converted, self._qualified)

    def _converted_at(self, entry: Entry) -> Any:
        day = entry.values.get("converted_on")
        return start_of_day(day, time_zone=self.workspace.time_zone) if day else max(self.now, entry.record.created_at)

    def _attach(self, entries: list[Entry]) -> None:
        """Give the leads their owners and products as read before, so that facts need no query for each."""
        for entry in entries:
            lead: Lead = entry.record
            lead.owner = self.users.get(lead.owner_id or 0)
            lead.product = self.products.get(lead.product_id or 0)

    def state_of(self, entry: Entry) -> str:
        """Return that a row qualified the lead."""
        return "qualified" if entry.values.get("converted") and "qualification" in entry.changed else ""

    def states(self, ids: list[int]) -> dict[int, str]:
        """Return which leads are qualified."""
        return dict.fromkeys(Lead.objects.filter(pk__in=ids).qualified().values_list("pk", flat=True), "qualified")

    def about(self, record: Lead) -> dict[str, Any]:
        """Return whom a fact is about, with its slices."""
        return {"contact": record.contact_id, "subject": ("lead", record.pk), "properties": record.fact_properties()}

    def _told(self, entry: Entry) -> dict[str, Any]:
        lead: Lead = entry.record
        return {
            "contact": lead.contact_id,
            "subject": ("lead", lead.pk),
            "properties": lead.fact_properties() | {"fields": changed_fields(entry)},
        }

    def _created(self, entry: Entry) -> dict[str, Any]:
        lead: Lead = entry.record
        told = self._told(entry) | {"at": lead.created_at, "key": f"lead.created:{lead.pk}"}
        return told | {"properties": lead.fact_properties() | {"origin": lead.origin}}

    def _qualified(self, entry: Entry) -> dict[str, Any]:
        lead: Lead = entry.record
        told = self._told(entry) | {"at": self._converted_at(entry), "key": f"lead.qualified:{lead.pk}"}
        return told | {"properties": lead.fact_properties() | {"open_deal": False}}


LEADS = Kind(
    name="leads",
    label=_("Leads"),
    keeper=LeadKeeper,
    blanks=NOT_ANSWERED,
    any_of=(("external_id", "number", "email", "phone", "name", "first_name", "last_name"),),
    fields=(
        Field(
            name="external_id",
            label=_("id in the source"),
            aliases=("prospect id", "lead id", "record id", "id", "线索编号", "线索id", "编号"),
        ),
        Field(name="number", label=_("number"), aliases=("lead number", "线索号")),
        *PERSON_FIELDS,
        Field(
            name="company",
            label=_("company"),
            aliases=("company name", "account name", "organization", "公司", "公司名称", "企业名称", "单位"),
        ),
        Field(name="sector", label=_("industry"), aliases=("industry", "specialization", "行业", "所属行业")),
        Field(
            name="employees",
            label=_("employees"),
            read=values.whole,
            aliases=("number of employees", "no of employees", "员工数", "员工人数", "人数"),
        ),
        Field(
            name="location", label=_("location"), aliases=("country", "country region", "国家", "地区", "城市", "city")
        ),
        Field(
            name="message",
            label=_("message"),
            read=values.text,
            aliases=("comments", "description", "留言", "备注", "描述"),
        ),
        Field(name="product", label=_("product"), known="product", aliases=("product interest", "产品", "意向产品")),
        Field(
            name="source",
            label=_("source"),
            aliases=("lead source", "original source", "latest source", "来源", "线索来源", "渠道"),
        ),
        *(Field(name=name, label=name) for name in UTM),
        Field(
            name="visits",
            label=_("visits"),
            read=values.whole,
            aliases=("total visits", "number of sessions", "访问次数", "访问量"),
        ),
        Field(
            name="seconds_on_site",
            label=_("seconds on the website"),
            read=values.whole,
            aliases=("total time spent on website", "time on site", "停留时间", "停留秒数"),
        ),
        Field(
            name="converted",
            label=_("converted"),
            read=values.yes,
            aliases=("is converted", "已转化", "是否转化", "已转换", "转化"),
        ),
        Field(
            name="converted_on",
            label=_("converted on"),
            read=values.day,
            aliases=("converted date", "conversion date", "转化日期", "转化时间"),
        ),
        Field(
            name="created_on",
            label=_("came on"),
            read=values.day,
            aliases=("created date", "create date", "created at", "created", "date", "创建日期", "创建时间"),
        ),
        Field(name="owner", label=_("owner"), known="user", aliases=("lead owner", "contact owner", *OWNER_NAMES)),
    ),
)

KINDS = (LEADS,)
