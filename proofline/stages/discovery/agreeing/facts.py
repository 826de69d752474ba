"""The facts of agreeing on what a value case rests on."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare("value_case.shared", sentence=_("asked {to} whether the figures of “{value_case}” are right"))
    catalogue.declare("value_case.agreed", sentence=_("agreed to all that “{value_case}” rests on"))
    catalogue.declare("assumption.agreed", sentence=_("{who} agreed: {assumption}"))
    catalogue.declare("assumption.questioned", sentence=_("{who} questioned “{assumption}”: {note}"))
    catalogue.declare("assumption.explained", sentence=_("answered the question about “{assumption}”: {note}"))
