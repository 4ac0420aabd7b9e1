"""A file of every transfer syntax that does not code pixels, or only their runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.corpus import files, seconds
from tests.corpus.case import Case, Levels
from tests.corpus.clips import Clip, clip, shown
from usfasc.model import Grey

_SYNTAXES = {
    "implicit little endian": files.IMPLICIT,
    "explicit little endian": files.EXPLICIT,
    "explicit big endian": files.BIG_ENDIAN,
    "deflated": files.DEFLATED,
    "run length": files.RUN_LENGTH,
}
_KINDS = (
    ("MONOCHROME2", 8),
    ("MONOCHROME1", 8),
    ("MONOCHROME2", 12),
    ("MONOCHROME2", 16),
    ("PALETTE COLOR", 8),
    ("RGB", 8),
    ("YBR_FULL", 8),
)


def uncompressed(grey: Grey) -> Iterator[Case]:
    """Files of samples as they are."""
    for name, syntax in _SYNTAXES.items():
        for photometric, bits in _KINDS:
            yield _case(name, syntax, clip(grey, photometric, bits))
    yield _case("by plane", files.EXPLICIT, clip(grey, "RGB"), "by plane")
    yield _case("halved colour", files.EXPLICIT, clip(grey, "YBR_FULL_422"), "halved")
    yield _fragments(clip(grey, "MONOCHROME2"))


def _case(name: str, syntax: str, picture: Clip, order: str = "by pixel") -> Case:
    def write(path: Path) -> None:
        image = files.header(picture, syntax, picture.photometric)
        if order == "by plane":
            image.PlanarConfiguration = 1
        if syntax == files.RUN_LENGTH:
            files.write_compressed(path, image, files.run_lengths(picture))
        else:
            files.write_native(path, image, files.native_bytes(picture.samples, syntax, order))

    def expected(path: Path) -> Levels:
        return shown(seconds.by_pydicom(path), picture.photometric, picture.bits)

    return Case(
        name=name,
        syntax=syntax,
        photometric=f"{picture.photometric} {picture.bits}",
        write=write,
        frames=len(picture.samples),
        expected=expected,
        against="pydicom",
    )


def _fragments(picture: Clip) -> Case:
    syntax = "1.2.840.10008.1.2.1.98"

    def write(path: Path) -> None:
        image = files.header(picture, syntax, picture.photometric)
        files.write_compressed(path, image, [frame.tobytes() for frame in picture.samples])

    return Case(
        name="encapsulated uncompressed",
        syntax=syntax,
        photometric="MONOCHROME2 8",
        write=write,
        frames=len(picture.samples),
        expected=lambda _: shown(picture.samples, picture.photometric),
        against="truth",
    )
