"""Transcripts as meeting programs write them, and what is none."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.stages.discovery.interviewing.transcripts import UnreadableTranscriptError, decode, parse

HELLO = "发言人1(00:12)\n你好"


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        (
            "WEBVTT - Meeting\n\nNOTE by hand\n\n1\n00:00:01.000 --> 00:00:04.000 align:start\n<v Helen He>Reports &amp; <i>plans</i></v>\n\n01:05.000 --> 01:06\nSam: why?",
            [[1, "Helen He", "Reports & plans"], [65, "Sam", "why?"]],
        ),
        (
            "1\r\n00:00:01,500 --> 00:00:02,000\r\nHello\r\nthere\r\n\r\n2\r\n01:00:00,000 --> 01:00:01,000\r\nagain",
            [[1, "", "Hello there"], [3600, "", "again"]],
        ),
        (
            "张三 00:01:02\n我们每周三天。\n还有\n\n李四 00:02:00\n为什么？",
            [[62, "张三", "我们每周三天。 还有"], [120, "李四", "为什么？"]],
        ),
        ("[00:12] Helen: Too long\n[01:00] Sam: why", [[12, "Helen", "Too long"], [60, "Sam", "why"]]),
        (HELLO, [[12, "发言人1", "你好"]]),
        ("We meet at 10:30 tomorrow\nHelen: yes", [[None, "", "We meet at 10:30 tomorrow"], [None, "Helen", "yes"]]),
    ],
)
def test_what_was_said_is_read_with_its_time_and_speaker(text, cues):
    assert [cue.kept() for cue in parse(text)] == cues


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_any_usual_encoding_is_read(encoding):
    assert parse(decode(HELLO.encode(encoding)))[0].words == "你好"


@pytest.mark.parametrize("text", ["", "\n \n", "WEBVTT\n\nNOTE nothing"])
def test_a_transcript_without_words_is_none(text):
    with pytest.raises(UnreadableTranscriptError, match="no words"):
        parse(text)


@given(st.text())
def test_whatever_a_file_says_is_read_or_refused(text):
    with contextlib.suppress(UnreadableTranscriptError):
        assert all(cue.words for cue in parse(text))
