"""Forms of the room."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class RenewalForm(forms.Form):
    """For how long a subscription is carried on, and at what price."""

    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=120, initial=12)
    monthly = forms.DecimalField(label=_("Price a month"), min_value=Decimal(0), max_digits=18, decimal_places=2)


class CancellationForm(forms.Form):
    """Why a subscription will end."""

    reason = forms.CharField(label=_("Why the customer leaves"), max_length=250)
