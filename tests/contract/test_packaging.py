"""What is installed: a reason for every dependency, no Qt in the base, a complete wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ASKED_FOR = ("benchmark", "cluster", "parquet", "pdf")
"""Extras of the engine."""
ONE_PACKAGE = {"pydantic_core"}  # pydantic asks for exactly one version of it
QT = re.compile(r"qt|pyside|shiboken|napari|magicgui|vispy", re.IGNORECASE)


def base_distributions(name: str) -> set[str]:
    """All distributions that installing ``name`` without extras brings, by their metadata."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        try:
            needed = [Requirement(line) for line in requires(current) or ()]
        except PackageNotFoundError:  # for another platform or Python: not installed here
            continue
        waiting += [r.name for r in needed if not r.marker or r.marker.evaluate({"extra": ""})]
    return found


def test_base_install_brings_no_qt() -> None:
    brought = base_distributions("usfasc")
    assert {"numpy", "pydicom", "opencv-python"} <= brought
    assert [name for name in brought if QT.search(name)] == []


def test_every_dependency_has_its_reason(checkout: Path) -> None:
    text = (checkout / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    listed = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    without = [
        line for line in listed if not re.search(re.escape(f'"{line}"') + r",?\]? # \w", text)
    ]
    assert without == []


def test_opencv_is_installed_once() -> None:
    assert "opencv-python-headless" not in base_distributions("usfasc")


@pytest.fixture(scope="module")
def wheel_names(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=checkout, check=True, capture_output=True)
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_wheel_holds_both_packages_and_nothing_else(wheel_names: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel_names} == {"usfasc", "usfasc_napari"}


@pytest.mark.parametrize("package", ["usfasc", "plugins/usfasc_napari"])
def test_wheel_holds_every_file_of_a_package(
    wheel_names: set[str], checkout: Path, package: str
) -> None:
    folder = checkout / package
    files = {
        path.relative_to(folder.parent).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= wheel_names


def test_what_is_imported_is_declared(checkout: Path) -> None:
    declared = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    # What an extra brings is asked for by name where it is missing.
    extras = declared["optional-dependencies"]
    asked_for = [line for name in ASKED_FOR for line in extras[name]]
    lines = [*declared["dependencies"], *asked_for]
    names = {canonical(Requirement(line).name) for line in lines}
    homes = packages_distributions()
    imported = {module for path in (checkout / "usfasc").rglob("*.py") for module in roots(path)}
    third_party = imported - sys.stdlib_module_names - {"usfasc"} - ONE_PACKAGE
    undeclared = [m for m in third_party if not names & {canonical(n) for n in homes.get(m, ())}]
    assert undeclared == []


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def roots(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
