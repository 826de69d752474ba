from django.urls import path

from proofline.records.views.voice import rewording
from proofline.stages.discovery.admitting import public as admitting
from proofline.stages.discovery.agreeing import public as agreeing_public
from proofline.stages.discovery.agreeing import views as agreeing
from proofline.stages.discovery.calculators.urls import urlpatterns as calculators
from proofline.stages.discovery.comparing import views as comparing
from proofline.stages.discovery.competing import views as competing
from proofline.stages.discovery.conversing import public as commenting
from proofline.stages.discovery.conversing import views as conversing
from proofline.stages.discovery.interviewing.urls import urlpatterns as interviews
from proofline.stages.discovery.models import Proposal
from proofline.stages.discovery.questionnaires.urls import urlpatterns as questionnaires
from proofline.stages.discovery.telemetry import views as telemetry
from proofline.stages.discovery.views import (
    configurations,
    line_templates,
    needs,
    proposals,
    public,
    rules,
    studies,
    value_cases,
    value_lines,
)
from proofline.stages.discovery.wishing import public as wishing
from proofline.stages.discovery.wishing import views as add_ons
from proofline.stages.discovery.writing.urls import urlpatterns as writing

app_name = "discovery"
urlpatterns = [
    path("studies/", studies.studies, name="studies"),
    path("studies/new/", studies.new, name="study_new"),
    path("studies/<int:pk>/", studies.study, name="study"),
    path("studies/<int:pk>/edit/", studies.edit, name="study_edit"),
    path("studies/<int:pk>/needs/", needs.new, name="need_new"),
    path("studies/<int:pk>/use/", telemetry.use, name="study_use"),
    path("studies/<int:pk>/use/need/", telemetry.need, name="study_use_need"),
    path("studies/<int:pk>/alternatives/", competing.new, name="alternative_new"),
    path("alternatives/", competing.alternatives, name="alternatives"),
    path("alternatives/<int:pk>/", competing.alternative, name="alternative"),
    path("alternatives/<int:pk>/removal/", competing.removal, name="alternative_removal"),
    path("studies/<int:pk>/comparison/", comparing.drafting, name="comparison"),
    path("needs/<int:pk>/comparison/", comparing.cell, name="own_cell"),
    path("needs/<int:pk>/comparison/<int:alternative>/", comparing.cell, name="cell"),
    path("needs/<int:pk>/", needs.edit, name="need"),
    path("needs/<int:pk>/removal/", needs.removal, name="need_removal"),
    path("studies/<int:pk>/value-cases/", value_cases.new, name="value_case_new"),
    path("value-cases/<int:pk>/", value_cases.value_case, name="value_case"),
    path("value-cases/<int:pk>/edit/", value_cases.edit, name="value_case_edit"),
    path("value-cases/<int:pk>/freezing/", value_cases.freezing, name="value_case_freezing"),
    path("value-cases/<int:pk>/version/", value_cases.version, name="value_case_version"),
    path("value-cases/<int:pk>/lines/", value_lines.new, name="value_line_new"),
    path("value-cases/<int:pk>/formula/", value_lines.formula, name="value_line_formula"),
    path("value-cases/<int:pk>/assumptions/", agreeing.new, name="assumption_new"),
    path("value-cases/<int:pk>/sharing/", agreeing.sharing, name="agreeing_sharing"),
    path("value-cases/<int:pk>/assumptions/<str:key>/answers/", agreeing.saying, name="agreeing_saying"),
    path("assumptions/<int:pk>/", agreeing.edit, name="assumption"),
    path("assumptions/<int:pk>/removal/", agreeing.removal, name="assumption_removal"),
    path("value-case-links/<int:pk>/closing/", agreeing.closing, name="agreeing_closing"),
    path("v/<str:token>/", agreeing_public.public, name="agreeing_public"),
    path("catalogue/line-templates/", line_templates.line_templates, name="line_templates"),
    path("catalogue/line-templates/new/", line_templates.new, name="line_template_new"),
    path("catalogue/line-templates/<int:pk>/", line_templates.edit, name="line_template"),
    path("catalogue/line-templates/<int:pk>/removal/", line_templates.removal, name="line_template_removal"),
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
    path("proposals/<int:pk>/wording/", rewording(Proposal), name="proposal_wording"),
    path("proposals/<int:pk>/add-ons/", add_ons.add_ons, name="proposal_add_ons"),
    path("proposals/<int:pk>/wishes/", add_ons.taking, name="proposal_wishes"),
    path("proposal-threads/<int:pk>/answers/", conversing.answers, name="thread_answers"),
    path("proposal-threads/<int:pk>/settling/", conversing.settling, name="thread_settling"),
    *writing,
    *questionnaires,
    *interviews,
    *calculators,
    path("catalogue/rules/", rules.catalogue_rules, name="catalogue_rules"),
    path("catalogue/rules/new/", rules.catalogue_rule_new, name="catalogue_rule_new"),
    path("catalogue/rules/<int:pk>/", rules.catalogue_rule, name="catalogue_rule"),
    path("catalogue/rules/<int:pk>/removal/", rules.catalogue_rule_removal, name="catalogue_rule_removal"),
    path("catalogue/price-rules/", rules.price_rules, name="price_rules"),
    path("catalogue/price-rules/new/", rules.price_rule_new, name="price_rule_new"),
    path("catalogue/price-rules/<int:pk>/", rules.price_rule, name="price_rule"),
    path("catalogue/price-rules/<int:pk>/removal/", rules.price_rule_removal, name="price_rule_removal"),
    path("catalogue/check/", rules.catalogue_check, name="catalogue_check"),
    path("studies/<int:pk>/configuration/", configurations.configuration, name="configuration"),
    path("studies/<int:pk>/configurations/", configurations.keeping, name="configuration_keeping"),
    path("configurations/<int:pk>/", configurations.kept, name="configuration_kept"),
    path("p/<str:token>/", public.public, name="proposal_public"),
    path("p/<str:token>/pdf/", public.pdf, name="proposal_public_pdf"),
    path("p/<str:token>/comments/", commenting.comments, name="proposal_comments"),
    path("p/<str:token>/add-ons/", wishing.wishes, name="proposal_public_add_ons"),
    path("p/<str:token>/code/", admitting.code, name="proposal_code"),
    path("p/<str:token>/entry/", admitting.entry, name="proposal_entry"),
    path("p/<str:token>/reading/", public.reading, name="proposal_reading"),
]
