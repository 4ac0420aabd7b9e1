"""Invented scanner screens with a known B-mode box, every one from its seed.

What scanners do differs, so each screen draws its layout: size, place and
shape of the picture, lettering, clock, bars, strips, codec.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, Cine, Frame, Grey, Mask, Source

FRAMES = 64
SIZES = ((640, 480), (800, 600), (512, 512), (480, 848), (720, 540), (1024, 768), (854, 480))


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One invented clip and what is true of it."""

    name: str
    cine: Cine
    box: Box


class ColourFrames:
    """Frames held as ``(t, y, x, 3)``."""

    has_colour = True

    def __init__(self, rgb: Grey) -> None:
        self._rgb = rgb

    @property
    def count(self) -> int:
        return len(self._rgb)

    @property
    def shape(self) -> tuple[int, int]:
        return self._rgb.shape[1], self._rgb.shape[2]

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        for i in range(*slice(start, stop).indices(self.count)):
            yield Frame(index=i, grey=cv2.cvtColor(self._rgb[i], cv2.COLOR_RGB2GRAY))

    def colour(self, index: int) -> Grey:
        return self._rgb[index]


def colour_cine(rgb: Grey, key_frames: Mask | None = None) -> Cine:
    """A clip of colour frames ``(t, y, x, 3)``."""
    return Cine(
        frames=ColourFrames(rgb),
        times_s=np.arange(len(rgb)) / 30.0,
        times_origin="made",
        spacing_mm=None,
        spacing_origin="unknown",
        source=Source(sha256="0" * 64, kind="memory"),
        key_frames=key_frames,
    )


def make_screen(seed: int) -> Screen:
    """The invented screen of a seed."""
    rng = np.random.default_rng(seed)
    width, height = SIZES[rng.integers(len(SIZES))]
    strip = str(rng.choice(["none", "none", "none", "ecg", "slide", "sweep"]))
    whole = strip == "none" and rng.random() < 0.15
    box = (0, 0, width, height) if whole else _place(rng, width, height, strip)
    shape = "linear" if whole else str(rng.choice(["linear", "linear", "phased", "curved"]))
    codec = str(rng.choice(["none", "jpeg", "video", "video"]))
    frames = _Picture(rng, box, shape).frames()
    screen = _surround(rng, width, height, box) if not whole else np.zeros((height, width, 3), "u1")
    rgb = np.repeat(screen[np.newaxis], FRAMES, axis=0)
    x0, y0, x1, y1 = box
    inside = sector(x1 - x0, y1 - y0, shape)
    rgb[:, y0:y1, x0:x1][:, inside] = frames[:, inside][..., np.newaxis]
    x, y, w, h = cv2.boundingRect(inside.astype(np.uint8))
    box = x0 + x, y0 + y, x0 + x + w, y0 + y + h
    if not whole:
        _clock(rng, rgb, box)
        _strip(rng, rgb, box, strip)
    if rng.random() < 0.6:
        _draw_inside(rng, rgb, box)
    name = f"{seed}:{width}x{height} {shape} {strip} {codec}{' whole' if whole else ''}"
    return Screen(name=name, cine=colour_cine(*_coded(rng, rgb, codec)), box=box)


def _place(rng: np.random.Generator, width: int, height: int, strip: str) -> Box:
    """A box that leaves room for a strip below where there is one."""
    tall = 0.5 if strip != "none" else 0.95
    w = int(width * rng.uniform(0.28, 0.9))
    h = int(height * rng.uniform(0.35, tall - 0.08))
    x0 = int(rng.integers(4, width - w - 3))
    y0 = int(rng.integers(4, max(int(height * tall) - h, 5)))
    return x0, y0, x0 + w, y0 + h


def sector(width: int, height: int, shape: str) -> Mask:
    """Where echoes stand in a box: all of it, a phased or a curved sector that fills it."""
    y, x = np.mgrid[:height, :width].astype(float)
    if shape == "linear":
        return np.ones((height, width), bool)
    centre = (width - 1) / 2
    half = np.arctan2(width / 2, height * 0.75) if shape == "phased" else np.radians(30)
    if shape == "phased":
        apex, outer, inner = 0.0, float(height), 0.0
    else:
        outer = width / 2 / np.sin(half)
        apex = height - outer
        inner = max(-apex / np.cos(half), 0.0)
    radius = np.hypot(x - centre, y - apex)
    angle = np.arctan2(np.abs(x - centre), y - apex)
    return (radius <= outer) & (radius >= inner) & (angle <= half)


