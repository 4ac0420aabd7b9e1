"""Lessons, what they teach, and the judges that are fitted on them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.benchmark.outline_fitting import (
    Taught,
    _way,
    fit_floors,
    fit_lines,
    fit_net,
    fit_panel,
    teach_lines,
    teach_places,
    write_judges,
)
from usfasc.benchmark.outline_lessons import Lesson, _toned, draw_lesson, lessons
from usfasc.benchmark.outline_pictures import Drawn, draw_picture, layered_pictures
from usfasc.forest import forest_from
from usfasc.tissue.asking import PlaceJudge, measure_again, place_judge_from
from usfasc.tissue.edges import Judges, shipped_judges
from usfasc.tissue.net import Panel
from usfasc.tissue.places import measure

LESSONS = lessons(60)


@pytest.fixture(scope="module")
def plain() -> Drawn:
    lesson = next(each for each in LESSONS if each.picture and "easy" in each.name)
    return draw_lesson(lesson)


def test_nothing_is_learned_from_what_is_measured() -> None:
    seeds = {lesson.seed for lesson in LESSONS}
    assert len(seeds) == len(LESSONS)
    for split in ("dev", "test"):
        assert not seeds & {picture.seed for picture in layered_pictures(split, 600)}


def test_lessons_are_of_many_kinds() -> None:
    pictures = [lesson.picture for lesson in LESSONS if lesson.picture]
    sketches = [lesson.layered for lesson in LESSONS if lesson.picture is None]
    assert 12 <= len(sketches) <= 18
    assert 0.3 < np.mean(sketches) < 0.7
    assert {picture.scene.view for picture in pictures} == {"longitudinal", "transverse"}
    assert {getattr(picture.scene, "site", "limb") for picture in pictures} > {"limb", "abdomen"}
    assert any(picture.scene.look_alikes for picture in pictures)
    assert max(picture.steepness for picture in pictures) > 2
    assert len({picture.hard for picture in pictures}) == 2


def test_a_lesson_is_drawn_the_same_again_and_its_truth_lies_in_it(plain: Drawn) -> None:
    for lesson in LESSONS[:6]:
        drawn, again = draw_lesson(lesson), draw_lesson(lesson)
        assert np.array_equal(drawn.grey, again.grey)
        assert drawn.mask.shape == drawn.grey.shape == drawn.layers.shape
        assert all(len(line) == drawn.grey.shape[1] for line in drawn.lines_px)
    row = np.arange(len(plain.grey))[:, np.newaxis]
    for line in plain.lines_px:
        near = np.abs(row - line) * plain.spacing_mm[0] < 0.3
        assert plain.grey[near].mean() > 1.2 * plain.grey.mean()


def test_layers_are_made_brighter_or_darker_and_bone_is_left_as_it_was() -> None:
    drawn = draw_picture(next(p for p in layered_pictures("dev", 16) if p.scene.bone))
    toned = _toned(drawn, np.random.default_rng(2))
    inner = cv2.erode(drawn.layers.astype(np.float32), np.ones((31, 31)))
    inner[inner != cv2.dilate(drawn.layers.astype(np.float32), np.ones((31, 31)))] = np.nan
    for number in range(-1, int(drawn.layers.max()) + 1):
        bright = (inner == number) & (drawn.grey > 60) & (toned < 250)
        gains = toned[bright] / drawn.grey[bright]
        if number < 0:
            assert (toned[inner == number] == drawn.grey[inner == number]).all()
        elif len(gains):
            assert np.ptp(gains) < 0.05
            assert 0.25 < gains.mean() < 1.25


def test_a_picture_of_nothing_has_no_edges() -> None:
    nothing = next(lesson for lesson in LESSONS if not lesson.layered)
    drawn = draw_lesson(nothing)
    assert not drawn.lines_px
    assert not teach_lines(drawn, shipped_judges().places).labels.any()
    taught = teach_places(drawn, measure, np.random.default_rng(0))
    assert len(taught.labels) > 50
    assert not taught.labels.any()


def test_what_an_easy_picture_teaches(plain: Drawn) -> None:
    judge = shipped_judges().places
    hearing = partial(measure_again, alone=judge.alone)
    places = teach_places(plain, hearing, np.random.default_rng(0))
    assert places.features.shape == (len(places.labels), len(places.names))
    assert 0.02 < places.labels.mean() < 0.6
    for name in ("crest", "heard 8"):
        told = places.features[:, places.names.index(name)]
        assert told[places.labels == 1].mean() > told[places.labels == 0].mean() + 2
    lines = teach_lines(plain, judge)
    assert set(lines.labels) <= {0.0, 1.0, 2.0}
    # A second way that is laid anew may come to lie on the same line.
    assert (lines.labels > 0).sum() >= len(plain.lines_px)


def test_what_lies_below_an_edge_is_learned_from_edges_alone() -> None:
    taught = [rows(seed, 200) for seed in range(8)]
    # Of the edges, those of a large third measure have no tissue below.
    labelled = [
        replace(each, labels=each.labels * (1 + (np.nan_to_num(each.features[:, 2]) > 0.3)))
        for each in taught
    ]
    floors = fit_floors(labelled)
    unseen = rows(98, 2000).features
    known = np.isfinite(unseen[:, 2])
    below = floors.score(unseen[known]) > 0.5
    assert np.mean(below == (unseen[known, 2] > 0.3)) > 0.95


def rows(seed: int, count: int) -> Taught:
    """Two measures of which one tells what is true, and one that is sometimes unknown."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(count) < 0.3).astype(float)
    features = rng.normal(0, 1, (count, 3))
    features[:, 0] += 2.5 * labels
    features[rng.random(count) < 0.1, 2] = np.nan
    return Taught(names=("odds", "slope", "tone"), features=features, labels=labels)


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_judges_tell_rows_they_never_saw_and_survive_their_table(tmp_path: Path) -> None:
    taught = [rows(seed, 120) for seed in range(8)]
    net, lines = fit_net(taught), fit_lines(taught)
    alone, again = Panel(members=(net,)), Panel(members=(net, net))
    judges = Judges(places=PlaceJudge(alone=alone, again=again), lines=lines, floors=lines)
    unseen = rows(99, 4000)
    true = unseen.labels == 1
    odds = net.log_odds(unseen.features.T.astype(np.float32))
    chances = judges.lines.score(unseen.features)
    for score in (odds, chances):
        assert np.mean(score[true][:, None] > score[~true][None, :400]) > 0.92
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (chances >= low) & (chances < low + 0.25)
        assert chances[inside].mean() == pytest.approx(unseen.labels[inside].mean(), abs=0.12)
    write_judges(judges, tmp_path / "edges.json")
    data = json.loads((tmp_path / "edges.json").read_text())
    assert np.allclose(forest_from(data["lines"]).score(unseen.features), chances, atol=1e-4)
    read = place_judge_from(data["places"])
    assert (len(read.alone.members), len(read.again.members)) == (1, 2)
    for each in (read.alone, read.again):
        assert np.allclose(each.log_odds(unseen.features.T.astype(np.float32)), odds, atol=0.02)


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_each_of_a_panel_learns_in_all_folds_but_its_own() -> None:
    taught = [rows(seed, 40) for seed in range(12)]
    panel = fit_panel(taught)
    assert len(panel.members) == 4
    for fold, member in enumerate(panel.members):
        alone = fit_net([each for n, each in enumerate(taught) if n % 4 != fold])
        unseen = rows(99, 50).features.T.astype(np.float32)
        assert np.array_equal(member.log_odds(unseen), alone.log_odds(unseen))
        assert np.array_equal(panel.held_out(fold).log_odds(unseen), alone.log_odds(unseen))
    said = [member.log_odds(unseen) for member in panel.members]
    assert np.allclose(panel.log_odds(unseen), np.mean(said, axis=0))
    assert np.ptp(said, axis=0).max() > 0


@pytest.mark.parametrize(
    ("name", "way"),
    [("odds low", 1), ("turn 1-7", 1), ("slope", -1), ("waviness", -1), ("tone 1-7", 0)],
)
def test_what_may_speak_only_one_way(name: str, way: int) -> None:
    assert _way(name) == way
    assert name in shipped_judges().lines.names


def test_a_lesson_has_a_name() -> None:
    assert Lesson(number=0, picture=None, seed=7).name == "layers-7"
    assert Lesson(number=0, picture=None, seed=7, layered=False).name == "nothing-7"
