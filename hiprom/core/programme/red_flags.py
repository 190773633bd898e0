"""Questions before the first session -> what should be seen by someone first.

Every question can be answered with yes or no. A yes is no diagnosis: it says that a
person, not a camera, should look first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

When = Literal["today", "before starting"]

_GP = (
    "P. Singh, Hip pain in adults: red flag symptoms, GPonline "
    "(gponline.com/hip-pain-adults-red-flag-symptoms/musculoskeletal-disorders/article/"
    "1460668)"
)
_NHS = (
    "Red flags for hip conditions, NHS Gloucestershire G-care "
    "(g-care.glos.nhs.uk/pathway/52/resource/3)"
)
_SADDLE = (
    "Cauda equina warning signs, cards for patients by Greenhalgh, Mercer and Finucane "
    "(backes.org.uk/cauda-equina-warning-signs)"
)


@dataclass(frozen=True)
class Question:
    """One question of the first use.

    Attributes
    ----------
    name : str
        What `Programme.red_flags` keeps if the answer is yes.
    question : str
        In the words the person reads.
    when : {"today", "before starting"}
        How soon a yes should be looked at.
    source : str
        Who counts it among the red flags.
    """

    name: str
    question: str
    when: When
    source: str


_QUESTIONS = (
    Question(
        "cannot_bear_weight",
        "Are you unable to put weight on the leg, or to move the hip at all?",
        "today",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "deformity",
        "Has the hip or the leg changed its shape: does it look shorter, or turned?",
        "today",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "hot_or_feverish",
        "Is the joint hot, red or swollen, or do you have a fever or feel unwell?",
        "today",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "saddle_or_bladder",
        "Is the skin between your legs numb, or has passing or holding urine or stool "
        "become difficult?",
        "today",
        _SADDLE,
    ),
    Question(
        "injury",
        "Did it begin suddenly, or with a fall, a blow or another accident?",
        "before starting",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "night_or_constant_pain",
        "Does it hurt at night or all the time, also when you rest?",
        "before starting",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "numb_or_weak",
        "Is there numbness, tingling or weakness in the leg?",
        "before starting",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "weight_loss_or_sweats",
        "Have you lost weight or appetite for no reason, or do you sweat at night?",
        "before starting",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "cancer",
        "Have you, or have you had, cancer?",
        "before starting",
        f"{_GP}; {_NHS}",
    ),
    Question(
        "steroids",
        "Have you taken steroid tablets for a long time?",
        "before starting",
        _GP,
    ),
    Question(
        "recent_operation_or_infection",
        "Have you recently had an infection, or an operation or injection at the hip?",
        "before starting",
        _NHS,
    ),
    Question(
        "rapidly_worse",
        "Is it quickly getting worse?",
        "before starting",
        _NHS,
    ),
)


def questions() -> tuple[Question, ...]:
    """Return the questions of the first use, those that cannot wait first."""
    return _QUESTIONS
