"""What a person notes and means to do, through the page."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from hiprom.core.history import DiaryEntry, Programme, Subject
from hiprom.web.diary import Wrong, entry_of, programme_of

NOW = datetime(2026, 5, 5, 9, 30, tzinfo=UTC).astimezone()


@pytest.fixture(scope="module", autouse=True)
def kept(site):
    site.store.put_subject(Subject("D01"))
    site.store.put_subject(Subject("D/2 <i>"))


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


def note(web, **said):
    return web.post("/person/diary", data={"code": "D01"} | said)


def test_an_entry_is_what_was_filled_in():
    said = {"drill": "clamshell", "minutes": "7,5", "sets": "3", "reps": "10"}
    said |= {"felt": "hard", "discomfort": "2", "place": " left  groin "}
    said |= {"stopped_early": "yes", "note": "after\nwork", "day": "2026-05-04"}

    assert entry_of(said, NOW) == DiaryEntry(
        noted_at=datetime(2026, 5, 4, 12).astimezone(),
        discomfort=2,
        place="left groin",
        stopped_early=True,
        practised_min=7.5,
        drill="clamshell",
        note="3 sets of 10, felt hard. after work",
    )


def test_an_entry_of_today_is_of_this_moment():
    assert entry_of({"minutes": "5", "day": "2026-05-05"}, NOW).noted_at == NOW
    assert entry_of({"minutes": "5"}, NOW) == DiaryEntry(NOW, practised_min=5)
    assert entry_of({"reps": "1", "minutes": "1"}, NOW).note == "1 repetition"


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({}, "minutes", "Nothing is filled in"),
        ({"minutes": "-1"}, "minutes", "from 0 to 600 minutes"),
        ({"minutes": "ten"}, "minutes", "'ten' is not a number"),
        ({"minutes": "nan"}, "minutes", "not a number"),
        ({"minutes": "1e9"}, "minutes", "not a number from"),
        ({"drill": "clamshell"}, "minutes", "for how many minutes"),
        ({"drill": "<b>", "minutes": "5"}, "drill", "one of the list"),
        ({"discomfort": "11"}, "discomfort", "from 0 to 10"),
        ({"discomfort": "2.5"}, "discomfort", "not a whole number"),
        ({"sets": "0", "minutes": "5"}, "sets", "from 1 to 500"),
        ({"day": "2026-05-06", "minutes": "5"}, "day", "still to come"),
        ({"day": "1.5.2026", "minutes": "5"}, "day", "is not a day"),
        ({"day": "0001-01-01", "minutes": "5"}, "day", "too long ago"),
        ({"note": "x" * 1001}, "note", "at most 1000"),
        ({"felt": "great", "minutes": "5"}, "felt", "one of the list"),
    ],
)
def test_what_cannot_be_noted_says_what_to_put_right(said, field, words):
    with pytest.raises(Wrong) as wrong:
        entry_of(said, NOW)

    assert set(wrong.value.errors) == {field}
    assert words in wrong.value.errors[field]


def test_a_note_stands_in_the_calendar_and_the_diary(web, site):
    answer = note(web, minutes="12", drill="clamshell", note="<b>stairs</b>")
    page = web.get("/person", params={"code": "D01"})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/person?code=D01#calendar"
    (entry,) = site.store.diary("D01")
    assert (entry.practised_min, entry.drill) == (12, "clamshell")
    assert "today, practised; 12 active minutes" in words_of(page)
    assert "12 min of Clamshell, “&lt;b&gt;stairs&lt;/b&gt;”" in page.text
    assert page.text.count('<i class="mark practised"></i>') == 1
    assert "&lt;b&gt;stairs" in web.get("/person/diary", params={"code": "D01"}).text


def test_a_long_note_is_whole_in_the_diary(web):
    words = "on the stairs " * 60
    note(web, note=words)

    assert words.strip() in web.get("/person/diary", params={"code": "D01"}).text


def test_an_entry_can_be_removed_and_the_same_one_once(web, site):
    site.store.put_subject(Subject("D02"))
    for words in ("to go", "to stay", "to go"):
        note(web, code="D02", minutes="5", day="2026-05-04", note=words)
    page = web.get("/person/diary", params={"code": "D02"}).text
    keys = re.findall(r'name="entry" value="(\w+)"', page)
    assert len(keys) == 3
    (key,) = {each for each in keys if keys.count(each) == 2}

    answers = [
        web.post("/person/diary/remove", data={"code": "D02", "entry": key})
        for _ in range(3)
    ]

    assert {a.status_code for a in answers} == {303}
    assert answers[0].headers["location"] == "/person/diary?code=D02"
    assert [e.note for e in site.store.diary("D02")] == ["to stay"]
    gone = {"code": "D98", "entry": key}
    assert web.post("/person/diary/remove", data=gone).status_code == 404


def test_strong_discomfort_leads_to_the_reasons_to_ask(web):
    answer = note(web, discomfort="7", place="groin")
    page = web.get("/person", params={"code": "D01"})

    assert answer.headers["location"].endswith("#ask")
    assert "Discomfort of 7 of 10" in page.text
    assert 'class="mark felt strong">7<' in page.text


def test_a_wrong_form_comes_back_as_it_was_filled_in(web, site):
    before = site.store.diary("D01")
    page = note(web, minutes="<i>", note="on the <stairs>", felt="hard")

    assert page.status_code == 400
    assert site.store.diary("D01") == before
    assert 'value="&lt;i&gt;" aria-invalid="true"' in page.text
    assert 'aria-describedby="wrong-minutes"' in page.text
    assert "on the &lt;stairs&gt;</textarea>" in page.text
    assert '<option selected value="hard">' in page.text


def test_nobody_is_made_by_a_form(web):
    assert note(web, code="D99", minutes="5").status_code == 404
    assert web.get("/person/diary", params={"code": "D99"}).status_code == 404
    assert web.post("/person/programme", data={"code": "D99"}).status_code == 404
    assert web.get("/person/diary", params={"code": "D/2 <i>"}).status_code == 200


def test_a_programme_makes_a_drill_due(web, site):
    said = {"code": "D/2 <i>", "sessions_from": "2", "sessions_to": "4"}
    said |= {"minutes_from": "5", "minutes_to": "7,5", "drill-clamshell": "yes"}
    answer = web.post("/person/programme", data=said | {"flag-injury": "yes"})
    page = web.get("/person", params={"code": "D/2 <i>"})

    assert answer.status_code == 303
    assert site.store.programme("D/2 <i>") == Programme(
        (2, 4), (5, 7.5), ("clamshell",), ("injury",)
    )
    assert "Clamshell" in words_of(page)
    assert "It has not been done yet." in page.text
    assert "your doctor, before you start" in page.text
    form = web.get("/person/programme", params={"code": "D/2 <i>"}).text
    assert 'name="drill-clamshell" value="yes" checked' in form
    assert 'value="7.5"' in form


def test_a_programme_that_cannot_be_is_refused():
    for said, field in (
        ({"sessions_from": "3", "sessions_to": "2"}, "sessions_to"),
        ({"sessions_from": "2.5"}, "sessions_from"),
        ({"minutes_to": "0"}, "minutes_to"),
    ):
        with pytest.raises(Wrong) as wrong:
            programme_of(said, Programme())
        assert set(wrong.value.errors) == {field}
    assert programme_of({}, Programme(red_flags=())).red_flags == ()
    assert programme_of({}, Programme()).red_flags is None
    assert programme_of({"answered": "yes"}, Programme()).red_flags == ()


def test_yesterday_is_noted_at_noon(web, site):
    day = (datetime.now(UTC).astimezone() - timedelta(days=1)).date()
    note(web, minutes="5", day=day.isoformat())

    assert (12, 0) in {
        (e.noted_at.hour, e.noted_at.minute) for e in site.store.diary("D01")
    }
