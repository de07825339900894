"""The commands script/simulate --steps and --replay: output, pictures and exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.simulate import main
from simulator.steps import catalogue
from simulator.steps.command import simulate_steps


def test_figures_and_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pictures"
    given = ["--steps", "--json", "--filter", "step-14-three", "--picture", str(folder)]
    assert main(given) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert told["name"] == "step-14-three-phase"
    # 4 A of the house, 14 A more, and the car's 16 A on 25 A; the house flickers by 0.1 A.
    assert told["worst_over_a"] == pytest.approx(9.0, abs=0.1)
    assert set(told["loads"]) == {"car"}
    # Only the pictures whose experiments were all run.
    assert [path.name for path in folder.iterdir()] == ["step-overload.png"]
    assert str(folder / "step-overload.png") in captured.err


def test_each_picture_s_experiments_are_in_the_catalogue() -> None:
    from simulator.steps.picture import PICTURES

    names = {one.name for one in catalogue.all_steps()}
    assert {one for needed, _ in PICTURES.values() for one in needed} <= names


def test_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--steps", "--filter", "sun", "--picture", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "sun-three-phase-battery" in out
    assert "sun down" in out
    assert (tmp_path / "step-sun.png").stat().st_size > 10_000


def test_no_experiment_of_that_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--steps", "--filter", "moon"]) == 2
    assert "'moon'" in capsys.readouterr().err


def test_pictures_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert simulate_steps(True, tmp_path / "file", "step-10-three") == 1
    assert "could not be written" in capsys.readouterr().err


def test_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "house.csv"
    path.write_text("t_s,a_a,b_a,c_a\n0,1,2,3\n60,2,2,2\n")
    assert main(["--replay", "--json", str(path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], set(told["loads"])) == ("replay", {"left", "right"})
    path.write_text("t_s,a_a,b_a,c_a\n0,1,2,3\n")
    assert main(["--replay", str(path)]) == 2
    assert "fewer than two readings" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["--steps", "--day", "x.yaml"],
        ["--steps", "x.yaml"],
        ["--replay"],
        ["--replay", "--check", "x.csv"],
        ["--picture", "x.png", "x.yaml"],
    ],
)
def test_arguments_that_do_not_go_together(given: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(given)
    assert stopped.value.code == 2
