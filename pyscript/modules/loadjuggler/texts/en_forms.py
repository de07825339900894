"""English sentences about forms: what can't be right, and what is unlikely."""

from __future__ import annotations

SENTENCES = {
    # what can't be right
    "setup_meter_sign": "The meter of the {circuit} shows {fed_w} fed in at night, when neither "
    "sun nor battery can give that: if nothing else makes power there, change Turn the sign "
    "round in the form of {form}.",
    "setup_meter_turned": "The meter of the {circuit} shows {fed_w} fed in, and nothing can give "
    "that. Its sensors have never shown less than 0 A, so there is nothing to "
    "turn round: switch Turn the sign round off in the form of {form}. {if_unsigned}",
    "setup_meter_small": "The meter of the {circuit} shows {shown_w} while chargers below it "
    "draw {draw_w}: is it the meter of this breaker, and does its sensor say W where it means "
    "kW?",
    "setup_meter_misses": "The meter of the {circuit} shows {shown_w} while chargers below it draw "
    "{draw_w}: it does not see them, so the breaker may be over its limit without a sign of it. "
    "Until that is put right, they get their fallback current at most. Choose sensors of the "
    "breaker itself in the form of {form}.",
    "setup_meter_above": "The meter of the {circuit} shows {shown_a} on phase {phase}, that of "
    "the {parent} above it only {above_a}: check Meter, phase A to C, in both forms, and "
    "Breaker above.",
    "setup_meter_huge": "{entity} (Meter, phase {phase}, in the form of {form}) shows {shown_a} "
    "for minutes: a breaker of {limit_a} would have tripped. Choose a sensor whose unit is "
    "right: volts or W may be labelled A, or W labelled kW.",
    "setup_solar_sign": "{entity} (Solar power) shows {shown_w}: panels take no power. Choose a "
    "sensor that is positive while they give.",
    "setup_output_sign": "The outputs of the inverter show {shown_w} together: choose sensors "
    "for Output, phase A to C, that are positive while it gives.",
    "setup_battery_sign": "The state of charge {went} by {moved_pct} while {entity} showed that "
    "the battery is {did}: change Turn the battery's sign round in the form of the site.",
    "setup_soc_scale": "{entity} (State of charge) shows {soc} while the battery has taken or "
    "given much more than that: it seems to go from 0 to 1; choose a sensor that goes from 0 to "
    "100 %.",
    "setup_battery_seldom": "{entity} (Battery power) is reported only every {every_s}: what the "
    "battery does in between is not known, so loads that live from the sun follow it that late. "
    "Choose a sensor that is reported within seconds, if there is one.",
    "setup_battery_phase": "When {entity} moves, phase {to_phase} of the meter moves with it and "
    "the others do not: choose phase {to_phase} under Phases of the battery in the form of the "
    "site.",
    "setup_battery_all": "When {entity} moves, all phases of the meter move with it: choose all "
    "phases under Phases of the battery in the form of the site.",
    "setup_sum": "The meters of the phases show {phases_w} together, {entity} (Total power) "
    "shows {total_w}: one of the phases has another sensor's value or sign, or the total is not "
    "that of the grid connection.",
    "setup_sum_sign": "The meters of the phases show {phases_w} together, {entity} (Total "
    "power) shows {total_w}: one of the two has the other sign. If the total is right, change "
    "Turn the sign round in the form of the site; if not, leave Total power empty.",
    "setup_unsigned": "The meter of the {circuit} shows no sign: it can't tell feeding in from "
    "taking. It shows {shown_a} while {fed_w} are fed in by {entity} (Total power). "
    "{choose_signed}",
    "setup_unsigned_sun": "The meter of the {circuit} shows no sign{on_phase}: it can't tell "
    "feeding in from taking. It has never shown less than 0 A, and shows more whenever {entity} "
    "(Solar power) shows more. {choose_signed}",
    "setup_meter_house": "The meter of the {circuit} has never shown less than 0 A, and does not "
    "move when {entity} (Solar power) does: it seems to measure what the house takes, and "
    "can't tell feeding in from taking. Choose sensors of the grid connection. {choose_signed}",
    "setup_import_low": "Import limit of {limit_w}{buffer}: the house alone takes {house_w} or "
    "more all day, so no load can run. Raise it, or look what takes so much.",
    # what may be right, but is unlikely
    "setup_plug_phase": "{charger} takes {draw_a} by its own sensor, but in the dark the meter "
    "shows only {shown_a} on phase {phase}, so it is not on that. Phase {to_phase} carries as "
    "much: choose {leg}: {to_phase} in its form.",
    "setup_max_above": "{charger}: its maximum of {max_a} is more than the {circuit} ({limit_a}) "
    "carries, and nothing else is on that. Before it is told anything it may take all of it: "
    "choose {limit_a} or less under Maximum current in its form, and set the charger itself to "
    "that.",
    "setup_fallbacks": "If Load Juggler stops, {charger} {number:holds|hold} {sum_a} together on "
    "phase {phase} of the {circuit}, which carries {limit_a}: lower Fallback current in their "
    "forms, or choose 0 where a car may stop then.",
    "setup_no_room": "{charger} needs {min_a}, and the {circuit} leaves {left_a} at most with its "
    "reserve of {reserve_a}: it can never start. Lower Reserve there, or Minimum current in the "
    "form of {charger}.",
    "setup_buffer": "Power buffer: {buffer_w} of the import limit of {limit_w} are kept free, more "
    "than half of it. Lower it in the form of the site, or leave it empty and choose a lower "
    "import limit.",
    "setup_named_meter": "{entity} (Meter, phase {phase}, in the form of {form}) is named like a "
    "sensor of panels or of a battery, not like that of a breaker: look whether it is the one that "
    "is meant. A name with grid or meter in it ends this question.",
    "setup_named_sun": "{entity} (Solar power) is named like a meter of the grid, not like a "
    "sensor of the sun: look whether it is the one that is meant.",
    "setup_copied": "{sensors} have shown exactly the same through {changes:# change|# changes}: "
    "that is one sensor, or one total that is divided, so what flows at each place is not known, "
    "and a breaker may be over its limit without a sign of it. Choose sensors that measure one "
    "phase, or one charger, each.",
    "setup_ratings": "Rating per phase: {each_w} on one phase are more than the {all_w} of the "
    "whole inverter. Exchange the two, or leave Rating per phase empty.",
}
