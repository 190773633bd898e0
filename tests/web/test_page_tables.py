"""The tables that the page sends: whole, alike on every machine, and no formulas."""

import csv
import io
import locale
import shutil
import subprocess
import time
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from kept import LEFT, RIGHT, film, measured

from hiprom.report.tables import plain_text
from hiprom.usecases import reanalyze
from hiprom.web.csv_zip import csv_zip
from hiprom.web.desk import Desk, Wanted
from hiprom.web.shelves import Shelves

MAY = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
GERMAN = "de_DE.UTF-8"


@pytest.fixture
def desk(site):
    desk = Desk(site.store, Shelves(site.folder))
    yield desk
    desk.jobs.release()
    for job in list(desk.jobs.jobs()):
        desk.remove(job)


def packed(web):
    return zipfile.ZipFile(io.BytesIO(web.get("/tables.zip").content))


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_two_files_hold_all_that_is_listed(web, site, desk):
    measured(site, "leg.mp4")
    measured(site, "leg.mp4")
    arrived = film(Shelves(site.folder).uploads / "arrived.mp4")
    failed = desk.job(desk.take(arrived, "dark.mp4", Wanted("seated_ir")))
    desk.cancel(failed)
    whole = packed(web)
    reps, summary = (
        rows(whole.read(name).decode()) for name in ("reps.csv", "summary.csv")
    )

    assert [each["name"] for each in reps] == ["leg"] * 3 + ["leg (2)"] * 3
    assert [each["end_range"] for each in reps[:3]] == [
        each["end_range"] for each in rows(whole.read("leg (2)/reps.csv").decode())
    ]
    assert [(each["video"], each["name"], each["state"]) for each in summary] == [
        ("leg.mp4", "leg", "done"),
        ("leg.mp4", "leg (2)", "done"),
        ("dark.mp4", "dark", "failed"),
    ]
    assert summary[-1]["reason"] == "Cancelled."
    assert str(site.folder) not in whole.read("summary.csv").decode()


def test_no_two_folders_of_a_zip_have_one_name(site, desk):
    shelves = Shelves(site.folder)
    for name in ("a.mp4", "a.mp4", "a (2).mp4", "reps.csv.mp4"):
        measured(site, name)
    whole = zipfile.ZipFile(
        io.BytesIO(b"".join(csv_zip(desk.jobs.jobs(), shelves.results)))
    )

    names = whole.namelist()
    assert len(set(names)) == len(names) == 2 + 2 * 4
    assert {name.split("/")[0] for name in names} == {
        *("reps.csv", "summary.csv", "a", "a (2)", "a (2) (2)", "reps.csv (2)"),
    }


@contextmanager
def in_germany(folder):
    """This process with German words and numbers, and a clock of its own."""
    if not shutil.which("localedef"):
        pytest.skip("needs localedef")
    made = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / GERMAN)]
    if subprocess.run(made, check=False, capture_output=True).returncode:
        pytest.skip("needs the sources of glibc's locales")
    with pytest.MonkeyPatch.context() as changes:
        changes.setenv("LOCPATH", str(folder))
        changes.setenv("TZ", "Asia/Kathmandu")
        time.tzset()
        before = locale.setlocale(locale.LC_ALL)
        locale.setlocale(locale.LC_ALL, GERMAN)
        try:
            assert locale.str(1.5) == "1,5"
            assert datetime.now().astimezone().strftime("%z") == "+0545"
            yield
        finally:
            locale.setlocale(locale.LC_ALL, before)
    time.tzset()


def test_no_comma_and_no_offset_of_this_machine_gets_into_a_file(
    web, site, desk, tmp_path
):
    measured(site, "leg.mp4", "G1", recorded_at=MAY)
    shelves = Shelves(site.folder)

    def all_files(folder):
        export = web.get("/person/export", params={"code": "G1", "kind": "csv"})
        whole = b"".join(csv_zip(desk.jobs.jobs(), shelves.results))
        reanalyze(LEFT, folder, "leg", side="auto", recorded_at=MAY)
        return {
            "measured just now": (folder / "leg" / "reps.csv").read_bytes(),
            **{
                name: inside.read(name)
                for inside in map(
                    zipfile.ZipFile, map(io.BytesIO, (whole, export.content))
                )
                for name in inside.namelist()
            },
        }

    here = all_files(tmp_path / "here")
    with in_germany(tmp_path):
        abroad = all_files(tmp_path / "abroad")

    assert len(here) == 7
    assert abroad == here


@pytest.mark.usefixtures("desk")
def test_what_the_page_sends_holds_no_formula_and_the_numbers_are_as_they_were(
    web, site
):
    """F32: text is neutralised and can be had back; a negative number stays one."""
    codes = ["=1+1", '@x "b", c']
    for code in codes:
        measured(site, "leg.mp4", code, RIGHT, "seated_er", recorded_at=MAY)
    asked = {"code": codes[0], "kind": "csv"}
    export = io.BytesIO(web.get("/person/export", params=asked).content)
    tables = [zipfile.ZipFile(export), packed(web)]
    found = [
        rows(whole.read(name).decode())
        for whole in tables
        for name in whole.namelist()
        if not name.endswith("frames.csv")
    ]

    assert {plain_text(row["subject"]) for table in found for row in table} == {*codes}
    for row in (row for table in found for row in table):
        assert float(row.get("end_range") or row.get("mean") or -1) < 0
        for column, cell in row.items():
            if cell[:1] in {"=", "+", "@", "-", "\t", "\r", "\n"}:
                assert column != "subject"
                float(cell)
