"""Addresses of interviews; part of the room's."""

from django.urls import path

from proofline.stages.discovery.interviewing.views import files, guide, notes, planning, talk

urlpatterns = [
    path("interviews/", planning.interviews, name="interviews"),
    path("studies/<int:pk>/interviews/", planning.new, name="interview_new"),
    path("interviews/<int:pk>/", talk.interview, name="interview"),
    path("interviews/<int:pk>/edit/", planning.edit, name="interview_edit"),
    path("interviews/<int:pk>/calling-off/", planning.calling_off, name="interview_calling_off"),
    path("interviews/<int:pk>/live/", talk.live, name="interview_live"),
    path("interviews/<int:pk>/start/", talk.start, name="interview_start"),
    path("interviews/<int:pk>/pause/", talk.pause, name="interview_pause"),
    path("interviews/<int:pk>/clock/", talk.clock, name="interview_clock"),
    path("interviews/<int:pk>/conclusion/", talk.conclusion, name="interview_conclusion"),
    path("interviews/<int:pk>/reopening/", talk.reopening, name="interview_reopening"),
    path("interviews/<int:pk>/questions/", guide.questions, name="interview_questions"),
    path("interview-questions/<int:pk>/crossing/", guide.crossing, name="interview_question_crossing"),
    path("interview-questions/<int:pk>/return/", guide.comeback, name="interview_question_return"),
    path("interview-questions/<int:pk>/removal/", guide.removal, name="interview_question_removal"),
    path("interviews/<int:pk>/notes/", notes.saving, name="interview_notes"),
    path("interviews/<int:pk>/why/", notes.why, name="interview_why"),
    path("interview-notes/<int:pk>/", notes.note, name="interview_note"),
    path("interview-notes/<int:pk>/need/", notes.need, name="interview_note_need"),
    path("interview-notes/<int:pk>/removal/", notes.removal, name="interview_note_removal"),
    path("interview-notes/<int:pk>/restoration/", notes.restoration, name="interview_note_restoration"),
    path("interviews/<int:pk>/files/", files.attach, name="interview_files"),
    path("interview-files/<int:pk>/", files.file, name="interview_file"),
    path("interview-files/<int:pk>/offset/", files.offset, name="interview_file_offset"),
    path("interview-files/<int:pk>/removal/", files.removal, name="interview_file_removal"),
]
