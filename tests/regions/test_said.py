"""What a clip is said to show: by its header where that is sure, and by its user first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fixtures.outcomes import BOX, UPPER, make_cine
from hypothesis import given
from hypothesis import strategies as st
from pydicom.data import get_testdata_file

from usfasc.io.header_words import HeaderWords, read_header_words
from usfasc.model import HeaderNames, Line, Reading, Shown, Side
from usfasc.regions.said import names_of, shown_in
from usfasc.regions.vocabulary import muscles

L, R, MID = Side.LEFT, Side.RIGHT, Side.MIDLINE
DELTOID, TONGUE = "35259002", "21974007"
SURE = {
    "a code and a tag": (
        HeaderWords(codes=(DELTOID,), laterality="L"),
        ("deltoid", "code", L, "code"),
    ),
    "a plain text": (HeaderWords(texts=("bicL",)), ("biceps brachii", "text", L, "text")),
    "a text and a tag": (
        HeaderWords(texts=("biceps brachii",), laterality="R"),
        ("biceps brachii", "text", R, "code"),
    ),
    "two texts that agree": (
        HeaderWords(texts=("BB left", "Biceps")),
        ("biceps brachii", "text", L, "text"),
    ),
    "a group and one of its muscles": (
        HeaderWords(texts=("rectus femoris left", "quadriceps")),
        ("rectus femoris", "text", L, "text"),
    ),
    "there is but one tongue": (HeaderWords(codes=(TONGUE,)), ("tongue", "code", MID, "code")),
    "half a tongue": (HeaderWords(texts=("tongue left",)), ("tongue", "text", L, "text")),
    "a side alone": (HeaderWords(laterality="L", texts=("Abdomen",)), (None, None, L, "code")),
}
DOUBTED = {
    "an abbreviation alone": (HeaderWords(texts=("SA",)), (("serratus anterior",), ())),
    "words beside it": (HeaderWords(texts=("biceps tendon",)), (("biceps brachii",), ())),
    "two muscles": (
        HeaderWords(texts=("biceps triceps left",)),
        (("biceps brachii", "triceps brachii"), (L,)),
    ),
    "texts that differ": (
        HeaderWords(texts=("biceps left", "triceps right")),
        (("biceps brachii", "triceps brachii"), (L, R)),
    ),
    "a text that a code contradicts": (
        HeaderWords(codes=(DELTOID,), texts=("biceps",)),
        (("deltoid", "biceps brachii"), ()),
    ),
    "tags that differ": (HeaderWords(laterality="LR", texts=("left",)), ((), (L, R))),
    "a tag and a text that differ": (HeaderWords(laterality="L", texts=("right",)), ((), (L, R))),
    "the study, which has many": (
        HeaderWords(study_text="biceps left"),
        (("biceps brachii",), (L,)),
    ),
    "nothing": (HeaderWords(texts=("Abdomen",)), ((), ())),
}


@pytest.mark.parametrize("name", SURE)
def test_what_a_header_says_for_sure(name: str) -> None:
    words, expected = SURE[name]
    shown = names_of(words).shown
    assert (shown.muscle, shown.muscle_origin, shown.side, shown.side_origin) == expected


@pytest.mark.parametrize("name", DOUBTED)
def test_what_a_header_leaves_open(name: str) -> None:
    words, expected = DOUBTED[name]
    names = names_of(words)
    assert names.shown == Shown()
    assert (names.muscles, names.sides) == expected


REAL = {
    "color-pl.dcm": HeaderNames(muscles=("quadriceps femoris",)),
    "gdcm-US-ALOKA-16.dcm": HeaderNames(shown=Shown(side=R, side_origin="code"), sides=(R,)),
    "examples_ybr_color.dcm": HeaderNames(),
}
"""Four pictures at once (``Quad Capture``) of a heart; a side; neither."""


@pytest.mark.parametrize("name", REAL)
def test_real_headers(name: str) -> None:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip("pydicom-data is not installed")
    assert names_of(read_header_words(Path(str(path)))) == REAL[name]


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=30))
def test_nothing_but_words_of_the_vocabulary_leaves(texts: list[str], study: str) -> None:
    names = names_of(HeaderWords(texts=(*texts, "Mueller biceps 1950"), study_text=study))
    known = {muscle.name for muscle in muscles()}
    assert {*names.muscles, names.shown.muscle or "tongue"} <= known


BICEPS_LEFT = names_of(HeaderWords(texts=("biceps left",)))
MAYBE = names_of(HeaderWords(texts=("biceps tendon left",)))
NEITHER = (None, None, None, None)
TAKEN = {
    "nothing said": (Reading(), BICEPS_LEFT, ("biceps brachii", "text", L, "text")),
    "the user's muscle, the header's side": (
        Reading(muscle="biceps brachii"),
        BICEPS_LEFT,
        ("biceps brachii", "user", L, "text"),
    ),
    "layers": (
        Reading(layers=("biceps brachii", "brachialis")),
        BICEPS_LEFT,
        (None, None, L, "text"),
    ),
    "a table has the word": (Reading(header=False), BICEPS_LEFT, NEITHER),
    "a table that says the muscle": (
        Reading(muscle="biceps brachii", header=False),
        BICEPS_LEFT,
        ("biceps brachii", "user", None, None),
    ),
    "drawn regions say it themselves": (Reading(regions=(UPPER,)), BICEPS_LEFT, NEITHER),
    "drawn lines": (
        Reading(lines=(Line(points=((0, 1), (5, 1))),), layers=("biceps brachii",)),
        BICEPS_LEFT,
        NEITHER,
    ),
    "one of a group": (
        Reading(muscle="soleus"),
        names_of(HeaderWords(texts=("calf left",))),
        ("soleus", "user", L, "text"),
    ),
    "no side of what there is but one of": (
        Reading(muscle="tongue"),
        names_of(HeaderWords(laterality="L")),
        ("tongue", "user", None, None),
    ),
}
WARNED = {
    "another muscle": (
        Reading(muscle="soleus"),
        BICEPS_LEFT,
        ("soleus", "user", None, None),
        ["says biceps brachii, you said soleus"],
    ),
    "another side": (
        Reading(side=R),
        BICEPS_LEFT,
        (None, None, R, "user"),
        ["says left, you said right"],
    ),
    "another muscle and side": (
        Reading(layers=("soleus", "tibialis posterior"), side=R),
        BICEPS_LEFT,
        (None, None, R, "user"),
        ["says biceps brachii, you said soleus, tibialis posterior", "says left, you said right"],
    ),
    "another side, drawn": (
        Reading(regions=(UPPER.model_copy(update={"side": R}),)),
        BICEPS_LEFT,
        NEITHER,
        ["says left, you said right"],
    ),
    "a guess": (Reading(), MAYBE, NEITHER, ["may name biceps brachii", "may say left"]),
    "a guess of the side": (
        Reading(muscle="soleus"),
        MAYBE,
        ("soleus", "user", None, None),
        ["may say left"],
    ),
    "a guess of the muscle": (
        Reading(side=R),
        MAYBE,
        (None, None, R, "user"),
        ["may name biceps brachii"],
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_without_a_word(name: str) -> None:
    reading, header, expected = TAKEN[name]
    shown, hints = shown_in(replace(make_cine(), header=header), reading)
    assert (shown.muscle, shown.muscle_origin, shown.side, shown.side_origin) == expected
    assert hints == ()


@pytest.mark.parametrize("name", WARNED)
def test_what_the_user_is_told(name: str) -> None:
    reading, header, expected, told = WARNED[name]
    shown, hints = shown_in(replace(make_cine(), header=header), reading)
    assert (shown.muscle, shown.muscle_origin, shown.side, shown.side_origin) == expected
    assert len(hints) == len(told)
    assert all(words in hint for words, hint in zip(told, hints, strict=True))


def test_a_header_does_not_say_which_of_two_pictures_it_is_of() -> None:
    (picture,) = make_cine().pictures
    x0, y0, x1, y1 = BOX
    halves = (x0, y0, (x0 + x1) // 2, y1), ((x0 + x1) // 2, y0, x1, y1)
    dual = replace(
        make_cine(),
        pictures=tuple(replace(picture, box=box) for box in halves),
        header=BICEPS_LEFT,
    )
    shown, (hint,) = shown_in(dual, Reading())
    assert shown == Shown()
    assert hint.startswith("The header says biceps brachii, left, but not in which of the 2")
    assert shown_in(dual, Reading(muscle="biceps brachii", side=L))[1] == ()
