"""A survey's page: whole, safe, the same on every run, and clear about what was not seen."""

from __future__ import annotations

import re
import stat
from itertools import pairwise
from pathlib import Path

import pytest
from fixtures.payloads import PAYLOADS, payload_survey
from fixtures.survey_pages import Tags, make_survey
from fixtures.surveyed import Survey
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from usfasc.errors import Code, UsageError
from usfasc.model import DISCLAIMER
from usfasc.report.survey_links import css_text, source_link
from usfasc.report.survey_page import MOST_WITH_LOOPS, Wish, survey_page
from usfasc.report.survey_report import with_identities, write_survey_report
from usfasc.review import Session
from usfasc.rules import load_protocols
from usfasc.survey.gathering import gather_findings
from usfasc.survey.identity import KeyRow, write_key
from usfasc.survey.record import result_path


def render(folder: Path, **wish: object) -> str:
    chosen = Wish(**wish)
    return survey_page(folder, gather_findings(folder, reviewer=chosen.reviewer), chosen)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_survey(tmp_path_factory.mktemp("survey")).folder


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return render(folder)


@pytest.fixture(scope="module")
def tags(page: str) -> Tags:
    return Tags(page)


def test_it_is_well_formed_runs_no_script_and_loads_nothing(page: str, tags: Tags) -> None:
    assert tags.open == []
    assert not tags.named("script", "link", "iframe", "object", "form", "input", "base")
    assert "default-src 'none'" in page
    assert all(image["src"].startswith("data:image/") for image in tags.named("img"))
    assert not [name for _, attributes in tags.seen for name in attributes if name[:2] == "on"]


def test_links_lead_within_the_page_or_to_published_sources(tags: Tags) -> None:
    ids = {attributes["id"] for _, attributes in tags.seen if "id" in attributes}
    for link in tags.named("a"):
        target = link["href"]
        assert target[1:] in ids if target[0] == "#" else target.startswith("https://")


def test_names_of_parts_are_given_once(tags: Tags) -> None:
    ids = [attributes["id"] for _, attributes in tags.seen if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_headings_go_down_one_level_at_a_time(tags: Tags) -> None:
    levels = [int(tag[1]) for tag, _ in tags.seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))


def test_pictures_and_cells_have_words(tags: Tags) -> None:
    assert all(image["alt"] for image in tags.named("img"))
    assert all("scope" in cell for cell in tags.named("th"))
    for drawing in tags.named("svg"):
        assert drawing.get("aria-hidden") or (drawing["role"] == "img" and drawing["aria-label"])


@pytest.mark.parametrize(
    "words",
    [
        DISCLAIMER,
        "Automatic, not reviewed.",
        "Fasciculations present in 2 of 5 muscles examined. 1 not observed long enough."
        " 1 not assessable.",
        "right-handed",
        "fewer than 2 seen",
        "Without a place in the map: plantaris, right (6.0).",
        "soleus, left: no clip could be judged (row 7: NOT_FOUND).",
        "Row 7 (soleus, left) could not be judged: It failed.",
        "Rest the hand that holds the probe",
        "Record a running loop",
        "One visible twitch is one count.",
        "Sessions side by side",
        "How long to scan",
        "This page does not diagnose.",
        "Cannot be evaluated, because",
        "How soon a muscle is seen to twitch",
    ],
)
def test_it_says(tags: Tags, words: str) -> None:
    assert words in tags.text


def test_the_times_to_scan_are_the_first_whole_seconds_that_suffice(page: str) -> None:
    """Each cell by scipy's Poisson: enough in so many seconds, not enough in one less."""
    table = page[page.index('aria-label="How long to scan"') :].split("</table>", maxsplit=1)[0]
    head, *rows = [
        re.findall(r">([\d.]+)(?: s|\xa0%)?</t[dh]>", row) for row in table.split("<tr>")[1:]
    ]
    assert len(rows) >= 3
    for rate, *times_s in rows:
        for probability, time_s in zip(head, times_s, strict=True):
            within, before = (
                poisson.sf(1, float(rate) / 60 * seconds)
                for seconds in (int(time_s), int(time_s) - 1)
            )
            # The page rounds the rate to a tenth.
            slack = 0.06 / float(rate)
            assert (
                within >= float(probability) / 100 - slack
                and before < float(probability) / 100 + slack
            )


def test_one_subject_alone_has_no_page_of_all(folder: Path) -> None:
    text = Tags(render(folder, subjects=("S002",))).text
    assert "S002" in text and "S001" not in text and "All subjects" not in text


def test_a_subject_who_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(UsageError, match="not in this survey") as raised:
        render(folder, subjects=("Müller",))
    assert raised.value.code is Code.BAD_USAGE
    assert "Müller" not in str(raised.value)


def test_loops_are_of_different_muscles_first(folder: Path, tags: Tags) -> None:
    assert len(tags.named("img")) == 2
    assert "Ultrasound loop of one twitch: biceps brachii, left" in tags.named("img")[0]["alt"]


