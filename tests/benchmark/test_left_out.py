"""A real clip is judged by what was learned without it, and candidates are gathered once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixtures.judged import event, judged

from usfasc.benchmark import kept_rows as keeping
from usfasc.benchmark import left_out
from usfasc.benchmark.beds import REAL_CLIPS
from usfasc.benchmark.fitting import Rows
from usfasc.benchmark.judge import Judged, judge
from usfasc.benchmark.recipes import PhantomRecipe, Recipe
from usfasc.detect.features import Features
from usfasc.detect.score import Forests
from usfasc.forest import Forest, forest_from
from usfasc.params import Parameters
from usfasc.phantom import NamedScene, Scene, Twitch


def always(score: float) -> Forest:
    """A score that is the same whatever the movement."""
    data = {name: [0] for name in ("roots", "feature", "low", "high", "threshold")}
    odds = np.log(score / (1 - score))
    return forest_from({"names": Features.names(), "start": 0.0, "value": [odds], **data})


ALWAYS = Forests(glance=always(0.5), look=always(0.75))
NEVER = Forests(glance=always(1e-6), look=always(0.75))


def rows(name: str) -> Rows:
    return Rows(
        group="any",
        name=name,
        features=np.ones((2, len(Features.names()))),
        labels=np.array([0.0, 1.0]),
    )


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PhantomRecipe:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    twitch = Twitch(onset_s=1.6, x_mm=15.0, y_mm=18.0, amplitude_mm=0.6)
    scene = Scene(
        height_px=128,
        width_px=128,
        depth_mm=30.0,
        width_mm=30.0,
        duration_s=4.0,
        twitches=(twitch,),
    )
    named = NamedScene(name="small", scene=scene, seed=5)
    return PhantomRecipe(section="phantom", group="points", name="small", scene=named)


def test_no_training_for_a_clip_holds_a_copy_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[set[str]] = []

    def in_this_process(
        work: Callable[[Recipe], Any], recipes: Sequence[Recipe], **_: object
    ) -> list[Any]:
        return [work(recipe) for recipe in recipes]

    def remember(held: Sequence[Rows]) -> Forests:
        trained.append({row.name for row in held})
        return ALWAYS

    def answer(recipe: Recipe, **_: object) -> Judged:
        truth = [] if recipe.name.endswith("-plain") else [event(1, 1)]
        group = {"section": "implants", "group": recipe.group, "name": recipe.name}
        return judged(truth, truth, **group)

    monkeypatch.setattr(left_out, "side_by_side", in_this_process)
    monkeypatch.setattr(left_out, "kept_rows", lambda recipe: rows(recipe.name))
    monkeypatch.setattr(left_out, "train", remember)
    monkeypatch.setattr(left_out, "judge", answer)
    cases = left_out.judge_left_out(Path("nowhere"), "test", Parameters(), 1)
    for clip, names in zip(REAL_CLIPS, trained, strict=True):
        others = {other.name for other in REAL_CLIPS} - {clip.name}
        assert not any(name.startswith(clip.name) for name in names)
        assert all(any(name.startswith(other) for name in names) for other in others)
    assert {case.group for case in cases} == {clip.name for clip in REAL_CLIPS}
    chapter = left_out.left_out_chapter(cases, np.random.default_rng(0))
    assert chapter.title == "real clips left out of training"


def test_another_score_scores_the_same_movements(small: PhantomRecipe) -> None:
    listing = Parameters(list_score=0.0)
    own, other = judge(small, listing), judge(small, listing, forests=ALWAYS)
    assert {e.score for e in other.events} == {0.75}
    assert {e.score for e in own.events} != {0.75}
    assert judge(small, listing, forests=NEVER).events == ()  # none passes the first glance


def test_candidates_are_gathered_once(
    small: PhantomRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def gather(recipe: Recipe) -> Rows:
        asked.append(recipe.name)
        return rows(recipe.name)

    monkeypatch.setattr(keeping.training, "gather", gather)
    first, second = keeping.kept_rows(small), keeping.kept_rows(small)
    assert asked == ["small"]
    for held in (first, second):
        assert (held.group, held.name) == ("any", "small")
        assert held.features.tolist() == rows("small").features.tolist()
        assert held.labels.tolist() == [0.0, 1.0]
