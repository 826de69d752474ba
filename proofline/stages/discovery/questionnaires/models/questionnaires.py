"""Questionnaires: a draft that is edited, and versions that never change."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats, search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.records.models import User
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet
from proofline.stages.discovery.questionnaires import content as contents
from proofline.stages.discovery.questionnaires.editing import problems

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Self

    from proofline.stages.discovery.questionnaires.content import Content


class QuestionnaireQuerySet(LibraryQuerySet):
    """Questionnaires: the company's, for everybody to read."""

    def begin(self, *, by: User | None, now: datetime, content: Content, sector: str = "") -> Questionnaire:
        """Begin a questionnaire as a draft.

        Raises:
            ValidationError: it has no title.
        """
        made = Questionnaire(
            draft=contents.plain(content), title=_title_of(content), sector=sector, created_by=by, created_at=now
        )
        with adding(made):
            made.save()
            search.add(made)
        return made

    def published(self) -> Self:
        """Keep those that can be sent."""
        return self.filter(versions__isnull=False, retirement=None).distinct()

    def with_state(self) -> Self:
        """Read `number` and `is_retired` along, for lists."""
        versions = Version.objects.filter(questionnaire=OuterRef("pk")).order_by("-number")
        retired = Exists(Retirement.objects.filter(questionnaire=OuterRef("pk")))
        return self.annotate(number=Subquery(versions.values("number")[:1]), is_retired=retired)


class Questionnaire(LibraryItem):
    """What we ask customers. `draft` is edited; what is sent is the newest `Version`."""

    write_area = "discovery"

    title = models.CharField(_("title"), max_length=200, editable=False)
    """As the draft's first language has it."""
    sector = models.CharField(_("industry"), max_length=120, blank=True)
    draft = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(_("begun on"), editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects: ClassVar[Any] = QuestionnaireQuerySet.as_manager()

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """Its title in the language of the page, where the draft has one."""
        titles: dict[str, str] = self.draft.get("title", {})
        return titles.get("zh-hans" if formats.is_chinese() else "en") or self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("discovery:questionnaire", self.pk)

    @property
    def content(self) -> Content:
        """The draft."""
        return contents.read(self.draft)

    @cached_property
    def newest(self) -> Version | None:
        """The version that is sent now; None before the first."""
        version: Version | None = self.versions.order_by("-number").first()
        return version

    @cached_property
    def number(self) -> int | None:
        """The number of the newest version."""
        return self.newest.number if self.newest else None

    @cached_property
    def is_retired(self) -> bool:
        """Whether it is sent no more."""
        return Retirement.objects.filter(questionnaire=self).exists()

    @property
    def is_ahead(self) -> bool:
        """Whether the draft says something that the newest version does not."""
        return self.newest is None or self.newest.content_json != self.draft

    def edit(self, change: Callable[[Content], Content], *, by: User | None, now: datetime) -> Content:
        """Change the draft as it is now, one editor after another; versions stay as they are.

        Raises:
            ValidationError: the change can't be made, or leaves what can't be kept.
        """
        with transaction.atomic():
            kept = Questionnaire.objects.select_for_update().get(pk=self.pk)
            content = contents.read(contents.plain(change(kept.content)))
            kept.change(by=by, now=now, draft=contents.plain(content), title=_title_of(content))
        self.draft, self.title, self.changed_at = kept.draft, kept.title, kept.changed_at
        return content

    def publish(self, *, by: User | None, now: datetime) -> Version:
        """Make the draft a version; the same draft again is the version that is there.

        Raises:
            ValidationError: something keeps it from being asked.
        """
        with transaction.atomic():
            kept = Questionnaire.objects.select_for_update().get(pk=self.pk)
            if wrong := problems(kept.content):
                raise ValidationError(wrong)
            newest: Version | None = kept.newest
            if newest is None or newest.content_json != kept.draft:
                number = newest.number + 1 if newest else 1
                newest = Version.objects.create(
                    questionnaire=kept, number=number, content_json=kept.draft, at=now, by=by
                )
        self._forget("newest", "number")
        return newest

    def retire(self, *, by: User | None, now: datetime) -> None:
        """Send it no more; what was answered stays, and links already given stay open."""
        Retirement.objects.get_or_create(questionnaire=self, defaults={"by": by, "at": now})
        self._forget("is_retired")

    def bring_back(self) -> None:
        """Undo `retire`."""
        Retirement.objects.filter(questionnaire=self).delete()
        self._forget("is_retired")

    def _forget(self, *names: str) -> None:
        for name in names:
            self.__dict__.pop(name, None)


class Retirement(models.Model):
    """That a questionnaire is sent no more."""

    questionnaire = models.OneToOneField(Questionnaire, on_delete=models.CASCADE, related_name="retirement")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.at:%Y-%m-%d}"


class Version(models.Model):
    """What a questionnaire asked from some day on. It never changes: answers are read by the version that they were given to."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_json = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_version_once")]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"

    @cached_property
    def content(self) -> Content:
        """What it asks."""
        return contents.read(self.content_json)


def _title_of(content: Content) -> str:
    title = content.say(content.title, content.languages[0]).strip()
    if not title:
        raise ValidationError({"title": _("Write a title.")})
    return title[:200]
