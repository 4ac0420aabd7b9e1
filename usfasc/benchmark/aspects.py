"""What is said across kinds of cases: time judged, kinds named, movement measured, firing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from usfasc.benchmark.coverage import coverage_table
from usfasc.benchmark.figures import Chapter
from usfasc.benchmark.finders import as_listed
from usfasc.benchmark.firing import rhythm_table, sites_table
from usfasc.benchmark.firing_clips import PHANTOMS
from usfasc.benchmark.firing_scenes import firing_scenes
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.kinds import kinds_table
from usfasc.benchmark.kinematics import kinematics_table
from usfasc.benchmark.outlines import graft_tables, outline_tables
from usfasc.benchmark.quiet import quiet_table
from usfasc.benchmark.told_apart import planted_rhythm_table
from usfasc.phantom.sets import Split


def quiet_chapter(cases: Sequence[Judged]) -> Chapter:
    """Whether quiet time is judged and loud time is not."""
    about = (
        "Quiet is time in which a twitch of 0.2 mm could be told, loud time in which tissue or "
        "probe moves so that it could not; both by the truth of the phantom, or by the notes on "
        "the real clip."
    )
    return Chapter(title="time judged", about=about, tables=(quiet_table(cases),))


def kinds_chapter(cases: Sequence[Judged]) -> Chapter:
    """What the listed movements were taken for."""
    about = (
        "Every listed movement bears a kind. Of each look-alike: how many of its movements were "
        "named for what they are; and of the true twitches, how many were lost to another name."
    )
    return Chapter(
        title="kinds", about=about, tables=(kinds_table([as_listed(case) for case in cases]),)
    )


def kinematics_chapter(cases: Sequence[Judged]) -> Chapter:
    """How true displacement, velocity and times of the found twitches are."""
    about = (
        "Median and 90 % point of the error of each figure of a twitch that was found, in "
        "phantoms and implants, by how far the tissue moved; and how often the truth lies within "
        "1.96 of the standard errors that stand beside it, which should be in 95 %."
    )
    tables = (kinematics_table(cases), coverage_table(cases))
    return Chapter(title="kinematics", about=about, tables=tables)


def firing_chapter(cases: Sequence[Judged], split: Split) -> Chapter:
    """Sites and rhythms: simulated lists of twitches, and phantoms that were analysed."""
    about = (
        "Which twitches come from one firing site, and how it fires: on simulated lists of "
        "twitches with the errors that detection makes, on phantoms of 30 s, and on real clips "
        "in which one unit fires, in a train or at random, among single twitches of two others."
    )
    scenes = {scene.name: scene for scene in firing_scenes(split)}
    judged = [(scenes[case.name], case.events) for case in cases if case.group == PHANTOMS]
    planted = [case for case in cases if case.group != PHANTOMS]
    tables = (
        sites_table(split, judged),
        rhythm_table(split, judged),
        planted_rhythm_table(planted),
    )
    return Chapter(title="sites and rhythm", about=about, tables=tables)


def outline_chapter(split: Split, pictures: int, workers: int) -> Chapter:
    """How well muscles outline themselves."""
    about = (
        "Pictures whose muscles are known, easy ones and hard ones with boundaries as faint as "
        "fascicles, gaps and slopes; of both families of phantoms."
    )
    return Chapter(
        title="muscle outlines",
        about=about,
        tables=tuple(outline_tables(split, pictures, workers)),
    )


def graft_chapter(split: Split, data: Path, pictures: int, workers: int) -> Chapter:
    """How well muscles outline themselves in real tissue."""
    about = (
        "Pictures laid out with muscle from the real clips, and bright lines drawn where layers "
        "meet: easy ones, hard ones with faint lines and gaps, and a fourth without any. The "
        "judges of edges learned from phantoms and sketches alone."
    )
    return Chapter(
        title="muscle outlines in real tissue",
        about=about,
        tables=tuple(graft_tables(split, data, pictures, workers)),
    )
