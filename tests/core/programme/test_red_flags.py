"""The questions of the first use: complete, plain, and each with its source."""

from hiprom.core.programme import questions


def test_those_that_cannot_wait_come_first():
    when = [question.when for question in questions()]

    assert when == sorted(when, key=["today", "before starting"].index)
    assert when[0] == "today"


def test_every_question_has_a_name_of_its_own_and_a_source():
    names = [question.name for question in questions()]

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    assert all("(" in question.source for question in questions())


def test_every_question_can_be_answered_with_yes_or_no():
    for question in questions():
        first = question.question.split()[0]
        assert first in {"Are", "Do", "Does", "Did", "Has", "Have", "Is"}
        assert question.question.endswith("?")
