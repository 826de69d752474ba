"""Names of companies: what is left of one without its legal form, its city and its line of business, and how alike two are."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from proofline.kit.matching.texts import HAN, wordwise
from proofline.kit.text import unaccented

LEGAL = frozenset(
    "ltd limited llc llp lp plc inc incorporated corp corporation co company gmbh mbh ag kg ohg ug ev se sa sas sarl srl spa bv nv ab as"
    " oy oyj aps pty pte pvt private kk kabushiki kaisha sdn bhd holding holdings group the and".split()
)
"""Words of legal forms; they say nothing of who it is. Dots are gone by then: "S.A." is "sa"."""
HAN_LEGAL = re.compile(
    "(?:集团股份有限公司|股份有限公司|有限责任公司|有限公司|集团有限公司|集团公司|集团|控股|总公司|分公司|公司|株式会社|合伙企业|有限合伙)+$"
)
LINES = re.compile(
    "(?:信息技术|网络科技|信息科技|电子商务|智能科技|软件技术|科技发展|技术服务|科技|技术|软件|网络|信息|实业|贸易|商贸|发展|国际|中国)+$"
)
"""What a company does, at the end of its Chinese name: 字节跳动科技 and 字节跳动 are one."""
PLACES = (
    "北京 上海 天津 重庆 广州 深圳 杭州 南京 苏州 成都 武汉 西安 长沙 郑州 青岛 济南 大连 沈阳 厦门 福州 宁波 无锡 合肥 昆明 南宁 石家庄 哈尔滨 长春 "
    "南昌 贵阳 太原 兰州 海口 珠海 东莞 佛山 香港 广东 浙江 江苏 山东 四川 湖北 湖南 河南 河北 福建 安徽 陕西 辽宁 中国"
).split()
PLACE = re.compile(f"^(?:(?:{'|'.join(PLACES)})(?:省|市)?)+")
LOCAL = re.compile(f"[（(](?:{'|'.join(PLACES)})(?:省|市)?[)）]|·")
NEARLY = 0.97
"""The most that two names are alike that are not the same."""
ELSEWHERE = 0.8
"""That two are called the same in two cities: of most names there are several."""
FEWEST = 2
"""So many Chinese characters are left at least: 北京科技有限公司 is no company without a name."""


class Company(NamedTuple):
    """A company's name, cut into what counts."""

    name: str
    """Without legal form and city, without spaces."""
    core: str
    """Without the line of business at the end of a Chinese name too."""
    words: str
    first: str
    """Its first word."""
    place: str = ""
    """The city before a Chinese name: 杭州麦田 and 宁波麦田 are two."""


@lru_cache(maxsize=20_000)
def company(written: str) -> Company:
    """Return what counts of a company's name; of nothing but a legal form, that."""
    text = unaccented(written)
    return _chinese(text) if HAN.search(text) else _latin(text)


def _chinese(text: str) -> Company:
    words = [word for word in LOCAL.sub("", text).split() if word.strip(".,") not in LEGAL]
    squeezed = "".join(character for character in "".join(words) if character.isalnum())
    placed = _without(HAN_LEGAL, squeezed)
    bare = _without(PLACE, placed)
    if LINES.fullmatch(bare):  # 北京科技有限公司: the city is all that it is called by
        return Company(placed, placed, placed, placed)
    core = _without(LINES, bare)
    return Company(bare, core, core, core, placed.removesuffix(bare))


def _without(pattern: re.Pattern[str], text: str) -> str:
    shorter = pattern.sub("", text)
    return shorter if len(shorter) >= FEWEST else text


def _latin(text: str) -> Company:
    words = re.sub(r"[^\w\s]|_", " ", re.sub(r"(?<=\w)[.'’](?=\w|\s|$)", "", text)).split()
    left = [word for word in words if word not in LEGAL] or words
    name = "".join(left)
    return Company(name, name, " ".join(sorted(left)), left[0] if left else "")


def companies(one: Company, other: Company) -> float:
    """Return how alike two companies' names are. A number in one that the other has not makes them two: Plant 1, Plant 2."""
    elsewhere = bool(one.place and other.place and one.place != other.place)
    if one.name == other.name:
        return ELSEWHERE if elsewhere else 1.0
    if _numbers(one.name) != _numbers(other.name):
        return 0.0
    likeness = wordwise(one.words, other.words)
    if HAN.search(one.core) or HAN.search(
        other.core
    ):  # one character is a quarter of a name, and another one another name
        likeness = fuzz.ratio(one.core, other.core) / 100
    elif (common := _short_of(one, other)) is not None:
        likeness = max(likeness, common)
    return min(likeness, ELSEWHERE if elsewhere else NEARLY)


def _short_of(one: Company, other: Company) -> float | None:
    """Return the likeness of a name that is the beginning of the other: Heron, Heron Robotics."""
    short, long = sorted((set(one.words.split()), set(other.words.split())), key=len)
    return 0.9 if short < long and max(map(len, short)) > 3 else None  # noqa: PLR2004 - shorter words are articles and initials


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)
