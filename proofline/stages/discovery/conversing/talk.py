"""The threads of a proposal as its pages show them: each at its place, those whose place is gone at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import get_language

from proofline.stages.discovery.conversing.models import LONGEST_NAME, LONGEST_TEXT, threads_of
from proofline.stages.discovery.conversing.places import places_of
from proofline.stages.discovery.conversing.speaking import shortened
from proofline.stages.discovery.showing import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from proofline.stages.discovery.admitting.visitors import Visitor
    from proofline.stages.discovery.conversing.models import ProposalThread
    from proofline.stages.discovery.models import Proposal


@dataclass(frozen=True)
class Typed:
    """What somebody sent that could not be kept, with what is wrong, by field."""

    anchor: str
    text: str
    errors: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Place:
    """A place with its thread, if anything was said there."""

    anchor: str
    basis: str
    thread: ProposalThread | None = None
    typed: Typed | None = None

    @property
    def is_said(self) -> bool:
        """Whether something was said there, or typed and not kept."""
        return self.thread is not None or self.typed is not None

    @property
    def was(self) -> str:
        """What stood there when it was spoken about last; "" where it stands there still."""
        said = self.thread.last.basis if self.thread else ""
        return said if said != shortened(self.basis) else ""

    @property
    def text(self) -> str:
        """What was typed and could not be kept."""
        return self.typed.text if self.typed else ""

    @property
    def text_errors(self) -> Sequence[str]:
        """What is wrong with the text."""
        return self._errors("text")

    @property
    def name_errors(self) -> Sequence[str]:
        """What is wrong with the name."""
        return self._errors("name")

    @property
    def email_errors(self) -> Sequence[str]:
        """What is wrong with the e-mail address."""
        return self._errors("email")

    def _errors(self, name: str) -> Sequence[str]:
        return self.typed.errors.get(name, ()) if self.typed else ()

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded."""
        return bool(self.typed or (self.thread and self.thread.state != "settled"))


@dataclass(frozen=True)
class Talk:
    """All that is said of a proposal. `may_comment` for the customer on their page, `may_answer` for us on ours."""

    proposal: Proposal
    places: Mapping[str, str]
    threads: Mapping[str, ProposalThread] = field(default_factory=dict)
    visitor: Visitor | None = None
    may_comment: bool = False
    may_answer: bool = False
    typed: Typed | None = None
    silent: list[str] = field(default_factory=list)
    """The form of the places that nothing is said of, once a page made it."""

    longest_text = LONGEST_TEXT
    longest_name = LONGEST_NAME

    def at(self, anchor: str) -> Place | None:
        """Return a place; None where there is none of this name, and where nothing is said or to be said."""
        if anchor not in self.places or not (self.may_comment or anchor in self.threads):
            return None
        return self._place(anchor)

    def _place(self, anchor: str) -> Place:
        typed = self.typed if self.typed and self.typed.anchor == anchor else None
        return Place(anchor, self.places.get(anchor, ""), self.threads.get(anchor), typed)

    @property
    def gone(self) -> list[Place]:
        """The places that are no longer there but were spoken about."""
        return [self._place(anchor) for anchor in self.threads if anchor not in self.places]

    @property
    def waiting(self) -> list[ProposalThread]:
        """The threads that wait for our answer."""
        return [thread for thread in self.threads.values() if thread.state == "waiting"]


def talk_of(
    shown: Shown,
    *,
    visitor: Visitor | None = None,
    may_comment: bool = False,
    may_answer: bool = False,
    typed: Typed | None = None,
) -> Talk:
    """Return what is said of a proposal as it is shown."""
    threads = {thread.anchor: thread for thread in threads_of(shown.proposal)}
    places = _places_as_read(shown) if threads or may_comment else {}
    return Talk(shown.proposal, places, threads, visitor, may_comment, may_answer, typed)


def _places_as_read(shown: Shown) -> dict[str, str]:
    """Return what stands at each place in the customer's language, in which it was spoken about; on our own page that may be another."""
    language = shown.proposal.language
    if get_language() == language:
        return places_of(shown)
    with translation.override(language):  # anew: what is shown keeps the words of the page
        return places_of(Shown(shown.proposal, price=shown.price))
