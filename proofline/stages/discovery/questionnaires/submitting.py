"""Handing a reply in, and reading needs from its answers, by rule or by a click."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from proofline.records.models import Pain, Task
from proofline.stages.discovery.models import Need, Reply, Submission, SubmittedError
from proofline.stages.discovery.questionnaires.answers import in_words, needs_of
from proofline.stages.discovery.questionnaires.content import CHOOSING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.models import Answer
    from proofline.stages.discovery.questionnaires.content import Option, Question

LONGEST_NEED = 500
READ_WITHIN = timedelta(days=1)


class UnansweredError(ValidationError):
    """Required questions are open; `questions` are their keys."""

    def __init__(self, questions: list[str]) -> None:
        super().__init__(_("Some questions still need an answer."))
        self.questions = questions


def submit(reply: Reply, *, now: datetime) -> Submission:
    """Hand a reply in: it is told, its owner is asked to read it, and what its options mean becomes needs.

    Raises:
        UnansweredError: a required question is open.
        SubmittedError: it was handed in before.
    """
    with transaction.atomic():
        reply = (
            Reply.objects.select_for_update(of=("self",)).select_related("link", "study", "version").get(pk=reply.pk)
        )
        if reply.is_submitted:
            raise SubmittedError
        if unanswered := reply.open_questions:
            raise UnansweredError([question.key for question in unanswered])
        submission = Submission.objects.create(reply=reply, at=now, score=reply.score)
        _tell(reply, submission, now=now)
        _ask_owner(reply, now=now)
        if reply.study:
            apply_rules(reply, by=None, now=now)
    return submission


def _tell(reply: Reply, submission: Submission, *, now: datetime) -> None:
    properties: dict[str, Any] = {"reply": reply.pk, "who": reply.who, "score": submission.score}
    properties["version"] = reply.version.number
    reply.link.tell("questionnaire.answered", by=None, at=now, key=f"questionnaire.answered:{reply.pk}", **properties)


def _ask_owner(reply: Reply, *, now: datetime) -> None:
    owner = reply.link.owner
    with translation.override((owner and owner.language) or translation.get_language()):
        title = _("%(who)s answered “%(questionnaire)s”: read what they need") % {
            "who": reply.who,
            "questionnaire": reply.version.questionnaire,
        }
    Task.objects.ask(
        key=f"questionnaire.answered:{reply.pk}",
        title=title[:250],
        owner=owner,
        account=reply.study.account if reply.study else None,
        url=reply.get_absolute_url(),
        created_at=now,
        due_at=now + READ_WITHIN,
    )


def meant(reply: Reply) -> Iterator[tuple[Answer, Question, Option]]:
    """Yield the answers whose chosen options mean a need, as the questionnaire says."""
    rows = reply.rows
    for key, question in reply.asked.items():
        answer = rows.get(key)
        for chosen in needs_of(question, answer.value) if answer else ():
            option = question.option(chosen)
            if answer and option and option.need:
                yield answer, question, option


def apply_rules(reply: Reply, *, by: User | None, now: datetime) -> list[Need]:
    """Note the needs that the chosen options mean; one that was noted before stays the only one."""
    pains = Pain.objects.in_bulk(
        {option.need.pain for _a, _q, option in meant(reply) if option.need and option.need.pain}
    )
    made = []
    for answer, _question, option in meant(reply):
        assert option.need is not None
        text = reply.content.say(option.need.text, reply.language)
        pain = pains.get(option.need.pain) if option.need.pain else None
        need, is_new = _note(reply, answer, by=by, now=now, option=option.key, text=text, pain=pain)
        made += [need] if is_new else []
    return made


def note_need(answer: Answer, *, by: User, now: datetime) -> tuple[Need, bool]:
    """Make an answer a need, in its own words; the one that was made of it before is returned.

    Returns the need and whether it is new.

    Raises:
        ValidationError: the reply belongs to no study yet.
    """
    reply = answer.reply
    question = reply.content.question(answer.question)
    text = answer.text
    if question is not None and question.kind in CHOOSING:
        text = f"{reply.content.say(question.text, reply.language)}: {in_words(reply.content, question, answer.value, reply.language)}"
    return _note(reply, answer, by=by, now=now, option="", text=text, pain=None)


def _note(
    reply: Reply, answer: Answer, *, by: User | None, now: datetime, option: str, text: str, pain: Pain | None
) -> tuple[Need, bool]:
    if reply.study is None:
        raise ValidationError({"study": _("Choose the discovery that these answers belong to.")})
    with transaction.atomic():
        Reply.objects.select_for_update().get(pk=reply.pk)  # two clicks make one need
        before: Need | None = Need.objects.filter(answer=answer, answer_option=option).first()
        if before is not None:
            return before, False
        submitted = getattr(reply, "submission", None)
        need: Need = Need.objects.record(
            by=by,
            now=now,
            study=reply.study,
            text=" ".join(text.split())[:LONGEST_NEED],
            pain=pain,
            stated_by=_speaker(reply),
            stated_at=submitted.at if submitted else reply.changed_at,
            answer=answer,
            answer_option=option,
        )
    return need, True


def _speaker(reply: Reply) -> Any:
    """Return who said it, if that is a person of the study's customer."""
    contact, study = reply.contact, reply.study
    return contact if contact and study and contact.account_id in {None, study.account_id} else None