class _Picture:
    """Moving speckle in layers, with skin, dark depth, a vessel or a shadow."""

    def __init__(self, rng: np.random.Generator, box: Box, shape: str) -> None:
        self.rng = rng
        self.width, self.height = box[2] - box[0], box[3] - box[1]
        size = (self.height + 40, self.width + 40)
        real, imaginary = (
            cv2.GaussianBlur(rng.standard_normal(size).astype(np.float32), (0, 0), 2.5, sigmaY=1.1)
            for _ in range(2)
        )
        self.skin = np.full((self.height, self.width), -300.0)
        self.level = self._level(shape)
        self.speckle = 20 * np.log10(np.hypot(real, imaginary) / 0.15 + 0.05)

    def _level(self, shape: str) -> Grey:
        """Mean grey level of each pixel."""
        rng, h, w = self.rng, self.height, self.width
        y, x = np.mgrid[:h, :w] / np.array([h, w]).reshape(2, 1, 1)
        level = rng.uniform(60, 120) - rng.uniform(0, 110) * y**1.5
        for depth in rng.uniform(0.08, 0.8, rng.integers(1, 5)):
            line = depth + rng.uniform(-0.1, 0.1) * (x - 0.5)
            level = level + 70 * np.exp(-(((y - line) / 0.012) ** 2))
        if shape == "linear" and rng.random() < 0.5:
            self.skin = np.where(y < rng.uniform(0.01, 0.05), 290.0, -300.0)
        if rng.random() < 0.3:
            cy, cx, r = rng.uniform(0.25, 0.75), rng.uniform(0.2, 0.8), rng.uniform(0.05, 0.2)
            level = np.where((y - cy) ** 2 + (x - cx) ** 2 < r * r, -60, level)
        if rng.random() < 0.25:
            cx = rng.uniform(0.1, 0.9)
            level = np.where((np.abs(x - cx) < 0.04) & (y > 0.3), level - 90, level)
        return level

    def frames(self) -> Grey:
        """``(t, y, x)``; drift, pulsation or hardly anything moves, fresh noise each frame."""
        rng = self.rng
        drift, pulse = rng.choice([0.2, 1.0, 8.0]), rng.choice([0.1, 0.5])
        noise, texture = rng.uniform(0.7, 5), rng.uniform(2.0, 4.5)
        tissue = (np.pad(self.level, 20, mode="edge") + texture * self.speckle).astype(np.float32)
        out = np.empty((FRAMES, self.height, self.width), np.uint8)
        for i in range(FRAMES):
            dx = 20 + drift * np.sin(i / 14.0)
            dy = 20 + pulse * np.sin(i / 4.0)
            move = np.float32([[1, 0, -dx], [0, 1, -dy]])
            moved = cv2.warpAffine(tissue, move, (self.width, self.height))
            grain = rng.standard_normal(moved.shape).astype(np.float32) * noise
            out[i] = np.clip(np.maximum(moved, self.skin) + grain * (moved > -40), 0, 255)
        return out


def _surround(rng: np.random.Generator, width: int, height: int, box: Box) -> Grey:
    """Background, header bar, letters, grey or colour bar, depth ticks, logo."""
    back = int(rng.choice([0, 0, 0, 6, 16, 24]))
    screen = np.full((height, width, 3), back, np.uint8)
    x0, y0, x1, y1 = box
    if y0 > 34 and rng.random() < 0.5:
        tone = tuple(int(v) for v in rng.integers(20, 110, 3))
        bar = int(rng.integers(18, y0 - 3))
        screen[:bar] = tone
        _write(rng, screen, (4, bar - 5), "Hospital NAME^FIRST 1970-01-01  MI 0.7")
    ink = tuple(int(v) for v in rng.integers(140, 256, 3))
    words = (
        "Frq 10 MHz",
        "Gn 48",
        "D 4.5 cm",
        "DR 63",
        "FR 24",
        "AO 100 %",
        "MSK",
        "2D",
        "TIS 0.6",
    )
    for _ in range(int(rng.integers(3, 30))):
        at = int(rng.integers(0, width - 20)), int(rng.integers(12, height))
        size = cv2.getTextSize(words[0], cv2.FONT_HERSHEY_SIMPLEX, 0.45, 1)[0]
        if _clear(at, size, box):
            _write(rng, screen, at, str(rng.choice(words)), ink)
    if x0 > 34 and rng.random() < 0.6:
        ramp = np.linspace(255, 0, y1 - y0 - 8).astype(np.uint8)[:, np.newaxis, np.newaxis]
        screen[y0 + 4 : y1 - 4, x0 - 26 : x0 - 12] = ramp
    if x1 + 12 < width and rng.random() < 0.7:
        for y in np.linspace(y0, y1 - 1, 9).astype(int):
            screen[y, x1 + 3 : x1 + 9] = 200
    return screen


