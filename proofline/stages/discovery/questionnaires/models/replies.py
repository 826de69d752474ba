"""Replies: what one person answered to one version of a questionnaire, saved answer by answer, handed in once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.kit.links import LinkTokenField
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact
from proofline.records.models.files import check, clean_name, type_of
from proofline.stages.discovery.models.studies import Study
from proofline.stages.discovery.questionnaires.answers import complete, in_words, is_scored, score
from proofline.stages.discovery.questionnaires.branching import shown
from proofline.stages.discovery.questionnaires.content import LANGUAGES
from proofline.stages.discovery.questionnaires.models.answers import Answer, AnswerFile, Submission
from proofline.stages.discovery.questionnaires.models.links import QuestionnaireLink
from proofline.stages.discovery.questionnaires.models.questionnaires import Version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Self

    from django.core.files.uploadedfile import UploadedFile

    from proofline.stages.discovery.questionnaires.content import Band, Content, Question
    from proofline.timeline.traces import Traces

MOST_FILES = 20
"""Of one reply, so that nobody fills the disk through a link."""


class SubmittedError(Exception):
    """The reply was handed in, so it no longer changes."""


class StaleVersionError(Exception):
    """The page was of a version that this link does not lead to."""


class ReplyQuerySet(VisibleQuerySet):
    """Replies."""

    def begin(
        self, link: QuestionnaireLink, *, version: Version, now: datetime, language: str, token: str = ""
    ) -> Reply:
        """Return the one reply of a private link, begun now if it was not; of a public link a new one.

        `version` is the one that the person has before them: it stays theirs whatever is published meanwhile.
        """
        if version.questionnaire_id != link.questionnaire_id:
            raise StaleVersionError
        first = {
            "link": link,
            "version": version,
            "study": link.study,
            "contact": link.contact,
            "language": language,
            "begun_at": now,
            "changed_at": now,
        }
        if link.is_public:
            return self.create(**first, **({"token": token} if token else {}))  # type: ignore[no-any-return]
        with transaction.atomic():
            reply, is_new = self.get_or_create(token=link.token, defaults=first)
            if is_new:
                link.tell("questionnaire.begun", by=None, at=now, key=f"questionnaire.begun:{reply.pk}")
        return reply  # type: ignore[no-any-return]

    def submitted(self) -> Self:
        """Keep what was handed in."""
        return self.filter(submission__isnull=False)

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of who answered and of what they wrote; return how many rows changed."""
        forgotten = 0
        for reply in self.filter(traces.may_stand_in("name", "email")).iterator(chunk_size=500):
            left = {name: traces.redacted(getattr(reply, name)) for name in ("name", "email")}
            if left != {"name": reply.name, "email": reply.email}:
                forgotten += self.filter(pk=reply.pk).update(**left)
        for answer in Answer.objects.filter(traces.may_stand_in("text")).iterator(chunk_size=500):
            value = traces.redacted(answer.value)
            if value != answer.value:
                forgotten += Answer.objects.filter(pk=answer.pk).update(value=value, text=traces.redacted(answer.text))
        for kept in AnswerFile.objects.filter(traces.may_stand_in("name")).iterator(chunk_size=500):
            if (left_name := traces.redacted(kept.name)) != kept.name:
                forgotten += AnswerFile.objects.filter(pk=kept.pk).update(name=left_name)
        return forgotten


