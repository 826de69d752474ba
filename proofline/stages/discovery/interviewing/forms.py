"""Forms of interviews."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.kit.money import CurrencyField
from proofline.records.forms.tasks import TIME, time_input
from proofline.records.models import Contact, User
from proofline.stages.discovery.forms import choose_from, people_of
from proofline.stages.discovery.interviewing import guides
from proofline.stages.discovery.interviewing.seconds import clock
from proofline.stages.discovery.models import GuideQuestion, Interview, InterviewNote, Need
from proofline.stages.discovery.questionnaires.content import Aspect

if TYPE_CHECKING:
    from proofline.stages.discovery.models import Study

WRITTEN = re.compile(r"^(-?)(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$")


class SecondsField(forms.CharField):
    """A time in a talk, as minutes and seconds or with hours before them: 12:30, 1:02:30."""

    def __init__(self, *, before: bool = False, **kwargs: Any) -> None:
        attrs = {"placeholder": "12:30", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=12, **kwargs)
        self.before = before

    def prepare_value(self, value: Any) -> Any:
        """Write seconds as people read them."""
        return clock(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return the seconds, None for nothing."""
        written = super().clean(value).strip().replace("\uff1a", ":").replace("\u2212", "-")
        if not written:
            return None
        found = WRITTEN.match(written)
        if found is None or (found[1] and not self.before):
            raise ValidationError(_("Write minutes and seconds, such as 12:30."))
        seconds = (int(found[2] or 0) * 60 + int(found[3])) * 60 + int(found[4])
        return -seconds if found[1] else seconds


class InterviewForm(forms.ModelForm[Interview]):
    """When and where a talk is, and with whom. The instance has its study."""

    class Meta:
        model = Interview
        fields = ("title", "planned_at", "minutes", "place", "people", "owner", "team")
        widgets = {
            "planned_at": time_input(),
            "people": forms.CheckboxSelectMultiple,
            "team": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.instance.study.account
        staff = User.objects.filter(is_active=True).order_by("name")
        people: Any = self.fields["people"]
        planned_at: Any = self.fields["planned_at"]
        choose_from(self, people=people_of(account), owner=staff, team=staff)
        people.label_from_instance = lambda one: f"{one} · {one.title}" if one.title else str(one)
        planned_at.input_formats = [TIME, "%Y-%m-%d %H:%M"]
        self.fields["title"].required = self.fields["minutes"].required = False
        self.fields["title"].help_text = _("Empty: the names of whom you talk to.")

    def clean_minutes(self) -> int:
        """Leave the length as it is where none is given."""
        given: int | None = self.cleaned_data["minutes"]
        return self.instance.minutes if given is None else given


class PlanForm(InterviewForm):
    """A talk that is planned, with what it asks to begin with."""

    guide = forms.ChoiceField(label=_("Guide"), required=False)
    replies = forms.MultipleChoiceField(
        label=_("What a questionnaire left open"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_sources(self, self.instance.study, language=language)
        self.initial.setdefault("guide", guides.fitting(self.instance.study.account.sector).slug)


class QuestionsForm(forms.Form):
    """Questions that are added to a talk's guide."""

    text = forms.CharField(
        label=_("Questions of your own, one a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    aspect = forms.ChoiceField(label=_("They are about"), required=False, choices=Aspect.choices)
    guide = forms.ChoiceField(label=_("From a guide"), required=False)
    replies = forms.MultipleChoiceField(
        label=_("What a questionnaire left open"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, study: Study, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        offer_sources(self, study, language=language)

    def clean(self) -> dict[str, Any]:
        """Ask for something."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not any(given.get(name) for name in ("text", "guide", "replies")):
            self.add_error("text", _("Write a question, or choose a guide."))
        return given

    @property
    def asked(self) -> list[GuideQuestion]:
        """The questions that were written and chosen."""
        given = self.cleaned_data
        own = guides.free(given["text"], aspect=given["aspect"])
        return own + chosen(self, language=self.language)


def offer_sources(form: Any, study: Study, *, language: str) -> None:
    """Offer the guides, and what replies of the study left open."""
    form.left_open = {str(reply.pk): (reply, asked) for reply, asked in guides.replies_left_open(study)}
    form.fields["guide"].choices = [
        ("", _("none")),
        *((one.slug, f"{one.title(language)} ({len(one.questions)})") for one in guides.every()),
    ]
    form.fields["replies"].choices = [
        (key, f"{reply} ({len(asked)})") for key, (reply, asked) in form.left_open.items()
    ]
    if not form.left_open:
        del form.fields["replies"]


def chosen(form: Any, *, language: str) -> list[GuideQuestion]:
    """Return the questions of the guide and the replies that were chosen."""
    given = form.cleaned_data
    guide = guides.named(given.get("guide") or "")
    questions = guide.asked(language) if guide else []
    for key in given.get("replies", ()):
        questions += form.left_open[key][1]
    return questions


class CrossingForm(forms.Form):
    """Why a question need not be asked."""

    reason = forms.CharField(label=_("Why it need not be asked"), max_length=300)


class CallingOffForm(forms.Form):
    """Why a talk does not take place."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ClockForm(forms.Form):
    """What the clock of a talk should say now."""

    clock = SecondsField(
        label=_("Talked so far"), help_text=_("Minutes and seconds, such as 12:30. The notes move along.")
    )


class OffsetForm(forms.Form):
    """When a recording or transcript begins."""

    offset = SecondsField(
        label=_("It begins at"),
        before=True,
        help_text=_("Time in the talk, such as 02:10; with a minus when it began before the talk."),
    )


class NoteForm(forms.ModelForm[InterviewNote]):
    """When a note was said, by whom, what it answers and of which needs it speaks; its words are written in the page."""

    second = SecondsField(label=_("Time in the talk"), required=False)

    class Meta:
        model = InterviewNote
        fields = ("second", "contact", "question", "needs")
        widgets = {"needs": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        interview = self.instance.interview
        choose_from(
            self,
            contact=speakers(interview, but=self.instance.contact_id),
            question=interview.questions.with_state(),
            needs=interview.study.needs.order_by("pk"),
        )


class WhyForm(forms.Form):
    """The next why below a need, and the business loss in which the whys end."""

    text = forms.CharField(
        label=_("Why does it matter?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In their words. It becomes the deep need below."),
    )
    loss = forms.CharField(
        label=_("Business loss"), required=False, max_length=500, widget=forms.TextInput(), help_text=_("What it costs the business.")
    )  # fmt: skip
    loss_amount = forms.DecimalField(
        label=_("Loss a month"), required=False, min_value=0, max_digits=18, decimal_places=2
    )
    loss_currency: Any = CurrencyField(_("currency"), blank=True).formfield()
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Said by"), required=False)

    def __init__(self, *args: Any, need: Need, interview: Interview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.need = need
        choose_from(self, contact=speakers(interview))

    def clean(self) -> dict[str, Any]:
        """Ask for a reason or a loss; an amount has its currency."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not given.get("text") and not given.get("loss") and given.get("loss_amount") is None:
            self.add_error("text", _("Write why it matters, or what it costs."))
        if given.get("loss_amount") is not None and not given.get("loss_currency"):
            self.add_error("loss_currency", _("Say in which currency."))
        return given


def speakers(interview: Interview, *, but: int | None = None) -> Any:
    """Return who of the customer may have said something: those present, everybody of the account if nobody is noted."""
    present = list(interview.people.values_list("pk", flat=True))
    people = people_of(interview.study.account)
    return people.filter(pk__in=[*present, but] if but else present) if present else people
