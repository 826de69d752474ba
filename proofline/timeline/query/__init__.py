"""Ask the timeline. A `Question` says what; `answer` compiles it to SQL in the steps of `compiling.STEPS` and gives an `Answer`.

`question` the language · `compiling` the way to SQL · `conditions`, `identity`, `audience`, `times` its parts · `fields` what the rooms above
add to it · `analyses` one file per kind · `choosing` what can be asked for · `simple` counts and funnels in one line.
"""

from proofline.timeline.query import fields
from proofline.timeline.query.answering import Answer, Line
from proofline.timeline.query.asking import answer, people
from proofline.timeline.query.audience import Audience
from proofline.timeline.query.choosing import Property, names, properties, values
from proofline.timeline.query.question import Breakdown, Filter, Question, Step
from proofline.timeline.query.refusing import QuestionError
from proofline.timeline.query.simple import count, funnel, who

__all__ = [
    "Answer",
    "Audience",
    "Breakdown",
    "Filter",
    "Line",
    "Property",
    "Question",
    "QuestionError",
    "Step",
    "answer",
    "count",
    "fields",
    "funnel",
    "names",
    "people",
    "properties",
    "values",
    "who",
]
