"""The page of a clip: what was found, nothing beside it, and the times of its frames."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures.outcomes import BOX, make_cine
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Polygon
from matplotlib.text import Text

from usfasc.clip_facts import Fitness, clip_facts
from usfasc.errors import Code, InputError
from usfasc.model import Cine, Line, Vessel
from usfasc.pipeline import read_cine
from usfasc.report.clip_page import draw_clip_page, write_clip_page
from usfasc.report.clip_screen import look
from usfasc.report.style import LARGE, page_style
from usfasc.report.view import view_of


def draw(cine: Cine) -> str:
    """All words of the page."""
    with page_style():
        figure = draw_clip_page(cine, view_of(cine), clip_facts(cine)).figure
    words = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        words += [axes.get_title(loc="left"), *(text.get_text() for text in axes.texts)]
        legend = axes.get_legend()
        words += [text.get_text() for text in legend.get_texts()] if legend else []
    return "\n".join(words)


def test_it_says_whether_twitches_can_be_counted() -> None:
    text = draw(make_cine()).replace("\n", " ")
    assert "Fit for counting: no, because" in text
    assert "What was taken for the B-mode area (found in the frames)" in text
    assert "x 8-120, y 6-90 (found)" in text
    assert "0.3 mm a pixel" in text


def test_a_long_title_leaves_the_panels_alone() -> None:
    cine = make_cine()
    facts = clip_facts(cine)
    reasons = ("the frame rate is not known (give --frame-rate)",) * 3
    long = facts.model_copy(update={"fitness": Fitness(fit=False, reasons=reasons)})
    with page_style():
        figure = draw_clip_page(cine, view_of(cine), long).figure
        long_words = [text.get_text() for text in figure.texts if text.get_size() == LARGE]
        FigureCanvasAgg(figure).draw()
        extents = [(t.get_text(), t.get_window_extent()) for t in figure.findobj(Text)]
    title = [extent.y0 for words, extent in extents if words in long_words]
    (heading,) = (extent.y1 for words, extent in extents if words.startswith("What was taken"))
    assert len(title) == 3 and min(title) > heading


def test_frames_that_repeat_and_gaps_are_counted_in_the_legend() -> None:
    cine = make_cine()
    assert cine.times_s is not None
    late = cine.times_s + (np.arange(80) >= 40) * 0.3
    keys = np.zeros(80, bool)
    keys[::10] = True
    text = draw(replace(cine, times_s=late, key_frames=keys))
    assert "repeated (77)" in text
    assert "gap (1)" in text
    assert "key frame (8)" in text
    assert "damaged" not in text.split("Time from the frame before")[1]


def test_without_times_the_page_says_so() -> None:
    cine = replace(make_cine(), times_s=None, times_origin="unknown: no time tag")
    assert "unknown: no time tag." in draw(cine)


def test_nothing_outside_the_area_reaches_the_page(tmp_path: Path) -> None:
    for name, grey in (("black", 0), ("white", 255)):
        cine = make_cine(outside=grey)
        # The facts of one clip for both: a digest would tell them apart.
        write_clip_page(tmp_path / f"{name}.png", cine, clip_facts(make_cine()))
    assert (tmp_path / "black.png").read_bytes() == (tmp_path / "white.png").read_bytes()


def test_an_unsure_area_gives_no_page(tmp_path: Path) -> None:
    cine = make_cine(sure=False)
    with pytest.raises(InputError) as raised:
        write_clip_page(tmp_path / "a.png", cine, clip_facts(cine))
    assert raised.value.code is Code.BMODE_UNSURE
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_masked_has_a_reason(shared_data: Path) -> None:
    cine = read_cine(shared_data / "brachial_artery_30hz.mov")
    view = view_of(cine)
    found = look(cine, view, (), ())
    together = np.logical_or.reduce(list(found.hidden.values()))
    assert np.array_equal(together, ~view.mask)
    assert np.array_equal(np.isnan(found.still), ~view.mask)
    assert found.hidden["coloured"].any() and found.hidden["drawn over it"].any()
    # No pixel has two reasons.
    assert sum(mask.sum() for mask in found.hidden.values()) == together.sum()


def test_a_small_area_is_shown_once_more() -> None:
    x0, y0 = BOX[:2]
    small = replace(make_cine().pictures[0], box=(x0, y0, x0 + 40, y0 + 40))
    cine = replace(make_cine(), pictures=(small,))
    with page_style():
        assert len(draw_clip_page(cine, view_of(cine), clip_facts(cine)).figure.axes) == 3
        whole = make_cine()
        assert len(draw_clip_page(whole, view_of(whole), clip_facts(whole)).figure.axes) == 2


def test_lines_are_drawn_with_their_names() -> None:
    cine = make_cine()
    x0, _, x1, _ = BOX
    lines = tuple(
        Line.model_validate({"points": [[x0, row], [x1, row]], "kind": kind} | more)
        for row, kind, more in (
            (20, "skin", {}),
            (40, "fascia", {"confidence": 0.5, "proposed": False}),
            (70, "shadow", {"confidence": 0.95}),
        )
    )
    facts = clip_facts(cine).model_copy(update={"lines": lines})
    with page_style():
        screen = draw_clip_page(cine, view_of(cine), facts).figure.axes[0]
    written = [text.get_text() for text in screen.texts]
    assert {"skin", "perhaps fascia", "surface of bone, air or fluid"} <= set(written)
    drawn = {
        line.get_ydata()[0]: line.is_dashed() for line in screen.lines if len(line.get_ydata()) == 2
    }
    assert (drawn[20], drawn[40], drawn[70]) == (False, True, False)


def test_vessels_are_those_that_a_detection_tells() -> None:
    cine = make_cine()
    lumens = tuple(
        Vessel(polygon=((x, 30), (x + 20, 32), (x + 18, 50), (x, 48)), area_mm2=30.0)
        for x in (20.0, 80.0)
    )
    for vessels in (lumens, ()):
        facts = clip_facts(cine).model_copy(update={"vessels": vessels})
        with page_style():
            screen = draw_clip_page(cine, view_of(cine), facts).figure.axes[0]
        drawn = [
            tuple(map(tuple, patch.get_xy()[:-1]))
            for patch in screen.patches
            if type(patch) is Polygon
        ]
        assert drawn == [vessel.polygon for vessel in vessels]
        legend = screen.get_legend()
        words = [text.get_text() for text in legend.get_texts()] if legend else []
        assert ("dark lumen, as of a vessel" in words) is bool(vessels)
