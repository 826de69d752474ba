"""The facts of calculators."""

from django.utils.translation import gettext_noop as _

from proofline.timeline import catalogue


def declare() -> None:
    """Declare them."""
    catalogue.declare("calculator.published", sentence=_("published the calculator “{calculator}”"))
    catalogue.declare("calculator.withdrawn", sentence=_("withdrew the calculator “{calculator}”"))
    embedded = {"embedded": _("whether in a page of the company's website")}
    catalogue.declare(
        "calculator.opened", sentence=_("somebody opened the calculator “{calculator}”"), properties=embedded
    )
    catalogue.declare(
        "calculator.used",
        sentence=_("somebody calculated with the calculator “{calculator}”"),
        properties=embedded,
    )
    catalogue.declare(
        "calculator.completed",
        sentence=_("calculated {monthly_value} {currency} a month with the calculator “{calculator}”"),
    )
    catalogue.declare(
        "calculator.taken",
        sentence=_("began the value case “{value_case}” with figures from the calculator “{calculator}”"),
    )
