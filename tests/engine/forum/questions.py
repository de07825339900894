"""Ten questions that people ask in forums, and the houses behind them.

`facts` are worked out by hand, at 230 V and per phase; they must be in the sentence.
"""

from __future__ import annotations

from . import cases
from .page import SITE, Case, Question

QUESTIONS = (
    Question(
        "night",
        "Why does my car not charge at night?",
        (
            Case(
                "Mode *Solar only*, no battery, no sun.",
                cases.night,
                "car",
                ("0 A", "6 A", "nothing from the grid"),
                "No sun leaves nothing over, and a car needs its minimum of 6 A.",
                "To have it charge at night, too, choose *Solar priority* (6 A at least, from "
                "anywhere) or *Standard* in its form, or *Boost* for tonight. "
                "What each mode may take: "
                "[the mode table](how-it-works.md#what-the-sun-leaves-over).",
            ),
            Case(
                "The same with a home battery at 70 %.",
                cases.night_with_battery,
                "car",
                ("70 %", "80 %", "nothing from the grid"),
                "Below its target of 80 % the battery gives nothing to a solar load.",
                "Below its *Target of the battery* the sun fills the battery first. Lower the "
                "target in the "
                "[site's form](blueprints.md#load-juggler-site) if the car may have more of it.",
            ),
            Case(
                "Mode *Standard*; the car itself does not want to (its charger says SuspendedEV).",
                cases.car_takes_nothing,
                "car",
                ("6 A", "takes nothing", "the car wants none"),
                "It may have 16 A and takes none: it keeps its minimum of 6 A.",
                "Look at the car: a timer, a charge limit or a departure time of its own. Load "
                "Juggler lets it.",
            ),
        ),
    ),
    Question(
        "six",
        "Why does it stay at 6 A?",
        (
            Case(
                "Mode *Solar priority*, and the sun leaves nothing over.",
                cases.minimum_without_sun,
                "car",
                ("6 A", "16 A"),
                "The house takes 2 A and there is no sun: only the minimum comes from the grid.",
                "That is what *Solar priority* promises: its minimum always, more only from the "
                "sun. *Standard* takes all that fits under the breakers.",
            ),
            Case(
                "Mode *Solar priority* on a sunny day, home battery at 60 %.",
                cases.battery_first,
                "car",
                ("6 A", "60 %", "80 %"),
                "Below its target the battery takes what the sun leaves over.",
                "Wait until the battery is at its *Target of the battery*, or lower the target "
                "in the site's form: "
                "[sun with a battery](recipes/solar-with-battery.md).",
            ),
            Case(
                "Any mode; the meter has given nothing for three minutes.",
                cases.fallback,
                "car",
                ("6 A", "3 min"),
                "Silent for 185 s, of which 5 s are until the first run without it.",
                "Mend the meter; `sensor.loadjuggler_status` names the sensor. How much it keeps "
                "meanwhile is *Fallback current* in the charger's form.",
            ),
            Case(
                "Two three-phase cars on a garage breaker of 20 A, sharing *priority*.",
                lambda: cases.two_cars(20),
                "car",
                ("6 A", "20 A", "14 A"),
                "Both have their 6 A, and the rest of 20 A goes to the first: 14 + 6.",
                "Sharing *shared* in the site's form gives both 10 A; *Priority* in their forms "
                "says who goes first. [All sharings](understand.md#sharing).",
            ),
        ),
    ),
    Question(
        "stops",
        "Why does it stop every few minutes?",
        (
            Case(
                "Mode *Solar only*, a cloud for a minute.",
                lambda: cases.cloud(60),
                "car",
                ("6 A", "2.1 A", "Stops in 4 min"),
                "3.1 A of sun less 1 A of house are 2.1 A; of 5 min a minute has gone.",
                "Nothing yet: it bridges the cloud at its minimum. *Grace* in the charger's form "
                "(*Sun and boost*) says for how long; make it longer for a sky with many clouds.",
            ),
            Case(
                "The cloud stayed, and the grace is over.",
                lambda: cases.cloud(330),
                "car",
                ("Paused for 2 min", "the sun was not enough", "Starts then"),
                "Stopped after 5 min; 30 s of its pause of 3 min have gone by.",
                "*Pause* in its form says how long it stays off at least. *Solar priority* never "
                "stops for lack of sun.",
            ),
            Case(
                "It was stopped six times since the car came.",
                cases.many_clouds,
                "car",
                ("6 times",),
                "The most stops of a session are 6.",
                "Some cars give up when they are stopped often, so that is the end for today. "
                "*Most stops* and *After the last stop* in its form change it; setting its mode "
                "begins anew.",
            ),
            Case(
                "Mode *Standard*; a hob took the whole breaker for a minute.",
                cases.after_the_hob,
                "car",
                ("Paused for 2 min", "the main breaker had no room", "Starts then"),
                "The room has been there for a minute of the 3 min that it must.",
                "Nothing: it starts again when its minimum has been free for its pause, so that "
                "the "
                "hob does not switch it each time. Make *Pause* shorter in its form if you want.",
            ),
        ),
    ),
    Question(
        "restart",
        "Why does it do nothing after a restart?",
        (
            Case(
                "Home Assistant has just started, and the meter has not reported yet.",
                cases.no_reading_yet,
                "car",
                ("first reading", "main breaker", "sensor.grid_a, sensor.grid_b, sensor.grid_c"),
                "Without a reading nobody knows what the house takes: nothing starts.",
                "Nothing if it is seconds. If it stays, the integration of these sensors has not "
                "come back.",
            ),
            Case(
                "The charger has not connected again.",
                cases.charger_not_back,
                "car",
                ("Not reachable", "sensor.car_status_connector", "Goes on"),
                "None of its entities is there.",
                "It goes on by itself when the OCPP integration has it again. If it does not come, "
                "see [what was found of a "
                "charger](troubleshooting.md#what-was-found-of-a-charger).",
            ),
        ),
    ),
    Question(
        "second",
        "Why does the second car get nothing?",
        (
            Case(
                "Two cars on a garage breaker of 10 A.",
                lambda: cases.two_cars(10),
                "car",
                ("6 A", "10 A", "0 A", "Left has 10 A"),
                "10 A do not hold two minimums of 6 A.",
                "Two minimums do not fit under this breaker: one car after the other. *Priority* "
                "in "
                "their forms says which one goes first.",
            ),
            Case(
                "A garage breaker of 20 A, sharing *strict*.",
                lambda: cases.two_cars(20, "strict"),
                "car",
                ("6 A", "20 A", "4 A", "Left has 16 A"),
                "The first takes all it can, 16 A, and 4 A are less than 6 A.",
                "*strict* serves the first one alone. *priority*, *shared* or *optimized* in the "
                "site's form keep the second one's minimum. [All sharings](understand.md#sharing).",
            ),
            Case(
                "Both in *Solar only*, 9 A of sun left over.",
                cases.little_sun_for_two,
                "car",
                ("0 A", "6 A", "Left has 9 A"),
                "10 A of sun less 1 A of house are 9 A: not two minimums.",
                "Nothing: it starts when the sun leaves 6 A for each. One-phase charging needs "
                "less "
                "sun: [sun without a battery](recipes/solar-without-battery.md).",
            ),
            Case(
                "The second plug of a station that charges one car after the other.",
                cases.one_after_the_other,
                "right",
                ("left", "turn"),
                "The left car charges, so the station keeps the right one waiting.",
                "Nothing: it is the station's own rule. How to live with it: "
                "[a station with two plugs](recipes/two-plug-station.md).",
            ),
        ),
    ),
    Question(
        "fast",
        "Why does it charge so fast although there is no sun?",
        (
            Case(
                "Mode *Standard*.",
                cases.standard,
                "car",
                ("16 A", "its Maximum current", "standard", "sun or no sun"),
                "25 A less 1 A of house hold its maximum of 16 A.",
                "*Standard* takes all that fits, whatever the sun does. Choose *Solar only* or "
                "*Solar priority* in its form; less in any mode is *Maximum current*.",
            ),
            Case(
                "Mode *Solar only* in its form, but the `input_select` of its mode is at *boost*.",
                cases.boosted,
                "car",
                ("16 A", "Boost for another 42 min", "then solar only"),
                "Boost takes what fits under the breakers, for an hour unless told otherwise: "
                "18 min of it are over.",
                "An entity, or `pyscript.loadjuggler_set_mode`, goes before the mode in the form. "
                "Look at *Mode from an entity*; a boost ends by itself after what *Boost lasts* "
                "says.",
            ),
        ),
    ),
    Question(
        "export",
        "Why do I export although the car could take more?",
        (
            Case(
                "A three-phase car in *Solar only*; an oven takes 5 A of the 9 A of sun on phase "
                "B.",
                cases.one_phase_short,
                "car",
                ("4 A", "phase B", "6 A"),
                "9 A less 5 A are 4 A on phase B; it charges on three phases alike.",
                "A three-phase car needs its minimum on each phase. If your inverter or battery "
                "balances the phases, tick *It balances the phases* in the site's form. A charger "
                "that can [change to one phase](blueprints.md#charger-one-phase-or-three) needs a "
                "third of the sun.",
            ),
            Case(
                "The car takes 9 A, whatever it may.",
                cases.takes_less,
                "car",
                ("11 A", "9 A"),
                "A car that takes less is told 2 A more than it takes.",
                "Nothing: the car is nearly full, cold, or limited in its own menu or app.",
            ),
            Case(
                "The sun has just come out, and 25 A are left over for a car of 32 A.",
                cases.step_by_step,
                "car",
                ("next step",),
                "7 A left over became 25 A; a raise is 7.5 A at most, the next one 15 s later.",
                "Nothing: it goes up in steps, at most one in 15 s "
                "([when a change may happen](how-it-works.md#when-a-change-may-happen)).",
            ),
            Case(
                "Mode *Excess*, 9 kW are exported.",
                cases.below_the_threshold,
                "car",
                ("13 000 W",),
                "9 kW are less than the threshold of 13 kW that holds unless another is chosen.",
                "*Excess* waits for more than the *Export threshold* in the form of the site or of "
                "the load. To use all that is left over, choose *Solar only*.",
            ),
            Case(
                "Mode *Solar only*, 29 A left over.",
                cases.at_its_maximum,
                "car",
                ("16 A", "its Maximum current"),
                "30 A of sun less 1 A of house are more than its maximum of 16 A.",
                "*Maximum current* in its form is all it gets. Raise it if charger, cable, car and "
                "their breaker carry more.",
            ),
            Case(
                "Mode *Solar only*, 29 A left over, and the car does not draw.",
                cases.held_back,
                "car",
                ("6 A", "SuspendedEVSE"),
                "It took nothing for a minute: it keeps its minimum. Its status says who holds it.",
                "Look at the charger: a limit, a schedule, a lock or load balancing of its own.",
            ),
        ),
    ),
    Question(
        "ignores",
        "Why does the charger ignore its limit?",
        (
            Case(
                "The house takes 16 A of 25 A, and the car goes on with 16 A.",
                cases.does_not_follow,
                "car",
                ("Draws 16 A", "told 9 A 55 s ago", "0 A since"),
                "It drew 16 A before, and does so still: 25 A less 16 A are 9 A for it. As it "
                "takes 16 A all the same, nothing is left for it: 0 A.",
                "It is told again by itself, and others make room. See "
                "[the charger does not follow](troubleshooting.md#the-charger-does-not-follow): "
                "choose its [make](chargers.md), allow *May be reset*, and look at a limit or "
                "schedule of its own.",
            ),
            Case(
                "The same moment, at the main breaker.",
                cases.does_not_follow,
                SITE,
                ("32 A", "phase A", "7 A too much"),
                "16 A of house and 16 A of car are 32 A, 7 A above 25 A.",
                "Until it obeys, switch something off: only the real breaker protects the wire. "
                "[How long it stands that](how-it-works.md#over-the-limit).",
            ),
            Case(
                "A number charger that was set to 10 A; its own app sets 6 A.",
                cases.set_by_an_app,
                "car",
                ("number.car", "6 A", "10 A"),
                "25 A less 15 A of house are 10 A; its entity shows 6 A.",
                "Only one may set it: switch off smart charging in its app, and other automations "
                "that set this entity. More: [a wallbox of any make](recipes/number-charger.md).",
            ),
        ),
    ),
    Question(
        "phase",
        "Why is phase B overloaded?",
        (
            Case(
                "The house alone takes 31 A of 25 A on phase B.",
                cases.house_alone,
                SITE,
                ("31 A", "phase B", "6 A too much", "31 A of it"),
                "31 A are 6 A above 25 A, and the car has been paused: none of it is managed.",
                "Nothing is left to take away from cars. Move something to another phase, switch "
                "it "
                "off, or let it be switched: [a boiler on a plug](recipes/boiler.md).",
            ),
            Case(
                "The form says that the car is on phase A, and it is wired to phase B.",
                cases.on_another_phase,
                SITE,
                ("phase B", "not on A", "Choose L1: B"),
                "When the car changes, phase B of the meter moves with it.",
                "Choose the phases that it names in the charger's form. To check at once: "
                "`pyscript.loadjuggler_check_wiring`. More in "
                "[the wiring is not as the forms say]"
                "(troubleshooting.md#the-wiring-is-not-as-the-forms-say).",
            ),
        ),
    ),
    Question(
        "battery",
        "Why does the car drain my battery?",
        (
            Case(
                "Mode *Standard* at night, home battery at 70 %.",
                lambda: cases.with_battery("standard", 70.0),
                "car",
                ("16 A", "battery gives about 4 400 W"),
                "25 A less 1 A of house hold its maximum; the battery covers the car and the "
                "house, 16 A and three times 1 A: 19 A or 4,370 W, told in steps of 100 W.",
                "A home battery covers whatever the house takes, the car, too; Load Juggler does "
                "not "
                "tell batteries what to do. Choose *Solar only* or *Solar priority*, or lock the "
                "battery in its own app while the car charges.",
            ),
            Case(
                "Mode *Solar only*, home battery at 90 % with a target of 80 %.",
                lambda: cases.with_battery("solar_only", 90.0, 4.0),
                "car",
                ("9.6 A", "4 600 W from the battery"),
                "4 A of sun less 1 A of house, and a third of 4,600 W = 6.67 A: 9.67 A.",
                "Above its *Target of the battery* the battery helps solar loads, down to the "
                "target. Set the target "
                "to 95 % to keep it: [sun with a battery](recipes/solar-with-battery.md).",
            ),
            Case(
                "Nothing may be taken from the grid; the battery is at its reserve of 20 %.",
                cases.not_from_the_grid,
                "car",
                ("6 A", "0 A"),
                "No sun, and below its reserve the battery is not counted on.",
                "It won't drain it further: *Reserve* in the site's form is what stays in it.",
            ),
        ),
    ),
)
