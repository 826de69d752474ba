"""Interviews, what they ask, what was noted and recorded."""

from proofline.stages.discovery.interviewing.models.carrying import carry_open_questions
from proofline.stages.discovery.interviewing.models.clock import OverError, Span
from proofline.stages.discovery.interviewing.models.closing import (
    CallingOff,
    Conclusion,
    call_off,
    conclude,
)
from proofline.stages.discovery.interviewing.models.files import InterviewFile
from proofline.stages.discovery.interviewing.models.interviews import Interview
from proofline.stages.discovery.interviewing.models.notes import InterviewNote, NoteRemoval, Save, StaleNoteError
from proofline.stages.discovery.interviewing.models.planning import plan
from proofline.stages.discovery.interviewing.models.questions import Crossing, GuideQuestion
from proofline.stages.discovery.interviewing.models.reopening import InterviewReopening, NotOverError, reopen
from proofline.stages.discovery.interviewing.models.voices import ErasedVoice

__all__ = [
    "CallingOff",
    "Conclusion",
    "Crossing",
    "ErasedVoice",
    "GuideQuestion",
    "Interview",
    "InterviewFile",
    "InterviewNote",
    "InterviewReopening",
    "NotOverError",
    "NoteRemoval",
    "OverError",
    "Save",
    "Span",
    "StaleNoteError",
    "call_off",
    "carry_open_questions",
    "conclude",
    "plan",
    "reopen",
]