def test_a_large_survey_leaves_loops_out_and_says_so(tmp_path: Path) -> None:
    survey = make_survey(tmp_path)
    for number in range(MOST_WITH_LOOPS):
        survey.muscle("deltoid", "left", 1, 2, subject=f"P{number}", label="deltoid")
    survey.write()
    tags = Tags(render(tmp_path))
    assert not tags.named("img")
    assert "Loops of twitches are left out" in tags.text
    assert Tags(render(tmp_path, subjects=("S001",))).named("img")


def test_a_review_takes_the_banner_away(tmp_path: Path) -> None:
    survey = Survey(tmp_path)
    names = [survey.muscle("deltoid", side, 2, 9) for side in ("left", "right")]
    survey.write()
    for done, name in enumerate(names, start=1):
        session = Session.open(result_path(tmp_path, name), "anna")
        for row in session.rows:
            session.accept(row.key)
        page = render(tmp_path, reviewer="anna")
        partly = f"Reviewed in part: {done} of 2, by anna"
        assert (partly in page) is (done < 2)
        # Each muscle and each clip says whose its count is, where a page has both.
        by_anna = re.findall(r"<(?:td class=.whose.|small)>(anna, 20[\d-]+)</", page)
        automatic = re.findall(r"<(?:td class=.whose.|small)>automatic</", page)
        assert (len(by_anna), len(automatic)) == ((2, 2) if done < 2 else (0, 0))
    assert 'class="banner"' not in page
    assert "Reviewed by anna, 20" in Tags(page).text


def test_loops_are_found_again_after_a_review_numbered_events_anew(tmp_path: Path) -> None:
    survey = make_survey(tmp_path)
    name = survey.rows[0].clip
    assert name is not None
    session = Session.open(result_path(tmp_path, name), "anna")
    session.add(onset_s=0.5, x_px=40, y_px=30)
    for row in session.rows:
        session.accept(row.key)
    facts = [image["alt"] for image in Tags(render(tmp_path, reviewer="anna")).named("img")]
    assert [re.findall(r"at (\S+) s", words)[0] for words in facts] == ["2.00", "5.00"]


def test_the_same_survey_gives_the_same_bytes(folder: Path, page: str) -> None:
    assert render(folder) == page


@pytest.mark.parametrize("column", ["subject", "session", "muscle"])
def test_texts_of_users_stay_texts(tmp_path: Path, page: str, column: str) -> None:
    payload_survey(tmp_path, column)
    tags = Tags(render(tmp_path))
    assert {tag for tag, _ in tags.seen} <= {tag for tag, _ in Tags(page).seen}
    assert not [name for _, attributes in tags.seen for name in attributes if name[:2] == "on"]
    outside = [link["href"] for link in tags.named("a") if "example.org" in link["href"]]
    assert not outside
    for payload in PAYLOADS:
        assert " ".join(payload.split()) in tags.text


@given(st.text(max_size=40))
def test_a_text_in_the_style_never_leaves_its_string(text: str) -> None:
    coded = css_text(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9]|\\[0-9a-f]{6})*", coded)
    letters = re.sub(r"\\([0-9a-f]{6})", lambda found: chr(int(found[1], 16)), coded)
    assert letters == text


def test_sources_have_addresses() -> None:
    found = {rule.name: source_link(rule.source) for rule in load_protocols()}
    assert found["Sydney 2024"] == "https://pubmed.ncbi.nlm.nih.gov/39581840/"
    assert found["Duarte 2020 meta-analysis"].endswith("/PMC7170585/")
    assert found["Chiba 2022"] == "https://doi.org/10.1186/s12883-022-02617-1"
    assert found["AAN 2023 (skin video)"] == ""
    assert source_link("doi:10.54029/2025fth") == "https://doi.org/10.54029/2025fth"


def test_who_the_subjects_are_is_printed_on_request_alone(tmp_path: Path) -> None:
    survey = make_survey(tmp_path / "Doe_Jane" / "survey")
    key = tmp_path / "private" / "key.csv"
    row = KeyRow(subject="S001", patient_id="PID77", patient_name="Doe^Jane", birth_date="19500102")
    write_key(key, [row])
    (plain,) = write_survey_report(survey.folder, Wish(), out=survey.folder)
    for word in (b"Doe", b"PID77", b"19500102"):
        assert word not in plain.read_bytes()
    wish = with_identities(Wish(), key)
    (named,) = write_survey_report(survey.folder, wish, out=key.parent)
    assert named.name == "report.identified.html"
    assert stat.S_IMODE(named.stat().st_mode) == 0o600
    assert "Doe, Jane, born 1950-01-02, patient ID PID77" in Tags(named.read_text()).text


def test_files_of_subjects_alone_are_called_after_them(folder: Path, tmp_path: Path) -> None:
    (path,) = write_survey_report(folder, Wish(subjects=("S001",)), out=tmp_path)
    assert path.name == "report.S001.html"
