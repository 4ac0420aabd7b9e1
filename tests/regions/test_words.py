"""Muscle and side in what people and scanners write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.model import Side
from usfasc.regions.vocabulary import Muscle, muscles
from usfasc.regions.words import named_in

L, R = Side.LEFT, Side.RIGHT
CERTAIN = {
    "bicL": ("biceps brachii", L),
    "bicL_1": ("biceps brachii", L),
    "TA re": ("tibialis anterior", R),
    "ta_re_2": ("tibialis anterior", R),
    "TAre": ("tibialis anterior", R),
    "R_TA_long": ("tibialis anterior", R),
    "FDI links": ("first dorsal interosseous", L),
    "FDIlinks": ("first dorsal interosseous", L),
    "1DI_L": ("first dorsal interosseous", L),
    "interosseus dorsalis I links": ("first dorsal interosseous", L),
    "M. biceps brachii re": ("biceps brachii", R),
    "bicepsleft01": ("biceps brachii", L),
    "gastroc med R": ("gastrocnemius medialis", R),
    "Vaste latéral gauche": ("vastus lateralis", L),
    "droit fémoral droite": ("rectus femoris", R),
    "vastus lateralis derecha": ("vastus lateralis", R),
    "左上腕二頭筋": ("biceps brachii", L),
    "T10 paraspinal left": ("erector spinae", L),
    "Smith_TA_R": ("tibialis anterior", R),
    "TRAP-L": ("trapezius", L),
}
UNSURE = {
    "bicl": ("biceps brachii", L),
    "TAL": ("tibialis anterior", L),
    "Mueller_ta_l": ("tibialis anterior", L),
    "Li_Ta_Smith": ("tibialis anterior", L),
}
PLAIN = {
    "biceps": True,
    "biceps brachii long": True,
    "links": True,
    "TA R": True,
    "bicL": True,
    "R_TA_long": True,
    "calf left": True,
    "CALF": False,  # a part of the body, by PS3.16, Annex L
    "TA": False,  # a muscle, or anything else that two letters stand for
    "SA": False,
    "L": False,
    "biceps tendon": False,
    "biceps, after SA": False,
    "biceps triceps L": False,
    "Smith_TA_R": False,
    "Quad Capture": False,  # four pictures at once, in a real header
    "trans": False,
    "": False,
}
NOTHING = ("IMG_0001", "abdomen", "Mueller", "mitral", "brachial artery", "", "2026-03-01", "Bral")


@pytest.mark.parametrize("text", CERTAIN)
def test_what_is_certain(text: str) -> None:
    named = named_in(text)
    assert (named.muscles, named.sides) == ((CERTAIN[text][0],), (CERTAIN[text][1],))
    assert named.muscle_certain
    assert named.side_certain


@pytest.mark.parametrize("text", UNSURE)
def test_what_might_mean_something_else(text: str) -> None:
    named = named_in(text)
    assert (named.muscles, named.sides) == ((UNSURE[text][0],), (UNSURE[text][1],))
    assert not named.muscle_certain
    assert not named.side_certain


@pytest.mark.parametrize("text", PLAIN)
def test_what_can_mean_nothing_else(text: str) -> None:
    assert named_in(text).plain is PLAIN[text]


def test_an_abbreviation_in_a_sentence_is_not_certain_however_long() -> None:
    assert not named_in("Quad Capture").muscle_certain


@pytest.mark.parametrize("text", NOTHING)
def test_what_names_nothing(text: str) -> None:
    assert named_in(text).muscles == named_in(text).sides == ()


def test_two_muscles_are_not_one() -> None:
    named = named_in("biceps brachialis left")
    assert named.muscles == ("biceps brachii", "brachialis")
    assert not named.muscle_certain
    assert named.side_certain


@pytest.mark.parametrize("muscle", muscles(), ids=lambda muscle: muscle.name)
def test_every_word_of_the_list_is_found_between_others(muscle: Muscle) -> None:
    for word in muscle.words:
        named = named_in(f"scan {word} left 2")
        assert named.muscles == (muscle.name,), word
        assert named.sides == (L,), word


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    known = {muscle.name for muscle in muscles()}
    assert set(named_in(text).muscles) <= known
