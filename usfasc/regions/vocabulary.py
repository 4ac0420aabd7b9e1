"""The muscles people look at: one name each, what else they are called, their codes.

A group of muscles, as the quadriceps, is an entry of its own: who says "quadriceps" does not
say which of its muscles. The words are data (``muscles.json``). Codes are those of SNOMED
CT that pydicom carries for DICOM; where it has none for a muscle, neither have we. A word
that is not known stays as it was written: the list helps, and refuses nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from usfasc.model import Value

_MUSCLE_WORDS: Final = frozenset({"", "m", "mm", "musculus", "muscle", "muscles"})
"""That say no more than that a muscle is meant."""
BodyRegion = Literal["bulbar", "cervical", "thoracic", "lumbosacral"]


class Muscle(Value):
    """One muscle of the vocabulary."""

    name: str
    synonyms: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    body_region: BodyRegion
    limb: Literal["arm", "leg"] | None = None
    part: Literal["proximal", "distal"] | None = None
    """Of its limb: proximal to the elbow or knee, by the joint that it moves most; else distal."""
    paired: bool = True
    """Whether the body has a left and a right one, each looked at by itself."""
    members: tuple[str, ...] = ()
    """What it is the common name of: the muscles of a group, the heads of a muscle."""
    snomed: str | None = None
    """Code of SNOMED CT (scheme ``SCT``)."""
    snomed_rt: str | None = None
    """The code before it (schemes ``SRT``, ``SNM3``, ``99SDM``), which scanners still write."""

    @property
    def words(self) -> tuple[str, ...]:
        """All that it is called."""
        return self.name, *self.synonyms, *self.abbreviations


@cache
def muscles() -> tuple[Muscle, ...]:
    """The whole vocabulary."""
    text = files("usfasc.regions").joinpath("muscles.json").read_text(encoding="utf-8")
    return tuple(Muscle.model_validate(row) for row in json.loads(text))


def find_muscle(text: str) -> Muscle | None:
    """The muscle that a text names, in any spelling of case, blanks and "musculus".

    Parameters
    ----------
    text
        A name, a synonym or an abbreviation.
    """
    return _by_word().get(_plain(text))


def coded_muscle(code: str) -> Muscle | None:
    """The muscle that a code of SNOMED stands for, of either kind: no code is of both."""
    return _by_code().get(code)


def are_akin(one: str, other: str) -> bool:
    """Whether two names may be of one muscle: they are the same, or one is a member of the other.

    Parameters
    ----------
    one, other
        Names of the vocabulary, or any others.
    """
    known = find_muscle(one), find_muscle(other)
    members = (muscle.members for muscle in known if muscle)
    return one == other or any(one in each or other in each for each in members)


def muscle_name(text: str) -> str:
    """The vocabulary's name for a muscle; the text itself where it is not known."""
    known = find_muscle(text)
    return known.name if known else text.strip()


def folded(text: str) -> str:
    """A text without case and accents, so that spellings of one word are alike."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def _by_code() -> dict[str, Muscle]:
    return {code: each for each in muscles() for code in (each.snomed, each.snomed_rt) if code}


@cache
def _by_word() -> dict[str, Muscle]:
    return {_plain(word): muscle for muscle in muscles() for word in muscle.words}


def _plain(text: str) -> str:
    words = re.split(r"[\s_.-]+", folded(text).strip())
    return " ".join(word for word in words if word not in _MUSCLE_WORDS)
