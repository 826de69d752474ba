"""Near misses, folding, and the pieces that search keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.kit.search import tokens
from proofline.kit.text import Matcher, fold, nearest

PRODUCTS = ["GTK 500", "GTX Basic", "GTX Plus Basic", "GTX Plus Pro", "GTX Pro", "MG Advanced", "MG Special"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("GTXPro", "GTX Pro"),
        ("gtx-pro ", "GTX Pro"),
        ("GTX Pro", "GTX Pro"),
        ("GTXPlusPro", "GTX Plus Pro"),
        ("MG Advancd", "MG Advanced"),
        ("GTK500", "GTK 500"),
        ("GTK 501", None),
        ("GTX", None),
        ("Something else", None),
        ("", None),
        ("--", None),
    ],
)
def test_a_near_miss_finds_what_was_meant(typed: str, meant: str | None) -> None:
    assert nearest(typed, PRODUCTS) == meant


def test_nothing_is_suggested_when_two_are_equally_near() -> None:
    assert nearest("Plan C", ["Plan A", "Plan B"], cutoff=50) is None
    assert nearest("gtxpro", ["GTX Pro", "GTX-Pro"]) is None
    assert nearest("GTX-Pro", ["GTX Pro", "GTX-Pro"]) == "GTX-Pro"


def test_numbers_are_never_guessed() -> None:
    assert nearest("Enterprise 2024", ["Enterprise 2025"]) is None
    assert nearest("Enterprize 2025", ["Enterprise 2025"]) == "Enterprise 2025"


def test_chinese_and_wide_forms() -> None:
    assert nearest("上海云图科技 有限公司", ["上海云图科技有限公司", "上海云海科技有限公司"]) == "上海云图科技有限公司"
    assert nearest("ＧＴＸ　Ｐｒｏ", PRODUCTS) == "GTX Pro"


@given(st.lists(st.text(max_size=12)), st.text(max_size=12))
def test_a_suggestion_is_a_choice_and_a_choice_is_itself(choices: list[str], value: str) -> None:
    matcher = Matcher(choices)
    assert matcher.nearest(value) in {None, *choices}
    assert all(matcher.nearest(choice) == choice for choice in choices)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_ignores_case_width_and_spacing() -> None:
    assert fold("  ＧＴＸ   Pro\n") == fold("gtx pro") == "gtx pro"
    assert fold("Straße") == fold("STRASSE")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Café Zürich", ["cafe", "zurich"]),
        ("云图科技 GTX-500", ["云图", "图科", "科技", "gtx", "500"]),
        ("云 a", ["云", "a"]),
        ("SaaS平台2026版", ["saas", "平台", "2026", "版"]),
        (" … ", []),
    ],
)
def test_text_is_cut_into_words_and_chinese_pairs(text: str, pieces: list[str]) -> None:
    assert tokens(text) == pieces
