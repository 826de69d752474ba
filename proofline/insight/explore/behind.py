"""Who is behind a number of an answer: their names as far as the viewer may see them, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.insight.explore import answering, wording
from proofline.insight.explore.pictures import between, lifecycle, retention
from proofline.insight.explore.told import Trouble
from proofline.insight.scope import audience_of
from proofline.records.behaviour import ERASES
from proofline.records.models import Account, Contact
from proofline.timeline import query
from proofline.timeline.models import Person, PersonKey
from proofline.timeline.query import Question, QuestionError
from proofline.timeline.query.analyses.between import BINS
from proofline.timeline.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from proofline.insight.explore.asked import Asked
    from proofline.records.models import User

A_PAGE = 50
LONGEST_ID = 18
NAMING = (PersonKey.Kind.EMAIL, PersonKey.Kind.USER)
"""By which keys somebody is called who is no contact, the better ones first."""


@dataclass(frozen=True)
class Row:
    """One person: the contact and the account that the viewer may see, else how they are called."""

    name: str
    contact: Contact | None = None
    account: Account | None = None
    url: str = ""
    """Their own page, "" when the viewer may not see it."""

    @property
    def feed(self) -> str:
        """Where what they did is told, "" for nowhere."""
        page = self.contact.get_absolute_url() if self.contact else self.url
        return f"{page}#feed" if page else ""


@dataclass(frozen=True)
class Shown:
    """A page of people with the addresses of the first and the next page, or why there is none."""

    title: str = ""
    rows: list[Row] = field(default_factory=list)
    newer: str = ""
    older: str = ""
    trouble: Trouble | None = None


def shown(asked: Asked, *, at: str, after: str, user: User) -> Shown:
    """Return a page of the people behind a cell; `after` is the last person of the page before."""
    start = int(after) if after.isascii() and after.isdigit() and len(after) <= LONGEST_ID else 0
    try:
        question, cell = Question.of(asked.whole), answering.cell(at)
        found = query.people(
            question, at=cell, audience=audience_of(user), zone=answering.zone(), after=start, limit=A_PAGE + 1
        )
    except QuestionError as error:
        return Shown(trouble=Trouble(str(error), error.field))
    except StoreError as error:
        return Shown(trouble=Trouble(str(error)))
    rows = named(found[:A_PAGE], user=user)
    older = asked.url_of("people", at=at, after=str(found[A_PAGE - 1])) if len(found) > A_PAGE else ""
    return Shown(said(asked, cell), rows, asked.url_of("people", at=at) if start else "", older)


def named(people: Sequence[int], *, user: User) -> list[Row]:
    """Return people as the viewer may see them, in the same order."""
    known = {person.pk: person for person in Person.objects.filter(pk__in=people)}
    contacts = seen(Contact, (person.contact_id for person in known.values()), user=user)
    accounts = seen(Account, (person.account_id for person in known.values()), user=user)
    called, sees_strangers = names(people), user.may_write(ERASES)
    rows = []
    for pk in people:
        name = called.get(pk) or _("Visitor %(number)d") % {"number": pk}
        person = known.get(pk)
        contact, account = (
            (contacts.get(person.contact_id), accounts.get(person.account_id)) if person else (None, None)
        )
        is_seen = person is not None and (sees_strangers or contact is not None or account is not None)
        rows.append(Row(name, contact, account, reverse("records:visitor", args=[pk]) if is_seen else ""))
    return rows


def seen(model: type[Any], ids: Iterable[int | None], *, user: User) -> Mapping[int | None, Any]:
    """Return those records by id that the user may see."""
    found: Mapping[int | None, Any] = model.objects.visible_to(user).in_bulk({pk for pk in ids if pk})
    return found


def names(people: Sequence[int]) -> dict[int, str]:
    """Return an e-mail or user id of each person who gave one."""
    keys = PersonKey.objects.filter(person__in=people, kind__in=NAMING).values_list("person_id", "kind", "key")
    ordered = sorted(keys, key=lambda key: (NAMING.index(PersonKey.Kind(key[1])), key[2]), reverse=True)
    return {person: key for person, _kind, key in ordered}


def said(asked: Asked, at: Mapping[str, Any]) -> str:
    """Return in words what the number counts whose people are shown."""
    words = [str(asked.kind.label), *_which(asked, at)]
    if isinstance(at.get("key"), str):
        words.append(at["key"] or _("None given"))
    interval = at.get("interval", at.get("cohort"))
    day = wording.day_of(interval) if interval else None
    if day:
        words.append(wording.moment(day, interval=str(asked.question.get("interval", "day")), zone=answering.zone()))
    return " · ".join([*words, wording.period(asked)])


def _which(asked: Asked, at: Mapping[str, Any]) -> Iterable[str]:
    names = [wording.event(event.get("event")) for event in asked.events]
    place = at.get("step", at.get("event"))
    if isinstance(at.get("source"), str):
        yield f"{at['source']} → {at.get('target')}"
    elif isinstance(place, int) and 0 <= place < len(names):
        yield _("lost before %(name)s") % {"name": names[place]} if at.get("dropped") else names[place]
    else:
        yield " → ".join(names)
    if at.get("state") in lifecycle.STATES:
        yield str(lifecycle.STATES[at["state"]][0])
    if isinstance(at.get("after"), int):
        yield retention.after(at["after"], str(asked.question.get("interval", "day")))
    if isinstance(at.get("active"), int):
        unit = retention.UNITS[str(asked.question.get("interval", "day"))]
        yield _("active on %(days)s") % {"days": wording.duration(f"{at['active']}{unit}")}
    if isinstance(at.get("bin"), int) and 0 <= at["bin"] < len(BINS):
        yield between.named(at["bin"])
