"""What is made from the field table is up to date, and script/generate says when it is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from loadjuggler.config.kinds import KINDS

PROJECT = Path(__file__).parent.parent.parent


def generate(project: Path, *arguments: str, cwd: Path | None = None) -> tuple[int, str]:
    """Run a project's script/generate with nothing but the standard library."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", project / "script" / "generate", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what script/generate reads and writes, as it should be."""
    for name in ("script", "pyscript", "blueprints"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=ignore)
    (tmp_path / "docs").mkdir()
    assert generate(tmp_path)[0] == 0
    return tmp_path


def test_what_is_generated_is_up_to_date(tmp_path: Path) -> None:
    status, output = generate(PROJECT, "--check", cwd=tmp_path)
    assert status == 0, f"{output}\nscript/generate writes what is stale."


def test_a_changed_label_makes_all_that_shows_it_stale(copy: Path) -> None:
    table = copy / "pyscript" / "modules" / "loadjuggler" / "forms" / "site.py"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('"Main breaker"', '"Main fuse"'), encoding="utf-8")

    status, output = generate(copy, "--check")
    assert status == 1
    stale = ("blueprints/automation/loadjuggler/site.yaml", "docs/blueprints.md")
    for path in stale:
        assert f"stale: {path}\n" in output
    assert "circuit.yaml" not in output

    assert generate(copy)[0] == 0
    assert generate(copy, "--check") == (0, "")
    for path in stale:
        assert "Main fuse" in (copy / path).read_text(encoding="utf-8")


def test_a_blueprint_edited_by_hand_is_stale(copy: Path) -> None:
    path = copy / "blueprints" / "automation" / "loadjuggler" / "plug.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    status, output = generate(copy, "--check")
    assert status == 1
    assert "stale: blueprints/automation/loadjuggler/plug.yaml\n" in output
    assert path.read_text(encoding="utf-8").endswith("# mine\n"), "checking writes nothing"


def test_help_and_mistyped_arguments_write_nothing(copy: Path) -> None:
    (copy / "docs" / "blueprints.md").unlink()
    assert "--check" in generate(copy, "--help")[1]
    assert generate(copy, "--chekc")[0] == 2
    assert not (copy / "docs" / "blueprints.md").exists()


def test_every_option_is_documented_once() -> None:
    text = (PROJECT / "docs" / "blueprints.md").read_text(encoding="utf-8")
    for kind in KINDS.values():
        part = text.partition(f"\n## {kind.title}\n")[2].partition("\n## ")[0]
        for field in kind.fields:
            rows = [row for row in part.splitlines() if f"| `{field.name}` |" in row]
            assert len(rows) == 1, f"{kind.name}: {field.name}"
            assert f"| {field.label} |" in rows[0]
            assert f"| {field.unit} |" in rows[0]
