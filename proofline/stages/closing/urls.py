"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from proofline.records.views.voice import rewording
from proofline.stages.closing.models import Contract
from proofline.stages.closing.views import (
    board,
    contracts,
    deals,
    outcomes,
    people,
    public_contracts,
    public_offers,
    quotes,
    stages,
)

app_name = "closing"
urlpatterns = [
    path("deals/", board.deals, name="deals"),
    path("deals/new/", deals.deal_new, name="deal_new"),
    path("deals/moves/", board.moves, name="moves"),
    path("deals/columns/<int:pk>/", board.column, name="column"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/edit/", deals.deal_edit, name="deal_edit"),
    path("deals/<int:pk>/next-step/", deals.next_step, name="next_step"),
    path("deals/<int:pk>/study/", deals.study, name="study"),
    path("deals/<int:pk>/stage/", outcomes.stage, name="stage"),
    path("deals/<int:pk>/win/", outcomes.win, name="win"),
    path("deals/<int:pk>/loss/", outcomes.loss, name="loss"),
    path("deals/<int:pk>/reopening/", outcomes.reopening, name="reopening"),
    path("deals/<int:pk>/people/", people.people, name="people"),
    path("deals/<int:pk>/people/<int:person_pk>/", people.person, name="person"),
    path("deals/<int:pk>/people/<int:person_pk>/removal/", people.removal, name="removal"),
    path("deals/<int:pk>/quotes/", quotes.quotes, name="quotes"),
    path("deals/<int:pk>/contracts/", contracts.drafts, name="contract_drafts"),
    path("stages/", stages.stages, name="stages"),
    path("stages/new/", stages.stage_new, name="stage_new"),
    path("stages/<int:pk>/edit/", stages.stage_edit, name="stage_edit"),
    path("deals/<int:pk>/quotes/configured/", quotes.quote_configured, name="quote_configured"),
    path("quotes/<int:pk>/", quotes.quote, name="quote"),
    path("quotes/<int:pk>/sending/", quotes.quote_sending, name="quote_sending"),
    path("quotes/<int:pk>/pdf/", quotes.quote_paper, name="quote_pdf"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/<int:pk>/", contracts.contract, name="contract"),
    path("contracts/<int:pk>/edit/", contracts.contract_edit, name="contract_edit"),
    path("contracts/<int:pk>/sending/", contracts.contract_sending, name="contract_sending"),
    path("contracts/<int:pk>/wording/", rewording(Contract), name="contract_wording"),
    path("contracts/<int:pk>/withdrawal/", contracts.contract_withdrawal, name="contract_withdrawal"),
    path("contracts/<int:pk>/pdf/", contracts.contract_paper, name="contract_pdf"),
    path("q/<str:token>/", public_offers.quote_public, name="quote_public"),
    path("q/<str:token>/choice/", public_offers.choice, name="choice"),
    path("q/<str:token>/pdf/", public_offers.quote_public_paper, name="quote_public_pdf"),
    path("c/<str:token>/", public_contracts.contract_public, name="contract_public"),
    path("c/<str:token>/acceptance/", public_contracts.acceptance, name="acceptance"),
    path("c/<str:token>/pdf/", public_contracts.contract_public_paper, name="contract_public_pdf"),
    path("c/<str:token>/verification/", public_contracts.verification, name="verification"),
]
