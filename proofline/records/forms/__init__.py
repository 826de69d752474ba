"""Forms of the room's pages."""

from proofline.records.forms.base import NameField, RecordForm
from proofline.records.forms.custom import CustomFieldForm, add_custom
from proofline.records.forms.customers import AccountForm, ContactForm, MergeWithForm
from proofline.records.forms.library import (
    ClaimForm,
    CompetitorForm,
    EvidenceForm,
    ModuleForm,
    PainForm,
    ProductForm,
    ServicePackForm,
    TierForm,
    ValueMetricForm,
)
from proofline.records.forms.settings import (
    DigestForm,
    ExchangeRateForm,
    ExportForm,
    PersonForm,
    ProfileForm,
    ReplayForm,
    SourceChangeForm,
    SourceForm,
    TeamForm,
    TokenForm,
    WorkspaceForm,
)
from proofline.records.forms.tasks import TaskForm

__all__ = [
    "AccountForm",
    "ClaimForm",
    "CompetitorForm",
    "ContactForm",
    "CustomFieldForm",
    "DigestForm",
    "EvidenceForm",
    "ExchangeRateForm",
    "ExportForm",
    "MergeWithForm",
    "ModuleForm",
    "NameField",
    "PainForm",
    "PersonForm",
    "ProductForm",
    "ProfileForm",
    "RecordForm",
    "ReplayForm",
    "ServicePackForm",
    "SourceChangeForm",
    "SourceForm",
    "TaskForm",
    "TeamForm",
    "TierForm",
    "TokenForm",
    "ValueMetricForm",
    "WorkspaceForm",
    "add_custom",
]
