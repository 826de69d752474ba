"""Addresses of questionnaires; part of the room's."""

from django.urls import path

from proofline.stages.discovery.questionnaires.views import answering, building, reading, sending

urlpatterns = [
    path("questionnaires/", building.questionnaires, name="questionnaires"),
    path("questionnaires/new/", building.new, name="questionnaire_new"),
    path("questionnaires/templates/", building.templates, name="questionnaire_templates"),
    path("questionnaires/templates/<slug:industry>/", building.from_template, name="questionnaire_from_template"),
    path("questionnaires/<int:pk>/", building.questionnaire, name="questionnaire"),
    path("questionnaires/<int:pk>/edit/", building.edit, name="questionnaire_edit"),
    path("questionnaires/<int:pk>/sections/", building.section, name="questionnaire_section_new"),
    path("questionnaires/<int:pk>/sections/<slug:section>/", building.section, name="questionnaire_section"),
    path("questionnaires/<int:pk>/questions/", building.question, name="question_new"),
    path("questionnaires/<int:pk>/questions/<slug:question>/", building.question, name="question"),
    path("questionnaires/<int:pk>/questions/<slug:question>/copy/", building.copy, name="question_copy"),
    path("questionnaires/<int:pk>/parts/<slug:part>/removal/", building.removal, name="questionnaire_part_removal"),
    path("questionnaires/<int:pk>/parts/<slug:part>/move/", building.move, name="questionnaire_part_move"),
    path("questionnaires/<int:pk>/publication/", building.publication, name="questionnaire_publication"),
    path("questionnaires/<int:pk>/retirement/", building.retirement, name="questionnaire_retirement"),
    path("questionnaires/<int:pk>/return/", building.comeback, name="questionnaire_return"),
    path("questionnaires/<int:pk>/preview/", answering.preview, name="questionnaire_preview"),
    path("questionnaires/<int:pk>/results/", reading.questionnaire_results, name="questionnaire_results"),
    path("questionnaires/<int:pk>/links/", sending.for_questionnaire, name="questionnaire_link_new"),
    path("studies/<int:pk>/questionnaires/", sending.for_study, name="study_questionnaire"),
    path("questionnaire-links/<int:pk>/closing/", sending.closing, name="questionnaire_link_closing"),
    path("questionnaire-links/<int:pk>/opening/", sending.opening, name="questionnaire_link_opening"),
    path("replies/", reading.replies, name="replies"),
    path("replies/<int:pk>/", reading.reply, name="reply"),
    path("replies/<int:pk>/study/", reading.place, name="reply_study"),
    path("replies/<int:pk>/needs/", reading.reply_needs, name="reply_needs"),
    path("answers/<int:pk>/need/", reading.answer_need, name="answer_need"),
    path("answer-files/<int:pk>/", reading.file, name="answer_file"),
    path("a/<str:token>/", answering.answer, name="questionnaire_public"),
    path("a/<str:token>/beginning/", answering.beginning, name="questionnaire_beginning"),
    path("a/<str:token>/answers/", answering.saving, name="questionnaire_saving"),
]
