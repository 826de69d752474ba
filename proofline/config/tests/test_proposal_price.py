"""The price that closing knows stands in discovery's proposal, on the page and in the document."""

import io
from datetime import date
from decimal import Decimal

from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from proofline.stages.closing.models import Deal, Quote
from proofline.stages.discovery.models import Proposal, ValueCase
from proofline.stages.discovery.sending import send


def test_a_sent_quote_stands_in_the_proposal(healthy, helen, suite, sam, now):
    deal = Deal.objects.open_deal(by=sam, now=now, name="Heron", account=healthy, contact=helen, product=suite)
    study = deal.begin_study(by=sam, now=now)
    case = ValueCase.objects.draft(by=sam, now=now, study=study)
    share = Decimal("0.4")
    case.add_line(
        by=sam, now=now, name="x", quantity=20, unit="h/week", low=share, expected=share, high=share, rate_per=""
    )
    proposal = Proposal.objects.draft(by=sam, now=now, study=study)
    send(proposal, by=sam, now=now, to=helen)
    page = reverse("discovery:proposal_public", args=[proposal.token])
    assert "Enterprise" not in Client().get(page).content.decode()
    quote = Quote.objects.draft(deal=deal, by=sam, now=now, today=date(2026, 11, 2))
    quote.send(by=sam, now=now)
    shown = Client().get(page).content.decode()
    pdf = PdfReader(io.BytesIO(Client().get(f"{page}pdf/").content))
    printed = " ".join(" ".join(part.extract_text() for part in pdf.pages).split())
    for option in quote.ordered_options:
        assert option.name in shown
        assert option.name in printed
    assert "8 h/week" in shown
    assert "8 h/week" in printed
