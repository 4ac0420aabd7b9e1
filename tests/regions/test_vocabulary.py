"""What muscles are called."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

from usfasc.regions.vocabulary import are_akin, coded_muscle, find_muscle, muscle_name, muscles

KNOWN = {
    "Biceps": "biceps brachii",
    "BB": "biceps brachii",
    "M. tibialis anterior": "tibialis anterior",
    "tibialis_anterior": "tibialis anterior",
    "ta": "tibialis anterior",
    "fibularis longus": "peroneus longus",
    "FDI": "first dorsal interosseous",
    " Tongue ": "tongue",
    "deltoid muscle": "deltoid",
    "T10 paraspinal": "erector spinae",
    "lumbar paraspinals": "lumbar paraspinal",
    "T10 paraspinal muscles": "erector spinae",
    "gastroc medial": "gastrocnemius medialis",
    "Upper trap": "trapezius",
}


@pytest.mark.parametrize("text", KNOWN)
def test_a_muscle_is_known_by_any_of_its_names(text: str) -> None:
    assert muscle_name(text) == KNOWN[text]


GROUPS = {
    "quadriceps": "quadriceps femoris",
    "Quads": "quadriceps femoris",
    "Hamstring": "hamstrings",
    "calf": "triceps surae",
    "M. triceps surae": "triceps surae",
    "forearm flexors": "forearm flexors",
}


@pytest.mark.parametrize("text", GROUPS)
def test_a_group_is_none_of_its_muscles(text: str) -> None:
    group = find_muscle(text)
    assert group is not None
    assert group.name == GROUPS[text]
    assert group.name not in group.members
    assert all(muscle_name(member) == member for member in group.members)


def test_members_lie_in_the_part_of_their_group() -> None:
    known = {muscle.name: muscle for muscle in muscles()}
    for group in muscles():
        for member in map(known.__getitem__, group.members):
            assert (member.limb, member.part) == (group.limb, group.part)


AKIN = {
    ("quadriceps femoris", "rectus femoris"): True,
    ("soleus", "triceps surae"): True,
    ("gastrocnemius", "gastrocnemius medialis"): True,
    ("rectus femoris", "vastus lateralis"): False,
    ("plantaris", "plantaris"): True,
    ("plantaris", "soleus"): False,
}


@pytest.mark.parametrize("names", AKIN)
def test_names_that_may_be_of_one_muscle(names: tuple[str, str]) -> None:
    assert are_akin(*names) is AKIN[names]
    assert are_akin(*reversed(names)) is AKIN[names]


@pytest.mark.parametrize("text", ["plantaris", "", "x"])
def test_what_is_not_known_stays(text: str) -> None:
    assert find_muscle(text) is None
    assert muscle_name(text) == text


def test_no_word_means_two_muscles() -> None:
    words = Counter(word.casefold() for muscle in muscles() for word in muscle.words)
    assert max(words.values()) == 1
    assert all(find_muscle(word) == muscle for muscle in muscles() for word in muscle.words)


def test_codes_are_pydicoms() -> None:
    meanings = {
        code: meaning for names in concepts["SCT"].values() for code, (meaning, _) in names.items()
    }
    coded = [muscle for muscle in muscles() if muscle.snomed]
    assert len(coded) >= 10
    for muscle in coded:
        assert muscle.name in meanings[muscle.snomed].lower()


def test_codes_that_came_before_are_pydicoms() -> None:
    older = mapping["SCT"]
    assert all(muscle.snomed_rt == older.get(muscle.snomed or "") for muscle in muscles())
    assert coded_muscle("T-13660") == coded_muscle("35259002") == find_muscle("deltoid")
    assert coded_muscle("") is None


def test_a_muscle_that_pydicom_has_a_code_for_has_it() -> None:
    codes = {
        re.sub(r"^structure of | muscle| structure| \(body structure\)", "", meaning.lower()): code
        for names in concepts["SCT"].values()
        for code, (meaning, _) in names.items()
    }
    missing = [m.name for m in muscles() if m.snomed is None and m.name in codes]
    assert missing == []
