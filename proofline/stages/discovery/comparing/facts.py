"""The facts of comparisons."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare("comparison.drafted", sentence=_("drafted the comparison of {study}"))
    catalogue.declare("comparison.changed", sentence=_("changed the comparison of {study}"))
