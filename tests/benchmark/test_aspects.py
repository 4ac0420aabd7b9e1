"""Chapters across kinds of cases: each table gets the cases it asks for."""

from fixtures.judged import event, judged

from usfasc.benchmark import aspects
from usfasc.benchmark.figures import Chapter
from usfasc.benchmark.firing_clips import firing_recipes
from usfasc.benchmark.firing_scenes import firing_scenes
from usfasc.benchmark.judge import Judged

NEGATIVE = judged([], [event(1, 1)], section="negatives", group="points: tremor")


def titles(chapter: Chapter) -> list[str]:
    return [table.title.partition(":")[0] for table in chapter.tables]


def test_kinds_are_told_of_look_alikes() -> None:
    chapter = aspects.kinds_chapter([NEGATIVE])
    assert titles(chapter) == ["kinds"]
    assert chapter.tables[0].figures[0].name == "points: tremor: named rightly"


def test_time_judged_is_told_of_a_real_clip() -> None:
    chapter = aspects.quiet_chapter([judged([], [], section="real", name="frozen")])
    assert titles(chapter) == ["assessable"]
    assert chapter.tables[0].figures


def test_kinematics_are_told_even_of_nothing() -> None:
    chapter = aspects.kinematics_chapter([judged([], [])])
    assert chapter.tables[0].title == "kinematics: 0 twitches found and measured"


def test_firing_is_judged_on_its_own_phantoms() -> None:
    recipes = firing_recipes("dev", None)
    assert [r.name for r in recipes] == [scene.name for scene in firing_scenes("dev", 1)]
    cases: list[Judged] = [
        judged([], [], section="firing", group=r.group, name=r.name) for r in recipes
    ]
    chapter = aspects.firing_chapter(cases, "dev")
    assert titles(chapter) == ["sites", "rhythm", "rhythm"]
    named = {f.name: f.value for f in chapter.tables[1].figures}
    assert named["phantoms: trains named so"] == 0.0
    assert named["phantoms: Poisson clips without a train"] == 1.0
