"""English sentences. Placeholders are filled by `explain`, which adds the units."""

from __future__ import annotations

SENTENCES = {
    # a load and its share
    "maximum": "{now} of {max_a}, {most}{whatever}.",
    "plug_on": "On: {now}{as_long}.",
    "boost_left": "Boost for another {left_min}, then {mode}.",
    "battery_gives": "The battery gives about {battery_w} now.",
    "circuit_full": "{now} of {max_a}: the {circuit} ({limit_a}) is full on phase {phase}.{others}",
    "circuit_too_small": "Waits: needs {min_a}, the {circuit} ({limit_a}) has {left_a} left on "
    "phase {phase}.{others} Starts when there is room.",
    "import_full": "{now} of {max_a}: the import limit of {limit_w} is reached.{others}",
    "import_too_small": "Waits: needs {min_w}, the import limit of {limit_w} leaves "
    "{left_w}.{others} Starts when there is room.",
    "surplus_full": "{now} of {max_a}: that is what the sun leaves over{on_phase}{with_help}."
    "{others}",
    "surplus_minimum": "{now} of {max_a}, its minimum: the sun leaves nothing more{on_phase}"
    "{with_help}. Gets more when it does.",
    "surplus_too_small": "Not enough sun: {left_a}{of_sun}{on_phase}{with_help}, needs "
    "{min_a}{no_grid}.{others} Starts when there is enough.",
    "battery_first_minimum": "{now} of {max_a}, its minimum: the battery ({soc_pct} of "
    "{target_pct}) comes first. Gets more at {target_pct}, if there is sun.",
    "battery_first_too_small": "Waits: the battery ({soc_pct} of {target_pct}) comes "
    "first{no_grid}. Starts at {target_pct}, if there is sun.",
    "excess_full": "{now} of {max_a}: that is what {exported} above {threshold_w}.",
    "excess_minimum": "{now} of {max_a}, its minimum: not more {exported} above "
    "{threshold_w}. Gets more when it is.",
    "excess_too_small": "Waits: not more than {threshold_w} {exported}.{others} Starts "
    "when it is more.",
    "own_full": "{now} of {max_a}: that is all that sun and battery give{on_phase}; nothing is "
    "taken from the grid.",
    "own_too_small": "Waits: needs {min_a}, sun and battery have {left_a} left{on_phase}; nothing "
    "is taken from the grid. Starts when there is enough.",
    "inverter_full": "{now} of {max_a}: the inverter ({rating_w}) gives no more{on_phase}.",
    "inverter_minimum": "{now} of {max_a}, its minimum: the inverter ({rating_w}) gives no "
    "more{on_phase}. Gets more when it does.",
    "inverter_too_small": "Waits: needs {min_a}, the inverter ({rating_w}) has {left_a} "
    "left{on_phase}. Starts when there is enough.",
    "grace": "{now}, not enough sun: {left_a}{of_sun}{on_phase}, needs {min_a}. Stops in {wait_s}.",
    "grace_excess": "{now}, its minimum: not more than {threshold_w} {exported}. Stops in "
    "{wait_s}.",
    "grace_battery": "{now}, the battery ({soc_pct} of {target_pct}) comes first. "
    "Stops in {wait_s}.",
    "pause": "Paused for {wait_s}: {stopped}.",
    "paused_by_you": "Paused by you for {left_min}. Then it may go on.",
    "to_one_phase": "Changes to one phase, as the sun is too little for three: off for a moment.",
    "to_three_phases": "Changes to three phases: off for a moment.",
    "phases_failed": "{name}: {entity} did not change the number of phases, or the car did not "
    "stop for it; it is tried again later.",
    "rests": "Off until tomorrow: it was stopped {stops:# time|# times} for lack of sun since "
    "its car came.",
    "takes_nothing": "{now} of {max_a}: it takes nothing now{wants_none}; the rest is free for "
    "others. Gets more as soon as it takes some.",
    "takes_less": "{now} of {max_a}: it takes no more than {draw_a}, the rest is free for others. "
    "Gets more as soon as it takes what it has.",
    "circuit_gave_way": "Takes nothing and makes way for others: needs {min_a}, the {circuit} "
    "({limit_a}) has {left_a} left on phase {phase}.{others} Goes on when there is room.",
    "import_gave_way": "Takes nothing and makes way for others: needs {min_w}, the import limit of "
    "{limit_w} leaves {left_w}.{others} Goes on when there is room.",
    "keeps": "{now} of {max_a}: it keeps that as long as it lasts; nothing can be added at the "
    "moment.",
    "kept_for_next": "{now} of {max_a}: {kept_a} are kept for {other}.",
    "raise_waits": "{now}, next step to {to_a} in about {wait_s}.",
    "room_pending": "{now}, goes to {to_a} when the others have made room.",
    "start_waits": "Paused, starts with {to_a} in about {wait_s}.",
    "start_pending": "Paused, starts with {to_a} when the others have made room.",
    "not_following": "Draws {draw_a} although it was told {told_a}{told_ago}{told_since}"
    "{told_shows}; the others make room for it, and it is told again{in_time}.",
    "not_told": "Can't be told for {failing_s} ({error}): it keeps {kept_a} as far as is known, "
    "the others leave it that, and it is tried again{in_time}.",
    "never_told": "Can't be told for {failing_s} ({error}): nothing has ever arrived, so only its "
    "own setting limits it. It draws {draw_a}, the others make room for that, and it is "
    "tried again{in_time}.",
    "wrong_version": "It speaks OCPP {speaks}, but its form says {says}: nothing that it is told "
    "arrives, so only its own setting limits it, and the others make room for what it draws. "
    "Choose {choice} under OCPP version in its form.",
    "other_in_force": "Draws {draw_a} although it was told {told_a}: that is the {level_a} that "
    "its charger holds by itself, so what it was told is not in force. The others make room for "
    "it, and it is told in another way{in_time}.",
    "not_in_force": "Told {told_a}, but what it takes is just the {level_a} that its charger holds "
    "by itself: what it was told may not be in force, and it is told in another way{in_time}.",
    "not_taken": "{entity} shows {shown} although it was set to {told}; it is set again{in_time}.",
    "paused_by_switch": "{before} Paused by switching {entity} off.",
    "paused_by_zero": "{before} Paused by setting {entity} to {to}.",
    "paused_at_least": "{before} {entity} can't be set to 0 and there is no switch, so it goes on "
    "with {kept_a}.",
    "paused_at_minimum": "{before} It is paused by its minimum, so it goes on with {kept_a}.",
    "paused_no_switch": "{before} It must not be told 0, and the switch that pauses it is not "
    "found, so it goes on with {kept_a}. Name it under Switch that pauses it in its form.",
    "on_by_hand": "On although it was switched off: left on, its {draw_a} count as house load. "
    "Switched off again only if a breaker or the import limit is exceeded.",
    "switched_off": "Its switch was turned off by hand: left so, and nothing is reserved for it. "
    "Goes on when it is turned on, boosted, or set to another mode.",
    "switched_off_today": "Its switch was turned off by hand: left so, and nothing is reserved for "
    "it. Goes on when it is turned on, boosted, or set to another mode, and tomorrow by itself.",
    "came_back": "Its switch has changed, and nobody did that by hand (was its power cut?): it is "
    "put right.",
    "not_switched": "Its switch does not show what it was told, and nobody changed it by hand; it "
    "is told again, ever further apart.",
    "held_back": "Told {told_a}, but the charger says that it holds the car back itself "
    "(SuspendedEVSE). Charges when the charger lets it.",
    "waits_turn": "{now} of {max_a}: the station charges {other} now, so it may have to wait for "
    "its turn.",
    "lost": "Nothing is heard of it; {kept_a} stay reserved for it until it is back.",
    "essential": "{now}: essential, always served first.",
    "idle": "{state}: {available_a} would be available.",
    "idle_nothing": "{state}: nothing would be available now.",
    "idle_blind": "{state}: what would be available is not known, {meter} gives no reading.",
    "off": "Off: not managed until its mode is changed.",
    "maximum_below_minimum": "Paused: its maximum of {max_a} is below its minimum of {min_a}. "
    "Starts when that is put right.",
    "session_limit_too_low": "Paused: the Session Current Limit of the OCPP integration ({entity}) "
    "is {limit_a}, and it needs {min_a}. Starts when that is set higher.",
    "blind": "Holds {now}: {meter} gives no reading, so nothing is raised until it does.",
    "blind_off": "Stays off: {meter} gives no reading, so nothing is started until it does.",
    "blind_start": "Waits for the first reading of {meter:gen}.",
    "silent_fallback": "{now} of {max_a}, its fallback current: the meter of the {circuit} has "
    "been silent for {silent_s}. All is as before when it reports again.",
    "silent_stops": "Paused: the meter of the {circuit} has been silent for {silent_s}. Goes on "
    "when it reports again.",
    "silent_stays": "Stays on at {now}: the meter of the {circuit} has been silent for {silent_s}. "
    "All is as before when it reports again.",
    "hidden_fallback": "{now} of {max_a}, its fallback current: the meter of the {circuit} hides "
    "what flows, as the warnings say. All is as before when that is put right.",
    "hidden_stops": "Paused: the meter of the {circuit} hides what flows, as the warnings say. "
    "Goes on when that is put right or there is room for it.",
    "hidden_stays": "Stays on at {now}: the meter of the {circuit} hides what flows, as the "
    "warnings say.",
    "checking_wiring": "{now}: its wiring is being checked, for another {wait_s}.",
    "wrong_phase_hint": "It seems to be wired otherwise: its {leg} moves phase {to_phase} of the "
    "meter, not {phase}.",
    "remapped": "Counted with {legs}, as the meter shows it, not as its form says.",
    "no_fallback": "It would keep that if Load Juggler stops.",
    "session_limit_holds": "The Session Current Limit of the OCPP integration ({entity}) allows "
    "{limit_a}, and its charger may obey that instead of what it is told.",
    "cure_ends": "It ends its session when it is told 0 A ({times:# time|# times} so far), and "
    "does not begin one by itself: choose its minimum or ending the session under Paused by in "
    "its form.",
    "cure_stuck": "Its car does not go on after it was told 0 A ({times:# time|# times} in a "
    "row): choose its minimum or ending the session under Paused by in its form.",
    "cure_drops": "With each call it drops to what it holds by itself for a moment: choose one "
    "under Layers in its form, so that it is told only when something changes, and a larger Step.",
    "way_relative": "Its charger does not do what runs out by the clock, so it is told without an "
    "end: is its clock right?",
    "way_single": "Its charger takes only one profile for a session, so it is told by one layer.",
    "way_unnamed": "Its charger takes no profile with the id of its session, so that is left out.",
    "way_default": "Its charger takes no profiles of a session, so it is told by its default.",
    "ways_in_vain": "It was told in other ways, too, and took no more: that is the car's doing, or "
    "that of another system that limits the charger; or the charger keeps an old command until it "
    "is restarted or the car is plugged in anew.",
    "fed_in_elsewhere": "The other phases feed in more than it lacks: if your electricity meter "
    "adds up the phases, or the battery is on one of them, say so in the form of the site (The "
    "meter nets the phases, Phases of the battery).",
    "offers_less": "Its charger says that it offers {offered_a}: it has a limit of its own, or "
    "another system limits it.",
    "unreachable": "Not reachable{gone}: nothing can be sent to it. Goes on when it is back.",
    "call_failed": "The last command did not go through ({error}); it is tried again{in_time}. "
    "{before}",
    "call_keeps": "The last command did not go through ({error}): it should have {share_a} and "
    "keeps {kept_a} as far as is known; it is tried again{in_time}. {before}",
    # what is wrong with the house
    "sensor_missing": "{entity} gives no reading ({state}){since}.",
    "comma_unclear": "{entity} shows {as_written}, which may be two numbers, with a decimal comma "
    "or with one between thousands: it counts as no reading. Have it write a point, or two digits "
    "after the comma.",
    "meter_late": "{entity} has not reported for more than twice its interval of {interval_s}; "
    "what it shows is not believed.",
    "meter_silent": "The meter of the {circuit} has been silent for {silent_s}: until it reports, "
    "chargers below it go on with their fallback current at most.",
    "unit_unknown": "{entity} {has_unit}; A, mA, W, kW, MW, VA or kVA is needed.",
    "unit_no_power": "{entity} {has_unit}; W, kW, MW, VA or kVA is needed.",
    "too_much": "{entity} shows {state}, more than a house can carry: it is not believed.",
    "not_percent": "{entity} shows {state}; a share from 0 to 100 % is needed.",
    "setting_missing": "{entity} gives no usable value ({state}{may_say}); {used} is used.",
    "charger_unknown": "{name}: no {entity} or other entity of this charger is there. Is the "
    "charge point id right, and has the charger ever connected?",
    "charger_nameless": "{name}: {entity} shows no id, so a call for it might reach {charger}: "
    "nothing is sent. Give the charger an id in its own settings, as the end of the address that "
    "it connects to, and see that the sensor is enabled.",
    "charger_swapped": "{name}: its id '{id}' is what the OCPP integration calls another charger, "
    "so a call for it might reach {charger}: nothing is sent. Rename one of them, so that no "
    "charger is called like the id of another.",
    "charger_astray": "{name}: {entity} belongs to another central system of the OCPP integration "
    "than the one that gets the calls now (the one that was loaded last), so a call would reach "
    "another charger or none: nothing is sent. Update the integration to 0.11.2 or newer, or "
    "connect all chargers to one central system, that is to one entry of the integration.",
    "charger_offline": "{name}: the charger is offline ({entity}: {state}).",
    "dial_missing": "{name}: {entity}, which sets it, is not there{if_shown}.",
    "dial_unusable": "{name}: {entity} can't set a current or a power ({what}).",
    "status_not_understood": "{name}: it is not known what '{state}' of {entity} means; until the "
    "form says it, it takes part only while it draws.",
    "phases_unknown": "{name}: {entity} says no number of phases ({state}); what is measured "
    "counts.",
    "charger_silent": "{name}: the charger is offline, nothing has been heard of it for "
    "{silent_s}.",
    "draw_unknown": "{name}: {entity} gives no current, so what it draws is not known; until "
    "it does, it is counted as house load.",
    "session_rounded": "{name}: {entity} shows {as_written}, which is not the exact number of its "
    "session. A command must name that exactly, so it goes out for all sessions instead. Some "
    "chargers hold what they were told of this session, or take that in only with the next one: "
    "then its car stays at its fallback current until it is plugged in again. Have the sensor "
    "show the whole number, or choose another one under Transaction id in its form.",
    "untold": "{name} can't be told what it may take ({error}); it is tried again and again.",
    "disobeys": "{name} does not do what it was told; its reason says what is tried.",
    "about_load": "{name}: {before}",
    "power_above_current": "{name}: {entity} shows {shown_a} in all, and {by} shows {power_w}. The "
    "power counts; if it is right, choose sensors of the current of each leg, or leave Current "
    "empty.",
    "energy_above_current": "{name}: {entity} shows {shown_a}, but its energy ({by}) grows by as "
    "much as {power_w} give. That counts. Does the charger write decimal commas? The OCPP "
    "integration makes 0 of 6,3; choose other sensors under Current or Power in its form.",
    "draws_at_rest": "{name}: {entity} shows {draw_a} although its status is {state}, by which "
    "nothing flows. What is shown counts; look which of the two is right.",
    "overload_unmanaged": "The {circuit} ({limit_a}) carries {draw_a} on phase {phase}, {above_a} "
    "too much{lasting}; {unmanaged_a} of it Load Juggler does not control.{breaker}",
    "overload": "The {circuit} ({limit_a}) carries {draw_a} on phase {phase}, {above_a} too "
    "much{lasting}; without the managed loads it would be {without}.{breaker}",
    "import_over_unmanaged": "{draw_w} are imported, {above_w} more than the limit of "
    "{limit_w}{lasting}; {unmanaged_w} of it Load Juggler does not control.",
    "import_over": "{draw_w} are imported, {above_w} more than the limit of {limit_w}{lasting}; "
    "without the managed loads it would be {without}.",
    # mistakes of the installation
    "wrong_phase": "{name}: leg {leg} is on phase {to_phase}, not on {phase} as its form says: "
    "that is the phase of the meter that moves with it ({changes:# clear change|# clear "
    "changes}). Choose {legs} in its form, or have the wires exchanged.",
    "not_behind": "{name}: the meter of the {circuit} does not move with it. Is it behind that "
    "breaker? Choose another one under Breaker in its form, or other sensors in the breaker's.",
    "not_seen": "{name}: the meter of the {circuit} does not move with it, although something is "
    "taken from the grid. It does not see what it draws, so the breaker may be over its limit "
    "without a sign of it. Until that is put right, chargers get their fallback current at most. "
    "Choose sensors of the grid connection in the form of {form}, or those of a meter that {name} "
    "is behind, too.",
    "meter_crossed": "The meter of the {circuit} has phases exchanged: what is on phase {phase} "
    "moves its phase {to_phase}. Exchange the sensors of these phases in its form, or have the "
    "clamps exchanged.",
    "meter_inverted": "The meter of the {circuit} goes the wrong way: it showed less when more "
    "was drawn, in {against} of the last {of:change|# clear changes}. Change 'Turn the sign "
    "round' in its form, or have all its clamps turned round.",
    "clamp_inverted": "The meter of the {circuit} goes the wrong way on phase {phase}: it showed "
    "less when more was drawn, in {against} of the last {of:change|# clear changes}. Have this "
    "clamp turned round.",
    "meter_unsigned": "The meter of the {circuit} shows no sign{on_phase}: it can't tell feeding "
    "in from taking. It has never shown less than 0 A, and showed less when more was drawn, in "
    "{against} of the last {of:change|# clear changes}. {choose_signed}",
    "meter_turned": "The meter of the {circuit} goes the wrong way: it showed less when more was "
    "drawn, in {against} of the last {of:change|# clear changes}. Its sensors have never shown "
    "less than 0 A, so there is nothing to turn round: switch Turn the sign round off in the "
    "form of {form}. {if_unsigned}",
    "remap_notice": "{name} is counted with {legs} now, because the meter shows it so "
    "({changes:# clear change|# clear changes}); its form says otherwise. Choose these phases in "
    "its form, and this notice goes. To take it back, call pyscript.loadjuggler_undo_remap.",
    "check_running": "{name}: its wiring is being checked. It goes down and up by a few amperes, "
    "and the result comes in about a minute.",
    "check_right": "{name}: wired as its form says; the meter of the {circuit} answered in "
    "{steps:# step|# steps} ({sure_pct} sure).",
    "check_alike": "{name}: phases {phase} of the meter of the {circuit} answer, all the right way "
    "round ({sure_pct} sure). Which leg is on which can't be told while they change alike: check "
    "again with a car that uses one phase.",
    "check_wrong": "{name}: leg {leg} is on phase {to_phase}, not on {phase} as its form says "
    "({sure_pct} sure). Choose {leg}: {to_phase} in its form, and its other "
    "legs accordingly, or have the wires exchanged.",
    "check_against": "{name}: the meter of the {circuit} goes the wrong way on phase {phase} "
    "({sure_pct} sure). Have the clamp turned round or, if it is so on all "
    "phases, change 'Turn the sign round' in its form.",
    "check_turned": "{name}: the meter of the {circuit} goes the wrong way on phase {phase} "
    "({sure_pct} sure), and its sensors have never shown less than 0 A: switch Turn the sign round "
    "off in the form of {form}. {if_unsigned}",
    "check_unsigned": "{name}: the meter of the {circuit} goes the wrong way on phase {phase} "
    "({sure_pct} sure), but has never shown less than 0 A: it shows no sign, and can't tell "
    "feeding in from taking. {choose_signed}",
    "check_nothing": "{name}: no phase of the meter of the {circuit} moved with it. Is it behind "
    "that meter? A battery that follows at once can hide it, too.",
    "check_unclear": "{name}: no clear answer, too much else has changed meanwhile. Check again "
    "when the house is quiet.",
    "check_few": "{name}: it could not be changed often enough, as the room was needed elsewhere. "
    "Check again later.",
    "check_not_charging": "{name}: it has to be charging to be checked.",
    "check_legs": "{name}: two of its legs are on one phase by its form; they can't be told apart.",
    "check_plug": "{name}: only chargers can be checked like this, a plug is just on or off.",
    "check_no_room": "{name}: it draws {draw_a}, and its minimum is {min_a}: there is too little "
    "between them to see anything. Check again when it charges with 2 A more.",
    "check_blind": "{name}: a meter above it gives no reading.",
    "check_overload": "{name}: stopped, because a breaker is over its limit.",
    # notifications
    "new_charger": "The OCPP integration has a charger that no form names: {charger}. To have it "
    "managed, make a form of the blueprint Load Juggler OCPP charger with the charge point id "
    "{charger}.",
    # the site
    "ok": "All is well.",
    "no_site": "No site is wired yet.",
}
