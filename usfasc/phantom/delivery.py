"""What happens to frames between scanner and file: gain, lift-off, lost frames, codecs."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.io.video_out import VideoCodec, encode_video
from usfasc.model import Floats, Grey
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import LookAlikeKind, Scene

_KEY_INTERVAL_S: Final = 1.0
_RARE_KEY_INTERVAL_S: Final = 8.0


def frame_times(scene: Scene, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Times written into the file, and the times at which the tissue was seen.

    Dropped frames leave a gap in both; a repeated frame shows the tissue as it was.
    """
    count = max(2, round(scene.duration_s * scene.frame_rate_hz))
    written = np.arange(count) / scene.frame_rate_hz
    for look in scene.looks_like(LookAlikeKind.DROPS):
        lost = rng.random(count) < 0.04 * look.strength
        lost[:2] = False
        written = written[~lost]
    seen = written.copy()
    for look in scene.looks_like(LookAlikeKind.REPEATS):
        again = np.flatnonzero(rng.random(len(seen)) < 0.12 * look.strength)
        for k in again[again > 0]:
            seen[k] = seen[k - 1]
    return written, seen


def gain_steps(scene: Scene, rng: np.random.Generator) -> Callable[[float], float]:
    """Someone turns the gain: dB to add at a time."""
    steps: list[tuple[float, float]] = []
    for look in scene.looks_like(LookAlikeKind.GAIN_STEPS):
        span = min(look.stop_s, scene.duration_s) - look.start_s
        count = max(1, round(span / 3))
        for k in range(count):
            at = look.start_s + span * (k + rng.uniform(0.1, 0.9)) / count
            steps.append((at, rng.uniform(1, 4) * look.strength * rng.choice([-1, 1])))
    return lambda t_s: sum(size for at, size in steps if t_s >= at)


def lift_off(scene: Scene, rng: np.random.Generator) -> Callable[[float], Float32s | None]:
    """The probe loses contact, from one side: coupling per column at a time."""
    looks = scene.looks_like(LookAlikeKind.LIFT_OFF)
    if not looks:
        return lambda t_s: None
    column = np.linspace(0, 1, scene.width_px)
    tilt = rng.uniform(-0.3, 0.3)

    def coupling(t_s: float) -> Float32s:
        share = np.ones(scene.width_px)
        for look in looks:
            stop = min(look.stop_s, scene.duration_s - 0.3)
            into = (t_s - look.start_s - tilt * column) / 0.12
            out = (stop - t_s + tilt * column) / 0.12
            share *= 1 - 0.998 * np.clip(np.minimum(into, out), 0, 1)
        return share.astype(np.float32)

    return coupling


def through_jpeg(frame: Grey, quality: int) -> Grey:
    """One frame after a JPEG round trip."""
    _, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def through_video(scene: Scene, frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A clip after a real MPEG-4 codec, where the scene asks for its artefacts.

    Both are coarsely quantised, so that most blocks are exact repeats and the rest
    are updates on the 8 and 16 pixel lattice. Frequent key frames add a one-frame
    change of the whole picture at 1 Hz, a perfect false train.
    """
    keys = scene.looks_like(LookAlikeKind.KEY_FRAMES)
    blocks = scene.looks_like(LookAlikeKind.BLOCK_UPDATES)
    if not keys and not blocks:
        return frames
    coarse = max(6 + 6 * look.strength for look in (*keys, *blocks))
    interval_s = _KEY_INTERVAL_S if keys else _RARE_KEY_INTERVAL_S
    quantiser = str(round(float(np.clip(coarse, 2, 31))))
    codec = VideoCodec(
        name="mpeg4",
        key_frame_every=max(2, round(interval_s * scene.frame_rate_hz)),
        options=(("qmin", quantiser), ("qmax", quantiser)),
    )
    return through_bits(frames, scene.frame_rate_hz, codec)


def through_bits(frames: NDArray[np.uint8], rate_hz: float, codec: VideoCodec) -> NDArray[np.uint8]:
    """A clip ``(t, y, x)`` after a video codec; an odd last row or column stays as it was."""
    import av

    height, width = frames.shape[1] // 2 * 2, frames.shape[2] // 2 * 2
    buffer = io.BytesIO()
    times_s = np.arange(len(frames)) / rate_hz
    encode_video(buffer, (grey[:height, :width] for grey in frames), times_s, codec)
    buffer.seek(0)
    out = frames.copy()
    with av.open(buffer, "r") as container:
        for k, picture in enumerate(container.decode(video=0)):
            out[k, :height, :width] = picture.reformat(format="gray").to_ndarray()[:height, :width]
    return out
