"""A day of a house: its physics second by second, and what is reported of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from loadjuggler.calls import ServiceCall

from simulator.clock import HOUR
from simulator.day import Day, house_of
from simulator.day_file import read_day
from simulator.day_run import Watched, figures, run_day
from simulator.house import House, Life
from simulator.living import Living
from simulator.record import Event, Over, Record
from simulator.scenario import MAIN
from simulator.scenario_file import read_all
from simulator.simulate import main
from tests.effort import at_length

DAYS = Path(__file__).resolve().parents[2] / "simulator" / "days"


def part(name: str, start_h: float, length_h: float) -> Day:
    return replace(read_day(DAYS / f"{name}.yaml"), start_h=start_h, length_h=length_h)


@pytest.fixture(scope="module")
def evening() -> Record:
    """Kettle, oven, hob and two cars, after sunset."""
    return run_day(part("winter", 17.5, 1.5))


@pytest.mark.parametrize(
    ("name", "start_h"), [("clear", 12.0), ("broken-clouds", 11.0), ("winter", 18.0)]
)
def test_energy_balance_holds_in_each_second(name: str, start_h: float) -> None:
    watched = Watched.of(part(name, start_h, 0.25))
    house = watched.record.living.house
    for _ in watched.seconds():
        flows = house.flows
        used_a = sum(house.household.values())
        used_a += sum(sum(draw.values()) for draw in house.draws.values())
        grid_w = sum(flows.meters[MAIN].values()) * 230
        assert flows.sun_w + flows.battery_w + grid_w == pytest.approx(used_a * 230)
    wh = watched.record.tally.wh
    came = wh["sun"] + wh["imported"] + wh["discharged"]
    assert came == pytest.approx(wh["house"] + wh["managed"] + wh["exported"] + wh["charged"])


def test_the_battery_moves_by_its_energy() -> None:
    watched = Watched.of(part("clear", 8.0, 0.5))
    house = watched.record.living.house
    before = house.soc_pct
    for _ in watched.seconds():
        pass
    wh = watched.record.tally.wh
    assert wh["charged"] > 500
    kwh = (wh["charged"] - wh["discharged"]) / 1000
    # A second's power moves the charge in the next one.
    assert house.soc_pct - before == pytest.approx(kwh / 10 * 100, abs=0.05)


def test_the_same_seed_is_the_same_day_and_another_one_differs() -> None:
    def told(seed: int) -> dict[str, Any]:
        return figures(run_day(replace(part("broken-clouds", 12.0, 0.2), seed=seed)))

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_the_inverter_gives_no_more_than_its_rating() -> None:
    day = part("clear", 12.9, 0.1)
    small = replace(day.scenario, inverter=replace(day.scenario.inverter, max_power=3000.0))
    house, _ = house_of(replace(day, scenario=small))
    assert house.sun_w == 3000.0


def test_what_is_always_on_behind_a_breaker_is_part_of_the_house() -> None:
    day = part("winter", 3.0, 0.1)
    garage = replace(day.scenario.circuits[0], household={"A": 1.5})
    house, _ = house_of(day)
    freezer, _ = house_of(replace(day, scenario=replace(day.scenario, circuits=(garage,))))
    assert freezer.household["A"] == pytest.approx(house.household["A"] + 1.5)
    assert freezer.flows.meters["garage"]["A"] == pytest.approx(1.5)


def test_a_pool_warms_slowly_and_its_heat_pump_saves_power() -> None:
    water = read_day(DAYS / "clear.yaml").water["pool"]
    # 1500 W x 5 - 1800 W = 5700 W for an hour in 30,000 l: 5700 / (1.163 x 30000) = 0.163 K
    assert water.after(26.0, HOUR, HOUR, 1500) == pytest.approx(26.163, abs=0.001)


def test_an_evening_has_peaks_that_are_over_in_seconds(evening: Record) -> None:
    told = figures(evening)
    assert told["over_s"] > 0, "an evening without a peak shows nothing"
    assert told["worst_overload_a"] > 2
    assert "phase" in told["worst_overload_at"]
    assert told["house_alone_over_s"] == 0
    assert told["longest_over_s"] < 20
    assert told["over_too_long_s"] == sum(
        max(one.seconds - 5, 0) for one in evening.all_overloads()
    )


def test_the_engine_counts_about_what_flows(evening: Record) -> None:
    """It sees meters once a second in steps of 0.1 A: each second, and 0.1 A of it, may differ."""
    told = figures(evening)["over"]
    assert told
    for place, one in told.items():
        pieces = len(evening.all_overloads())
        assert one["engine_s"] == pytest.approx(one["s"], abs=pieces), place
        slack_as = 0.1 * one["s"] + 0.3 * pieces
        assert one["engine_ampere_seconds"] == pytest.approx(one["ampere_seconds"], abs=slack_as)


def test_what_the_engine_counts_adds_up_over_midnight() -> None:
    over = Over()
    for seconds, ampere_seconds in ((3.0, 9.0), (5.0, 15.0), (0.0, 0.0), (2.0, 4.0)):
        over.told(seconds, ampere_seconds)
    assert over.before_s + over.today_s == 7.0
    assert over.before_as + over.today_as == 19.0


def test_late_is_what_has_been_too_much_for_5_s() -> None:
    # 16 A of a car that nobody juggles; the house rises from 8 to 12 A at 10 s: 3 A over 25 A.
    rising = {"A": 8.0, "B": 0.0, "C": 0.0}
    data = {
        "name": "test",
        "loads": [{"id": "car", "type": "charger", "phases": {"L1": "A"}, "status": "Charging"}],
    }
    scenario = read_all([data])[0]
    life = Life(household=lambda now: rising if now < 10 else rising | {"A": 12.0})
    record = Record(Living(House(scenario, life)))
    record.living.house.chargers["car"].draw = {"L1": 16.0}
    house = record.living.house
    for second in range(1, 21):
        house.advance(float(second))
        house.call(_limit(16.0))
        record.second(0, ())
    # Over from 10 to 20 s, 11 seconds; at 15 s the oldest of the last 5 s is that of 10 s.
    assert record.all_overloads()[0].seconds == 11
    assert record.late_s == 6


def _limit(amps: float) -> ServiceCall:
    profile = {
        "chargingProfileId": 7,
        "stackLevel": 0,
        "chargingProfileKind": "Relative",
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amps}],
        },
    }
    data = {"devid": "car", "conn_id": 1, "custom_profile": profile}
    return ServiceCall("car", "ocpp", "set_charge_rate", data)


def test_figures_add_up(evening: Record) -> None:
    told = figures(evening)
    assert sum(use["kwh"] for use in told["loads"].values()) == pytest.approx(
        told["managed_kwh"], abs=0.02
    )
    assert told["hours"] == 1.5
    assert told["solar_only_import_pct"] is None  # nobody is in such a mode
    assert told["loads"]["left"]["mode"] == "standard"


def test_crossed_phases_are_found_and_the_breaker_is_safe_from_then_on() -> None:
    """The car is on A and C; its form says A and B. With it on C there are 2000 W of hob, 8.7 A."""
    # A car that is kept calm shows few changes: the remap comes 3 h 45 min after 16:00.
    record = run_day(part("crossed-phases", 16.0, 5.0))
    told = figures(record)
    notice, remap = record.found.noted
    assert notice.text == "car: wrong phase, L3 is on B"
    # A change of 5 A weighs 1: a notice at 6, a remap at 15, and the largest change is 16 A (3).
    assert 2 <= notice.changes < remap.changes
    assert remap.changes >= 5
    assert remap.text == "car: counted with L1 on A, L2 on C, L3 on B"
    assert told["longest_over_before_remap_s"] > 60, "a mistake that does not matter shows nothing"
    assert told["longest_over_after_remap_s"] <= 5
    assert record.events.count(Event(remap.at, remap.text, "wiring")) == 1
    later = record.living.house.now - remap.at
    assert later > 900


@pytest.mark.slow
def test_the_clear_day_runs_its_solar_loads_on_sun() -> None:
    """From 10 to 12 h the panels give 7 kW and more, of which the house takes below 1 kW."""
    start_h, hours, least_kwh = at_length(usual=(10, 2, 8), long=(0, 24, 20))
    told = figures(run_day(part("clear", start_h, hours)))
    assert told["over_too_long_s"] == 0
    assert told["solar_only_kwh"] > least_kwh
    assert told["solar_only_import_pct"] < 2
    assert told["hours"] == hours


# --- the command -------------------------------------------------------------------------------


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A file with six minutes of the clear day."""
    data = yaml.safe_load((DAYS / "clear.yaml").read_text())
    data["day"] |= {"start": "12:00", "length_h": 0.1}
    path = tmp_path / "short.yaml"
    path.write_text(yaml.safe_dump(data))
    return path


