"""The demo company: an internet company with two years of history, filled in by the verbs and paths of real use."""

from proofline.config.demo.filling import fill_when_empty, show_sign_ins

__all__ = ["fill_when_empty", "show_sign_ins"]
