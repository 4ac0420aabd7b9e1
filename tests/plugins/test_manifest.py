"""The manifest is valid, all that it names is there, and it claims our files only."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from npe2 import PluginManager, PluginManifest

from usfasc.phantom.samples import samples


@pytest.fixture(scope="module")
def manifest() -> PluginManifest:
    return PluginManifest.from_distribution("usfasc")


def test_manifest_is_valid() -> None:
    validate = [str(Path(sys.executable).parent / "npe2"), "validate", "usfasc"]
    done = subprocess.run(validate, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_manifest_is_named_after_the_distribution(manifest: PluginManifest) -> None:
    (point,) = (p for p in entry_points(group="napari.manifest") if p.name == "usfasc")
    assert (manifest.name, point.value) == ("usfasc", "usfasc_napari:napari.yaml")


def test_every_command_leads_to_a_function(manifest: PluginManifest) -> None:
    commands = manifest.contributions.commands or []
    assert len(commands) > 2
    for command in commands:
        assert callable(command.python_name and _imported(command.python_name))


def test_every_command_is_used_and_every_use_is_a_command(manifest: PluginManifest) -> None:
    offered = manifest.contributions
    uses = [
        *(offered.readers or []),
        *(offered.writers or []),
        *(offered.sample_data or []),
        *(offered.widgets or []),
    ]
    commands = [command.id for command in offered.commands or []]
    assert sorted(use.command for use in uses) == sorted(commands)


def test_samples_are_scenes_of_the_phantom(manifest: PluginManifest) -> None:
    keys = {sample.key for sample in manifest.contributions.sample_data or []}
    assert keys <= {named.name for named in samples()}
    assert len(keys) >= 5


NAMES = {
    "clip.dcm": True,
    "CLIP.DCM": True,
    "a.b.Mp4": True,
    "x.avi": True,
    "x.mov": True,
    "x.wmv": True,
    "x.m4v": True,
    "x.mkv": True,
    "two_muscles.usfasc.json": True,
    "two_muscles.regions.json": True,
    "IM_0001": True,
    "00000001": True,
    "1.2.840.113619.2.21.848.246800003.0.1952805748.3": True,
    "2.25.329800735698586629295641978511506172918": True,
    "picture.png": False,
    "stack.tif": False,
    "1.2.tif": False,
    "table.csv": False,
    "notes.json": False,
    "README.md": False,
}


@pytest.mark.parametrize(("name", "ours"), NAMES.items())
def test_files_that_are_claimed(manifest: PluginManifest, name: str, ours: bool) -> None:
    plugins = PluginManager()
    plugins.register(manifest)
    readers = list(plugins.iter_compatible_readers([f"folder/{name}"]))
    assert bool(readers) is ours


def _imported(python_name: str) -> object:
    module, _, name = python_name.partition(":")
    return getattr(__import__(module, fromlist=[name]), name)
