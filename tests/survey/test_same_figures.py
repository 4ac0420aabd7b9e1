"""One survey tells one figure: events, clips, muscles, subjects and the page agree."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from fixtures.surveyed import Survey

from usfasc.cli import run
from usfasc.review import Session
from usfasc.survey.record import OK, result_path

Row = dict[str, str]
Who = tuple[str, str, str, str]
TAG = re.compile(r"<[^>]+>")
READERS = {"automatic": (), "reviewed": ("--reviewed", "anna")}
LOST = ((0.0, 12.0, None), (12.0, 20.0, "probe moved"))


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two subjects: muscles of several clips, one listed twice, one lost, one reviewed in part."""
    made = Survey(tmp_path_factory.mktemp("same"))
    for onsets_s in ((2, 9), (4,), ()):
        made.muscle("deltoid", "left", *onsets_s)
    made.muscle("deltoid", "right", 3, parts=LOST)
    made.muscle("tongue", "midline", 2, 5, 9, label="tongue")
    made.muscle("tongue", "midline", 2, 5, 9, label="tongue")
    made.muscle("deltoid", "left", 2, session="2")
    made.muscle("tibialis anterior", "left", 2, 7, subject="S002", handedness="left")
    made.fail("TRUNCATED", muscle="masseter", side="left")
    folder = made.write()
    for number in (0, 4):
        name = made.rows[number].clip
        assert name is not None
        session = Session.open(result_path(folder, name), "anna")
        for each in session.rows:
            (session.reject if each.event.event == 1 else session.accept)(each.key)
    return folder


@pytest.fixture(scope="module", params=READERS)
def told(survey: Path, request: pytest.FixtureRequest) -> tuple[dict[str, list[Row]], str]:
    """Tables and page of the survey."""
    words = READERS[request.param]
    assert run(["survey", "tables", str(survey), "--quiet", *words]) == 0
    assert run(["survey", "report", str(survey), "--quiet", *words]) == 0
    tables = {path.stem: rows(path) for path in (survey / "tables").glob("*.csv")}
    return tables, (survey / "report.html").read_text(encoding="utf-8")


def rows(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def who(row: Row) -> Who:
    return row["subject"], row["session"], row["muscle"], row["side"]


def test_events_add_up_to_muscles(told: tuple[dict[str, list[Row]], str]) -> None:
    tables, _ = told
    counted = Counter(who(event) for event in tables["events"] if event["counted"] == "yes")
    assert {who(each): int(each["count"]) for each in tables["muscles"]} == {
        who(each): counted[who(each)] for each in tables["muscles"]
    }


def test_clips_add_up_to_muscles(told: tuple[dict[str, list[Row]], str]) -> None:
    tables, _ = told
    once = {
        (each["clip"], each["region"]): each for each in tables["clips"] if each["outcome"] == OK
    }
    counts: Counter[Who] = Counter()
    times_s: defaultdict[Who, float] = defaultdict(float)
    for each in once.values():
        counts[who(each)] += int(each["count"])
        times_s[who(each)] += float(each["assessable_s"])
    for muscle in tables["muscles"]:
        assert int(muscle["count"]) == counts[who(muscle)]
        assert float(muscle["assessable_s"]) == pytest.approx(times_s[who(muscle)])
        rate = 60 * counts[who(muscle)] / times_s[who(muscle)]
        assert float(muscle["rate_per_min"]) == pytest.approx(rate, abs=1e-3)


def test_muscles_add_up_to_subjects(told: tuple[dict[str, list[Row]], str]) -> None:
    tables, _ = told
    for subject in tables["subjects"]:
        own = [
            each
            for each in tables["muscles"]
            if (each["subject"], each["session"]) == (subject["subject"], subject["session"])
        ]
        assert int(subject["count"]) == sum(int(each["count"]) for each in own)
        assert float(subject["assessable_s"]) == pytest.approx(
            sum(float(each["assessable_s"]) for each in own)
        )
        for status in ("present", "absent", "short", "not_assessable"):
            there = sum(each["status"] == status for each in own)
            assert int(subject[f"muscles_{status}"]) == there


def test_the_page_says_what_the_tables_say(told: tuple[dict[str, list[Row]], str]) -> None:
    tables, page = told
    text = " ".join(html.unescape(TAG.sub(" ", page)).split())
    for muscle in tables["muscles"]:
        assert muscle["sentence"] in text
        count = f"{muscle['count']} in {float(muscle['assessable_s']):.0f}"
        assert count in muscle["sentence"]
    for rule in tables["rules"]:
        assert rule["sentence"] in text


def test_whose_figures_they_are_is_told(
    told: tuple[dict[str, list[Row]], str], request: pytest.FixtureRequest
) -> None:
    tables, page = told
    reviewed = {int(each["row"]) for each in tables["clips"] if each["reviewed_by"]}
    assert reviewed == ({1, 5, 6} if request.node.callspec.params["told"] == "reviewed" else set())
    named = [each["muscle"] for each in tables["muscles"] if each["reviewed_by"]]
    assert named == (["tongue"] if reviewed else [])
    assert ("Reviewed by anna" in page) is bool(reviewed)
    assert ("Reviewed in part: 1 of 3 clips" in page) is bool(reviewed)
