"""Questionnaires and their versions, the links that lead to them, and what was answered."""

from proofline.stages.discovery.questionnaires.models.answers import Answer, AnswerFile, Submission
from proofline.stages.discovery.questionnaires.models.links import LinkClosing, QuestionnaireLink
from proofline.stages.discovery.questionnaires.models.questionnaires import Questionnaire, Retirement, Version
from proofline.stages.discovery.questionnaires.models.replies import Reply, StaleVersionError, SubmittedError

__all__ = [
    "Answer",
    "AnswerFile",
    "LinkClosing",
    "Questionnaire",
    "QuestionnaireLink",
    "Reply",
    "Retirement",
    "StaleVersionError",
    "Submission",
    "SubmittedError",
    "Version",
]
