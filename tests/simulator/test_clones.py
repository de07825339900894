"""Which pyscript and OCPP integration go with a Home Assistant, and what script/setup clones."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from simulator.trial import clones

PROJECT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("version", "needed"),
    [
        ("2025.4.4", ()),
        ("2026.2.3", ()),
        ("2026.4.4", ()),
        ("2026.5.0b3", (2, 0, 0)),
        ("2026.10.4", (2, 0, 0)),
        ("2026.11.0", (2, 1, 1)),
        ("2027.1.0", (2, 1, 1)),
        ("", ()),
    ],
)
def test_a_newer_home_assistant_needs_a_newer_pyscript(
    version: str, needed: tuple[int, ...]
) -> None:
    """Pyscript 2.0.0 mended what 2026.5 took away, 2.1.1 what 2026.11 did."""
    assert clones.needs(version) == needed


def test_the_docs_say_the_same() -> None:
    text = (PROJECT / "docs" / "install.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| (?:from )?(2[\d.]+)[^|]*\| ([\d.]+) or newer \|", text)
    assert len(rows) == 1 + len(clones.NEEDS)
    for since, pyscript in rows[1:]:
        assert clones.needs(since) == clones.numbers(pyscript)
    readme = " ".join((PROJECT / "README.md").read_text(encoding="utf-8").split())
    for (year, month), pyscript in clones.NEEDS:
        wanted = ".".join(str(part) for part in pyscript)
        assert re.search(rf"from {year}\.{month} on (needs pyscript )?{wanted} or newer", readme)


def test_the_docs_name_the_menus_as_they_are_called_today() -> None:
    """Developer tools moved to the settings in 2026.2, and are Tools there now."""
    pages = [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")]
    ways = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    ways = [line for line in ways if "→" in line]
    assert any("Settings → Tools → Actions" in line for line in ways)
    assert [line for line in ways if re.search("developer tools →", line, re.IGNORECASE)] == []


def test_the_newest_release_is_taken_and_no_preview() -> None:
    tags = ["1.7.0", "2.0.0", "2.1.1", "2.1.10", "2.1.9", "2.2.0b1", "nightly"]
    assert clones.newest_fitting(tags, (2, 1, 1)) == "2.1.10"
    assert clones.newest_fitting(tags[:2], (2, 0, 0)) == "2.0.0"
    assert clones.newest_fitting(tags[:2], (2, 1, 1)) == ""


def test_a_pyscript_that_fits_is_the_only_one_that_is_used(tmp_path: Path) -> None:
    pinned = ["pyscript-1.7.0", "pyscript-a51b95b"]
    for name in (*pinned, "pyscript-2.0.0"):
        (tmp_path / name).mkdir()

    def used(version: str) -> list[str]:
        return [path.name for path in clones.pyscripts(tmp_path, version)]

    assert used("2025.4.4") == pinned
    assert used("2026.10.4") == ["pyscript-2.0.0"]
    assert used("2026.11.0") == pinned, "2.0.0 does not load there either: they get what they lack"
    assert "pyscript 2.1.1 or newer" in clones.lacking("2026.11.0", tmp_path)
    (tmp_path / "pyscript-2.1.1").mkdir()
    assert used("2026.11.0") == ["pyscript-2.1.1"]
    assert clones.lacking("2026.11.0", tmp_path) == ""
    assert clones.lacking("2025.4.4", tmp_path) == ""


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder as somebody."""
    someone = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    subprocess.run(["git", "-C", str(folder), *someone, *arguments], check=True)


