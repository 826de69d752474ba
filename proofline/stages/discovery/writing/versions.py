"""What was sent is kept as it was shown; any two versions are compared, words and figures marked."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from proofline.kit import panels
from proofline.stages.discovery.showing import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from proofline.stages.discovery.models import Proposal, Sending

FIELDS = (
    "title", "language", "intro", "terms", "steps_today", "steps_tomorrow", "runs_a_week", "with_comparison", "blocks",
)  # fmt: skip
LINES = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "dt", "dd", "tr", "figcaption", "blockquote", "article"}
WORD = re.compile(r"[^\W\d\u3000-\u9fff]+|[A-Z]*[¥$€£]?\d+(?:[.,]\d+)*(?:\s?%)?|\s+|.", re.DOTALL)
FIGURE = re.compile(r"[A-Z]*[¥$€£]?\d+(?:[.,]\d+)*(?:\s?%)?")


def snapshot(proposal: Proposal) -> dict[str, Any]:
    """Return what is sent: the proposal's fields, its evidence, and each section as it is shown, {"key", "name", "html"}."""
    with translation.override(proposal.language):
        price = panels.render("proposal.price_rows", request=HttpRequest(), subject=proposal)
        shown = Shown(proposal, price=_price(price))
        html = render_to_string("discovery/parts/sections.html", {"shown": shown, "inside": True})
        return {
            "fields": {name: getattr(proposal, name) for name in FIELDS},
            "evidence": [item.pk for item in shown.evidence],
            "names": shown.sections,
            "html": html,
        }


def _price(rows: str) -> SafeString:
    cells = (format_html_join("", "<td>{}</td>", ((cell,) for cell in row.split("\t"))) for row in rows.splitlines())
    table = format_html_join("", "<tr>{}</tr>", ((row,) for row in cells))
    return (
        format_html('<div class="table-scroll"><table class="grid">{}</table></div>', table) if table else mark_safe("")
    )


def as_sent(proposal: Proposal, sending: Sending | None) -> Proposal:
    """Return a proposal as it was sent, to be shown and not to be saved. What was sent before versions were kept is shown as it is now."""
    if sending is None or not sending.snapshot:
        return proposal
    sent = copy(proposal)
    for name, value in sending.snapshot["fields"].items():
        setattr(sent, name, value)
    sent.evidence_sent = tuple(sending.snapshot["evidence"])
    return sent


@dataclass(frozen=True)
class Run:
    """Words that are `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass
class SectionChange:
    """How a section differs: `added`, `removed`, `moved` or `changed`, with the lines that do and the figures, (before, after)."""

    key: str
    name: str
    kind: str
    lines: list[list[Run]] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[SectionChange]:
    """Return how two snapshots differ, in the order of the newer, what is gone last."""
    before, after = sections_of(old["html"]), sections_of(new["html"])
    stayed = [key for key in after if key in before]
    moved = _moved([key for key in before if key in after], stayed)
    found = []
    for key, lines in after.items():
        name = new["names"].get(key) or new["fields"]["title"]
        if key not in before:
            found.append(SectionChange(key, name, "added", [[Run("added", line)] for line in lines]))
        elif lines != before[key]:
            found.append(_compare(SectionChange(key, name, "changed"), before[key], lines))
        elif key in moved:
            found.append(SectionChange(key, name, "moved"))
    for key, lines in before.items():
        if key not in after:
            name = old["names"].get(key) or old["fields"]["title"]
            found.append(SectionChange(key, name, "removed", [[Run("removed", line)] for line in lines]))
    return found


def _moved(before: list[str], after: list[str]) -> set[str]:
    kept = {
        key
        for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for key in before[match.a : match.a + match.size]
    }
    return set(after) - kept


def _compare(change: SectionChange, before: list[str], after: list[str]) -> SectionChange:
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        runs = list(_runs("\n".join(before[a1:a2]), "\n".join(after[b1:b2])))
        change.lines.append(runs)
        for one, other in pairwise(runs):
            if (
                (one.kind, other.kind) == ("removed", "added")
                and FIGURE.fullmatch(one.text)
                and FIGURE.fullmatch(other.text)
            ):
                change.figures.append((one.text, other.text))
    return change


def _runs(before: str, after: str) -> Iterable[Run]:
    old, new = WORD.findall(before), WORD.findall(after)
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Run("same", "".join(old[a1:a2]))
            continue
        if a1 < a2:
            yield Run("removed", "".join(old[a1:a2]))
        if b1 < b2:
            yield Run("added", "".join(new[b1:b2]))


class _Sections(HTMLParser):
    """Takes the words of each section out of a page, a line an element; what is drawn is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {"": [""]}
        self.key, self.drawn = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a section or a line."""
        if tag == "section":
            self.key = dict(attrs).get("data-section") or ""
            self.found[self.key] = [""]
        self.drawn += tag == "svg"
        if tag in LINES:
            self.found[self.key].append("")
        elif tag in {"td", "th", "span", "strong"}:
            self.found[self.key][-1] += " "

    def handle_endtag(self, tag: str) -> None:
        """End a drawing or a line."""
        self.drawn -= tag == "svg"
        if tag in LINES:
            self.found[self.key].append("")

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self.drawn:
            self.found[self.key][-1] += data


def sections_of(html: str) -> dict[str, list[str]]:
    """Return the lines of each section by its key; those of the head by ""."""
    parser = _Sections()
    parser.feed(html)
    lines = {key: [" ".join(line.split()) for line in found] for key, found in parser.found.items()}
    return {key: [line for line in found if line] for key, found in lines.items()}


def versions_of(proposal: Proposal) -> list[tuple[int, Sending]]:
    """Return what was sent, numbered from 1, the newest first; only what was kept."""
    kept = [
        sending for sending in proposal.sendings.select_related("by", "to").order_by("at", "pk") if sending.snapshot
    ]
    return list(enumerate(kept, 1))[::-1]


def changed_since_read(proposal: Proposal, *, reader: str) -> list[str]:
    """Return the names of the sections that differ from what this reader saw last; none for who saw it all, or never came."""
    last = proposal.openings.filter(reader=reader).order_by("-at").first()
    sending = proposal.last_sending
    if last is None or sending is None or last.at >= sending.at:
        return []
    versions = [sending for _number, sending in versions_of(proposal)]
    seen = next((sending for sending in versions if sending.at <= last.at), None)
    if seen is None or seen == versions[0]:
        return []
    return [change.name for change in differences(seen.snapshot, versions[0].snapshot)]
