"""A file of every transfer syntax that codes frame by frame, in every way to code colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.corpus import codestreams, files, seconds
from tests.corpus.case import EXACT, LOSSY, Case, Levels
from tests.corpus.clips import Clip, clip, shown
from usfasc.model import Grey

PYDICOM, TRUTH, RECODED = "pydicom, Pillow", "truth", "Pillow, of the JPEG"
_SINGLE = ("MONOCHROME2", "MONOCHROME1", "PALETTE COLOR")
_PLAIN = (*_SINGLE, "RGB", "YBR_FULL")
_RGB_AFTER = frozenset({"YBR_RCT", "YBR_ICT", "XYB"})
_CODED_FROM_RGB = _RGB_AFTER | {"YBR_FULL_422"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to compress frames: encoder, second decoder, how near they must be."""

    name: str
    number: str
    """Last part of the transfer syntax."""
    encode: codestreams.Encode
    photometric: str = "MONOCHROME2"
    bits: int = 8
    against: str = TRUTH
    tolerance: float = EXACT


def compressed(grey: Grey) -> Iterator[Case]:
    """Files of compressed frames."""
    for ways in (_jpeg, _jpeg_lossless, _jpeg_ls, _jpeg2000, _high_throughput, _jpeg_xl):
        for way in ways():
            yield _case(way, grey)


def _jpeg() -> Iterator[Way]:
    baseline, tolerance = codestreams.jpeg_baseline, LOSSY
    for photometric, encode in (
        ("MONOCHROME2", baseline),
        ("MONOCHROME1", baseline),
        ("YBR_FULL_422", baseline),
        ("RGB", codestreams.jpeg_rgb),
    ):
        yield Way(
            name="JPEG baseline",
            number="50",
            encode=encode,
            photometric=photometric,
            against=PYDICOM,
            tolerance=tolerance,
        )
    extended = Way(name="JPEG extended", number="51", encode=baseline, against=PYDICOM)
    yield extended
    yield Way(name="JPEG extended", number="51", encode=codestreams.jpeg_extended, bits=12)


def _jpeg_lossless() -> Iterator[Way]:
    for predictor in range(1, 8):
        yield Way(
            name=f"JPEG lossless, predictor {predictor}",
            number="57",
            encode=codestreams.jpeg_lossless(predictor),
            against="FFmpeg mjpeg",
        )
    first = codestreams.jpeg_lossless(1)
    for photometric in _PLAIN:
        yield Way(
            name="JPEG lossless SV1",
            number="70",
            encode=first,
            photometric=photometric,
            against="FFmpeg mjpeg",
        )
    for bits in (12, 16):
        yield Way(name="JPEG lossless SV1", number="70", encode=first, bits=bits)
    yield Way(
        name="JPEG lossless SV1, marked JFIF",
        number="70",
        encode=codestreams.jpeg_lossless_marked,
        photometric="YBR_FULL",
    )


def _jpeg_ls() -> Iterator[Way]:
    exact, near = codestreams.jpeg_ls(0), codestreams.jpeg_ls(codestreams.NEAR)
    for photometric in _PLAIN:
        against = "FFmpeg jpegls" if photometric in _SINGLE else TRUTH
        yield Way(
            name="JPEG-LS lossless",
            number="80",
            encode=exact,
            photometric=photometric,
            against=against,
        )
    yield Way(name="JPEG-LS lossless", number="80", encode=exact, bits=16)
    yield Way(name="JPEG-LS, padded", number="80", encode=codestreams.jpeg_ls_padded)
    yield Way(name="JPEG-LS near-lossless", number="81", encode=near, against="FFmpeg jpegls")
    yield Way(
        name="JPEG-LS near-lossless",
        number="81",
        encode=near,
        photometric="RGB",
        tolerance=codestreams.NEAR + EXACT,
    )


