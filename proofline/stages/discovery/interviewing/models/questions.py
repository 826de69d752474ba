"""The guide of a talk: questions, from templates, from questionnaires, from earlier talks, and free ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, Max, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from proofline.kit.adding import adding
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User
from proofline.stages.discovery.interviewing.models.interviews import Interview
from proofline.stages.discovery.questionnaires.content import Aspect
from proofline.stages.discovery.questionnaires.models.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.stages.discovery.models.studies import Study

MOST = 200
"""Questions of one talk."""
ORDER = {aspect: place for place, aspect in enumerate(("situation", "pain", "goal", ""))}


class GuideQuestionQuerySet(VisibleQuerySet):
    """Questions of talks."""

    def ask(self, interview: Interview, questions: Iterable[GuideQuestion]) -> list[GuideQuestion]:
        """Put questions at the end of a talk's guide; one that stands there in the same words is left out.

        Raises:
            ValidationError: one has no words, or too many, or the guide would be too long.
        """
        with transaction.atomic():
            interview.lock()
            there = set(interview.questions.values_list("text", flat=True))
            position = interview.questions.aggregate(last=Max("position"))["last"] or 0
            made = []
            for question in questions:
                question.text = " ".join(question.text.split())
                if question.text in there:
                    continue
                position += 1
                question.interview, question.position = interview, position
                with adding(question):
                    question.save()
                there.add(question.text)
                made.append(question)
            if len(there) > MOST:
                raise ValidationError({"text": _("A guide has at most %(most)s questions.") % {"most": MOST}})
        return made

    def carry(self, left: Iterable[GuideQuestion], *, into: Interview) -> int:
        """Ask again in a later talk what an earlier one left open; return how many questions that are."""
        there = {question.text: question for question in into.questions.all()}
        count = 0
        for one in left:
            again = there.get(one.text)
            stood = again is not None
            if again is None:
                again = GuideQuestion(text=one.text, aspect=one.aspect, source=one.source, reply=one.reply)
                self.ask(into, [again])
                there[one.text] = again
            if again.carried_from_id is None:
                again.carried_from, again.stood_before = one, stood
                again.save(update_fields=["carried_from", "stood_before"])
                count += 1
        return count

    def untouched(self) -> Self:
        """Keep what nobody noted anything to, nor crossed off, in talks that have not begun."""
        begun = models.Q(interview__spans__isnull=False) | models.Q(interview__conclusion__isnull=False)
        gone = models.Q(interview__calling_off__isnull=False)
        return self.filter(notes=None, crossing=None).exclude(begun | gone)

    def with_state(self) -> Self:
        """Order as the guide goes, and say of each whether it is answered, crossed off, carried on or open, as `state`."""
        noted = GuideQuestion.objects.filter(notes__text__gt="", notes__removal__isnull=True)
        answered = Exists(noted.filter(pk=OuterRef("pk")))
        crossed = Exists(Crossing.objects.filter(question=OuterRef("pk")))
        carried = Exists(GuideQuestion.objects.filter(carried_from=OuterRef("pk")))
        place = Case(*(When(aspect=aspect, then=Value(number)) for aspect, number in ORDER.items()), default=Value(9))
        return self.annotate(
            state=Case(
                When(answered, then=Value("answered")),
                When(crossed, then=Value("crossed")),
                When(carried, then=Value("carried")),
                default=Value("open"),
                output_field=models.CharField(),
            ),
            place=place,
        ).order_by("place", "position", "pk")

    def left_open(self, study: Study) -> Self:
        """Keep what the talks of a study that are over left open, in their order."""
        over = models.Q(interview__conclusion__isnull=False) | models.Q(interview__calling_off__isnull=False)
        rows = self.with_state().filter(over, interview__study=study, state="open")
        return rows.order_by("interview__planned_at", "interview_id", "place", "position", "pk")


class GuideQuestion(Visible):
    """One question of a talk's guide."""

    write_area = "discovery"
    owner_paths = ("interview__owner", "interview__study__owner", "interview__study__account__owner")
    state: str

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=1000)
    aspect = models.CharField(_("about"), max_length=10, choices=Aspect.choices, blank=True)
    position = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    """The guide or questionnaire that it was taken from; "" for a free one."""
    reply = models.ForeignKey(Reply, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The reply to a questionnaire that left it unanswered."""
    carried_from = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    """The question of an earlier talk that was left open."""
    stood_before = models.BooleanField(default=False)
    """Whether its own talk asked it already when the earlier one left it open, so that it stays if that one takes its own back."""

    objects = GuideQuestionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["interview", "position"], name="guide_question_place")]

    def __str__(self) -> str:
        return self.text

    def cross_off(self, *, by: User | None, now: datetime, reason: str) -> None:
        """Note why it need not be asked any more; it is not carried on.

        Raises:
            ValidationError: there is no reason, or it is too long.
        """
        crossing, _is_new = Crossing.objects.get_or_create(
            question=self, defaults={"by": by, "at": now, "reason": reason[:300]}
        )
        crossing.say(reason, by=by, now=now)

    def let_go(self) -> None:
        """Leave it to the earlier talk that left it open and asks it again; what its own talk asked before stays in its guide."""
        if not self.stood_before:
            self.delete()
            return
        self.carried_from, self.stood_before = None, False
        self.save(update_fields=["carried_from", "stood_before"])

    def put_back(self) -> None:
        """Ask it after all."""
        Crossing.objects.filter(question=self).delete()

    def remove(self) -> None:
        """Take it out of the guide; notes that answered it stay.

        Raises:
            ValidationError: an earlier talk left it open, so it takes a reason to drop it.
        """
        if self.carried_from_id is not None:
            raise ValidationError(
                {"question": _("An earlier talk left this question open. Cross it off, and say why.")}
            )
        self.delete()


class Crossing(models.Model):
    """That a question need not be asked, and why."""

    question = models.OneToOneField(GuideQuestion, on_delete=models.CASCADE, related_name="crossing")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)

    def __str__(self) -> str:
        return self.reason

    def say(self, reason: str, *, by: Any, now: datetime) -> None:
        """Set the reason.

        Raises:
            ValidationError: there is none, or it is too long.
        """
        self.reason, self.by, self.at = reason, by, now
        self.full_clean(exclude=["by", "question"])
        self.save()
