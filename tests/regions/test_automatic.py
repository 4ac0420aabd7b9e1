"""Which regions a clip gets, by what the user says and what can be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from usfasc.errors import InputError
from usfasc.io.memory import memory_cine
from usfasc.model import Bmode, Cine, HeaderNames, Line, Reading, Shown, Side
from usfasc.regions import outline
from usfasc.regions.automatic import Outline

STEP_MM = 0.12


@pytest.fixture(scope="module")
def cine() -> Cine:
    """Speckle with a fascia 6 mm deep and a septum at 18 mm."""
    rng = np.random.default_rng(0)
    rows, _ = np.indices((270, 300))
    frames = 60 * rng.rayleigh(1.0, (4, 270, 75)).repeat(4, axis=2)
    for depth_mm in (6.0, 18.0):
        frames += 150 * np.exp(-0.5 * (((rows + 0.5) * STEP_MM - depth_mm) / 0.3) ** 2)
    picture = Bmode(box=(0, 0, 300, 270), mask=np.ones((270, 300), bool), origin="given")
    grey = np.clip(frames, 0, 255).astype(np.uint8)
    return memory_cine(grey, np.arange(4) / 10, (STEP_MM, STEP_MM), picture)


def names(found: Outline) -> list[str]:
    return [region.name for region in found.regions]


def test_layers_are_found(cine: Cine) -> None:
    found = outline(cine, Reading())
    assert names(found) == ["superficial muscle", "deep muscle"]
    assert len([line for line in found.lines if line.proposed and line.kind == "fascia"]) == 2
    assert found.hints == ()
    assert outline(cine, Reading()) == found


def labelled(cine: Cine, muscle: str | None = None, side: Side | None = None) -> Cine:
    """A clip whose header names these for sure."""
    how = {"muscle_origin": "code" if muscle else None, "side_origin": "code" if side else None}
    shown = Shown.model_validate({"muscle": muscle, "side": side, **how})
    return replace(cine, header=HeaderNames(shown=shown))


def test_a_header_s_muscle_is_laid_on_none_of_several_layers(cine: Cine) -> None:
    found = outline(labelled(cine, "soleus", Side.LEFT), Reading())
    assert names(found) == ["superficial muscle, left", "deep muscle, left"]
    assert {region.muscle for region in found.regions} == {None}
    assert found.hints == (
        "The header says soleus, but not which of the 2 layers that is: name them from the top"
        " (--muscle).",
    )
    assert (found.shown.muscle, found.shown.muscle_origin) == ("soleus", "code")


def test_a_header_s_muscle_is_the_one_region_s(cine: Cine) -> None:
    told = labelled(cine, "soleus", Side.LEFT)
    assert names(outline(told, Reading(whole=True))) == ["soleus, left"]
    upper = replace(told, spacing_mm=None)
    found = outline(upper, Reading())
    assert names(found) == ["soleus, left"]
    assert found.hints[0].endswith("draw regions.")


def test_the_user_s_layers_take_the_header_s_side(cine: Cine) -> None:
    reading = Reading(layers=("soleus", "tibialis posterior"))
    found = outline(labelled(cine, "soleus", Side.LEFT), reading)
    assert names(found) == ["soleus, left", "tibialis posterior, left"]
    assert (found.shown.muscle, found.hints) == (None, ())


def test_muscles_are_named_from_the_top(cine: Cine) -> None:
    assert names(outline(cine, Reading(layers=("soleus", "tibialis posterior")))) == [
        "soleus",
        "tibialis posterior",
    ]


def test_names_that_do_not_fit_leave_the_whole(cine: Cine) -> None:
    found = outline(cine, Reading(layers=("a", "b", "c")))
    assert names(found) == ["whole image"]
    assert "3 muscles are named, but 2 layers were found" in found.hints[0]


@pytest.mark.parametrize(
    ("reading", "name"),
    [(Reading(whole=True), "whole image"), (Reading(muscle="soleus"), "soleus")],
)
def test_the_user_may_ask_for_the_whole(cine: Cine, reading: Reading, name: str) -> None:
    found = outline(cine, reading)
    assert names(found) == [name]
    assert (found.lines, found.hints) == ((), ())


def test_without_a_scale_nothing_is_outlined(cine: Cine) -> None:
    found = outline(replace(cine, spacing_mm=None), Reading())
    assert names(found) == ["whole image"]
    assert found.hints == (
        "The whole image is one region, since the scale is not known (--depth-mm gives it); draw "
        "regions, or name the muscle.",
    )


def test_nothing_is_outlined_in_a_picture_that_is_unsure(cine: Cine) -> None:
    (picture,) = cine.pictures
    unsure = replace(cine, pictures=(replace(picture, sure=False),))
    assert "unsure" in outline(unsure, Reading()).hints[0]


@pytest.fixture
def halves(cine: Cine) -> Cine:
    """The same as two pictures side by side, the right one unsure."""
    (picture,) = cine.pictures
    left, right = np.zeros_like(picture.mask), np.zeros_like(picture.mask)
    left[:, :150], right[:, 150:] = True, True
    pictures = (
        replace(picture, box=(0, 0, 150, 270), mask=left),
        replace(picture, box=(150, 0, 300, 270), mask=right, sure=False),
    )
    return replace(cine, pictures=pictures)


def test_each_picture_of_a_screen_for_itself(halves: Cine) -> None:
    found = outline(halves, Reading())
    assert names(found)[-1] == "right picture"
    assert found.hints[-1].startswith("The right picture is one region")
    assert all(name.endswith("left picture") for name in names(found)[:-1])


def test_the_longest_name_fits_with_its_side_and_picture(halves: Cine) -> None:
    muscle = 100 * "m"
    found = outline(halves, Reading(muscle=muscle, side=Side.MIDLINE))
    assert names(found) == [f"{muscle}, midline, {where} picture" for where in ("left", "right")]


def test_lines_that_a_person_drew(cine: Cine) -> None:
    drawn = tuple(Line(points=((0.0, y), (150.0, y + 4), (299.0, y))) for y in (160.0, 40.0))
    found = outline(cine, Reading(lines=drawn, layers=("soleus", "tibialis posterior")))
    assert names(found) == ["soleus", "tibialis posterior"]
    assert found.lines == drawn
    with pytest.raises(InputError, match="BAD_REGIONS"):
        outline(cine, Reading(lines=drawn, layers=("soleus",)))


def test_regions_of_a_file_stand_and_their_lines_come_along(cine: Cine) -> None:
    lines = (Line(points=((0.0, 50.0), (299.0, 55.0))), Line(points=((0.0, 150.0), (299.0, 150.0))))
    drawn = outline(cine, Reading(lines=lines)).regions
    given = outline(cine, Reading(regions=drawn[:1], lines=lines))
    assert given == Outline(regions=drawn[:1], lines=lines)


def test_two_lines_that_leave_nothing_between_them_are_one(cine: Cine) -> None:
    line = Line(points=((0.0, 50.0), (299.0, 55.0)))
    found = outline(cine, Reading(lines=(line, line)))
    assert names(found) == ["muscle"]


def test_drawn_lines_that_cross_are_refused(cine: Cine) -> None:
    falling = Line(points=((0.0, 50.0), (299.0, 150.0)))
    rising = Line(points=((0.0, 150.0), (299.0, 50.0)))
    with pytest.raises(InputError, match="lines 1 and 2 from the top cross"):
        outline(cine, Reading(lines=(falling, rising)))
    meeting = Line(points=((0.0, 100.0), (299.0, 150.0)))
    assert len(outline(cine, Reading(lines=(falling, meeting))).regions) == 2


def test_the_vocabulary_names_what_a_person_abbreviates(cine: Cine) -> None:
    drawn = (Line(points=((0.0, 50.0), (299.0, 55.0))),)
    (region,) = outline(cine, Reading(lines=drawn, layers=("TA",))).regions
    assert (region.name, region.muscle) == ("tibialis anterior", "tibialis anterior")