def test_json_and_picture(short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "new" / "day.png"
    assert main(["--day", "--json", "--picture", str(picture), str(short)]) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert told["name"] == "clear"
    assert set(told["loads"]) == {"left", "right", "boiler", "pool"}
    assert captured.err == f"Picture: {picture}\n"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_table(short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--day", "--picture", str(tmp_path / "day.png"), str(short)]) == 0
    out = capsys.readouterr().out
    for words in (
        "solar_only",
        "import by solar-only loads",
        "export missed",
        "beyond the 7 s of meter and car",
    ):
        assert words in out


def test_several_days_have_a_picture_each(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(short.read_text().replace("name: clear", "name: other"))
    folder = tmp_path / "pictures"
    assert main(["--day", "--json", "--picture", str(folder), str(short), str(other)]) == 0
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == [
        "clear",
        "other",
    ]
    assert {path.name for path in folder.iterdir()} == {"day-clear.png", "day-other.png"}


def test_refused_days_are_not_run(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(short.read_text().replace("weather:", "wether:"))
    assert main(["--day", str(short), str(bad), str(tmp_path / "nothing.yaml")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "clear: day.wether: there is no such key" in captured.err
    assert "nothing.yaml" in captured.err


def test_two_days_of_one_name(short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--day", str(short), str(short)]) == 2
    assert "more than one" in capsys.readouterr().err


def test_picture_that_cannot_be_written(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--day", "--picture", str(tmp_path / "file" / "day.png"), str(short)]) == 1
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--day", "--once"], ["--day", "--check"], ["--picture", "x"]])
def test_options_that_do_not_go_together(wrong: list[str], short: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*wrong, str(short)])
    assert stopped.value.code == 2
