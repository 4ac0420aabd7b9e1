"""The cache: outside the repository, whole files only, named by what made them."""

from pathlib import Path
from types import ModuleType

import pytest

import usfasc.match
import usfasc.phantom
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path / "elsewhere"))
    assert cache_folder() == tmp_path / "elsewhere"


def test_without_it_the_platform_does(monkeypatch: pytest.MonkeyPatch, checkout: Path) -> None:
    monkeypatch.delenv("USFASC_CACHE", raising=False)
    assert cache_folder().name == "usfasc"
    assert checkout not in cache_folder().parents


def test_a_file_is_made_once(tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(path: Path) -> None:
        calls.append(path)
        path.write_text("made")

    first = kept(tmp_path / "new", "a.txt", make)
    assert kept(tmp_path / "new", "a.txt", make) == first
    assert first.read_text() == "made"
    assert len(calls) == 1
    assert calls[0].suffix == ".txt"


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        kept(tmp_path, "a.txt", fail)
    assert list(tmp_path.iterdir()) == []


def test_digests_tell_contents_apart() -> None:
    assert digest(1, "a") == digest(1, "a")
    assert digest(1, "a") != digest(1, "b")
    assert code_digest(usfasc.match) != code_digest(usfasc.phantom)


def test_a_package_within_a_package_is_digested_apart(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "__init__.py").write_text("")
    package = ModuleType("outer")
    package.__file__ = str(tmp_path / "__init__.py")
    before = code_digest.__wrapped__(package)
    (inner / "module.py").write_text("changed = True")
    assert code_digest.__wrapped__(package) == before
    (tmp_path / "module.py").write_text("changed = True")
    assert code_digest.__wrapped__(package) != before
