"""The part of the builder's forms that says when something is shown: conditions, one a row."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.stages.discovery.questionnaires import parts
from proofline.stages.discovery.questionnaires.content import MOST_CONDITIONS, OPERATORS, Condition, Content, Operator

if TYPE_CHECKING:
    from django.http import QueryDict

    from proofline.stages.discovery.questionnaires.content import Question, Section

PREFIX = "show"
FIELDS = ("question", "operator", "option", "value")


def _select(label: Any) -> forms.Select:
    return forms.Select(attrs={"class": "form-select", "aria-label": label})


class ConditionForm(forms.Form):
    """One condition, as a row of a form; without a question it is none."""

    question = forms.ChoiceField(required=False, widget=_select(_("Question")))
    operator = forms.ChoiceField(
        required=False, choices=Operator.choices, widget=_select(_("What its answer has to be"))
    )
    option = forms.ChoiceField(required=False, widget=_select(_("Option")))
    value = forms.CharField(
        required=False,
        max_length=300,
        widget=forms.TextInput(
            attrs={"class": "form-control", "aria-label": _("Which value"), "placeholder": _("Which value")}
        ),
    )

    def __init__(
        self,
        data: dict[str, str] | None = None,
        *,
        content: Content,
        earlier: list[Question],
        condition: Condition | None = None,
    ) -> None:
        self.earlier, self.read = earlier, condition
        super().__init__(data, prefix=PREFIX, auto_id=False, initial=_first(condition))
        language = content.languages[0]
        said = {one.key: content.say(one.text, language)[:80] for one in earlier}
        chosen = self["question"].value()
        if chosen and chosen not in said and (lost := content.question(chosen)):
            said[chosen] = _("%(question)s (does not stand before)") % {
                "question": content.say(lost.text, language)[:80]
            }
        options = [
            (said[one.key], [(f"{one.key}:{o.key}", content.say(o.text, language)[:80]) for o in one.options])
            for one in earlier
            if one.options
        ]
        self.fields["question"].choices = [("", _("always")), *said.items()]  # type: ignore[attr-defined]
        self.fields["option"].choices = [("", "–"), *options]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read the condition."""
        values: dict[str, Any] = super().clean() or {}
        self.read = None if self.errors else parts.condition(values, self.earlier)
        return values


def _first(condition: Condition | None) -> dict[str, str]:
    if condition is None:
        return {}
    option = f"{condition.question}:{condition.value}"
    return {"question": condition.question, "operator": condition.operator, "option": option, "value": condition.value}


class ShownIfForm(forms.Form):
    """A form of something that may be shown only if. `earlier` are the questions that this may depend on."""

    show_if = forms.ChoiceField(
        required=False,
        choices=[("all", _("all of these are true")), ("any", _("any of these is true"))],
        widget=_select(_("How many of the conditions")),
    )

    def __init__(self, data: QueryDict | None, *, content: Content, part: Question | Section, **kwargs: Any) -> None:
        self.content, self.part = content, part
        self.earlier = parts.earlier_than(content, part.key)
        super().__init__(data, initial={"show_if": part.show_if} | kwargs.pop("initial", {}), **kwargs)

    @property
    def operators(self) -> str:
        """What may be asked of an answer to each question, as JSON: `{"q_1": ["is", "answered"]}`."""
        return json.dumps({one.key: sorted(OPERATORS[one.kind]) for one in self.earlier})

    @cached_property
    def conditions(self) -> list[ConditionForm]:
        """The rows: what was typed, else the conditions that there are, else an empty one."""
        if not self.is_bound:
            return [self._row(condition=condition) for condition in self.part.conditions] or [self.no_condition]
        try:
            rows = list(parts.table(self.data, PREFIX, FIELDS, most=MOST_CONDITIONS))  # type: ignore[arg-type]
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
            rows = []
        typed = ({f"{PREFIX}-{name}": value for name, value in row.items()} for row in rows)
        return [self._row(row) for row in typed] or [self.no_condition]

    @property
    def no_condition(self) -> ConditionForm:
        """An empty row."""
        return self._row()

    def _row(self, data: dict[str, str] | None = None, *, condition: Condition | None = None) -> ConditionForm:
        return ConditionForm(data, content=self.content, earlier=self.earlier, condition=condition)

    def clean(self) -> dict[str, Any]:
        """Ask for conditions that are whole."""
        values: dict[str, Any] = super().clean() or {}
        if not all(row.is_valid() for row in self.conditions if row.is_bound):
            self.add_error(None, _("Look at the conditions under “Show only if”."))
        return values

    @property
    def shown(self) -> dict[str, Any]:
        """When it is shown, as `content.Shown` has it; a lone condition stands alone."""
        read = tuple(dict.fromkeys(row.read for row in self.conditions if row.read))
        if len(read) > 1:
            return {"show": read, "show_if": self.cleaned_data["show_if"] or "all"}
        return {"show": read[0] if read else None}
