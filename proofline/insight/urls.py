from django.urls import path

from proofline.insight import outcome_panels, panels, views
from proofline.insight.explore import choices, keeping, pages
from proofline.insight.explore.kinds import KINDS

app_name = "insight"
urlpatterns = [
    path("accounts/<int:pk>/use/", panels.use_page, name="account_use"),
    path("competitors/outcomes/", outcome_panels.competitors_page, name="competitors_outcomes"),
    path("competitors/<int:pk>/outcomes/", outcome_panels.competitor_page, name="competitor_outcomes"),
    path("evidence/<int:pk>/outcomes/", outcome_panels.evidence_page, name="evidence_outcomes"),
    path("insight/", views.dashboard, name="dashboard"),
    path("insight/metrics/<str:name>/", views.metric, name="metric"),
    path("insight/funnel/", views.funnel, name="funnel"),
    path("insight/explore/", pages.explore, name="explore"),
    path("insight/explore/choices/", choices.choices, name="choices"),
    path("insight/explore/saved/new/", keeping.new, name="saved_new"),
    path("insight/explore/saved/<int:pk>/", keeping.saved, name="saved"),
    path("insight/explore/saved/<int:pk>/edit/", keeping.edit, name="saved_edit"),
    path("insight/explore/saved/<int:pk>/question/", keeping.question, name="saved_question"),
    path("insight/explore/saved/<int:pk>/removal/", keeping.removal, name="saved_removal"),
    path("insight/explore/saved/<int:pk>/return/", keeping.bringing_back, name="saved_return"),
]
for kind in KINDS:
    here = f"insight/explore/{kind}/"
    urlpatterns += [
        path(here, pages.page, {"kind": kind}, name=f"page_{kind}"),
        path(f"{here}people/", pages.people, {"kind": kind}, name=f"people_{kind}"),
        path(f"{here}table.csv", pages.csv, {"kind": kind}, name=f"csv_{kind}"),
    ]
