"""Transcripts as meeting programs write them: WebVTT, SubRip, and plain text with or without times.

Lenient where a strict reader would refuse the whole file: a block that makes no sense is read as words, for what was said must not be lost.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.stages.discovery.interviewing.seconds import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CUES = 20_000
ENCODINGS = ("utf-8-sig", "gb18030")
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
A_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
TIMING = re.compile(rf"^\s*({A_TIME})\s*-->\s*{A_TIME}")
HEADINGS = (
    re.compile(rf"^\s*(?P<who>)[\[(（【]?(?P<at>{A_TIME})[\])）】]?(?=\s|$)\s*[-–—]?\s*(?P<words>.*)$"),
    re.compile(rf"^\s*(?P<who>[^。.!?！？]{{1,60}}?)(?:\s+|\s*[\[(（【])(?P<at>{A_TIME})[\])）】]?\s*(?P<words>)$"),
)
"""Lines of plain text that say who speaks when: "[01:02] Helen: …", "Helen He 00:01:02", "发言人1(00:12)"."""
VOICE = re.compile(r"<v(?:\.[^ >]*)?\s+([^>]+)>")
SPEAKER = re.compile(r"^\s*([^:：\n]{1,40})[:：]\s+?(?=\S)|^\s*([^:：\n]{1,40})：")
TAG = re.compile(r"</?[a-z][^>]*>|<\d[\d:.]*>", re.IGNORECASE)


class UnreadableTranscriptError(ValueError):
    """The file is no text, or says nothing."""


@dataclass(frozen=True)
class Cue:
    """Something that was said: at a second, None where nobody noted it, and by whom, "" where that is not known."""

    second: int | None
    who: str
    words: str

    @property
    def clock(self) -> str:
        """When it was said, as people read it."""
        return "" if self.second is None else clock(self.second)

    def kept(self) -> list[int | str | None]:
        """Return it as JSON keeps it."""
        return [self.second, self.who, self.words]


def decode(content: bytes) -> str:
    """Return the text of a file.

    Raises:
        UnreadableTranscriptError: it is none.
    """
    wide = next((name for mark, name in MARKS if content.startswith(mark)), None)
    for encoding in (wide,) if wide else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableTranscriptError(_("This file is no text. Save the transcript as VTT, SRT or TXT, in UTF-8."))


def parse(text: str) -> list[Cue]:
    """Read a transcript.

    Raises:
        UnreadableTranscriptError: it says nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    timed = text.startswith("WEBVTT") or any(TIMING.match(line) for line in text.split("\n"))
    found = list(_subtitles(text) if timed else _lines(text))[:MOST_CUES]
    if not found:
        raise UnreadableTranscriptError(_("There are no words in this transcript."))
    return found


def _subtitles(text: str) -> Iterator[Cue]:
    """Read WebVTT and SubRip: blocks of an optional name, a timing and words."""
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((place for place, line in enumerate(lines) if TIMING.match(line)), None)
        if at is None:
            if not block.startswith(("WEBVTT", "NOTE", "STYLE", "REGION")):
                yield from _cue(None, lines)
            continue
        timing = TIMING.match(lines[at])
        assert timing is not None
        yield from _cue(_second(timing[1]), lines[at + 1 :])


def _cue(second: int | None, lines: list[str]) -> Iterator[Cue]:
    words = " ".join(lines)
    voice = VOICE.search(words)
    words = html.unescape(" ".join(TAG.sub("", words).split()))
    who = html.unescape(voice[1].strip()) if voice else ""
    if not voice and (spoken := SPEAKER.match(words)):
        who, words = (spoken[1] or spoken[2]).strip(), words[spoken.end() :].strip()
    if words:
        yield Cue(second, who[:60], words)


def _lines(text: str) -> Iterator[Cue]:
    """Read plain text: a line that says who speaks when begins what follows; without any, each line is said by itself."""
    second, who, words = None, "", list[str]()
    for line in text.split("\n"):
        heading = next((found for heading in HEADINGS if (found := heading.match(line))), None)
        if heading is None:
            if second is None and line.strip():
                yield from _cue(None, [line])
            elif line.strip():
                words.append(line)
            continue
        if words:
            yield Cue(second, who, " ".join(" ".join(words).split()))
        second, who, words = _second(heading["at"]), heading["who"].strip(" -–—\t"), []
        if heading["words"].strip():
            said = list(_cue(second, [heading["words"]]))
            who = said[0].who or who if said else who
            words = [said[0].words] if said else []
    if words:
        yield Cue(second, who, " ".join(" ".join(words).split()))


def _second(written: str) -> int:
    total = 0
    for part in written.replace(",", ".").split(".")[0].split(":"):
        total = total * 60 + int(part)
    return total
