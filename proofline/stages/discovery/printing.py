"""A proposal as a PDF: the same content as the page, set by Typst, charts as vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from proofline.kit import formats, markdown, panels
from proofline.kit.documents import image_data, render_pdf
from proofline.records.models import Workspace
from proofline.stages.discovery.showing import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from proofline.stages.discovery.models import Chain, Proposal, ValueLine
    from proofline.stages.discovery.writing.showing import ShownBlock

TEMPLATE = Path(__file__).parent / "documents" / "proposal.typ"


def proposal_pdf(proposal: Proposal, *, request: HttpRequest, at: datetime) -> bytes:
    """Return the proposal as a PDF in its language; `at` is its date.

    The price comes from the slot "proposal.price_rows": a line an option, its cells parted by tabs, the heads first.
    """
    with translation.override(proposal.language):
        price = panels.render("proposal.price_rows", request=request, subject=proposal)
        rows = [row.split("\t") for row in price.splitlines()]
        data = document_data(Shown(proposal, price=price if len(rows) > 1 else ""), at=at) | {"price": rows}
        return render_pdf(TEMPLATE, data, at=at, language=proposal.language)


def document_data(shown: Shown, *, at: datetime) -> dict[str, Any]:
    """Return all that the document says."""
    proposal, workspace = shown.proposal, Workspace.current()
    owner = shown.owner
    return {
        "title": proposal.title,
        "subtitle": _("Proposal for %(account)s") % {"account": proposal.study.account},
        "date": formats.day(at),
        "brand": workspace.brand,
        "footer": " · ".join(
            part for part in (workspace.name, str(owner or ""), (owner and owner.email) or "") if part
        ),
        "blocks": [_block(block) for block in shown.blocks],
        "promise": _promise(shown),
        "needs": [_need(chain) for chain in shown.chains],
        "lines": [_line(line) for line in shown.lines],
        "value_rows": [[capfirst(label), value] for label, value in shown.values] if shown.promised else [],
        "value_heads": [_("Value a month"), ""],
        "return_rows": [list(row) for row in shown.returns],
        "return_heads": [_("Return on the investment"), ""],
        "payback": _drawing(shown.payback_drawing),
        "payback_text": shown.payback_text,
        "tornado": _drawing(shown.tornado_drawing),
        "tornado_text": shown.tornado_text,
        "changes": [[change.headline, _drawing(drawing)] for change, drawing in shown.changes],
        "change_key": [pgettext("before and after", "before"), _("after, expected")],
        "comparison": _comparison(shown),
        "work": _work(shown),
        "evidence": [_evidence(item) for item in shown.evidence],
        "parts": [_part(part) for part in proposal.configuration.ordered_parts] if proposal.configuration else [],
    }


def _block(shown: ShownBlock) -> dict[str, Any]:
    return {
        "kind": shown.kind,
        "title": shown.title,
        "text": markdown.outline(shown.block.text),
        "source": shown.block.source,
        "image": image_data(shown.image.read()) if shown.image else None,
        "alt": shown.block.alt,
        "plan": [list(row) for row in shown.milestones],
    }


def _promise(shown: Shown) -> list[list[str]]:
    figures = (
        [[shown.promised_text, _("a month, expected") if shown.promised else shown.lines[0].name]]
        if shown.lines
        else []
    )
    if shown.promised:
        figures += [[shown.saved[0], _("given back")]]
    if shown.share_text:
        months = _("return on investment in %(months)s months") % {"months": shown.roi.months if shown.roi else 0}
        figures += [[shown.share_text, months]]
    return figures


def _need(chain: Chain) -> dict[str, Any]:
    need = chain.need
    return {
        "kind": capfirst(str(need.get_kind_display())),
        "text": need.text,
        "loss": need.loss_text,
        "loss_label": _("Business loss"),
        "reasons": [_need(reason) for reason in chain.reasons],
    }


def _line(line: Any) -> dict[str, str]:
    formula = line.formula
    return {
        "name": line.name,
        "words": formula.words,
        "numbers": formula.numbers,
        "range": _("Improvement: %(range)s") % {"range": line.range_text},
        "source": _sources(line),
        "money": formula.money,
    }


def _sources(line: ValueLine) -> str:
    told = [
        _("Source: %(source)s") % {"source": line.said} if line.said else "",
        _("Improvement from: %(source)s") % {"source": line.improvement_source} if line.improvement_source else "",
        _("Worth from: %(source)s") % {"source": line.rate_source} if line.rate_source else "",
        line.agreed_text,
    ]
    return " · ".join(part for part in told if part)


def _comparison(shown: Shown) -> dict[str, Any] | None:
    """Return heads, rows and, below, where each answer comes from."""
    table = shown.comparison
    if table is None:
        return None
    rows, sources = [], []
    for row in table.filled:
        rows.append([row.need.text, *(_answer(place.cell) for place in row.places)])
        for place in row.places:
            if place.cell and (place.cell.source or place.cell.sourced_on):
                day = formats.day(place.cell.sourced_on) if place.cell.sourced_on else ""
                told = ", ".join(part for part in (place.cell.source, day) if part)
                sources.append(f"{row.need.text} · {place.column.name}: {told}")
    heads = ["", *(" · ".join(part for part in (column.kicker, column.name) if part) for column in table.columns)]
    ours = [not column.key for column in table.columns]
    return {
        "heads": heads,
        "ours": [True, *ours],
        "rows": rows,
        "sources": sources,
        "label": pgettext("comparison", "Sources"),
    }


def _answer(cell: Any) -> str:
    marks = {"yes": "✓", "partly": "◐", "no": "✗"}
    return f"{marks[cell.answer]} {cell}" if cell and cell.answer in marks else str(cell or "–")


def _work(shown: Shown) -> dict[str, Any] | None:
    if not (shown.steps_today or shown.steps_tomorrow):
        return None
    saved = _("%(time)s less each time") % {"time": shown.minutes_saved} if shown.minutes_saved else ""
    if saved and shown.hours_saved_a_week:
        saved += _(", %(hours)s h a week") % {"hours": shown.hours_saved_a_week}
    return {
        "saved": saved,
        "today": [pgettext("work", "Today"), shown.minutes_today, _drawing(shown.drawing_today)],
        "tomorrow": [pgettext("work", "Tomorrow"), shown.minutes_tomorrow, _drawing(shown.drawing_tomorrow)],
    }


def _part(part: Any) -> dict[str, Any]:
    return {"name": part.name, "unlocks": " · ".join(part.unlocks), "why": part.reasons}


def _evidence(item: Any) -> dict[str, str]:
    return {"title": item.title, "result": item.result, "body": item.body, "kind": str(item.get_kind_display())}


def _drawing(svg: str) -> str | None:
    return svg or None
