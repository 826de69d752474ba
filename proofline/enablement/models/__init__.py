"""The records of this room."""

from proofline.enablement.models.playbooks import Playbook, Stage
from proofline.enablement.models.steps import Step
from proofline.enablement.models.ticking import Tick, tick, untick

__all__ = ["Playbook", "Stage", "Step", "Tick", "tick", "untick"]
