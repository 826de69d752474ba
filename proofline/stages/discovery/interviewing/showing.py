"""What the page of a talk shows: guide, notes, chains of needs, and what a transcript says beside the notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.stages.discovery.models import InterviewFile, chains
from proofline.stages.discovery.questionnaires.content import Aspect

if TYPE_CHECKING:
    from proofline.stages.discovery.interviewing.transcripts import Cue
    from proofline.stages.discovery.models import GuideQuestion, Interview, InterviewNote


def notes_of(interview: Interview) -> Any:
    """Return the notes of a talk as they were said, with what they hang on."""
    rows = interview.notes.standing().select_related("question", "contact", "by", "changed_by", "need")
    return rows.prefetch_related("needs").in_order()


@dataclass(frozen=True)
class Part:
    """The questions of a guide about one thing."""

    title: str
    questions: list[GuideQuestion] = field(default_factory=list)


def guide_of(interview: Interview) -> list[Part]:
    """Return the guide in parts: situation, pain, goal, and what is about none of them."""
    links = ("crossing", "carried_from__interview", "carried_to__interview", "reply")
    titles = {Aspect.NONE.value: _("Further questions")}
    parts: dict[str, Part] = {}
    for question in interview.questions.select_related(*links).with_state():
        title = titles.get(question.aspect) or str(question.get_aspect_display()).capitalize()
        parts.setdefault(question.aspect, Part(title)).questions.append(question)
    return list(parts.values())


def guide_context(interview: Interview) -> dict[str, Any]:
    """Return what the guide shows."""
    parts = guide_of(interview)
    states = [question.state for part in parts for question in part.questions]
    return {
        "parts": parts,
        "answered": states.count("answered"),
        "asked": len(states) - states.count("crossed"),
        "left": states.count("open"),
    }


def needs_context(interview: Interview) -> dict[str, Any]:
    """Return the chains of needs of the talk's study."""
    return {"chains": chains(interview.study), "study": interview.study}


@dataclass(frozen=True)
class Said:
    """A line beside the recording: what the transcript says, or a note that was taken then."""

    second: int | None
    cue: Cue | None = None
    note: InterviewNote | None = None


def said_in(transcript: InterviewFile, notes: list[InterviewNote]) -> list[Said]:
    """Return a transcript's words with the notes among them, each where it was taken; without times the words alone."""
    spoken = [Said(cue.second, cue=cue) for cue in transcript.spoken]
    if all(line.second is None for line in spoken):
        return spoken
    taken = [Said(note.second, note=note) for note in notes if note.second is not None]
    lines, last = [], 0
    for line in spoken:
        last = last if line.second is None else line.second
        while taken and (taken[0].second or 0) < last:
            lines.append(taken.pop(0))
        lines.append(line)
    return lines + taken


def files_context(interview: Interview, notes: list[InterviewNote]) -> dict[str, Any]:
    """Return recordings and transcripts of a talk, with what was said."""
    files = list(interview.files.select_related("by").prefetch_related("erased_voices").order_by("pk"))
    return {
        "recordings": [one for one in files if one.kind == InterviewFile.Kind.RECORDING],
        "transcripts": [(one, said_in(one, notes)) for one in files if one.kind == InterviewFile.Kind.TRANSCRIPT],
    }