def _clear(at: tuple[int, int], size: tuple[int, int], box: Box) -> bool:
    """Whether lettering there keeps off the box by three pixels."""
    x, y = at
    return x > box[2] + 3 or x + size[0] < box[0] - 3 or y < box[1] - 6 or y - size[1] > box[3] + 3


def _write(
    rng: np.random.Generator,
    screen: Grey,
    at: tuple[int, int],
    words: str,
    ink: tuple[int, ...] = (230, 230, 230),
) -> None:
    cv2.putText(screen, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45, ink, 1, cv2.LINE_AA)


def _clock(rng: np.random.Generator, rgb: Grey, box: Box) -> None:
    """A clock whose digits change, where there is room for one."""
    if box[1] < 20:
        return
    for i, frame in enumerate(rgb):
        patch = frame[0:16, -90:]
        patch[:] = patch[0, 0]
        _write(rng, frame, (frame.shape[1] - 88, 13), f"10:{i // 8:02d}:{(7 * i) % 60:02d}")


def _strip(rng: np.random.Generator, rgb: Grey, box: Box, kind: str) -> None:
    """An ECG, or a Doppler spectrum that slides or is redrawn behind a bar."""
    height, width = rgb.shape[1:3]
    top = box[3] + 8
    if kind == "none" or height - top < 40:
        return
    tall = height - top - 6
    length = 8000
    t = np.arange(length)
    beat = np.abs(np.sin(t / rng.uniform(12, 30))) ** 3 * rng.uniform(0.7, 1, length)
    y = np.arange(tall)[:, np.newaxis]
    if kind == "ecg":
        trace = (np.abs(y - tall * (0.9 - 0.8 * beat[np.newaxis])) < 2) * 200
    else:
        grain = rng.gamma(2.0, 40.0, (tall, length))
        trace = np.where(y > tall * (0.8 - 0.75 * beat[np.newaxis]), grain, 0) * (y < tall * 0.85)
    trace = np.clip(trace, 0, 255).astype(np.uint8)
    pace = int(rng.integers(2, 6))
    x0, span = 10, width - 60
    for i, frame in enumerate(rgb):
        # Eight frames in a row, then a leap: what a clip of half a minute shows to eight runs.
        at = pace * (i % 8 + 63 * (i // 8))
        shown = trace[:, at : at + span]
        if kind == "sweep":
            lap, bar = divmod(at, span)
            old, new = trace[:, lap * span :], trace[:, (lap + 1) * span :]
            shown = np.hstack([new[:, :bar], old[:, bar:span]])
        frame[top : top + tall, x0 : x0 + span] = shown[..., np.newaxis]
        frame[top + int(tall * 0.82), x0 : x0 + span] = (200, 200, 60)


def _draw_inside(rng: np.random.Generator, rgb: Grey, box: Box) -> None:
    """Gate line, calipers, a marker, letters, colour Doppler."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    gate = rng.random() < 0.5
    at = x0 + int(w * rng.uniform(0.3, 0.7)), y0 + int(h * rng.uniform(0.3, 0.7))
    for frame in rgb:
        if gate:
            ends = (x0 + w // 2 + 30, y0), (x0 + w // 2 - 30, y1 - 1)
            cv2.line(frame, *ends, (190, 190, 190), 1, cv2.LINE_AA)
        cv2.drawMarker(frame, at, (250, 250, 80), cv2.MARKER_CROSS, 13, 1)
        _write(rng, frame, (x0 + 6, y1 - 8), "L BICEPS")


def _coded(rng: np.random.Generator, rgb: Grey, codec: str) -> tuple[Grey, Mask | None]:
    """The frames as a codec leaves them, and its key frames."""
    if codec == "jpeg":
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 96))]
        for i, frame in enumerate(rgb):
            coded = cv2.imencode(".jpg", frame[..., ::-1], quality)[1]
            rgb[i] = cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1]
    if codec != "video":
        return rgb, None
    return _through_video(rgb, int(rng.choice([600_000, 1_500_000, 4_000_000])))


def _through_video(rgb: Grey, bit_rate: int) -> tuple[Grey, Mask]:
    """Through MPEG-4 with a key frame every 25 frames."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = rgb.shape[2], rgb.shape[1], "yuv420p"
        stream.bit_rate, stream.gop_size = bit_rate, 25
        for frame in rgb:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        out.mux(stream.encode())
    file.seek(0)
    with av.open(file) as back:
        coded = list(back.decode(video=0))
    keys = np.array([frame.key_frame for frame in coded])
    return np.stack([frame.to_ndarray(format="rgb24") for frame in coded]), keys
