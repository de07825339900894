"""Each row of the table "When things fail" in docs/how-it-works.md is proven by tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "how-it-works.md"
SECTION = "## When things fail"

PROOFS: dict[str, tuple[str, ...]] = {
    "The main meter gives no number": (
        "test_stories_silence.py::test_a_meter_that_is_away_for_a_minute_changes_nothing",
        "test_stories_silence.py::test_whatever_is_no_number_is_a_lost_meter",
    ),
    "The main meter stays silent": (
        "test_stories_silence.py::test_a_meter_is_lost_for_five_minutes",
        "test_stories_silence.py::"
        "test_the_fallback_is_given_in_order_beside_the_most_that_the_house_took_lately",
        "test_stories_silence.py::"
        "test_solar_loads_stop_and_plugs_stay_as_they_are_below_a_silent_meter",
    ),
    "A breaker's own meter is silent": (
        "test_stories_silence.py::test_a_lost_garage_meter_concerns_only_what_is_below_it",
    ),
    "A meter reports no more and shows its last value": (
        "test_stories_silence.py::"
        "test_a_meter_with_a_known_interval_is_lost_when_it_reports_no_more",
        "test_stories_silence.py::test_a_meter_without_a_known_interval_may_be_still_for_hours",
        "test_stories_silence.py::test_the_newest_phase_tells_how_old_a_meter_is",
    ),
    "A meter was not there since the start": (
        "test_stories_silence.py::test_a_meter_that_was_never_seen_leaves_nothing_to_charge_with",
    ),
    "The battery's charge is not known": (
        "test_stories_sensors.py::"
        "test_a_battery_whose_charge_is_not_seen_gives_nothing_after_a_minute",
    ),
    "The battery's power is not known": (
        "test_stories_sensors.py::test_nothing_grows_on_a_battery_whose_power_is_not_seen",
    ),
    "Sun or inverter are not known": (
        "test_stories_sensors.py::test_a_solar_sensor_that_is_lost_leaves_what_is_exported",
        "test_stories_sensors.py::test_an_inverter_whose_output_is_lost_leaves_what_is_exported",
    ),
    "An entity that says a limit gives nothing": (
        "test_stories_sensors.py::test_a_limit_whose_entity_is_lost_is_the_safer_of_two",
    ),
    "A charger draws more than it was told": (
        "test_stories_following.py::"
        "test_a_charger_that_does_not_follow_is_named_and_the_others_make_room",
        "test_stories_following.py::"
        "test_it_is_told_again_at_growing_distances_at_most_five_minutes_apart",
        "test_stories_following.py::"
        "test_its_profiles_are_cleared_where_the_wires_carry_its_maximum",
        "test_stories_following.py::"
        "test_it_is_restarted_only_if_its_form_allows_it_and_once_in_a_session",
    ),
    "A charger does not report after a cut": (
        "test_stories_following.py::test_a_report_is_asked_for_when_none_comes_after_a_cut",
    ),
    "A car draws less than it may": (
        "test_stories_following.py::test_drawing_less_is_never_a_fault",
        "test_stories_taking.py::test_a_car_that_takes_less_is_left_two_amperes_more_than_it_takes",
    ),
    "A command does not go through": (
        "test_stories_calls.py::test_a_call_that_fails_is_made_again_after_5_10_20_s_and_so_on",
        "test_stories_calls.py::test_calls_that_fail_for_long_are_made_every_five_minutes",
        "test_stories_calls.py::"
        "test_a_charger_that_can_not_be_told_keeps_what_it_has_and_others_make_room",
        "test_stories_calls.py::"
        "test_a_plug_that_can_not_be_switched_off_keeps_its_current_and_a_car_makes_room",
    ),
    "A charger goes offline": (
        "test_stories_calls.py::test_a_charger_that_is_lost_keeps_its_command_reserved",
    ),
    "A charger is silent, and Home Assistant shows its last state": (
        "test_stories_telling.py::"
        "test_a_charger_that_has_not_been_heard_of_is_offline_and_what_it_was_told_stays_reserved",
        "test_stories_telling.py::test_when_a_charger_counts_as_offline",
    ),
    "Home Assistant, pyscript or the engine stops": (
        "test_stories_fallback.py::"
        "test_when_home_assistant_stops_the_charger_falls_back_within_three_minutes",
        "test_stories_fallback.py::test_what_holds_a_day_later",
        "test_stories_fallback.py::test_a_charger_without_a_fall_back_is_named_and_told_once",
    ),
    "The house alone takes more than its breaker carries": (
        "test_stories_calls.py::test_a_house_that_is_too_much_by_itself_is_told",
        "test_stories_taking.py::test_an_essential_plug_comes_before_everything_while_it_is_on",
    ),
    "The clock is set": (
        "test_stories_clock.py::test_no_clock_that_is_set_holds_up_grace_or_pause",
        "test_stories_clock.py::test_no_clock_that_is_set_holds_up_a_rest_until_tomorrow",
    ),
    "Home Assistant restarts": (
        "test_restart.py::test_a_car_in_mid_session_is_told_nothing_by_a_restart",
        "test_restart.py::test_a_pause_goes_on_over_a_restart",
        "test_keeper.py::test_everything_is_as_before_after_a_restart",
    ),
    "An automation is switched off": (
        "test_keeper.py::"
        "test_an_automation_that_is_switched_off_takes_its_load_out_at_once_and_back",
        "test_leaving.py::test_a_plug_that_leaves_stays_as_it_is",
    ),
    "An automation is gone": (
        "test_keeper.py::test_an_automation_that_is_gone_for_30_s_is_forgotten_after_asking_once",
    ),
    "A form has a value that can't be": (
        "test_keeper.py::test_a_refused_load_keeps_its_last_good_form",
        "test_keeper.py::test_a_refused_breaker_keeps_its_last_good_form_so_that_it_still_protects",
    ),
    "A run has an error": (
        "test_keeper.py::test_an_error_in_a_run_is_told_logged_once_and_changes_nothing",
    ),
    "Something fails beside the runs: an entity that can't be set, a trigger that can't be made": (
        "test_host.py::test_an_entity_that_can_not_be_set_stops_no_other",
        "test_host.py::test_what_fails_in_the_shell_is_told_by_the_next_cycle",
    ),
}
"""Tests (file::function) by the first cell of the row that they prove."""


def rows() -> list[str]:
    """First cells of the table, without its head."""
    section = DOCS.read_text(encoding="utf-8").split(f"\n{SECTION}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [line.split("|")[1].strip() for line in lines[2:]]


def test_every_row_has_its_proof_and_no_proof_is_without_its_row() -> None:
    assert rows() == list(PROOFS)


@pytest.mark.parametrize("row", PROOFS)
def test_what_proves_a_row_is_there(row: str) -> None:
    for proof in PROOFS[row]:
        file, name = proof.split("::")
        parsed = ast.parse((HERE / file).read_text(encoding="utf-8"))
        kinds = ast.FunctionDef | ast.AsyncFunctionDef
        assert name in {node.name for node in parsed.body if isinstance(node, kinds)}
