"""F31: markup, files and pictures named in what somebody typed are only words."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from kept import LEFT, measured

from hiprom import keeping
from hiprom.core.kept import DiaryEntry, Subject
from hiprom.core.overview import Overview
from hiprom.report.history import comparison_page, history_page
from hiprom.report.page import page
from hiprom.usecases import analyze_landmarks

MAY = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
TYPED = (
    '<script src="http://192.0.2.1/a.js">fetch("http://192.0.2.1/b")</script>'
    '<img src="http://192.0.2.1/c.png" onerror=alert(1)>'
    '<link rel=attachment href="file:///etc/passwd">{{ 7*7 }}'
)
# What makes a reader of PDFs fetch, run or unpack something.
DANGEROUS = re.compile(
    rb"/(EmbeddedFiles?|Filespec|URI|JavaScript|JS|Launch|GoToR|GoToE|SubmitForm|"
    rb"ImportData|RichMedia|OpenAction|AA|AcroForm)\b"
)


class Markup(HTMLParser):
    """The elements of a page with their attributes, and its words."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def require_only_words(html):
    read = Markup(html)
    for tag, attrs in read.elements:
        assert tag not in {"script", "iframe", "object", "embed", "link", "base"}
        assert not [name for name in attrs if name.startswith("on")]
        for name in ("src", "href", "xlink:href", "data", "action", "srcset"):
            target = attrs.get(name) or ""
            assert target.startswith(("#", "data:image/jpeg")) or not target
    assert not re.search(r"url\((?!#)", html)
    assert "@import" not in html
    return read.words


@pytest.fixture(scope="module")
def overview(site) -> Overview:
    """Two sessions of somebody about whom nothing but markup was typed."""
    code = "<b>F31</b>"
    for days in (0, 30):
        job = measured(site, "leg.mp4", code, recorded_at=MAY + timedelta(days=days))
    site.store.put_subject(Subject(code, display_name=TYPED))
    note = DiaryEntry(MAY, discomfort=9, place=TYPED, note=TYPED, drill=TYPED)
    site.store.add_diary(code, note)
    keeping.exclude(code, job.trial_id, "left", 1, site.store, reason=TYPED, who=TYPED)
    return keeping.look_back(code, site.store)


@pytest.mark.slow
def test_a_history_and_a_comparison_hold_only_words(overview):
    sessions = {trial.session_id for trial in overview.trials}
    for html in (history_page(overview), comparison_page(overview, *sessions)):
        assert '<script src="http' in require_only_words(html)


def test_a_trials_report_holds_only_words():
    analysis = analyze_landmarks(LEFT)
    summary = dict(analysis.summary)
    summary |= {"subject": TYPED, "warnings": [TYPED]}
    summary["video"] = summary["video"] | {"name": TYPED}
    words = require_only_words(page(analysis.measurement, summary, None))

    assert words.count("{{ 7*7 }}") == 4  # title, video, subject, warning


@pytest.mark.slow
def test_the_pages_of_the_site_show_it_as_words(web, overview):
    code, trial = overview.subject.code, overview.trials[-1].trial_id
    own = {"/assets/trial.js", "/assets/compare.js"}
    for path, asked in (
        ("/person", {"code": code}),
        ("/people", {"find": "script"}),
        ("/trial", {"code": code, "number": trial}),
        ("/compare", {"code": code}),
    ):
        answer = web.get(path, params=asked, follow_redirects=True)
        read = Markup(answer.text)
        assert answer.status_code == 200
        for tag, attrs in read.elements:
            assert tag not in {"img", "iframe", "object", "embed", "base"}
            assert tag != "script" or attrs.get("src") in own or "src" not in attrs
            assert not [name for name in attrs if name.startswith("on")]
            assert "192.0.2.1" not in (attrs.get("src") or attrs.get("href") or "")


@pytest.mark.slow
def test_a_pdf_fetches_runs_and_holds_nothing(web, overview, tmp_path):
    code = overview.subject.code
    first, last = sorted({trial.session_id for trial in overview.trials})
    for path, more in (
        ("/person/report", {}),
        ("/compare/report", {"earlier": first, "later": last}),
    ):
        answer = web.get(path, params={"code": code, "kind": "pdf", **more})
        assert answer.content.startswith(b"%PDF")
        assert not DANGEROUS.findall(answer.content)
        assert b"/ObjStm" not in answer.content  # nothing is hidden from that search
        file = tmp_path / "report.pdf"
        file.write_bytes(answer.content)
        require_no_attachment(file)


def require_no_attachment(file):
    detach = Path("/usr/bin/pdfdetach")
    if detach.exists():
        listed = subprocess.run(
            [detach, "-list", file], check=True, capture_output=True, text=True
        )
        assert listed.stdout.strip() == "0 embedded files"
