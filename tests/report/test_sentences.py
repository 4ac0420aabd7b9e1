"""The sentences of a result, word for word."""

from __future__ import annotations

import pytest
from fixtures.outcomes import LOWER, UPPER, make_event, make_result

from usfasc.model import Kind, Line, Result, Vessel
from usfasc.report.sentences import (
    findings,
    grade_words,
    line_words,
    miss_words,
    not_counted,
    outline_words,
    places_words,
    vessel_words,
)
from usfasc.rules.wording import UNREVIEWED, unjudged_reasons

CASES = {
    "present": (
        [1, 5, 9, 20, 30, 40, 50],
        [(0, 52, None)],
        "Fasciculations present: 7 in 52 s of assessable recording (8.1/min, 95 % CI 3.2-16.6;"
        " rule: Noto 2017).",
    ),
    "continuous": (
        [0, 0.5, 1, 1.5, 2, 2.5],
        [(0, 4, None)],
        "Fasciculations present: at least 6, continuous, in 4 s of assessable recording"
        " (90.0/min, 95 % CI 33.0-195.9; rule: Noto 2017).",
    ),
    "absent": ([1], [(0, 60, None)], "Fewer than 2 seen in 60 s assessable."),
    "absent, far apart": (
        [1, 100],
        [(0, 120, None)],
        "Fewer than 2 seen in any 60 s assessable: 2 in 120 s.",
    ),
    "short": ([1], [(0, 20, None)], "Not observed long enough: 1 in 20 of 60 s."),
    "nearly a minute": ([], [(0, 59.9, None)], "Not observed long enough: 0 in 59 of 60 s."),
    "not assessable": (
        [],
        [(0, 14, "probe moved"), (14, 20, "contraction")],
        "Not assessable: probe moved (14 of 20 s).",
    ),
    "no time at all": ([], [], "Not assessable: nothing could be judged."),
}


@pytest.mark.parametrize(("onsets_s", "parts", "sentence"), CASES.values(), ids=CASES.keys())
def test_findings(
    onsets_s: list[float], parts: list[tuple[float, float, str | None]], sentence: str
) -> None:
    events = [make_event(number, onset_s) for number, onset_s in enumerate(onsets_s, start=1)]
    result = make_result(events, parts=parts)
    assert findings(result)["*"] == f"{sentence} {UNREVIEWED}"


def test_every_region_has_a_finding_that_says_automatic() -> None:
    result = make_result([make_event()])
    assert list(findings(result)) == [s.region for s in result.summaries]
    assert all("Automatic" in sentence for sentence in findings(result).values())


@pytest.mark.parametrize("events", [[], [make_event(n, n) for n in range(1, 9)]])
def test_no_sentence_is_a_diagnosis(events: list) -> None:
    words = " ".join(findings(make_result(events)).values()).lower()
    assert not {"als", "diagnos", "fibrillation", "negative", "positive"} & set(words.split())


def test_other_kinds_are_named_not_counted() -> None:
    kinds = [Kind.PROBE_MOTION, Kind.UNSURE, Kind.FASCICULATION, Kind.UNSURE]
    events = [make_event(n, n, kind=kind) for n, kind in enumerate(kinds, start=1)]
    assert not_counted(make_result(events)) == "Seen, not counted: probe motion (1), unsure (2)."
    assert not_counted(make_result([make_event()])) == ""


def test_a_train_is_told_with_the_finding_of_its_region() -> None:
    """ "Fewer than 2 seen" alone would hide what a neurologist looks for first."""
    train = make_event(1, 2.0, kind=Kind.TRAIN, offset_s=5.0)
    said = findings(make_result([train], parts=[(0, 60, None)]))
    words = "Fewer than 2 seen in 60 s assessable."
    assert said["*"] == f"{words} 1 train, not counted. {UNREVIEWED}"
    assert said[UPPER.name] == said["*"]
    assert said[LOWER.name] == f"{words} {UNREVIEWED}"


def test_reasons_add_up_and_the_longest_leads() -> None:
    result: Result = make_result(parts=[(0, 1, "a"), (1, 2, None), (2, 4, "b"), (4, 4.5, "a")])
    spans = [span for span in result.assessable if span.region == "*"]
    assert unjudged_reasons(spans) == [("b", 2.0), ("a", 1.5)]


def test_a_short_clip_says_how_likely_a_miss_is() -> None:
    result = make_result(parts=[(0, 20, None)])
    assert miss_words(result) == (
        "A muscle that twitches 3.9 times a minute at random shows fewer than 2 in this time"
        " with probability 0.63 (Poisson; at this rate the 0.9 in 60 s of Noto 2017 holds)."
    )
    assert grade_words(result.summaries[-1]) == ""


def test_each_muscle_that_was_not_found_positive_has_its_chance_of_a_miss() -> None:
    """Though the whole image is: it is of muscles that one speaks."""
    words = miss_words(make_result([make_event(1, 1), make_event(2, 3)], parts=[(0, 20, None)]))
    assert f"with probability 0.63 ({LOWER.name}) (Poisson" in words
    assert UPPER.name not in words and "whole image" not in words


def test_where_fasciculations_are_present_none_is_missed() -> None:
    events = [make_event(n, n) for n in range(1, 6)]
    result = make_result(events, parts=[(0, 60, None)], regions=())
    assert miss_words(result) == ""
    assert grade_words(result.summaries[-1]) == "2 (multiple)"


def test_twitches_outside_and_between_regions_are_told() -> None:
    well_inside = make_event(1, 0.5)
    outside = make_event(2, 1.0, y_px=85.0)
    between = make_event(3, 2.0, other_region="brachialis")
    on_bone = make_event(4, 2.2, near_line="shadow")
    unsure = make_event(5, 2.5, y_px=85.0, kind=Kind.UNSURE)
    assert places_words(make_result([well_inside, unsure])) == ""
    assert places_words(make_result([well_inside, outside, between, on_bone, unsure])) == (
        "Of the 4: 1 outside every region (whole image's count only), 2 within 2 mm of a line"
        " (columns near_line, other_region)."
    )
    assert places_words(make_result([outside], regions=())) == ""


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kind": "skin"}, "skin"),
        ({}, "fascia"),
        ({"kind": "shadow"}, "surface of bone, air or fluid"),
        ({"proposed": False}, "perhaps fascia"),
    ],
)
def test_a_line_is_named_in_plain_words(told: dict, words: str) -> None:
    line = Line.model_validate({"points": [[0, 5], [90, 5]]} | told)
    assert line_words(line) == words


def test_what_found_itself_is_said_to_have() -> None:
    found = UPPER.model_copy(update={"origin": "automatic"})
    assert outline_words([found, LOWER]) == (
        "Regions found automatically: check their outlines by eye."
    )
    assert outline_words([UPPER, LOWER]) == outline_words([]) == ""
    lumen = Vessel(polygon=((0, 0), (9, 0), (9, 9)), area_mm2=4.0)
    assert vessel_words([lumen, lumen]) == "Dotted: dark lumens, as of vessels (2)."
    assert vessel_words([]) == ""
