"""The places of a proposal that something can be said about: its sections and their lines, with what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from proofline.stages.discovery.models import Chain
    from proofline.stages.discovery.showing import Shown


def places_of(shown: Shown) -> dict[str, str]:
    """Return what stands at each place, by its anchor: "value" is a section, "line-12" a line of value."""
    found = dict(shown.sections.items())
    if "needs" in found:
        found |= {f"need-{chain.need.pk}": chain.need.text for chain in _flat(shown.chains)}
    if "value" in found:
        found |= {f"line-{line.pk}": f"{line.name}: {line.formula.numbers}" for line in shown.lines}
    if "comparison" in found and shown.comparison:
        found |= {f"row-{row.need.pk}": row.need.text for row in shown.comparison.filled}
    if "evidence" in found:
        found |= {f"story-{item.pk}": str(item.title) for item in shown.evidence}
    if "configuration" in found and shown.proposal.configuration:
        found |= {f"part-{part.pk}": part.name for part in shown.proposal.configuration.ordered_parts}
    return found


def _flat(chains: Iterable[Chain]) -> Iterator[Chain]:
    for chain in chains:
        yield chain
        yield from _flat(chain.reasons)
