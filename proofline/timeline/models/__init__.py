"""The record store's part of the timeline."""

from proofline.timeline.models.effects import Effect
from proofline.timeline.models.exports import Export
from proofline.timeline.models.inbox import Batch
from proofline.timeline.models.keeping import ArchiveFile, Erasure, Rebuild
from proofline.timeline.models.merging import Absorbed, Merge, Separation
from proofline.timeline.models.people import Group, Person, PersonKey
from proofline.timeline.models.quarantine import Quarantined, Refused
from proofline.timeline.models.sources import Source
from proofline.timeline.models.watching import Firing

__all__ = [
    "Absorbed",
    "ArchiveFile",
    "Batch",
    "Effect",
    "Erasure",
    "Export",
    "Firing",
    "Group",
    "Merge",
    "Person",
    "PersonKey",
    "Quarantined",
    "Rebuild",
    "Refused",
    "Separation",
    "Source",
]