def _jpeg2000() -> Iterator[Way]:
    plain, transformed = codestreams.jpeg2000(mct=False), codestreams.jpeg2000(mct=True)
    for photometric, encode in (*((name, plain) for name in _PLAIN), ("YBR_RCT", transformed)):
        yield Way(
            name="JPEG 2000 lossless",
            number="90",
            encode=encode,
            photometric=photometric,
            against=PYDICOM,
        )
    yield Way(name="JPEG 2000 lossless", number="90", encode=plain, bits=12)
    yield Way(name="JPEG 2000 lossless, in JP2", number="90", encode=codestreams.jp2)
    for photometric in ("MONOCHROME2", "YBR_ICT"):
        yield Way(
            name="JPEG 2000",
            number="91",
            encode=codestreams.jpeg2000(mct=True, reversible=False),
            photometric=photometric,
            against="FFmpeg jpeg2000",
            tolerance=LOSSY,
        )


def _high_throughput() -> Iterator[Way]:
    plain, transformed = codestreams.htj2k(rgb=False), codestreams.htj2k(rgb=True)
    for number in ("201", "202"):
        for photometric, encode in (("MONOCHROME2", plain), ("YBR_RCT", transformed)):
            yield Way(
                name="HTJ2K lossless",
                number=number,
                encode=encode,
                photometric=photometric,
                against="FFmpeg jpeg2000",
            )
    yield Way(name="HTJ2K lossless", number="201", encode=plain, bits=12)
    yield Way(
        name="HTJ2K",
        number="203",
        encode=codestreams.htj2k(rgb=True, reversible=False),
        photometric="YBR_ICT",
        against="FFmpeg jpeg2000",
        tolerance=LOSSY,
    )


def _jpeg_xl() -> Iterator[Way]:
    lossless = codestreams.jpeg_xl(0)
    for photometric in _PLAIN:
        yield Way(name="JPEG XL lossless", number="110", encode=lossless, photometric=photometric)
    yield Way(name="JPEG XL lossless", number="110", encode=lossless, bits=12)
    yield Way(
        name="JPEG XL, recoded JPEG",
        number="111",
        encode=codestreams.jpeg_xl_of_jpeg,
        photometric="YBR_FULL_422",
        against=RECODED,
        tolerance=3,
    )
    yield Way(
        name="JPEG XL",
        number="112",
        encode=codestreams.jpeg_xl(0.5),
        photometric="XYB",
        tolerance=12,  # The loss itself: there is no second decoder.
    )


def _case(way: Way, grey: Grey) -> Case:
    photometric = "RGB" if way.photometric in _CODED_FROM_RGB else way.photometric
    picture = clip(grey, photometric, way.bits)
    return Case(
        name=way.name,
        syntax=files.COMPRESSED + way.number,
        photometric=f"{way.photometric} {way.bits}",
        write=_writer(way, picture),
        frames=len(grey),
        expected=_second(way, picture),
        against=way.against,
        tolerance=way.tolerance,
    )


def _writer(way: Way, picture: Clip) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        image = files.header(picture, files.COMPRESSED + way.number, way.photometric)
        files.write_compressed(path, image, _encoded(way, picture))

    return write


def _encoded(way: Way, picture: Clip) -> list[bytes]:
    return [way.encode(frame, way.bits) for frame in picture.samples]


def _second(way: Way, picture: Clip) -> Callable[[Path], Levels]:
    """Grey levels by another decoder, or those of the samples themselves."""
    photometric = "RGB" if way.photometric in _RGB_AFTER else way.photometric

    def expected(path: Path) -> Levels:
        if way.against == RECODED:
            return seconds.by_pillow(
                codestreams.jpeg_baseline(frame, 8) for frame in picture.samples
            )
        if way.against == PYDICOM:
            samples = seconds.by_pydicom(path)
        elif way.against == TRUTH:
            samples = picture.samples
        else:
            samples = seconds.by_ffmpeg(_encoded(way, picture), way.against.split()[1])
        return shown(samples, photometric, way.bits)

    return expected
