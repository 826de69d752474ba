"""Forms of the builder, and of sending."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Contact, Pain
from proofline.stages.discovery.forms import choose_from, people_of
from proofline.stages.discovery.models import Questionnaire, Study
from proofline.stages.discovery.questionnaires import parts
from proofline.stages.discovery.questionnaires.content import (
    CHOOSING,
    LANGUAGES,
    STEPPED,
    Aspect,
    Band,
    Content,
    Operator,
    Question,
    QuestionKind,
    Section,
    new_key,
)

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

    from proofline.records.models import User

OPEN_FOR = timedelta(days=30)
MOST_OFFERED = 200
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


class ContentForm(forms.Form):
    """A questionnaire as a whole: its title, languages, what stands before and after the questions, what points mean."""

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


class ShownIfForm(forms.Form):
    """The part of a form that says when something is shown. `earlier` are the questions that it may depend on."""

    show_question = forms.ChoiceField(label=_("Show only if"), required=False)
    show_is = forms.ChoiceField(label=_("answer"), required=False, choices=Operator.choices)
    show_option = forms.ChoiceField(label=_("option"), required=False)
    show_value = forms.CharField(label=_("value"), required=False, max_length=300)

    def __init__(self, data: QueryDict | None, *, content: Content, part: Question | Section, **kwargs: Any) -> None:
        self.content, self.part = content, part
        self.earlier = parts.earlier_than(content, part.key)
        show = part.show
        first = {"show_question": show.question, "show_is": show.operator, "show_value": show.value} if show else {}
        first |= {"show_option": f"{show.question}:{show.value}"} if show else {}
        super().__init__(data, initial=first | kwargs.pop("initial", {}), **kwargs)
        language = content.languages[0]
        said = {one.key: content.say(one.text, language)[:80] for one in self.earlier}
        self.fields["show_question"].choices = [("", _("always")), *said.items()]  # type: ignore[attr-defined]
        self.fields["show_option"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *(
                (said[one.key], [(f"{one.key}:{o.key}", content.say(o.text, language)[:80]) for o in one.options])
                for one in self.earlier
                if one.options
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """Read the condition."""
        values: dict[str, Any] = super().clean() or {}
        values["show"] = parts.condition(values, self.earlier)
        return values


class SectionForm(ShownIfForm):
    """A section."""

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
        return Section(
            self.part.key, parts.words(values, "title"), values["aspect"], values["show"], self.part.questions
        )


class QuestionForm(ShownIfForm):
    """A question of one kind, with the fields that the kind has."""

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
        return [parts.Line.of(option) for option in self.options]

    @property
    def row_rows(self) -> list[parts.Line]:
        """The rows of a matrix as the form shows them."""
        return [parts.Line.of(row) for row in self.rows]

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
            show=values["show"],
            options=self.options,
            rows=self.rows,
            least=values.get("least"),
            most=values.get("most"),
            low=parts.words(values, "low"),
            high=parts.words(values, "high"),
            scored=values.get("scored", False),
        )


class LinkForm(forms.Form):
    """Sending a questionnaire, to a person of a study's customer or as a public link. Where it begins, at a study or a questionnaire, is known."""

    questionnaire = forms.ModelChoiceField(Questionnaire.objects.none(), label=_("Questionnaire"))
    study = forms.ModelChoiceField(Study.objects.none(), label=_("Discovery"), required=False)
    to = forms.ModelChoiceField(Contact.objects.none(), label=_("To"), required=False)
    is_public = forms.BooleanField(
        label=_("Public link"), required=False, help_text=_("Whoever has it answers for themselves.")
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("the customer's")), *LANGUAGES.items()]
    )
    expires_on = forms.DateField(
        label=_("Link open until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you close it."),
    )
    by_mail = forms.BooleanField(label=_("E-mail the link to them"), required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        user: User,
        today: date,
        study: Study | None = None,
        questionnaire: Questionnaire | None = None,
    ) -> None:
        first: dict[str, Any] = {"expires_on": today + OPEN_FOR, "study": study, "questionnaire": questionnaire}
        super().__init__(data, initial=first | {"to": study and study.contact_id})
        self.today = today
        choose_from(self, questionnaire=Questionnaire.objects.published().order_by("title"))
        self.fields["questionnaire"].disabled = questionnaire is not None
        offer_newest(self, user=user)
        if study:
            self.fields["study"].disabled = True
            self.fields["study"].widget = forms.HiddenInput()
            choose_from(self, to=people_of(study.account))
        else:
            self.fields["to"].widget = forms.HiddenInput()
            self.fields["study"].help_text = _("It goes to the contact of the discovery.")

    def clean_expires_on(self) -> date | None:
        """Refuse a day that has passed."""
        day: date | None = self.cleaned_data["expires_on"]
        if day and day < self.today:
            raise ValidationError(_("This day has passed."))
        return day

    def clean(self) -> dict[str, Any]:
        """A private link is for a discovery; an e-mail needs an address."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        study: Study | None = given.get("study")
        if given.get("is_public"):
            given |= {"to": None, "by_mail": False}
            return given
        if study is None:
            self.add_error("study", _("Choose the discovery that it is for, or make the link public."))
        elif not self.fields["study"].disabled:
            given["to"] = study.contact
        to: Contact | None = given.get("to")
        if given.get("by_mail") and (to is None or not to.email):
            self.add_error("by_mail", _("Choose a person with an e-mail address."))
        return given


class WhoForm(forms.Form):
    """Who answers a public link, as far as they like to say."""

    name = forms.CharField(label=_("Your name"), required=False, max_length=120)
    email = forms.EmailField(label=_("Your e-mail"), required=False)
    website = forms.CharField(
        required=False, label="", widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    """For robots: people don't see it."""


class PlaceForm(forms.Form):
    """The discovery that a reply belongs to."""

    study = forms.ModelChoiceField(Study.objects.none(), label=_("Discovery"))

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        super().__init__(data)
        offer_newest(self, user=user)


def offer_newest(form: forms.Form, *, user: User) -> None:
    """Offer the discoveries that were begun last, and take any that the user may see."""
    field: Any = form.fields["study"]
    field.queryset = found = Study.objects.visible_to(user).select_related("account").order_by("-pk")
    said = (
        (study.pk, f"{study.title} · {study.account}" if study.title != str(study.account) else study.title)
        for study in found[:MOST_OFFERED]
    )
    field.widget.choices = [("", "–"), *said]
