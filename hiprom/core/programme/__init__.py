"""History and diary -> how practice goes, what is due, when to ask a professional."""

from hiprom.core.programme.calendar import Day, calendar
from hiprom.core.programme.discomfort import Discomfort, discomfort
from hiprom.core.programme.due import Due, due
from hiprom.core.programme.reason import Reason
from hiprom.core.programme.reasons import reasons_to_ask
from hiprom.core.programme.red_flags import Question, questions
from hiprom.core.programme.tempo import SessionTempo, tempo
from hiprom.core.programme.weeks import (
    Adherence,
    Week,
    active_s,
    adherence,
    practised_s,
)

__all__ = [
    "Adherence",
    "Day",
    "Discomfort",
    "Due",
    "Question",
    "Reason",
    "SessionTempo",
    "Week",
    "active_s",
    "adherence",
    "calendar",
    "discomfort",
    "due",
    "practised_s",
    "questions",
    "reasons_to_ask",
    "tempo",
]
