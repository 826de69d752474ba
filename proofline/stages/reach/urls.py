from django.urls import path

from proofline.stages.reach.views import forms, known, leads, scoring, signal_rules, signals

app_name = "reach"
urlpatterns = [
    path("leads/", leads.leads, name="leads"),
    path("leads/new/", leads.new, name="lead_new"),
    path("leads/contacts/", known.known_contacts, name="known_contacts"),
    path("leads/<int:pk>/", leads.lead, name="lead"),
    path("leads/<int:pk>/contact/", known.tie_to, name="lead_contact"),
    path("leads/<int:pk>/contacts/<int:other>/separation/", known.separation, name="known_separation"),
    path(
        "leads/<int:pk>/contacts/<int:other>/separation/reversal/",
        known.separation_reversal,
        name="known_separation_reversal",
    ),
    path("leads/<int:pk>/edit/", leads.edit, name="lead_edit"),
    path("leads/<int:pk>/qualification/", leads.qualification, name="qualification"),
    path("leads/<int:pk>/disqualification/", leads.disqualification, name="disqualification"),
    path("score-rules/", scoring.rules, name="score_rules"),
    path("score-rules/new/", scoring.rule, name="score_rule_new"),
    path("score-rules/<int:pk>/", scoring.rule, name="score_rule"),
    path("score-rules/<int:pk>/removal/", scoring.removal, name="score_rule_removal"),
    path("signals/", signals.signals, name="signals"),
    path("signals/<int:pk>/", signals.signal, name="signal"),
    path("signals/<int:pk>/confirmation/", signals.confirmation, name="signal_confirmation"),
    path("signals/<int:pk>/dismissal/", signals.dismissal, name="signal_dismissal"),
    path("signal-rules/", signal_rules.rules, name="signal_rules"),
    path("signal-rules/new/", signal_rules.rule, name="signal_rule_new"),
    path("signal-rules/<int:pk>/", signal_rules.rule, name="signal_rule"),
    path("signal-rules/<int:pk>/removal/", signal_rules.removal, name="signal_rule_removal"),
    path("forms/", forms.forms, name="forms"),
    path("forms/new/", forms.form, name="form_new"),
    path("forms/<int:pk>/", forms.form, name="form"),
    path("f/<slug:slug>/", forms.public, name="form_public"),
    path("f/<slug:slug>/thanks/", forms.thanks, name="form_thanks"),
]
