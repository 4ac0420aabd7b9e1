"""Region files of lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.outcomes import LOWER, UPPER, make_result

from usfasc.errors import InputError
from usfasc.io.line_file import LineFile, read_outline, write_outline
from usfasc.io.results import read_regions, write_regions, write_result
from usfasc.model import Line, Reading, Side

LINES = (
    Line(points=((8.0, 20.0), (60.0, 24.0), (119.0, 22.0))),
    Line(points=((8.0, 60.0), (119.0, 58.0)), kind="shadow", confidence=0.9),
)


def test_lines_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    drawn = LineFile(lines=LINES, muscles=("soleus",), side=Side.RIGHT)
    path.write_text(drawn.model_dump_json())
    assert read_outline(path) == Reading(lines=LINES, layers=("soleus",), side=Side.RIGHT)


def test_a_few_points_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    path.write_text('{"lines": [{"points": [[8, 20], [119, 22]]}]}', encoding="utf-8")
    (line,) = read_outline(path).lines
    assert (line.kind, line.proposed) == ("fascia", True)


def test_polygons_and_results_are_regions(tmp_path: Path) -> None:
    write_regions(tmp_path / "regions.json", (UPPER, LOWER))
    path, _ = write_result(make_result(), tmp_path, "clip")
    for each in (tmp_path / "regions.json", path):
        assert read_outline(each) == Reading(regions=(UPPER, LOWER))


def test_regions_come_with_the_lines_that_bound_them(tmp_path: Path) -> None:
    path = tmp_path / "clip.regions.json"
    write_outline(path, (UPPER, LOWER), LINES)
    assert read_outline(path) == Reading(regions=(UPPER, LOWER), lines=LINES)
    assert read_regions(path) == (UPPER, LOWER)
    write_outline(path, (UPPER,), ())
    assert read_outline(path) == Reading(regions=(UPPER,))


BAD = {
    "no line": '{"lines": []}',
    "one point": '{"lines": [{"points": [[1, 2]]}]}',
    "not a number": '{"lines": [{"points": [[1, 2], ["NAME", 3]]}]}',
    "an unknown kind": '{"lines": [{"points": [[1, 2], [3, 4]], "kind": "NAME"}]}',
    "an unknown key": '{"lines": [{"points": [[1, 2], [3, 4]]}], "NAME": 1}',
    "a side that is none": '{"lines": [{"points": [[1, 2], [3, 4]]}], "side": "NAME"}',
    "no name": '{"lines": [{"points": [[1, 2], [3, 4]]}], "muscles": [""]}',
    "a long name": f'{{"lines": [{{"points": [[1, 2], [3, 4]]}}], "muscles": ["{101 * "x"}"]}}',
    "from right to left": '{"lines": [{"points": [[9, 2], [5, 3], [1, 2]]}]}',
    "to and fro": '{"lines": [{"points": [[1, 2], [9, 3], [5, 2]]}]}',
    "upright": '{"lines": [{"points": [[5, 2], [5, 9]]}]}',
    "no object": '"lines"',
    "broken": "{",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_file_of_lines(name: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    path.write_text(BAD[name], encoding="utf-8")
    with pytest.raises(InputError, match="BAD_REGIONS") as refused:
        read_outline(path)
    assert "NAME" not in str(refused.value)


def test_it_is_told_which_line_is_wrong_and_why(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    good, back = '{"points": [[1, 2], [9, 2]]}', '{"points": [[9, 5], [1, 5]]}'
    path.write_text(f'{{"lines": [{good}, {back}]}}', encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_outline(path)
    assert refused.value.sentence == (
        "The file of lines is not valid: lines (number 2), points go from left to right."
    )