class Reply(Visible):
    """What one person answers. Its token is its address: of a private link the link's own."""

    write_area = "discovery"
    owner_paths = ("link__owner", "study__owner", "study__account__owner")

    link = models.ForeignKey(QuestionnaireLink, on_delete=models.CASCADE, related_name="replies")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="replies")
    study = models.ForeignKey(Study, on_delete=models.SET_NULL, null=True, blank=True, related_name="replies")
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    """What who answers a public link says of themselves."""
    language = models.CharField(_("language"), max_length=10, choices=list(LANGUAGES.items()))
    token = LinkTokenField()
    begun_at = models.DateTimeField(_("begun on"))
    changed_at = models.DateTimeField(_("last answer"))

    objects = ReplyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["study", "-id"], name="reply_study"),
            models.Index(fields=["link", "-id"], name="reply_link"),
            models.Index(fields=["-begun_at"], name="reply_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.version.questionnaire} · {self.who}"

    def get_absolute_url(self) -> str:
        """Return the address at which we read it."""
        return record_address("discovery:reply", self.pk)

    @property
    def public_path(self) -> str:
        """The path at which it is answered, on any device."""
        return reverse("discovery:questionnaire_public", args=[self.token])

    @property
    def who(self) -> str:
        """Who answered, as far as we know."""
        return str(self.contact or self.name or self.email or gettext("Somebody"))

    @property
    def content(self) -> Content:
        """What was asked."""
        content: Content = self.version.content
        return content

    @property
    def is_submitted(self) -> bool:
        """Whether it was handed in."""
        return hasattr(self, "submission")

    @cached_property
    def rows(self) -> dict[str, Answer]:
        """The answers as rows, by question."""
        return {answer.question: answer for answer in self.answers.all()}

    @property
    def values(self) -> dict[str, Any]:
        """The answers, by question; also those to questions that are not asked any more."""
        return {key: answer.value for key, answer in self.rows.items()}

    @property
    def asked(self) -> dict[str, Question]:
        """The questions that are asked, given the answers so far."""
        return shown(self.content, self.values)

    @property
    def open_questions(self) -> list[Question]:
        """Required questions that are not answered yet."""
        values = self.values
        return [q for key, q in self.asked.items() if q.required and not complete(q, values.get(key))]

    @property
    def score(self) -> int | None:
        """The points so far; None where nothing counts."""
        return score(self.asked, self.values) if is_scored(self.content) else None

    @property
    def band(self) -> Band | None:
        """What the points mean."""
        points = self.score
        bands = sorted(self.content.bands, key=lambda band: band.least, reverse=True)
        return next((band for band in bands if points is not None and band.least <= points), None)

    def save_answers(self, values: Mapping[str, Any], *, now: datetime) -> None:
        """Keep answers, already checked; None takes one back. Of two devices the later one counts, question by question.

        Raises:
            SubmittedError: it was handed in.
        """
        with transaction.atomic():
            self._require_open()
            for key, value in values.items():
                if value is None:
                    self.answers.filter(question=key).delete()
                    continue
                question = self.content.question(key)
                text = in_words(self.content, question, value, self.language) if question else ""
                self.answers.update_or_create(question=key, defaults={"value": value, "text": text[:10_000], "at": now})
            self._touch(now)

    def keep_file(self, question: str, upload: UploadedFile[Any], *, now: datetime) -> AnswerFile:
        """Keep a file as the answer to a question, in the place of the one before.

        Raises:
            SubmittedError: it was handed in.
            ValidationError: the file is too large, of a type that is not taken, or one too many.
        """
        name = clean_name(upload.name or "")
        check(name, upload.size or 0)
        with transaction.atomic():
            self._require_open()
            before = list(self.files.filter(question=question))
            if self.files.count() - len(before) >= MOST_FILES:
                raise ValidationError({"file": _("There are too many files already.")})
            self._drop(before)
            kept = AnswerFile(reply=self, question=question, name=name, size=upload.size or 0, at=now)
            kept.type = type_of(name, upload)
            kept.file = upload
            kept.save()
            self.answers.update_or_create(question=question, defaults={"value": name, "text": name, "at": now})
            self._touch(now)
        return kept

    def drop_file(self, question: str, *, now: datetime) -> None:
        """Take the file of a question back.

        Raises:
            SubmittedError: it was handed in.
        """
        with transaction.atomic():
            self._require_open()
            self._drop(list(self.files.filter(question=question)))
            self.answers.filter(question=question).delete()
            self._touch(now)

    def introduce(self, *, name: str, email: str) -> None:
        """Note what who answers says of themselves.

        Raises:
            SubmittedError: it was handed in.
        """
        self._require_open()
        self.name, self.email = name, email
        self.save(update_fields=["name", "email"])

    def place(self, study: Study, *, contact: Contact | None = None) -> None:
        """Let the reply belong to a study, so that its answers can become needs.

        Raises:
            ValidationError: it belongs to another one.
        """
        if self.study_id and self.study_id != study.pk:
            raise ValidationError({"study": _("These answers belong to another discovery already.")})
        self.study, self.contact = study, contact or self.contact
        self.full_clean()
        self.save(update_fields=["study", "contact"])

    def _require_open(self) -> None:
        Reply.objects.select_for_update().get(pk=self.pk)  # answers and handing in wait for one another
        if Submission.objects.filter(reply=self).exists():
            raise SubmittedError

    def _touch(self, now: datetime) -> None:
        self.changed_at = now
        self.save(update_fields=["changed_at", "language"])
        self.__dict__.pop("rows", None)
        self._prefetched_objects_cache: dict[str, Any] = {}

    def _drop(self, files: list[AnswerFile]) -> None:
        for kept in files:
            kept.remove()