def repository(folder: Path, *tags: str) -> None:
    """A repository with a commit and these tags."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "First")
    for tag in tags:
        git(folder, "tag", tag)


def test_releases_are_the_tags_of_a_repository(tmp_path: Path) -> None:
    repository(tmp_path / "origin", "1.7.0", "2.1.1")
    assert sorted(clones.releases(str(tmp_path / "origin"))) == ["1.7.0", "2.1.1"]
    assert clones.releases(str(tmp_path / "nowhere")) == []


def set_up(folder: Path, version: str, *pyscripts: str) -> str:
    """Run script/setup, finished but for its clones, with this Home Assistant; what it says.

    pyscript's repository has these tags, that of the OCPP integration none.
    """
    copied = ("script/setup", "script/lib.sh", "simulator/__init__.py")
    for name in (*copied, "simulator/trial/__init__.py", "simulator/trial/clones.py"):
        (folder / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, folder / "project" / name)
    shutil.copytree(PROJECT / "requirements", folder / "project" / "requirements")
    repository(folder / "pyscript", *pyscripts)
    repository(folder / "ocpp")
    (folder / "gitconfig").write_text(
        f'[url "{folder}/pyscript"]\n\tinsteadOf = https://github.com/custom-components/pyscript\n'
        f'[url "{folder}/ocpp"]\n\tinsteadOf = https://github.com/lbbrhzn/ocpp\n',
        encoding="utf-8",
    )
    installed = folder / "packages" / f"homeassistant-{version}.dist-info"
    installed.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: homeassistant\nVersion: {version}\n"
    (installed / "METADATA").write_text(metadata, encoding="utf-8")
    environment = {
        **{key: one for key, one in os.environ.items() if not key.startswith("LOADJUGGLER_")},
        "PYTHONPATH": str(folder / "packages"),
        "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
    }
    finished = """
        source script/lib.sh
        mkdir -p "$VENV/bin"
        ln -s "$0" "$VENV/bin/python"
        printf '%s\\n' "$(full_stamp)" "$0" "" >"$VENV/$STAMP"
        script/setup
    """
    done = subprocess.run(
        ["bash", "-c", finished, sys.executable],
        cwd=folder / "project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_setup_clones_the_pyscript_that_fits(tmp_path: Path) -> None:
    said = set_up(tmp_path, "2026.11.0", "1.7.0", "2.0.0", "2.1.1", "2.2.0b1")
    cache = tmp_path / "project" / ".cache"
    assert (cache / "pyscript-2.1.1" / ".git").exists()
    assert (cache / "pyscript-1.7.0" / ".git").exists()
    assert "can't be had" not in said


def test_setup_says_in_one_line_that_none_fits(tmp_path: Path) -> None:
    said = set_up(tmp_path, "2026.11.0", "1.7.0", "2.0.0")
    (line,) = (line for line in said.splitlines() if "can't be had" in line)
    assert line.startswith("MISSING: pyscript 2.1.1 or newer, which Home Assistant 2026.11.0 needs")
    assert not (tmp_path / "project" / ".cache" / "pyscript-2.0.0").exists()


def test_setup_looks_for_no_newer_pyscript_than_is_needed(tmp_path: Path) -> None:
    said = set_up(tmp_path, "2026.2.3", "1.7.0", "2.1.1")
    assert not (tmp_path / "project" / ".cache" / "pyscript-2.1.1").exists()
    assert "can't be had" not in said


@pytest.fixture
def run_tests() -> ModuleType:
    """script/run_tests.py as a module."""
    path = PROJECT / "script" / "run_tests.py"
    spec = importlib.util.spec_from_file_location("run_tests", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_tests"] = module
    spec.loader.exec_module(module)
    return module


def test_each_pyscript_and_each_integration_is_tested_the_newest_ones_with_all(
    run_tests: ModuleType,
) -> None:
    def jobs(pyscripts: str, ocpps: str) -> list[tuple[str, str, str]]:
        pairs = run_tests.pairs_of([Path(name) for name in pyscripts], [Path(n) for n in ocpps])
        marks = [run_tests.marks_of(pair, pairs[-1], long=False) for pair in pairs]
        return [(one.name, two.name, mark) for (one, two), mark in zip(pairs, marks, strict=True)]

    all_of_it = "pyscript"
    assert jobs("ab", "xy") == [
        ("a", "x", "pyscript and not any_pyscript"),
        ("b", "y", all_of_it),
    ]
    assert jobs("b", "xy") == [("b", "x", "pyscript and ocpp"), ("b", "y", all_of_it)]
    assert jobs("ab", "x") == [
        ("a", "x", "pyscript and not any_pyscript"),
        ("b", "x", all_of_it),
    ]
    assert jobs("b", "x") == [("b", "x", all_of_it)]
