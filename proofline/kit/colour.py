"""The colours of the brand made usable: readable on both backgrounds, whatever colours the company chose."""

from __future__ import annotations

from django.utils.translation import gettext as _

AA_TEXT = 4.5
WHITE = "#ffffff"
LIGHT_GROUND, DARK_GROUND = "#f4f4f6", "#202126"
"""The grounds of `kit/base.css` on which text is hardest to read: a row under the pointer."""
PALE = 0.1
"""How much of the accent is in its pale self, on which text in it stands too."""
STEPS = 40


CUSTOMERS = ".public,.proposal-sheet"
"""Where customers look, or we see what they would: the second colour is theirs alone."""


def brand_css(accent: str, second: str = "") -> str:
    """Return the stylesheet that sets the accent, and for customers the second colour, for light and dark.

    Each is moved towards black (or white, in the dark) until text in it reads at contrast 4.5 (WCAG 2.2, 1.4.3).
    """
    solid = on_paper(accent)
    light, dark = _both(accent)
    css = (
        ":root{"
        f"--accent-solid:light-dark({solid},{solid});"
        f"--accent:light-dark({light},{dark});"
        f"--tblr-primary:{solid};--tblr-primary-rgb:{','.join(map(str, _rgb(solid)))};"
        "}\n"
    )
    return css + (f"{CUSTOMERS}{{--second:light-dark({','.join(_both(second))});}}\n" if second else "")


def on_paper(colour: str) -> str:
    """Return the colour, darkened until it reads on white."""
    return _until_readable(colour, ground=WHITE, towards="#000000")


def contrast_told(accent: str) -> str:
    """Say how well the accent reads, and what is done where it does not."""
    return _told(_("Contrast of the accent colour with white: %(ratio)s : 1."), accent)


def second_told(second: str) -> str:
    """Say how well the second colour reads, and what is done where it does not."""
    return _told(_("Contrast of the second colour with white: %(ratio)s : 1."), second)


def _told(words: str, colour: str) -> str:
    ratio = contrast(colour, WHITE)
    told = words % {"ratio": f"{ratio:.1f}"}
    if ratio >= AA_TEXT:
        return told
    return (
        told + " " + _("Text needs 4.5 : 1 (WCAG AA): where text stands in this colour, it is darkened until it reads.")
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another, 0 to 1."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _both(colour: str) -> tuple[str, str]:
    return (
        _until_readable(colour, ground=LIGHT_GROUND, towards="#000000", pale=PALE),
        _until_readable(colour, ground=DARK_GROUND, towards="#ffffff", pale=PALE),
    )


def _until_readable(colour: str, *, ground: str, towards: str, pale: float = 0) -> str:
    for step in range(STEPS + 1):
        found = mix(colour, towards, step / STEPS)
        if contrast(found, mix(ground, found, pale)) >= AA_TEXT:
            return found
    return towards


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    channels = [value / 255 for value in _rgb(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
