"""The corpus in small: every transfer syntax, every layout, the real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.real import real
from tests.corpus.screens import screens
from tests.corpus.still_codings import compressed
from tests.corpus.streams import refused, videos
from tests.corpus.uncompressed import uncompressed
from tests.corpus.verdicts import judge
from tests.io.conftest import speckle
from usfasc.io.compressed import CODINGS
from usfasc.io.dicom_video import VIDEO_SYNTAXES

_SMALL = speckle(6, (48, 64))
_CASES = {
    f"{case.name} {case.photometric} {case.syntax[14:]}": case
    for make in (uncompressed, compressed, videos, screens, refused)
    for case in make(_SMALL)
}


@pytest.mark.parametrize("name", _CASES)
def test_every_file_is_read_right_or_refused(name: str, tmp_path: Path) -> None:
    assert judge(_CASES[name], tmp_path).faults == ()


def test_every_transfer_syntax_is_in_the_corpus() -> None:
    written = {case.syntax for case in _CASES.values()}
    assert set(CODINGS) <= written
    # The other video syntaxes differ in profile and level only, which decoders see for themselves.
    assert {VIDEO_SYNTAXES[syntax] for syntax in written & VIDEO_SYNTAXES.keys()} == set(
        VIDEO_SYNTAXES.values()
    )


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_every_real_ultrasound_file_is_read_right_or_refused(tmp_path: Path) -> None:
    pytest.importorskip("data_store", reason="pydicom-data is not installed")
    # All but the longest clip, which tests/io reads.
    rows = [judge(case, tmp_path) for case in real() if case.frames <= 30]
    assert len(rows) > 30
    assert [(row.case.name, row.faults) for row in rows if row.faults] == []
