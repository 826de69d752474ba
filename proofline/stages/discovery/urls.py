from django.urls import path

from proofline.stages.discovery.competing import views as competing
from proofline.stages.discovery.questionnaires.urls import urlpatterns as questionnaires
from proofline.stages.discovery.views import needs, proposals, public, studies, value_cases, value_lines

app_name = "discovery"
urlpatterns = [
    path("studies/", studies.studies, name="studies"),
    path("studies/new/", studies.new, name="study_new"),
    path("studies/<int:pk>/", studies.study, name="study"),
    path("studies/<int:pk>/edit/", studies.edit, name="study_edit"),
    path("studies/<int:pk>/needs/", needs.new, name="need_new"),
    path("studies/<int:pk>/alternatives/", competing.new, name="alternative_new"),
    path("alternatives/", competing.alternatives, name="alternatives"),
    path("alternatives/<int:pk>/", competing.alternative, name="alternative"),
    path("alternatives/<int:pk>/removal/", competing.removal, name="alternative_removal"),
    path("needs/<int:pk>/", needs.edit, name="need"),
    path("needs/<int:pk>/removal/", needs.removal, name="need_removal"),
    path("studies/<int:pk>/value-cases/", value_cases.new, name="value_case_new"),
    path("value-cases/<int:pk>/", value_cases.value_case, name="value_case"),
    path("value-cases/<int:pk>/edit/", value_cases.edit, name="value_case_edit"),
    path("value-cases/<int:pk>/freezing/", value_cases.freezing, name="value_case_freezing"),
    path("value-cases/<int:pk>/version/", value_cases.version, name="value_case_version"),
    path("value-cases/<int:pk>/lines/", value_lines.new, name="value_line_new"),
    path("value-cases/<int:pk>/formula/", value_lines.formula, name="value_line_formula"),
    path("value-lines/<int:pk>/", value_lines.edit, name="value_line"),
    path("value-lines/<int:pk>/removal/", value_lines.removal, name="value_line_removal"),
    path("studies/<int:pk>/proposals/", proposals.new, name="proposal_new"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/edit/", proposals.edit, name="proposal_edit"),
    path("proposals/<int:pk>/preview/", proposals.preview, name="proposal_preview"),
    path("proposals/<int:pk>/pdf/", proposals.pdf, name="proposal_pdf"),
    path("proposals/<int:pk>/sending/", proposals.sending, name="proposal_sending"),
    path("proposals/<int:pk>/revocation/", proposals.revocation, name="proposal_revocation"),
    *questionnaires,
    path("p/<str:token>/", public.public, name="proposal_public"),
    path("p/<str:token>/pdf/", public.pdf, name="proposal_public_pdf"),
    path("p/<str:token>/reading/", public.reading, name="proposal_reading"),
]
