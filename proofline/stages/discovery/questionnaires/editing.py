"""Building a questionnaire: content in, content out. What can't be asked of anybody is told by `problems`, what is not translated by `missing`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proofline.stages.discovery.questionnaires.branching import can_be
from proofline.stages.discovery.questionnaires.content import (
    CHOOSING,
    LANGUAGES,
    OPERATORS,
    Content,
    QuestionKind,
    new_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.stages.discovery.questionnaires.content import Condition, Question, Section, Shown, Words

LEAST_OPTIONS = 2


class Missing(NamedTuple):
    """A text that is not there in a language; `part` is the key of the question or section, "" for the questionnaire itself."""

    part: str
    what: str
    language: str


def put_section(content: Content, section: Section) -> Content:
    """Change a section, or add one at the end."""
    keys = [one.key for one in content.sections]
    if section.key in keys:
        sections = tuple(section if one.key == section.key else one for one in content.sections)
    else:
        sections = (*content.sections, section)
    return msgspec.structs.replace(content, sections=sections)


def put_question(content: Content, section: str, question: Question) -> Content:
    """Change a question where it stands, or add one at the end of a section.

    Raises:
        ValidationError: there is no such section any more.
    """
    found = section_of(content, question.key)
    target = found or next((one for one in content.sections if one.key == section), None)
    if target is None:
        raise ValidationError(_("This section was removed meanwhile."))
    if found:
        questions = tuple(question if one.key == question.key else one for one in target.questions)
    else:
        questions = (*target.questions, question)
    return put_section(content, msgspec.structs.replace(target, questions=questions))


def section_of(content: Content, question: str) -> Section | None:
    """Return the section in which a question stands."""
    return next((one for one in content.sections if any(q.key == question for q in one.questions)), None)


def without(content: Content, key: str) -> Content:
    """Take out a question, or a section with its questions. Conditions on them stay, and are told by `problems`."""
    sections = tuple(
        msgspec.structs.replace(one, questions=tuple(q for q in one.questions if q.key != key))
        for one in content.sections
        if one.key != key
    )
    return msgspec.structs.replace(content, sections=sections)


def moved(content: Content, key: str, *, down: bool) -> Content:
    """Move a section, or a question, one place; a question at the end of its section goes on into the next one."""
    places = [one.key for one in content.sections]
    if key in places:
        sections = list(content.sections)
        _swap(sections, places.index(key), down=down)
        return msgspec.structs.replace(content, sections=tuple(sections))
    section = section_of(content, key)
    if section is None:
        return content
    questions = list(section.questions)
    here = next(place for place, one in enumerate(questions) if one.key == key)
    if _swap(questions, here, down=down):
        return put_section(content, msgspec.structs.replace(section, questions=tuple(questions)))
    beside = places.index(section.key) + (1 if down else -1)
    if not 0 <= beside < len(places):
        return content
    question, other = questions[here], content.sections[beside]
    content = put_section(without(content, key), other)
    order = (question, *other.questions) if down else (*other.questions, question)
    return put_section(content, msgspec.structs.replace(other, questions=order))


def _swap(parts: list[object] | list[Section] | list[Question], here: int, *, down: bool) -> bool:
    there = here + (1 if down else -1)
    if not 0 <= there < len(parts):
        return False
    parts[here], parts[there] = parts[there], parts[here]  # type: ignore[call-overload]
    return True


def copied(question: Question) -> Question:
    """Return the same question with a key of its own."""
    return msgspec.structs.replace(question, key=new_key("q"))


def problems(content: Content) -> list[str]:
    """Return what keeps the questionnaire from being published, in words."""
    found = [] if any(content.questions) else [_("There is no question yet.")]
    earlier: dict[str, Question] = {}
    if not content.say(content.title, content.languages[0]):
        found.append(_("It has no title."))
    for section in content.sections:
        name = content.say(section.title, content.languages[0]) or _("Section")
        found += _wrong_conditions(content, section, earlier, name)
        for question in section.questions:
            text = content.say(question.text, content.languages[0])
            found += [] if text else [_("A question has no text.")]
            found += _wrong_conditions(content, question, earlier, text)
            found += [line % {"question": text} for line in _wrong_parts(question)]
            earlier[question.key] = question
    return found


def _wrong_conditions(content: Content, part: Shown, earlier: dict[str, Question], name: str) -> list[str]:
    found = {}
    for condition in part.conditions:
        question = earlier.get(condition.question)
        said = {"name": name, "question": content.say(question.text, content.languages[0]) if question else ""}
        if question is None:
            found[_("“%(name)s” depends on a question that does not stand before it.") % said] = True
        elif not _can_be_met(condition, question):
            found[_("“%(name)s” depends on an answer that “%(question)s” does not offer.") % said] = True
        elif part.show_if == "all" and _excluded(condition, question, part.conditions):
            never = _("“%(name)s” is never shown: “%(question)s” can't be answered in two ways at once.")
            found[never % said] = True
    return list(found)


def _can_be_met(condition: Condition, question: Question) -> bool:
    unknown = question.kind in CHOOSING and condition.operator != "answered" and not question.option(condition.value)
    return (
        not unknown
        and condition.operator in OPERATORS[question.kind]
        and (condition.operator == "answered" or can_be(question, condition.operator, condition.value))
    )


def _excluded(condition: Condition, question: Question, conditions: tuple[Condition, ...]) -> bool:
    """Return whether another condition wants another option of a question of which one alone can be answered."""
    if question.kind not in {QuestionKind.ONE, QuestionKind.RANKING} or condition.operator != "is":
        return False
    same = (other for other in conditions if (other.question, other.operator) == (condition.question, "is"))
    return any(other.value != condition.value for other in same)


def _wrong_parts(question: Question) -> Iterator[str]:
    if question.kind in CHOOSING and len(question.options) < LEAST_OPTIONS:
        yield _("“%(question)s” needs two options at least.")
    if question.kind == QuestionKind.MATRIX and not question.rows:
        yield _("“%(question)s” has no rows.")
    if question.kind == QuestionKind.SCALE and not 2 <= len(question.steps) <= 11:  # noqa: PLR2004 - what fits on a phone
        yield _("The scale of “%(question)s” needs between 2 and 11 values.")
    if question.least is not None and question.most is not None and question.least > question.most:
        yield _("“%(question)s” allows no number at all.")


def missing(content: Content) -> list[Missing]:
    """Return the texts that are not there in one of the questionnaire's languages, and are in another."""
    return [
        Missing(part, what, LANGUAGES[language])
        for part, what, words in _texts(content)
        for language in content.languages
        if any(words.values()) and not words.get(language, "").strip()
    ]


def _texts(content: Content) -> Iterator[tuple[str, str, Words]]:
    yield from (("", _("Title"), content.title), ("", _("Introduction"), content.intro))
    yield "", _("Thanks"), content.thanks
    yield from (("", _("What a score means"), band.text) for band in content.bands)
    for section in content.sections:
        yield section.key, _("Title"), section.title
        for one in section.questions:
            yield from ((one.key, _("Question"), one.text), (one.key, _("Help"), one.help))
            yield from ((one.key, _("Lowest"), one.low), (one.key, _("Highest"), one.high))
            yield from ((one.key, _("Options"), option.text) for option in one.options)
            yield from ((one.key, _("Matrix rows"), row.text) for row in one.rows)
            yield from ((one.key, _("Need"), option.need.text) for option in one.options if option.need)
