"""Blocks as readers see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.kit import formats, markdown
from proofline.stages.discovery.models import SECTIONS, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from proofline.stages.discovery.models import Proposal, ProposalImage
    from proofline.stages.discovery.writing.content import Block, Milestone


@dataclass(frozen=True)
class ShownBlock:
    """A block, with its picture where it has one."""

    block: Block
    image: ProposalImage | None = None

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return self.block.key

    @property
    def kind(self) -> str:
        """What it is: a generated section, `text`, `image` or `quote`."""
        return self.block.kind

    @property
    def name(self) -> str:
        """What it is called where blocks are listed."""
        return name_of(self.block)

    @property
    def title(self) -> str:
        """Its heading on the page, "" for none."""
        if self.kind == "summary":
            return self.block.heading
        return self.block.heading or ("" if self.block.is_own else str(SECTIONS[self.kind]))

    @property
    def html(self) -> SafeString:
        """What the author wrote, formatted."""
        return markdown.render(self.block.text)

    @property
    def image_url(self) -> str:
        """Where the picture is, for whoever has the link."""
        if self.image is None:
            return ""
        return reverse("discovery:proposal_image", args=[self.image.proposal.token, self.image.pk])

    @property
    def milestones(self) -> list[tuple[str, str, str]]:
        """The plan: what, when and who."""
        return [(one.name, when_of(one), one.who) for one in self.block.milestones]


def when_of(milestone: Milestone) -> str:
    """Return when a milestone is, as the language writes it."""
    if milestone.on:
        day = parse_date(milestone.on)
        return formats.day(day) if day else ""
    if milestone.days is None:
        return ""
    text = ngettext("after %(days)s working day", "after %(days)s working days", milestone.days)
    return text % {"days": milestone.days} if milestone.days else _("at the start")


def images_of(proposal: Proposal, blocks: Sequence[Block]) -> dict[int, ProposalImage]:
    """Return the pictures that blocks show."""
    wanted = [block.image for block in blocks if block.image]
    if not wanted:
        return {}
    images = {image.pk: image for image in proposal.images.filter(pk__in=wanted)}
    for image in images.values():
        image.proposal = proposal
    return images
