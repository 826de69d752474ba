"""Planning a talk: what earlier talks left open is asked in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.kit import formats, search
from proofline.kit.adding import adding
from proofline.stages.discovery.interviewing.models.carrying import carry_open_questions
from proofline.stages.discovery.interviewing.models.interviews import LONGEST_TITLE, Interview

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.records.models import Contact, User
    from proofline.stages.discovery.models.studies import Study


def plan(
    study: Study,
    *,
    by: User | None,
    now: datetime,
    people: Iterable[Contact] = (),
    team: Iterable[User] = (),
    **fields: Any,
) -> Interview:
    """Plan a talk and record it.

    `minutes` is its planned length, half an hour unless told otherwise. Without `title` it is called after whom we talk to, without `planned_at` it is now, without `owner` who plans it leads it.

    Raises:
        ValidationError: a field is not valid, or a person is another customer's.
    """
    people, team = list(people), list(team)
    title = fields.pop("title", "") or formats.listed(map(str, people)) or study.account.name
    given = {"planned_at": now, "owner": by} | {name: value for name, value in fields.items() if value is not None}
    interview = Interview(study=study, title=title[:LONGEST_TITLE], created_at=now, **given)
    interview.check_people(people)
    with adding(interview):
        interview.save()
        interview.people.set(people)
        interview.team.set(team)
        search.add(interview)
        carry_open_questions(study, into=interview)
        interview.tell(
            "interview.planned", by=by, at=now, planned_at=interview.planned_at.isoformat(), minutes=interview.minutes
        )
    return interview
