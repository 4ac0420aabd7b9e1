"""What a clip is, in the words that terminal and pictures share."""

from __future__ import annotations

from usfasc.model import Bmode, Cine

_SYNTAX_WORDS = {"simplejpeg": "JPEG", "native": "uncompressed", "pillow-packbits": "RLE"}


def file_words(cine: Cine) -> str:
    """Kind of file, coding, size, number of frames, scanner."""
    source = cine.source
    coding = _SYNTAX_WORDS.get(source.decoder, source.decoder.removeprefix("ffmpeg "))
    kind = {"dicom": "DICOM cine loop", "video": "video", "memory": "frames in memory"}[source.kind]
    scanner = " ".join(filter(None, (source.manufacturer, source.manufacturer_model)))
    height, width = cine.frames.shape
    size = f"{width} x {height} px, {cine.frames.count} frames"
    return f"{kind} ({coding}), {size}{f', {scanner}' if scanner else ''}"


def time_words(cine: Cine) -> str:
    """Duration and frame rate, and where they come from."""
    if cine.duration_s is None:
        return cine.times_origin
    return f"{cine.duration_s:.2f} s at {cine.frame_rate_hz:.4g} Hz ({cine.times_origin})"


def scale_words(cine: Cine, picture: Bmode) -> str:
    """Pixel size, where it comes from, and the size of a picture."""
    spacing_mm = cine.spacing_of(picture)
    if spacing_mm is None:
        return cine.spacing_origin
    dy, dx = spacing_mm
    x0, y0, x1, y1 = picture.box
    pixel = f"{dx:.4g} mm a pixel" if dx == dy else f"{dx:.4g} mm wide and {dy:.4g} mm high a pixel"
    field = f"B-mode {(x1 - x0) * dx:.3g} mm wide, {(y1 - y0) * dy:.3g} mm deep"
    return f"{pixel} ({cine.spacing_origin}): {field}"
