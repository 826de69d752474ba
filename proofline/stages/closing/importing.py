"""The kinds of records that this room takes in from tables."""

from proofline.stages.closing.imports.deals import DEALS

KINDS = (DEALS,)
