"""Forms of the builder: a questionnaire, its sections and questions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.records.forms.voice import VoicedForm
from proofline.records.models import Pain
from proofline.stages.discovery.questionnaires import parts
from proofline.stages.discovery.questionnaires.content import (
    CHOOSING,
    LANGUAGES,
    STEPPED,
    Aspect,
    Band,
    Content,
    Question,
    QuestionKind,
    Section,
    new_key,
)
from proofline.stages.discovery.questionnaires.forms.conditions import ShownIfForm

if TYPE_CHECKING:
    from django.http import QueryDict

    from proofline.stages.discovery.models import Questionnaire

LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


def add_words(form: forms.Form, name: str, label: Any, *, rows: int = 1, languages: tuple[str, ...]) -> None:
    """Add a field of words in each of the questionnaire's languages."""
    for code in languages:
        suffix = parts.SUFFIXES[code]
        shown = f"{label} · {LANGUAGE_NAMES[suffix]}" if len(languages) > 1 else label
        widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
        widget.attrs["lang"] = code
        form.fields[f"{name}_{suffix}"] = forms.CharField(
            label=shown, required=False, max_length=parts.LONGEST, widget=widget
        )


class ContentForm(VoicedForm, forms.Form):
    """A questionnaire as a whole: its title, languages, what stands before and after the questions, what points mean."""

    voiced = parts.names("title", "intro", "thanks")

    title_en = forms.CharField(label="Title · English", required=False, max_length=200)
    title_zh = forms.CharField(label="标题 · 中文", required=False, max_length=200)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Texts that are missing in one of them are shown in the other."),
    )
    sector = forms.CharField(label=_("Industry"), required=False, max_length=120)
    intro_en = forms.CharField(
        label=_("Introduction · English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    intro_zh = forms.CharField(
        label=_("Introduction · Chinese"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    thanks_en = forms.CharField(label=_("Thanks · English"), required=False, max_length=2000)
    thanks_zh = forms.CharField(label=_("Thanks · Chinese"), required=False, max_length=2000)
    bands = forms.CharField(
        label=_("What a score means"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One line each: least points = English = Chinese, such as “20 = Much to win = 空间很大”."),
    )
    tells_score = forms.BooleanField(label=_("Tell who answers their score"), required=False)

    def clean_bands(self) -> tuple[Band, ...]:
        """Read the bands, one a line."""
        read = []
        for line in filter(None, map(str.strip, self.cleaned_data["bands"].splitlines())):
            least, *texts = (part.strip() for part in line.replace("＝", "=").split("="))
            given = {
                code: text for code, text in zip(self.cleaned_data.get("languages", ()), texts, strict=False) if text
            }
            if not least.removeprefix("-").isdecimal() or len(least) > 5 or not given:  # noqa: PLR2004 - points
                raise ValidationError(_("“%(line)s” is not of the form “20 = words”.") % {"line": line[:80]})
            read.append(Band(int(least), given))
        return tuple(sorted(read, key=lambda band: band.least))

    def clean(self) -> dict[str, Any]:
        """Ask for a title in one of the languages."""
        values: dict[str, Any] = super().clean() or {}
        title = parts.words(values, "title")
        if not any(code in title for code in values.get("languages", ())):
            self.add_error("title_en", _("Write a title in one of the languages."))
        return values

    def content(self, before: Content | None = None) -> Content:
        """Return the content with what was written."""
        values = self.cleaned_data
        kept = before.sections if before else (Section(new_key("s")),)
        return Content(
            title=parts.words(values, "title"),
            languages=tuple(values["languages"]),
            intro=parts.words(values, "intro"),
            thanks=parts.words(values, "thanks"),
            sections=kept,
            bands=values["bands"],
            tells_score=values["tells_score"],
        )

    @staticmethod
    def first_values(questionnaire: Questionnaire) -> dict[str, Any]:
        """Return what the form begins with."""
        content = questionnaire.content
        bands = (
            " = ".join([str(band.least), *(band.text.get(code, "") for code in content.languages)])
            for band in content.bands
        )
        return {
            **parts.first_words(content.title, "title"),
            **parts.first_words(content.intro, "intro"),
            **parts.first_words(content.thanks, "thanks"),
            "languages": list(content.languages),
            "sector": questionnaire.sector,
            "bands": "\n".join(bands),
            "tells_score": content.tells_score,
        }


class SectionForm(VoicedForm, ShownIfForm):
    """A section."""

    voiced = parts.names("title")

    def __init__(self, data: QueryDict | None, *, content: Content, part: Section) -> None:
        first = parts.first_words(part.title, "title") | {"aspect": part.aspect}
        super().__init__(data, content=content, part=part, initial=first)
        add_words(self, "title", _("Title"), languages=content.languages)
        self.fields["aspect"] = forms.ChoiceField(label=_("About"), required=False, choices=Aspect.choices)
        self.order_fields([*(name for name in self.fields if name.startswith("title")), "aspect"])

    def section(self) -> Section:
        """Return the section as it was written."""
        assert isinstance(self.part, Section)
        values = self.cleaned_data
        return Section(self.part.key, parts.words(values, "title"), values["aspect"], self.part.questions, **self.shown)


class QuestionForm(VoicedForm, ShownIfForm):
    """A question of one kind, with the fields that the kind has."""

    voiced = (*parts.names("text", "help", "low", "high"), "option-en", "option-zh", "row-en", "row-zh")

    required = forms.BooleanField(label=_("Has to be answered"), required=False)

    def __init__(self, data: QueryDict | None, *, content: Content, part: Question) -> None:
        first: dict[str, Any] = parts.first_words(part.text, "text") | parts.first_words(part.help, "help")
        first |= parts.first_words(part.low, "low") | parts.first_words(part.high, "high")
        first |= {"required": part.required, "least": part.least, "most": part.most, "scored": part.scored}
        super().__init__(data, content=content, part=part, initial=first)
        add_words(self, "text", _("Question"), rows=2, languages=content.languages)
        add_words(self, "help", _("Help"), languages=content.languages)
        self.kind = kind = QuestionKind(part.kind)
        if kind in {QuestionKind.NUMBER, QuestionKind.SCALE}:
            self.fields["least"] = forms.IntegerField(label=_("From"), required=False)
            self.fields["most"] = forms.IntegerField(label=_("To"), required=False)
        if kind in STEPPED:
            add_words(self, "low", _("The lowest means"), languages=content.languages)
            add_words(self, "high", _("The highest means"), languages=content.languages)
            self.fields["scored"] = forms.BooleanField(label=_("The value counts as points"), required=False)
        self.has_options = kind in CHOOSING
        self.has_bounds = "least" in self.fields
        self.options, self.rows = part.options, part.rows

    @property
    def option_rows(self) -> list[parts.Line]:
        """The options as the form shows them."""
        return parts.lines(self.data, "option") if self.is_bound else [parts.Line.of(option) for option in self.options]  # type: ignore[arg-type]

    @property
    def row_rows(self) -> list[parts.Line]:
        """The rows of a matrix as the form shows them."""
        return parts.lines(self.data, "row") if self.is_bound else [parts.Line.of(row) for row in self.rows]  # type: ignore[arg-type]

    def first_texts(self) -> dict[str, list[str]]:
        """Return the texts that the form begins with; those of options and rows too."""
        lines = {"option": self.option_rows, "row": self.row_rows}
        found = {
            f"{name}-{ending}": [getattr(line, ending) for line in those]
            for name, those in lines.items()
            for ending in ("en", "zh")
        }
        return super().first_texts() | found

    @cached_property
    def pains(self) -> list[Pain]:
        """The pains that a need of an option may name."""
        return list(Pain.objects.order_by("name"))

    def named(self, name: str) -> list[Any]:
        """Return the fields of the words of a name."""
        return [self[one] for one in self.fields if one.startswith(f"{name}_")]

    @property
    def texts(self) -> list[Any]:
        """The fields of the question's words."""
        return [*self.named("text"), *self.named("help")]

    @property
    def ends(self) -> list[Any]:
        """The fields that name the ends of a scale."""
        return [*self.named("low"), *self.named("high")]

    def clean(self) -> dict[str, Any]:
        """Ask for the question's words, and read its options and rows."""
        values = super().clean()
        if not parts.words(values, "text"):
            self.add_error(self.texts[0].name, _("Write the question."))
        try:
            if self.kind in CHOOSING:
                self.options = parts.options(self.data)  # type: ignore[arg-type]
            if self.kind == QuestionKind.MATRIX:
                self.rows = parts.rows(self.data)  # type: ignore[arg-type]
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
        return values

    def question(self) -> Question:
        """Return the question as it was written."""
        values = self.cleaned_data
        return Question(
            key=self.part.key,
            kind=self.kind.value,
            text=parts.words(values, "text"),
            help=parts.words(values, "help"),
            required=values["required"],
            options=self.options,
            rows=self.rows,
            least=values.get("least"),
            most=values.get("most"),
            low=parts.words(values, "low"),
            high=parts.words(values, "high"),
            scored=values.get("scored", False),
            **self.shown,
        )
