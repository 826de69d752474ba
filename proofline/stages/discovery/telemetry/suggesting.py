"""From what stands out in an account's use to a need with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.insight.habits import WEEKS, Finding, findings
from proofline.kit import formats
from proofline.records.models import Pain
from proofline.stages.discovery.models import Need
from proofline.stages.reach.models import SignalRule
from proofline.timeline.store import StoreError

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.models import Study

ICONS = {"repeated": "repeat", "broken_off": "walk", "gone_wrong": "alert-triangle", "unused": "eye-off"}
LONGEST = 500


@dataclass(frozen=True)
class SuggestedNeed:
    """A finding in words, and what the customer may need because of it."""

    finding: Finding
    need: str
    evidence: str
    pain: Pain | None
    noted: Need | None
    """The need of the study that was noted from it."""

    @property
    def key(self) -> str:
        """What names it within the study."""
        return self.finding.key

    @property
    def icon(self) -> str:
        """The picture of its sort."""
        return ICONS[self.finding.sort]

    @property
    def sort(self) -> str:
        """Its sort, in words."""
        return sort_text(self.finding)


def suggested(study: Study, *, now: datetime) -> list[SuggestedNeed]:
    """Return what the account's use suggests, in words.

    Raises:
        StoreError: the store does not answer.
    """
    found = findings(study.account, now=now)
    rules = {rule.event: rule for rule in SignalRule.objects.active().select_related("pain").order_by("-pk")}
    pains = _pains({one.feature for one in found if one.feature})
    noted = {need.telemetry: need for need in study.needs.exclude(telemetry="")}
    made = []
    for one in found:
        rule = rules.get(one.what)
        pain = (rule.pain if rule else None) or pains.get(one.feature)
        text = rule.need if rule else need_text(one)
        made.append(SuggestedNeed(one, text, evidence_text(one), pain, noted.get(one.key)))
    return made


def read(study: Study, *, now: datetime) -> list[SuggestedNeed] | None:
    """Return the same; None while the store does not answer."""
    try:
        return suggested(study, now=now)
    except StoreError:
        return None


def note(study: Study, key: str, *, by: User, now: datetime) -> Need | None:
    """Note the need that a finding suggests, with its evidence; once. None where there is no such finding any more.

    Raises:
        StoreError: the store does not answer.
    """
    one = next((one for one in suggested(study, now=now) if one.key == key), None)
    if one is None or one.noted is not None:
        return one.noted if one else None
    return Need.objects.record(
        by=by, now=now, study=study, text=one.need[:LONGEST], pain=one.pain, evidence=one.evidence, telemetry=one.key
    )


def _pains(features: set[str]) -> dict[str, Pain]:
    rows = (
        Pain.objects.filter(modules__feature_key__in=features).order_by("-pk").values_list("modules__feature_key", "pk")
    )
    known = dict(rows)
    by_pk = Pain.objects.in_bulk(known.values())
    return {feature: by_pk[pk] for feature, pk in known.items()}


def sort_text(one: Finding) -> str:
    """Say what sort of finding it is."""
    return {
        "repeated": _("Done again and again"),
        "broken_off": _("Broken off"),
        "gone_wrong": _("Goes wrong"),
        "unused": _("Not used"),
    }[one.sort]


def need_text(one: Finding) -> str:
    """Say what may be needed."""
    values = {"what": one.what}
    return {
        "repeated": _("“%(what)s” takes work again and again: may need it to happen by itself"),
        "broken_off": _("People do not get to the end of “%(what)s”: may need a simpler way or help"),
        "gone_wrong": _("“%(what)s” happens too often: may need it to work without trouble"),
        "unused": _("Does not use “%(what)s”, as others like them do: may not know what it is good for"),
    }[one.sort] % values


def evidence_text(one: Finding) -> str:
    """Say what was seen, beside accounts like it."""
    values = {
        "what": one.what,
        "weeks": WEEKS,
        "share": _share(one) if one.share is not None else "",
        "people": ngettext("%(count)s person", "%(count)s people", one.people) % {"count": formats.number(one.people)},
        "times": ngettext("%(count)s time", "%(count)s times", one.times) % {"count": formats.number(one.times)},
    }
    seen = {
        "repeated": _("“%(what)s”: %(times)s in %(weeks)s weeks by %(people)s, %(share)s a week for each"),
        "broken_off": _("“%(what)s”: begun %(times)s in %(weeks)s weeks by %(people)s, %(share)s came to an end"),
        "gone_wrong": _("“%(what)s”: %(times)s in %(weeks)s weeks, seen by %(people)s"),
        "unused": _("“%(what)s”: not used in %(weeks)s weeks; %(share)s of accounts like this one use it"),
    }[one.sort] % values
    if one.peers is None:
        return seen
    return _("%(seen)s; accounts like this one: %(peers)s") % {"seen": seen, "peers": _number(one, one.peers)}


def _share(one: Finding) -> str:
    return _number(one, one.share or 0)


def _number(one: Finding, value: float) -> str:
    if one.sort in {"broken_off", "unused"}:
        return formats.percent(value)
    return formats.number(round(value, 1))
