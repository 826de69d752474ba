"""The record store's part of the timeline."""

from proofline.timeline.models.effects import Effect
from proofline.timeline.models.inbox import Batch
from proofline.timeline.models.people import Group, Person, PersonKey
from proofline.timeline.models.quarantine import Quarantined, Refused
from proofline.timeline.models.sources import Source
from proofline.timeline.models.watching import Firing

__all__ = ["Batch", "Effect", "Firing", "Group", "Person", "PersonKey", "Quarantined", "Refused", "Source"]
