"""Nothing that may name a patient is in what a survey writes or says, and nothing leaves."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest
from fixtures.survey import manifest, row, write_clip
from fixtures.unpacked import unpacked
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom.datadict import dictionary_keyword
from pydicom.tag import Tag

from usfasc.report.survey_print import page_pdf

TEXT_TAGS = (
    *(0x00080050, 0x00080080, 0x00080081, 0x00080090, 0x00081010, 0x00081030, 0x0008103E),
    *(0x00081040, 0x00081048, 0x00081050, 0x00081070, 0x00081080, 0x00082111),
    *(0x00100010, 0x00100020, 0x00100021, 0x00101000, 0x00101001, 0x00101040, 0x00102154),
    *(0x00102160, 0x00104000, 0x001021B0, 0x00181030, 0x00200010, 0x00204000, 0x00321032),
    *(0x00324000, 0x00380010, 0x00380300, 0x00400006, 0x00400254),
)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")
SOCKETS_TELL = """
import os, sys
def told(event, arguments):
    if event == "socket.__new__" and arguments[1] != 1:  # AF_UNIX stays in the machine
        open(os.environ["SOCKETS"], "a").write(f"{event} {arguments[1:]}\\n")
sys.addaudithook(told)
"""


def plant(path: Path) -> None:
    """Write a token into every text that a header has, private ones included."""
    image = pydicom.dcmread(path)
    for tag in TEXT_TAGS:
        setattr(image, dictionary_keyword(tag), f"TOKEN{tag:08X}"[:16])
    image.PatientBirthDate = image.StudyDate = "19010203"
    block = image.private_block(0x0029, "TOKENCREATOR", create=True)
    block.add_new(0x01, "LO", "TOKENPRIVATE")
    image.add_new(Tag(0x0029, 0x1099), "UN", b"TOKENUNKNOWN")
    image.save_as(path)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips of a patient whose name stands everywhere, one of them spoilt."""
    folder = tmp_path_factory.mktemp("TOKENSTUDY")
    for number in (1, 2, 3, 5):
        plant(write_clip(folder / "TOKENFOLDER" / f"TOKENFILE{number}.dcm", number))
    spoilt = folder / "TOKENFOLDER" / "TOKENFILE2.dcm"
    spoilt.write_bytes(spoilt.read_bytes()[:90_000])
    drawn = '[{"name": "upper", "polygon": [[0, 0], [170, 0], [170, 140]]}]'
    (folder / "TOKENREGIONS.json").write_text(drawn, encoding="utf-8")
    names = [f"TOKENFOLDER/TOKENFILE{number}.dcm" for number in range(1, 6)]
    rows = [row(name, note="TOKENNOTE", muscle="tongue") for name in names[:4]]
    return manifest(folder, *rows, row(names[4], regions="TOKENREGIONS.json")).parent


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hook for every Python process that is told of it."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "sitecustomize.py").write_text(SOCKETS_TELL, encoding="utf-8")
    (folder / "sockets").touch()
    return folder


def hooked(place: Path, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose processes tell of their sockets."""
    paths = [str(place), *filter(None, [os.environ.get("PYTHONPATH")])]
    told = {"PYTHONPATH": os.pathsep.join(paths), "SOCKETS": str(place / "sockets")}
    return subprocess.run(
        words, env=os.environ | told, capture_output=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def ran(study: Path, place: Path) -> tuple[Path, bytes, str]:
    """The survey's folder, all that was said, and the sockets that any of its processes opened."""
    command = (Path(sys.executable).parent / "usfasc", "survey", "run", study / "survey.csv")
    done = hooked(place, *command, "--out", place / "out", "--workers", "1", "--json")
    assert done.returncode == 1
    said = done.stdout + done.stderr
    for more in (("report", "--pdf"), ("tables",)):
        done = hooked(place, *command[:2], *more, place / "out")
        assert done.returncode == 0
        # Where the files went is the user's own word.
        said += done.stdout.replace(str(place).encode(), b"") + done.stderr
    return place / "out", said, (place / "sockets").read_text()


def tokens_in(data: bytes) -> list[str]:
    """Encodings in which a token stands in a file, be it in a packed part of it."""
    plain = b"".join(unpacked(data))
    return [name for name in ENCODINGS if "TOKEN".encode(name) in plain or b"19010203" in plain]


def test_the_tokens_are_there_to_be_found(study: Path) -> None:
    clip = (study / "TOKENFOLDER" / "TOKENFILE1.dcm").read_bytes()
    assert clip.count(b"TOKEN") >= len(TEXT_TAGS)
    assert all(tokens_in("a TOKEN".encode(name)) for name in ENCODINGS)


def test_they_would_be_found_in_packed_parts_too() -> None:
    info, picture = PngInfo(), io.BytesIO()
    info.add_text("Comment", "a TOKEN", zip=True)
    info.add_itxt("Title", "a TOKEN", zip=True)
    Image.new("L", (2, 2)).save(picture, "PNG", pnginfo=info)
    assert len(unpacked(picture.getvalue())) == 3
    page = page_pdf("<html lang='en'><title>a TOKEN</title><p>x</p></html>")
    assert all(tokens_in(data) for data in (picture.getvalue(), page))


def test_no_file_and_no_word_holds_them(ran: tuple[Path, bytes, str]) -> None:
    out, said, _ = ran
    assert tokens_in(said) == []
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {".html", ".pdf", ".png", ".csv", ".json"} <= {path.suffix for path in files}
    for path in files:
        assert tokens_in(path.read_bytes()) == [], path.name
        assert "TOKEN" not in path.name


def test_no_place_is_named(ran: tuple[Path, bytes, str], study: Path) -> None:
    out, _, _ = ran
    for path in out.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert str(study).encode() not in data
            assert str(out).encode() not in data


def test_no_process_opens_a_socket(ran: tuple[Path, bytes, str], place: Path) -> None:
    assert ran[2] == ""
    hooked(place, sys.executable, "-c", "import socket; socket.socket()")
    assert "socket" in (place / "sockets").read_text()
