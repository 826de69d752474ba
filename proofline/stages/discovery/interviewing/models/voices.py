"""Voices of people who are erased: the recording of a talk that only they of the customer were in goes; of others we are told, and decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact
from proofline.stages.discovery.interviewing.models.files import InterviewFile
from proofline.stages.discovery.interviewing.models.interviews import Interview
from proofline.timeline.models import Person, PersonKey

if TYPE_CHECKING:
    from proofline.timeline.traces import Traces


class ErasedVoiceQuerySet(VisibleQuerySet):
    """Recordings in which somebody who is erased may speak."""

    def forget(self, traces: Traces) -> int:
        """Delete recordings of talks that nobody else of the customer was in, and note the others; return how many went."""
        gone = 0
        contacts = _contacts_of(traces)
        talks = Interview.objects.filter(Q(people__in=contacts) | Q(people=None, study__contact__in=contacts))
        recordings = InterviewFile.objects.filter(interview__in=talks, kind=InterviewFile.Kind.RECORDING)
        for recording in recordings.select_related("interview"):
            people = set(recording.interview.people.values_list("pk", flat=True))
            if people and people <= contacts:
                recording.remove()
                gone += 1
            else:
                for person in traces.people:
                    self.get_or_create(recording=recording, person=person)
        return gone


def _contacts_of(traces: Traces) -> set[int]:
    """Return the contacts that somebody is, as long as the timeline knows it, and those with their e-mail."""
    tied = Person.objects.filter(pk__in=traces.people, contact_id__isnull=False).values_list("contact_id", flat=True)
    named = Q(pk__in=[])
    for email in traces.of_kind(PersonKey.Kind.EMAIL):
        named |= Q(email__iexact=email)
    return {*tied, *Contact.objects.filter(named).values_list("pk", flat=True)}


class ErasedVoice(Visible):
    """That somebody who is erased may speak in a recording in which others of the customer do. It goes with the recording."""

    write_area = "discovery"
    owner_paths = (
        "recording__interview__owner",
        "recording__interview__study__owner",
        "recording__interview__study__account__owner",
    )

    recording = models.ForeignKey(InterviewFile, on_delete=models.CASCADE, related_name="erased_voices")
    person = models.BigIntegerField(db_index=True)
    """The number of the person in the timeline; nothing else is known of them any more."""

    objects = ErasedVoiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recording", "person"], name="erased_voice_once")]

    def __str__(self) -> str:
        return f"person {self.person} in {self.recording}"
