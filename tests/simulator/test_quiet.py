"""What a small house in which nothing happens writes, as script/quiet measures it."""

from __future__ import annotations

import asyncio
import json

import pytest

from simulator import quiet

HOURS = 0.5


@pytest.fixture(scope="module")
def written() -> dict[str, float]:
    """The figures of half an hour at night, with everything as it is by default."""
    return dict(quiet.told(asyncio.run(quiet.lived(HOURS, lambda _: None)), HOURS))


def test_rows_and_bytes_stay_far_below_the_aims(written: dict[str, float]) -> None:
    """60,000 rows and 20 MB a day; the first minutes write what is there once in a day."""
    days = 24 / HOURS
    assert written["rows"] < quiet.AIM_ROWS / days
    assert written["mb"] < 2 * quiet.AIM_MB / days


def test_the_file_is_written_every_five_minutes(written: dict[str, float]) -> None:
    """Once for the forms, once at the end, and every 5 min in between."""
    assert written["stored file times"] <= 2 + HOURS * 12


def test_nothing_is_told_and_nobody_is_called_again_and_again(written: dict[str, float]) -> None:
    assert written["events"] <= 1, "the blueprints are asked once to announce themselves"


def test_the_command_answers_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    quiet.main(["--hours", "0.01", "--json"])
    assert json.loads(capsys.readouterr().out)["hours"] == 0.01


@pytest.mark.parametrize("hours", ["0", "25", "-1", "nan", "much"])
def test_hours_that_are_no_part_of_a_day_are_refused(hours: str) -> None:
    with pytest.raises(SystemExit):
        quiet.main(["--hours", hours])
