"""Questions that people keep, for themselves or for everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.kit.addresses import record_address
from proofline.records.models import User
from proofline.records.roles import WRITES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

DAYS_TO_UNDO = timedelta(days=30)
LONGEST = 20_000
"""Characters of a question; one that a person builds has some hundreds."""


class SavedQuestionQuerySet(models.QuerySet["SavedQuestion"]):
    """Questions that were saved."""

    def visible_to(self, user: User) -> Self:
        """Keep the user's own and what others share; what was removed is nobody's."""
        return self.filter(models.Q(owner=user) | models.Q(shared=True), removed_at=None)

    def found(self, pk: int, *, user: User) -> SavedQuestion:
        """Return the question that the user may see.

        Raises:
            Http404: there is none, or it is another's who does not share it.
        """
        try:
            return self.visible_to(user).select_related("owner").get(pk=pk)
        except (SavedQuestion.DoesNotExist, OverflowError):
            raise Http404 from None

    def forget(self, *, people: Collection[int], redacted: Callable[[Any], Any]) -> int:
        """Let no question name these people of the timeline; return how many changed. What asked for them asks for nobody then.

        Args:
            people: their ids.
            redacted: returns JSON without what names them.
        """
        changed = 0
        for saved in self.iterator(chunk_size=500):
            quiet = {"name": redacted(saved.name), "question": redacted(_of_nobody(saved.question, people=people))}
            if quiet != {"name": saved.name, "question": saved.question}:
                changed += self.filter(pk=saved.pk).update(**quiet)
        return changed

    def keep(
        self, *, name: str, kind: str, question: dict[str, Any], by: User, now: datetime, shared: bool = False
    ) -> SavedQuestion:
        """Save a question under a name.

        Raises:
            ValidationError: the name is missing, or the question is too long.
            PermissionDenied: a role that changes nothing can't share.
        """
        saved = SavedQuestion(owner=by, created_at=now, changed_at=now)
        saved.change(by=by, now=now, name=name, kind=kind, question=question, shared=shared)
        return saved


class SavedQuestion(models.Model):
    """A question of *Explore* with a name. `question` is what the address carries in `?q=`, without its kind."""

    name = models.CharField(gettext_lazy("name"), max_length=120)
    kind = models.CharField(gettext_lazy("kind"), max_length=20)
    question = models.JSONField(gettext_lazy("question"), default=dict, blank=True)
    shared = models.BooleanField(gettext_lazy("shared with everybody"), default=False)
    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=gettext_lazy("owner"), db_index=False
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SavedQuestionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-changed_at"], name="saved_question_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that opens it."""
        return record_address("insight:saved", self.pk)

    @property
    def whole(self) -> dict[str, Any]:
        """The question with its kind, as the API takes it."""
        return {**self.question, "kind": self.kind}

    def may_change(self, user: User) -> bool:
        """Tell whether the user may rename, change or remove it: its owner, and for a shared one an administrator."""
        return self.owner_id == user.pk or (self.shared and user.is_administrator)

    def change(self, *, by: User, now: datetime, **values: Any) -> None:
        """Set the fields that are given, check and save.

        Raises:
            PermissionDenied: it is another's, or a role that changes nothing wants to share.
            ValidationError: the name is missing, or the question is too long.
        """
        self.require_change(by)
        if values.get("shared") and not self.shared and not may_share(by):
            raise PermissionDenied(_("Your role keeps questions for itself; ask a colleague to share this one."))
        for name, value in values.items():
            setattr(self, name, value)
        self.changed_at = now
        self.full_clean(exclude=["owner"])
        self.save()

    def clean(self) -> None:
        """Refuse a question that nobody can have built."""
        if len(str(self.question)) > LONGEST:
            raise ValidationError({"question": _("The question is too long to be kept.")})

    def remove(self, *, by: User, now: datetime) -> None:
        """Take it out of the lists; it can be brought back for thirty days.

        Raises:
            PermissionDenied: it is another's.
        """
        self.require_change(by)
        SavedQuestion.objects.filter(owner=self.owner, removed_at__lt=now - DAYS_TO_UNDO).delete()
        self.removed_at = now
        self.save(update_fields=["removed_at"])

    def bring_back(self, *, by: User) -> None:
        """Undo its removal.

        Raises:
            PermissionDenied: it is another's.
        """
        self.require_change(by)
        self.removed_at = None
        self.save(update_fields=["removed_at"])

    def require_change(self, user: User) -> None:
        """Let pass who may change it.

        Raises:
            PermissionDenied: it is a colleague's.
        """
        if not self.may_change(user):
            raise PermissionDenied(_("This question belongs to a colleague; save a copy to change it."))


def _of_nobody(asked: Any, *, people: Collection[int]) -> Any:
    """Return a part of a question that asks for nobody where it asked for these people by their ids."""
    if isinstance(asked, list):
        return [_of_nobody(one, people=people) for one in asked]
    if not isinstance(asked, dict):
        return asked
    if (asked.get("of"), asked.get("name")) == ("person", "id") and "value" in asked:
        given = asked["value"]
        theirs = {str(person) for person in people}
        left = [0 if str(one) in theirs else one for one in (given if isinstance(given, list) else [given])]
        return {**asked, "value": left if isinstance(given, list) else left[0]}
    return {name: _of_nobody(one, people=people) for name, one in asked.items()}


def may_share(user: User) -> bool:
    """Tell whether the user may share a question with everybody: whose role changes anything at all."""
    return user.is_active and bool(WRITES[user.role])
