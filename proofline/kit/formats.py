"""Numbers, money and times as the reader's language writes them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_compact_currency, format_compact_decimal, format_currency, format_decimal
from babel.numbers import format_percent as babel_percent
from django.utils import timezone, translation
from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LOCALES = {"en": "en", "zh-hans": "zh_Hans_CN"}
SHORTENED_FROM = 10_000
JUST_NOW_IN_SECONDS = 5
A_WEEK_IN_SECONDS = 7 * 24 * 3600
Unit = Literal["week", "day", "hour", "minute", "second"]
UNITS: tuple[tuple[Unit, int], ...] = (
    ("week", A_WEEK_IN_SECONDS),
    ("day", 24 * 3600),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)
UNIT_FROM = 0.85
"""A unit is spoken of from this part of it on, as Babel does."""
KEPT = 10_000
"""So many days, times and numbers stay written: a list writes the same ones again and again."""
NOTHING = "–"
ROOM = 40
"""Digits for what Babel does beside the number's own: places after the point, hundredths of a share."""


def locale() -> Locale:
    """Return Babel's locale of the current language; English for a language that we do not speak."""
    return _locale(translation.get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, "en"))


def is_chinese() -> bool:
    """Tell whether the current language is Chinese."""
    return (translation.get_language() or "").startswith("zh")


def listed(parts: Iterable[str]) -> str:
    """Write one after another: north, south; 北方、南方."""
    return ("、" if is_chinese() else ", ").join(map(str, parts))


def as_decimal(value: Any) -> Decimal:
    """Return any number as an exact decimal; nothing has no sign."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact or abs(exact)


def _is_nothing(value: Any) -> bool:
    """Tell whether there is no number to write: nothing, or what is no number or without end."""
    return value is None or value == "" or not as_decimal(getattr(value, "amount", value)).is_finite()


@contextmanager
def _room_for(value: Decimal) -> Iterator[None]:
    """Let Babel round in as many digits as the number has: with the usual 28 a longer one raises."""
    with localcontext() as context:
        context.prec = max(context.prec, abs(value.adjusted()) + len(value.as_tuple().digits) + ROOM)
        yield


def number(value: Any, *, digits: int | None = None) -> str:
    """Write a number with the language's grouping, at most `digits` places after the point (2 when None)."""
    if _is_nothing(value):
        return NOTHING
    places = 2 if digits is None else digits
    pattern = "#,##0" + ("." + ("0" if digits is not None else "#") * places if places else "")
    return _number(as_decimal(value), pattern, locale())


@lru_cache(KEPT)
def _number(value: Decimal, pattern: str, spoken: Locale) -> str:
    with _room_for(value):
        return format_decimal(value, format=pattern, locale=spoken)


def compact(value: Any) -> str:
    """Write a number in short: 12K, 1.2万."""
    if _is_nothing(value):
        return NOTHING
    exact = as_decimal(value)
    with _room_for(exact):
        return format_compact_decimal(exact, locale=locale(), fraction_digits=1)


def percent(value: Any, *, digits: int = 0) -> str:
    """Write a share (0.63) as a percentage (63%)."""
    if _is_nothing(value):
        return NOTHING
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    exact = as_decimal(value)
    with _room_for(exact):
        return babel_percent(exact, format=pattern, locale=locale())


def money(value: Any, currency: str | None = None, *, short: bool = False) -> str:
    """Write an amount with its currency; whole amounts without cents. `value` is a number or a `Money`.

    `short` is for places where the size matters, not the cent: ¥1.2万, CN¥1.2M, from ten thousand on.
    """
    if _is_nothing(value):
        return NOTHING
    amount = as_decimal(getattr(value, "amount", value))
    code = currency or getattr(value, "currency", None) or "CNY"
    return _money(amount, code, short, locale())


@lru_cache(KEPT)
def _money(amount: Decimal, code: str, short: bool, spoken: Locale) -> str:  # noqa: FBT001 - a key of what is kept
    with _room_for(amount):
        if short and abs(amount) >= SHORTENED_FROM:
            return format_compact_currency(amount, code, locale=spoken, fraction_digits=1)
        if short or amount == amount.to_integral_value():
            return format_currency(amount, code, format="¤#,##0", locale=spoken, currency_digits=False)
        return format_currency(amount, code, locale=spoken)


def day(value: date | datetime | None) -> str:
    """Write a day: `24 Nov 2026`, 2026年11月24日."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return _day(value, locale())


@lru_cache(KEPT)
def _day(value: date, spoken: Locale) -> str:
    return format_date(value, format="medium" if spoken.language == "zh" else "d MMM y", locale=spoken)


def moment(value: datetime) -> str:
    """Write a day and its time, in the reader's time zone."""
    local = timezone.localtime(value).replace(second=0, microsecond=0, tzinfo=None)
    return _moment(local, locale())


@lru_cache(KEPT)
def _moment(local: datetime, spoken: Locale) -> str:
    pattern = "y年M月d日 HH:mm" if spoken.language == "zh" else "d MMM y, HH:mm"
    return format_datetime(local, format=pattern, locale=spoken)


def ago(value: datetime, *, now: datetime) -> str:
    """Write how long ago or how soon; beyond a week, the day."""
    gap: timedelta = value - now
    if abs(gap.total_seconds()) > A_WEEK_IN_SECONDS:
        return day(value)
    seconds = round(gap.total_seconds())
    if abs(seconds) <= JUST_NOW_IN_SECONDS:
        return gettext("just now")
    for unit, length in UNITS:
        number = round(abs(seconds) / length)
        if abs(seconds) >= UNIT_FROM * length or length == 1:
            return _away(number * (1 if seconds > 0 else -1), unit, length, locale())
    raise AssertionError


@lru_cache(KEPT)
def _away(number: int, unit: Unit, length: int, spoken: Locale) -> str:
    gap = timedelta(seconds=number * length)
    return format_timedelta(gap, granularity=unit, threshold=1, add_direction=True, locale=spoken)
