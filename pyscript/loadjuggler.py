"""Load Juggler in Home Assistant: the only file that knows pyscript.

It parses nothing and decides nothing. Forms, states and the time go into the engine's Keeper
(modules/loadjuggler), and what the Keeper answers is done. Services are answered at its Desk.

Functions marked @pyscript_compile or @pyscript_executor are ordinary Python; the others are
interpreted by pyscript, which is a hundred times slower and lacks much of the language. So these
only pass things on, with few and small arguments (pyscript prints them all for its debug log).
Nothing here needs allow_all_imports or hass_is_global.
"""

# pyscript reads the docstrings of services as YAML:
# ruff: noqa: D205, D400, D403

LOGGER = "custom_components.pyscript.file.loadjuggler"
ENGINE_ROOMS = {
    "desk": "runtime.api",
    "discovery": "discovery",
    "keeper": "runtime.controller",
    "snapshot": "snapshot",
    "store": "runtime.file",
}
RELOAD_S = 1.0
CHECK_LOOK_S = 1.0
# What pyscript gives to interpreted code only, for the functions that are not.
HANDS = {
    "get": state.get,
    "attributes": state.getattr,
    "names": state.names,
    "set": state.set,
    "delete": state.delete,
    "call": service.call,
    "fire": event.fire,
}

# --- the engine -----------------------------------------------------------------------------------


@pyscript_compile
def only_one():
    """A lock that all loads of this file share: pyscript's watchdog and its reload service may
    load it twice at once. It is kept where modules are, for lack of another place.
    """
    import sys
    import threading
    import types

    shared = sys.modules.setdefault("loadjuggler_shared", types.ModuleType("loadjuggler_shared"))
    return vars(shared).setdefault("lock", threading.Lock())


@pyscript_executor
def import_engine():
    """Import the engine from the folder next to this file, afresh each time.

    By its path, so sys.path stays as it is. If it can't be imported the old one is left in place.
    """
    import importlib
    import importlib.util
    import sys
    from pathlib import Path

    folder = Path(sys._getframe().f_code.co_filename).parent / "modules" / "loadjuggler"
    with only_one():
        names = [name for name in sys.modules if name.split(".")[0] == "loadjuggler"]
        old = {name: sys.modules.pop(name) for name in names}
        try:
            importlib.invalidate_caches()
            spec = importlib.util.spec_from_file_location("loadjuggler", folder / "__init__.py")
            sys.modules["loadjuggler"] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules["loadjuggler"])
            return {
                name: importlib.import_module(f"loadjuggler.{room}")
                for name, room in ENGINE_ROOMS.items()
            }
        except Exception:
            sys.modules.update(old)
            raise


@pyscript_executor
def read_store():
    """What was stored, and a warning (None: all is well)."""
    return engine["store"].read(store_path())


@pyscript_executor
def set_aside():
    """Keep a copy of the stored file, which can't be used as it is; its name."""
    with only_one():
        return engine["store"].set_aside(store_path())


@pyscript_executor
def write_store():
    """Write what was put into house.content."""
    with only_one():
        engine["store"].write(store_path(), house.content)


@pyscript_compile
def store_path():
    """The file next to Home Assistant's own stored data."""
    import sys
    from pathlib import Path

    folder = Path(sys._getframe().f_code.co_filename).parent.parent
    return str(folder / ".storage" / "loadjuggler")


@pyscript_compile
def make_keeper(settings, stored, warning):
    """A Keeper that goes on from what was stored, and warnings about what of it can't be used.

    `warning` is one about the file as a whole (None: all is well).
    """
    import logging

    keeper = engine["keeper"].Keeper.from_settings(settings)
    if warning:
        keeper.setting_errors += (warning,)
    for text in keeper.setting_errors:
        logging.getLogger(LOGGER).warning(text)
    return keeper, keeper.load(stored)


@pyscript_compile
def make_house(keeper, stored):
    """What the shell itself has to remember."""
    import asyncio
    import time
    from types import SimpleNamespace

    return SimpleNamespace(
        keeper=keeper,
        on=True,
        wake=asyncio.Event(),
        ran_at=0.0,
        discover=True,
        waiting={},
        calling={},
        stored=stored,
        content=stored,
        stored_at=time.monotonic(),
        storing=None,
        firing=None,
        store_fails=False,
        followed={},
        triggers=[],
        errors=set(),
        picture=None,
        picturing=None,
        picture_fails=False,
    )


# --- a run ----------------------------------------------------------------------------------------


@pyscript_compile
def take_snapshot():
    """The states that the engine asks for, as it wants them."""
    return states_of(house.keeper.watched())


@pyscript_compile
def states_of(names):
    """The states of these entities, as the engine wants them; those that are not there left out."""
    make = engine["snapshot"].EntityState
    found = {}
    for entity in names:
        try:
            state = HANDS["get"](entity)
        except NameError:  # there is no such entity
            continue
        reported = getattr(state, "last_reported", None) or state.last_updated
        found[entity] = make(str(state), HANDS["attributes"](state), reported.timestamp())
    return found


@pyscript_compile
async def all_states():
    """The states of all entities."""
    return states_of(await HANDS["names"]())


@pyscript_compile
async def suggest_from_all():
    """What to wire, worked out beside the runs: it may take a second."""
    import asyncio

    suggest, states = engine["discovery"].suggest, await all_states()
    return await asyncio.get_running_loop().run_in_executor(None, suggest, states)


@pyscript_compile
async def look_around():
    """Look for what is missing of chargers, if that is worthwhile."""
    import time

    keeper = house.keeper
    try:
        if keeper.search.due(time.time()):
            names = await HANDS["names"]()
            if keeper.search.worthwhile(names, time.time()):
                keeper.registry.look(states_of(names))
        if keeper.newcomers.due(keeper.site, time.time()):
            keeper.newcomers.look(await all_states(), keeper.site, time.time())
    except Exception as error:
        complain_once(error)


@pyscript_compile
def run():
    """One run: states in, calls out, entities set. Never raises, never waits."""
    import logging
    import time

    from homeassistant.core import Context, async_get_hass
    from homeassistant.util import dt

    log = logging.getLogger(LOGGER)
    house.wake.clear()
    house.ran_at = time.monotonic()
    try:
        ahead_s = dt.now().utcoffset().total_seconds()  # of UTC, as Home Assistant's zone has it
        language = async_get_hass().config.language
        turn = house.keeper.run(
            take_snapshot(), time.time(), utc_offset_s=ahead_s, language=language
        )
        for text in turn.log:
            log.error(text)
        start_calls(turn.calls)
        # With contexts of their own, or the logbook blames the start of the work for every state.
        for entity in turn.entities:
            HANDS["set"](entity.id, entity.value, dict(entity.attributes), context=Context())
        for entity in turn.removed:
            try:
                HANDS["delete"](entity, context=Context())
            except NameError:  # somebody was faster
                pass
        fire_events(turn.events)
        house.discover |= turn.discover
        if turn.calls or turn.entities or turn.removed:
            log.debug(
                "run in %.1f ms: calls %s; changed %s; removed %s",
                (time.monotonic() - house.ran_at) * 1000,
                [(call.load_id, call.service, dict(call.data)) for call in turn.calls],
                {entity.id: entity.value for entity in turn.entities},
                turn.removed,
            )
        start_storing()
        start_picture()
    except Exception as error:
        complain_once(error)


@pyscript_compile
def fire_events(events):
    """Fire events, in order, without waiting."""
    import asyncio

    async def fire():
        for one in events:
            await HANDS["fire"](one.kind, **one.data)

    if events:
        house.firing = asyncio.get_running_loop().create_task(fire())  # kept, or it may vanish


@pyscript_compile
def complain_once(error):
    """Log an error of the shell with its traceback, each kind once."""
    import logging
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    kind = (type(error), frame.name, frame.lineno)
    if kind not in house.errors:
        house.errors.add(kind)
        logging.getLogger(LOGGER).error("This should not happen", exc_info=error)


@pyscript_compile
async def next_run():
    """Wait for a change or the next tick; changes just after a run are joined into the next."""
    import asyncio
    import time

    options = house.keeper.options
    try:
        async with asyncio.timeout(max(house.ran_at + options.tick_s - time.monotonic(), 0)):
            await house.wake.wait()
    except TimeoutError:
        pass
    await asyncio.sleep(max(house.ran_at + options.join_s - time.monotonic(), 0))


# --- calls ----------------------------------------------------------------------------------------


@pyscript_compile
def start_calls(calls):
    """Send calls, without waiting for any of them.

    For each load one is under way at most: newer ones replace those that wait for it to end.
    """
    import asyncio

    by_load = {}
    for call in calls:
        by_load.setdefault(call.load_id, []).append(call)
    for load, newer in by_load.items():
        slots = [call.slot for call in newer]
        still = [call for call in house.waiting.get(load, ()) if call.slot not in slots]
        house.waiting[load] = still + newer
    for load in by_load:
        if load not in house.calling:
            house.calling[load] = None
            # Eager: the call is on its way before entities are set, and may be done by now.
            loop = asyncio.get_running_loop()
            task = asyncio.Task(send_waiting(load), loop=loop, eager_start=True)
            if not task.done():
                house.calling[load] = task


@pyscript_compile
async def send_waiting(load):
    """Make the calls that wait for `load`, one after the other, until none is left."""
    try:
        while house.waiting.get(load):
            call = house.waiting[load].pop(0)
            error, response = await make_call(call.domain, call.service, call.data, call.asks)
            note_result(call, error, response)
    finally:
        house.waiting.pop(load, None)
        house.calling.pop(load, None)


@pyscript_compile
async def make_call(domain, service, data, asks=False):
    """Call a service; answers what went wrong, None if nothing did, and its response if it asks."""
    import asyncio

    timeout_s = house.keeper.options.call_timeout_s
    how = {"blocking": True, "return_response": True} if asks else {"blocking": True}
    try:
        async with asyncio.timeout(timeout_s):
            return None, await HANDS["call"](domain, service, **how, **data)
    except TimeoutError:
        return f"no answer in {timeout_s:g} s", None
    except Exception as error:
        return str(error) or type(error).__name__, None


@pyscript_compile
def note_result(call, error, response):
    """Tell the Keeper how a call ended; the first failure in a row is logged and followed."""
    import logging

    if error is None:
        house.keeper.succeeded(call, response)
    elif house.keeper.failed(call, error):
        logging.getLogger(LOGGER).warning("A call for %s failed: %s", call.load_id, error)
        house.wake.set()  # what it holds stays reserved: the others may have to make room


# --- storage --------------------------------------------------------------------------------------


@pyscript_compile
def start_storing():
    """Store in the background, if somebody set something or it was long ago."""
    import asyncio
    import time

    due = time.monotonic() - house.stored_at >= house.keeper.options.save_s
    if house.storing is None and (due or house.keeper.must_store()):
        house.storing = asyncio.create_task(store())


@pyscript_compile
async def store():
    """Store what has to outlive a restart, if it has changed."""
    import logging
    import time

    house.stored_at = time.monotonic()
    try:
        content = house.keeper.dump()
        if content != house.stored:
            house.content = content
            await write_store()
            house.stored = content  # only now: a write that is cancelled must be made again
        house.store_fails = False
    except Exception as error:
        if not house.store_fails:  # a full disk is told once, not every minute
            logging.getLogger(LOGGER).error("Registrations can't be stored: %s", error)
        house.store_fails = True
    finally:
        house.storing = None


@pyscript_compile
async def finish():
    """Let the work end, and store once more."""
    import asyncio

    house.on = False
    house.wake.set()
    if house.storing is not None:
        await asyncio.wait([house.storing])
    await store()


# --- the picture ----------------------------------------------------------------------------------


@pyscript_compile
def start_picture():
    """Draw the wiring in the background, if it is time for that."""
    import asyncio
    import time

    if house.picturing is None and house.keeper.picture_due(time.time()):
        house.picturing = asyncio.create_task(show_picture())


@pyscript_compile
async def show_picture():
    """Draw the wiring; if it has changed write it, see that it is served, and tell where it is."""
    import asyncio
    import logging
    import time

    from homeassistant.core import Context, async_get_hass

    try:
        keeper, language = house.keeper, async_get_hass().config.language
        loop = asyncio.get_running_loop()
        house.picture = await loop.run_in_executor(None, keeper.picture, time.time(), language)
        if house.picture is not None:
            await write_picture()
            await serve_picture()
            told = keeper.picture_written() if keeper is house.keeper else ()  # or it was reloaded
            for entity in told:
                HANDS["set"](entity.id, entity.value, dict(entity.attributes), context=Context())
            house.picture_fails = False
    except Exception as error:
        if not house.picture_fails:  # told once, not every ten seconds
            logging.getLogger(LOGGER).error("The picture of the wiring can't be made: %s", error)
        house.picture_fails = True
    finally:
        house.picturing = None


@pyscript_executor
def write_picture():
    """Write what was put into house.picture."""
    engine["store"].write_text(f"{picture_folder()}/wiring.svg", house.picture)


@pyscript_compile
def picture_folder():
    """The folder of the picture, in the one that Home Assistant serves as /local."""
    import sys
    from pathlib import Path

    return str(Path(sys._getframe().f_code.co_filename).parent.parent / "www" / "loadjuggler")


@pyscript_compile
async def serve_picture():
    """Serve the picture if Home Assistant does not: it serves www only if that was there when it
    started (frontend, 2025.4), and the picture may be the first that is in it.
    """
    from homeassistant.core import async_get_hass

    http = getattr(async_get_hass(), "http", None)
    if http is None:  # it serves nothing at all
        return
    served = {resource.canonical for resource in http.app.router.resources()}
    if not served & {"/local", "/local/loadjuggler"}:
        from homeassistant.components.http import StaticPathConfig

        path = StaticPathConfig("/local/loadjuggler", picture_folder(), False)
        await http.async_register_static_paths([path])


# --- when this file is loaded ---------------------------------------------------------------------


def settings():
    """Options that the user has set in configuration.yaml, pyscript: global: loadjuggler:."""
    config = pyscript.config
    shared = config.get("global")
    return shared.get("loadjuggler") if isinstance(shared, dict) else None


def wake_keeper(stored, warning=None):
    """A Keeper that goes on from what was stored; what it can't use is told and set aside."""
    keeper, warnings = make_keeper(settings(), stored, warning)
    if warnings:
        aside = set_aside()
        kept = f"The file is kept as {aside}." if aside else ""
        for text in warnings:
            log.warning(f"{text} {kept}")
    return keeper


@pyscript_compile
def show_restored():
    """Show what was shown before a restart, until the first run; Home Assistant takes its time."""
    from homeassistant.core import Context

    for entity in house.keeper.restored():
        try:
            HANDS["get"](entity.id)
        except NameError:  # else this file was only loaded anew
            HANDS["set"](entity.id, entity.value, dict(entity.attributes), context=Context())


engine = import_engine()
stored, warning = read_store()
house = make_house(wake_keeper(stored, warning), stored)
show_restored()


# --- what pyscript calls --------------------------------------------------------------------------


@pyscript_compile
def note_change():
    """Expression of the state triggers: notes a change, and is never true.

    A trigger that is true would start a task and fire an event that lands in the logbook and in
    the database, for every reading of every meter.
    """
    house.wake.set()
    return False


@pyscript_compile
def wired_names():
    """The names that triggers must follow, in groups without two of the same entity.

    pyscript loses track of a trigger that names an entity twice (itself and an attribute, or two
    attributes): it can't be stopped any more, and what it is sent piles up for ever.
    """
    groups = {}
    for name in house.keeper.triggers():
        attribute = name.split(".")[2:]
        groups.setdefault(".".join(attribute), []).append(name)
    return groups


def follow(names):
    """A state trigger on exactly these names, for as long as what is returned is kept."""

    @state_trigger("note_change()", watch=names)
    def wired_state(**kwargs):
        pass

    return wired_state


def follow_wiring():
    """Make the state triggers fit the wiring; the old ones go when the new ones are there."""
    names = wired_names()
    if names != house.followed:
        house.followed = names
        house.triggers = [follow(group) for group in names.values()]
        house.wake.set()  # what changed in between went unnoticed


@time_trigger("startup")
def work(**kwargs):
    """Run, until pyscript or Home Assistant stops."""
    task.unique("loadjuggler")  # ends the work of an earlier load of this file, if it goes on
    while house.on:
        try:
            look_around()
            run()
            if house.discover:
                house.discover = False
                event.fire("loadjuggler_discover")
            follow_wiring()
        except Exception as error:
            complain_once(error)
        next_run()


@time_trigger("shutdown")
def end(**kwargs):
    """Let the work end, and store once more."""
    finish()


@event_trigger("automation_reloaded")
def ask_all(**kwargs):
    """Ask all blueprints to announce themselves."""
    house.discover = True
    house.wake.set()


@event_trigger("call_service", "domain == 'pyscript' and service == 'reload'")
def reload_engine(**kwargs):
    """Follow pyscript.reload, which by itself reloads no file but this one, if it was edited."""
    task.sleep(RELOAD_S)  # if this file is being reloaded, it has ended by then
    if house.on:
        renew()


def renew():
    """Go on with a fresh engine and the settings as they are now."""
    global engine
    try:
        engine = import_engine()
        house.keeper = wake_keeper(house.keeper.dump())
        house.stored_at = 0.0  # what was set just before must not wait any longer
    except Exception as error:
        log.error(f"The edited engine can't be used, the old one goes on: {error}")


# --- services -------------------------------------------------------------------------------------


@pyscript_compile
def desk():
    """Where the engine answers what services ask, for the Keeper that there is now."""
    return engine["desk"].Desk(house.keeper)


@pyscript_compile
async def register_form(kind, data):
    """Hand a form to the Keeper; the work loop then looks at the new wiring."""
    import time

    for added_by_pyscript in ("context", "trigger_type"):
        data.pop(added_by_pyscript, None)
    house.wake.set()
    states = await all_states() if house.keeper.looks(kind) else None
    return house.keeper.register(kind, data, time.time(), states)


def _register(kind, data):
    return register_form(kind, data)


# --- generated by script/generate: register services ---
@service("pyscript.loadjuggler_register_site", supports_response="optional")
def loadjuggler_register_site(**data):
    """yaml
    name: Load Juggler, register a site
    description: >-
      Wires a site, or changes it. The blueprint 'Load Juggler site' calls this. Answers ok, or all
      that is wrong, as sentences (errors).
    fields:
      contract:
        name: Version of the form
        description: Always 1.
        example: 1
        selector: {text: {}}
      node:
        name: Node
        description: 'Names this site for good: with the same one it is changed, not added.'
        example: '1700000000000'
        selector: {text: {}}
      automation:
        name: Automation
        description: Optional. The site is there as long as this automation is.
        example: automation.load_juggler_site
        selector: {entity: {filter: [{domain: [automation]}]}}
      name:
        name: Name
        description: What you call this site, e.g. Home. Its sensors are named after it. Needed.
        example: Home
        selector: {text: {}}
      phases:
        name: Phases
        description: >-
          How many phases the house has. Each needs its meter below or, off the grid, its output of
          the inverter. Default: 3 (A, B, C).
        example: ABC
        selector: {select: {options: [A, AB, ABC]}}
      main_breaker_a:
        name: Main breaker
        description: 'What is written on the main breaker, per phase, e.g. 25. Default: 25 A.'
        example: 25
        selector: {number: {min: 1, max: 1000, step: 1, unit_of_measurement: A, mode: box}}
      grid_a:
        name: Meter, phase A
        description: >-
          Current (A) or power (W, kW) of the grid connection on phase A: positive when taken from
          the grid, negative when fed in.
        example: sensor.grid_a
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      grid_b:
        name: Meter, phase B
        description: >-
          Current (A) or power (W, kW) of the grid connection on phase B: positive when taken from
          the grid, negative when fed in.
        example: sensor.grid_b
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      grid_c:
        name: Meter, phase C
        description: >-
          Current (A) or power (W, kW) of the grid connection on phase C: positive when taken from
          the grid, negative when fed in.
        example: sensor.grid_c
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      invert:
        name: Turn the sign round
        description: >-
          Switch this on if the meter sensors show what is fed in as positive. Default: off.
        example: false
        selector: {boolean: {}}
      grid_total_entity:
        name: Total power
        description: >-
          Optional. Power (W, kW) of the grid connection, all phases together, positive when taken
          from the grid. It is only checked against the sum of the phases.
        example: sensor.grid_total
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      distribution:
        name: Sharing
        description: 'Who gets how much when there is not enough for all. Default: Priority.'
        example: priority
        selector: {select: {options: [priority, shared, strict, optimized]}}
      solar_entity:
        name: Solar power
        description: >-
          Optional. What the panels give now (W, kW). Without it, it is worked out from the meter.
        example: sensor.solar
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      excess_threshold_w:
        name: Export threshold
        description: >-
          Loads in mode Excess run on what would be exported above this. Default: 13000 W.
        example: 13000
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      excess_threshold_entity:
        name: Export threshold from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the export threshold.
        example: input_number.excess_threshold
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      battery_soc_entity:
        name: State of charge
        description: >-
          How full the battery is, in %. Choosing this sensor tells that there is a battery.
        example: sensor.battery_soc
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      battery_power_entity:
        name: Battery power
        description: >-
          Power of the battery (W, kW), positive while it discharges. Without it, nothing is ever
          counted that the battery could give.
        example: sensor.battery_power
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      battery_invert:
        name: 'Turn the battery''s sign round'
        description: 'Switch this on if the sensor shows charging as positive. Default: off.'
        example: false
        selector: {boolean: {}}
      battery_soc_min_pct:
        name: Reserve of the battery
        description: >-
          At this state of charge and below, the battery gives nothing to loads. Default: 20 %.
        example: 20
        selector: {number: {min: 0, max: 100, step: 1, unit_of_measurement: '%', mode: box}}
      battery_soc_min_entity:
        name: Reserve of the battery from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the reserve of the
          battery.
        example: input_number.battery_soc_min
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      battery_soc_target_pct:
        name: Target of the battery
        description: >-
          Below it the sun fills the battery first; above it the battery helps solar loads. Default:
          80 %.
        example: 80
        selector: {number: {min: 0, max: 100, step: 1, unit_of_measurement: '%', mode: box}}
      battery_soc_target_entity:
        name: Target of the battery from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the target of the battery.
        example: input_number.battery_soc_target
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      battery_hysteresis_pct:
        name: Hysteresis
        description: >-
          How far the state of charge must fall below the target, or rise above the reserve, to
          change what holds. Default: 3 %.
        example: 3
        selector: {number: {min: 0, max: 100, step: 1, unit_of_measurement: '%', mode: box}}
      battery_max_charge_w:
        name: Most charging power
        description: 'The most that the battery takes. Default: 5000 W.'
        example: 5000
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      battery_max_discharge_w:
        name: Most discharging power
        description: 'The most that the battery gives. Default: 5000 W.'
        example: 5000
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      battery_follows_load:
        name: The battery follows the load
        description: >-
          On for batteries that give what the house needs (self-consumption): then what the battery
          could give counts as room below the import limit. Default: on.
        example: true
        selector: {boolean: {}}
      allow_grid_charging:
        name: Loads may take from the grid
        description: >-
          Switch this off and, where there is a battery, no load takes anything from the grid: only
          sun and, above its reserve, battery. Default: on.
        example: true
        selector: {boolean: {}}
      allow_grid_charging_entity:
        name: Loads may take from the grid from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the loads may take from
          the grid.
        example: input_boolean.allow_grid_charging
        selector: {entity: {filter: [{domain: [input_boolean, switch, binary_sensor]}]}}
      inverter_a:
        name: Output, phase A
        description: Optional. What the inverter gives on phase A (A, W, kW).
        example: sensor.inverter_a
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      inverter_b:
        name: Output, phase B
        description: Optional. What the inverter gives on phase B (A, W, kW).
        example: sensor.inverter_b
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      inverter_c:
        name: Output, phase C
        description: Optional. What the inverter gives on phase C (A, W, kW).
        example: sensor.inverter_c
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      inverter_max_w:
        name: Rating of the inverter
        description: Optional. The most that sun and battery together can give, all phases together.
        example: 10000
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      inverter_max_phase_w:
        name: Rating per phase
        description: Optional. The most that the inverter can give on one phase.
        example: 3300
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      inverter_asymmetric:
        name: It balances the phases
        description: >-
          Switch this on if the inverter gives each phase what it needs (asymmetric): then the sun
          is one pool for all phases. Off: the same on each phase. Default: off.
        example: false
        selector: {boolean: {}}
      inverter_topology:
        name: What the outputs show
        description: >-
          With panels and battery on one inverter, its output feeds the whole house. Default:
          Parallel.
        example: parallel
        selector: {select: {options: [parallel, series]}}
      max_import_w:
        name: Import limit
        description: Optional. The most that may be taken from the grid, all phases together.
        example: 17250
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      max_import_entity:
        name: Import limit from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the import limit.
        example: input_number.max_import
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      power_buffer_w:
        name: Power buffer
        description: 'How much to stay below the import limit. Default: 0 W.'
        example: 0
        selector: {number: {min: 0, max: 100000, step: 1, unit_of_measurement: W, mode: box}}
      power_buffer_entity:
        name: Power buffer from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the power buffer.
        example: input_number.power_buffer
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      reserve_a:
        name: Reserve
        description: 'Current per phase that is kept free, never handed out. Default: 0 A.'
        example: 0
        selector: {number: {min: 0, max: 100, step: 0.5, unit_of_measurement: A, mode: box}}
      grid_interval_s:
        name: Meter interval
        description: >-
          Optional. How often the meter reports at least. If it is silent for twice as long, it is
          taken to be frozen, whatever it shows.
        example: 5
        selector: {number: {min: 1, max: 3600, step: 1, unit_of_measurement: s, mode: box}}
      voltage_v:
        name: Voltage
        description: 'Between a phase and neutral; 230 V in Europe. Default: 230 V.'
        example: 230
        selector: {number: {min: 50, max: 500, step: 1, unit_of_measurement: V, mode: box}}
      main_breaker_entity:
        name: Main breaker from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the main breaker.
        example: input_number.main_breaker
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      distribution_entity:
        name: Sharing from an entity
        description: Optional. As long as this entity has a valid value, it replaces the sharing.
        example: input_select.distribution
        selector: {entity: {filter: [{domain: [input_select, select, input_text, sensor]}]}}
      notify_overload:
        name: Overload by others
        description: >-
          What Load Juggler does not control takes more than a breaker or the import limit allows.
          Default: off.
        example: false
        selector: {boolean: {}}
      notify_not_following:
        name: Charger does not follow
        description: >-
          A load draws more than it was told, or does not take what it was set to. Default: off.
        example: false
        selector: {boolean: {}}
      notify_meter_lost:
        name: Meter lost
        description: 'The meter of a breaker has given nothing for 5 minutes. Default: off.'
        example: false
        selector: {boolean: {}}
      notify_new_charger:
        name: New charger
        description: 'The OCPP integration has a charger that no form names. Default: off.'
        example: false
        selector: {boolean: {}}
      notify_target:
        name: Send to
        description: >-
          Optional. Where notifications go beside Home Assistant's own, once each, e.g.
          notify.mobile_app_phone.
        example: notify.mobile_app_phone
        selector: {text: {}}
    """
    return _register("site", data)


@service("pyscript.loadjuggler_register_circuit", supports_response="optional")
def loadjuggler_register_circuit(**data):
    """yaml
    name: Load Juggler, register a circuit
    description: >-
      Wires a circuit, or changes it. The blueprint 'Load Juggler circuit' calls this. Answers ok,
      or all that is wrong, as sentences (errors).
    fields:
      contract:
        name: Version of the form
        description: Always 1.
        example: 1
        selector: {text: {}}
      node:
        name: Node
        description: 'Names this circuit for good: with the same one it is changed, not added.'
        example: '1700000000000'
        selector: {text: {}}
      automation:
        name: Automation
        description: Optional. The circuit is there as long as this automation is.
        example: automation.load_juggler_circuit
        selector: {entity: {filter: [{domain: [automation]}]}}
      name:
        name: Name
        description: >-
          What you call this circuit, e.g. Garage. Its sensors are named after it. Needed.
        example: Garage
        selector: {text: {}}
      limit_a:
        name: Limit
        description: What is written on the breaker, per phase, e.g. 16. Needed.
        example: 16
        selector: {number: {min: 1, max: 1000, step: 1, unit_of_measurement: A, mode: box}}
      parent:
        name: Breaker above
        description: Name of the circuit that feeds this one. Leave it empty for the main breaker.
        example: Outbuilding
        selector: {text: {}}
      meter_a:
        name: Meter, phase A
        description: >-
          Current (A) or power (W, kW) of this breaker on phase A: positive when taken from the
          grid, negative when fed in.
        example: sensor.meter_a
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      meter_b:
        name: Meter, phase B
        description: >-
          Current (A) or power (W, kW) of this breaker on phase B: positive when taken from the
          grid, negative when fed in.
        example: sensor.meter_b
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      meter_c:
        name: Meter, phase C
        description: >-
          Current (A) or power (W, kW) of this breaker on phase C: positive when taken from the
          grid, negative when fed in.
        example: sensor.meter_c
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      invert:
        name: Turn the sign round
        description: >-
          Switch this on if the meter sensors show what is fed in as positive. Default: off.
        example: false
        selector: {boolean: {}}
      meter_interval_s:
        name: Meter interval
        description: >-
          Optional. How often the meter reports at least. If it is silent for twice as long, it is
          taken to be frozen, whatever it shows.
        example: 10
        selector: {number: {min: 1, max: 3600, step: 1, unit_of_measurement: s, mode: box}}
      reserve_a:
        name: Reserve
        description: 'Current per phase that is kept free, never handed out. Default: 0 A.'
        example: 0
        selector: {number: {min: 0, max: 100, step: 0.5, unit_of_measurement: A, mode: box}}
      limit_entity:
        name: Limit from an entity
        description: Optional. As long as this entity has a valid value, it replaces the limit.
        example: input_number.limit
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
    """
    return _register("circuit", data)


@service("pyscript.loadjuggler_register_charger", supports_response="optional")
def loadjuggler_register_charger(**data):
    """yaml
    name: Load Juggler, register a charger
    description: >-
      Wires a charger, or changes it. The blueprint 'Load Juggler OCPP charger' calls this. Answers
      ok, or all that is wrong, as sentences (errors).
    fields:
      contract:
        name: Version of the form
        description: Always 1.
        example: 1
        selector: {text: {}}
      node:
        name: Node
        description: 'Names this charger for good: with the same one it is changed, not added.'
        example: '1700000000000'
        selector: {text: {}}
      automation:
        name: Automation
        description: Optional. The charger is there as long as this automation is.
        example: automation.load_juggler_charger
        selector: {entity: {filter: [{domain: [automation]}]}}
      name:
        name: Name
        description: >-
          What you call this charger, e.g. Left car. Its sensors are named after it. Needed.
        example: Left car
        selector: {text: {}}
      devid:
        name: Charge point id
        description: >-
          The id of the charger in the OCPP integration, or the name of its device. Its sensors
          begin with it: for sensor.charger_status_connector it is charger. Needed.
        example: charger
        selector: {text: {}}
      connector:
        name: Connector
        description: '1, or 2 for the second connector of a station. Default: 1.'
        example: 1
        selector: {number: {min: 1, max: 10, step: 1, mode: box}}
      circuit:
        name: Breaker
        description: >-
          Name of the circuit that feeds it, as you wrote it in that circuit's form. Leave it empty
          for the main breaker.
        example: Garage
        selector: {text: {}}
      mode:
        name: Mode
        description: >-
          How it runs. An entity or an automation of yours can change it at any time. Default:
          Standard.
        example: standard
        selector: {select: {options: [standard, solar_priority, solar_only, excess, boost, 'off']}}
      leg_l1:
        name: Leg L1
        description: 'Phase of the house that its own terminal L1 is wired to. Default: Phase A.'
        example: A
        selector: {select: {options: [A, B, C, none]}}
      leg_l2:
        name: Leg L2
        description: 'Phase of the house that its own terminal L2 is wired to. Default: Phase B.'
        example: B
        selector: {select: {options: [A, B, C, none]}}
      leg_l3:
        name: Leg L3
        description: 'Phase of the house that its own terminal L3 is wired to. Default: Phase C.'
        example: C
        selector: {select: {options: [A, B, C, none]}}
      allow_remap:
        name: May be counted on other phases
        description: >-
          If its draw clearly moves other phases of the meters, it is counted on those; that is
          told, and can be undone. Off: it is only told. Default: off.
        example: false
        selector: {boolean: {}}
      min_current_a:
        name: Minimum current
        description: 'With less than this the car pauses. Cars need at least 6 A. Default: 6 A.'
        example: 6
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
      min_current_entity:
        name: Minimum current from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the minimum current.
        example: input_number.min_current
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      max_current_a:
        name: Maximum current
        description: 'The most that charger, cable and car can take, per phase. Default: 16 A.'
        example: 16
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
      max_current_entity:
        name: Maximum current from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the maximum current.
        example: input_number.max_current
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      step_a:
        name: Step
        description: >-
          Optional. 1 for a charger that knows only whole amperes. Empty: as its make, mostly 0.1 A.
        example: 0.1
        selector: {number: {min: 0.1, max: 32, step: 0.1, unit_of_measurement: A, mode: box}}
      priority:
        name: Priority
        description: >-
          1 goes first, 10 last. It counts among loads whose modes are equally urgent. Default: 5.
        example: 5
        selector: {number: {min: 1, max: 10, step: 1, mode: box}}
      priority_entity:
        name: Priority from an entity
        description: Optional. As long as this entity has a valid value, it replaces the priority.
        example: input_number.priority
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      mode_entity:
        name: Mode from an entity
        description: Optional. As long as this entity has a valid value, it replaces the mode.
        example: input_select.mode
        selector: {entity: {filter: [{domain: [input_select, select, input_text, sensor]}]}}
      fallback_current_a:
        name: Fallback current
        description: >-
          The most it takes while a meter above it has been silent for a minute; 0: it pauses.
          Default: 6 A.
        example: 6
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
      allow_reset:
        name: May be reset
        description: >-
          If it goes on taking more than it was told, it is restarted: once in a session, three
          times a day at most. Default: off.
        example: false
        selector: {boolean: {}}
      solar_grace_min:
        name: Grace
        description: >-
          How long it goes on at its minimum, from the grid if need be, before lack of sun stops it.
          Default: 5 min.
        example: 5
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      solar_pause_min:
        name: Pause
        description: >-
          How long it stays off at least after it had to stop. It starts again when its minimum has
          been free for as long. Default: 3 min.
        example: 3
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      solar_stops:
        name: Most stops
        description: >-
          So often in a session it may be stopped for lack of sun: some cars give up when that
          happens often. 0: as often as it takes. Default: 6.
        example: 6
        selector: {number: {min: 0, max: 100, step: 1, mode: box}}
      after_stops:
        name: After the last stop
        description: >-
          What it does when it was stopped that often. Default: It stays off until the next day.
        example: stay_off
        selector: {select: {options: [stay_off, hold]}}
      excess_threshold_w:
        name: Export threshold of its own
        description: >-
          Optional, for mode Excess. It runs on what would be exported above this; empty: the
          site's.
        example: 3000
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      boost_min:
        name: Boost lasts
        description: >-
          After this time in mode Boost the mode before it holds again. Default: 60 min.
        example: 60
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      phase_switch_entity:
        name: Switch for phases
        description: >-
          Optional. A switch that is on for three phases, or a select. The car is paused, switched,
          and goes on.
        example: switch.phase_switch
        selector: {entity: {filter: [{domain: [switch, input_boolean, select, input_select]}]}}
      phase_one_option:
        name: Option for one phase
        description: 'Of a select only. Default: 1.'
        example: '1'
        selector: {text: {}}
      phase_three_option:
        name: Option for three phases
        description: 'Of a select only. Default: 3.'
        example: '3'
        selector: {text: {}}
      phase_apart_min:
        name: Time between switches
        description: 'At least so long it stays on as many phases as it has. Default: 10 min.'
        example: 10
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      phase_by_profile:
        name: Its profiles switch it
        description: >-
          Instead of a switch: for a charger that obeys the number of phases in charging profiles
          (its key ConnectorSwitch3to1PhaseSupported is true). Default: off.
        example: false
        selector: {boolean: {}}
      preset:
        name: Make
        description: >-
          What is known of its make. Everything below is set by it, unless you choose otherwise.
          Default: Any other.
        example: generic
        selector: {select: {options: [generic, abb, alfen, autel, easee, evbox, foxess, go_e,
          grizzl_e, homecharge, huawei, mennekes, schneider, timxon, wallbox, wallbox_5, zaptec]}}
      ocpp_version:
        name: OCPP version
        description: >-
          What it speaks with Home Assistant. With 2.0.1 it is told by one profile, without end.
          Default: 1.6.
        example: '1.6'
        selector: {select: {options: ['1.6', '2.0.1']}}
      rate_unit:
        name: Unit
        description: >-
          In which unit it is told. It is asked which ones it knows; until it has answered, A.
          Default: as its make.
        example: preset
        selector: {select: {options: [preset, auto, A, W]}}
      profile_purpose:
        name: Purpose of profiles
        description: >-
          Which kind of charging profile. The station's maximum holds for all its connectors, and
          many chargers wear out their memory with it. Default: as its make.
        example: preset
        selector: {select: {options: [preset, auto, TxDefaultProfile, ChargePointMaxProfile]}}
      profile_kind:
        name: Kind of profiles
        description: >-
          Only what goes by the clock (Absolute) can run out by itself in a session. Default: as its
          make.
        example: preset
        selector: {select: {options: [preset, auto, Absolute, Relative]}}
      layers:
        name: Layers
        description: >-
          With two it goes back to its fallback current by itself within 3 min if Load Juggler or
          Home Assistant stops; with one it keeps what it was told last. Default: as its make.
        example: preset
        selector: {select: {options: [preset, auto, '2', '1']}}
      stack_level:
        name: Stack level
        description: Optional. The level of its profile, or of the lower of two.
        example: 0
        selector: {number: {min: 0, max: 100, step: 1, mode: box}}
      pause_by:
        name: Paused by
        description: >-
          How it is made to stop. With its minimum it never stops, it only goes down to that.
          Default: as its make.
        example: preset
        selector: {select: {options: [preset, zero, minimum, switch, availability]}}
      pause_entity:
        name: Switch that pauses it
        description: >-
          Optional. Needed only if Load Juggler does not find the switch of the OCPP integration.
        example: input_boolean.pause
        selector: {entity: {filter: [{domain: [input_boolean, switch, binary_sensor]}]}}
      number_phases:
        name: Number of phases
        description: 'Whether profiles in W say how many phases the car uses. Default: as its make.'
        example: preset
        selector: {select: {options: [preset, auto, never]}}
      clear_first:
        name: Clear what others left on it
        description: >-
          Once, when Load Juggler takes it over: a profile of somebody else may be above its own.
          Not done where the station has more than one connector in use. Default: on.
        example: true
        selector: {boolean: {}}
      report_interval_s:
        name: Ask for its values every
        description: Optional. It is asked for a report when the last one is older than this.
        example: 15
        selector: {number: {min: 5, max: 3600, step: 1, unit_of_measurement: s, mode: box}}
      offline_s:
        name: Offline after
        description: >-
          Optional. So long after its last sign of life it counts as offline. Empty: 180 s if the
          OCPP integration has a sensor of its latency, else never.
        example: 180
        selector: {number: {min: 20, max: 86400, step: 1, unit_of_measurement: s, mode: box}}
      status_entity:
        name: Status
        description: 'Optional. The status of the connector: Available, Charging and so on.'
        example: sensor.status
        selector: {entity: {filter: [{domain: [sensor]}]}}
      current_entity:
        name: Current
        description: Optional. The current that the car takes, in all or with attributes L1, L2, L3.
        example: sensor.current
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      current_l1_entity:
        name: Current L1
        description: Optional. The current of leg L1 alone, if each leg has its own sensor.
        example: sensor.current_l1
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      current_l2_entity:
        name: Current L2
        description: Optional. The current of leg L2 alone, if each leg has its own sensor.
        example: sensor.current_l2
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      current_l3_entity:
        name: Current L3
        description: Optional. The current of leg L3 alone, if each leg has its own sensor.
        example: sensor.current_l3
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      power_entity:
        name: Power
        description: 'Optional. The power that the car takes; used if there is no current.'
        example: sensor.power
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      transaction_entity:
        name: Transaction id
        description: Optional. The number of the charging session.
        example: sensor.transaction
        selector: {entity: {filter: [{domain: [sensor]}]}}
    """
    return _register("charger", data)


@service("pyscript.loadjuggler_register_number_charger", supports_response="optional")
def loadjuggler_register_number_charger(**data):
    """yaml
    name: Load Juggler, register a number charger
    description: >-
      Wires a number charger, or changes it. The blueprint 'Load Juggler number charger' calls this.
      Answers ok, or all that is wrong, as sentences (errors).
    fields:
      contract:
        name: Version of the form
        description: Always 1.
        example: 1
        selector: {text: {}}
      node:
        name: Node
        description: >-
          Names this number charger for good: with the same one it is changed, not added.
        example: '1700000000000'
        selector: {text: {}}
      automation:
        name: Automation
        description: Optional. The number charger is there as long as this automation is.
        example: automation.load_juggler_number_charger
        selector: {entity: {filter: [{domain: [automation]}]}}
      name:
        name: Name
        description: >-
          What you call this charger, e.g. Left car. Its sensors are named after it. Needed.
        example: Right car
        selector: {text: {}}
      setting_entity:
        name: Current setting
        description: >-
          What sets its current per phase (A) or its power (W): a number, or a list of such numbers
          to choose from. Needed.
        example: number.setting
        selector: {entity: {filter: [{domain: [number, input_number, select, input_select]}]}}
      switch_entity:
        name: On/off switch
        description: >-
          Optional. Pauses it. Without one it is paused by setting 0; if that can't be set, it goes
          on at its least.
        example: switch.switch
        selector: {entity: {filter: [{domain: [switch, input_boolean]}]}}
      circuit:
        name: Breaker
        description: >-
          Name of the circuit that feeds it, as you wrote it in that circuit's form. Leave it empty
          for the main breaker.
        example: Garage
        selector: {text: {}}
      mode:
        name: Mode
        description: >-
          How it runs. An entity or an automation of yours can change it at any time. Default:
          Standard.
        example: standard
        selector: {select: {options: [standard, solar_priority, solar_only, excess, boost, 'off']}}
      leg_l1:
        name: Leg L1
        description: 'Phase of the house that its own terminal L1 is wired to. Default: Phase A.'
        example: A
        selector: {select: {options: [A, B, C, none]}}
      leg_l2:
        name: Leg L2
        description: 'Phase of the house that its own terminal L2 is wired to. Default: Phase B.'
        example: B
        selector: {select: {options: [A, B, C, none]}}
      leg_l3:
        name: Leg L3
        description: 'Phase of the house that its own terminal L3 is wired to. Default: Phase C.'
        example: C
        selector: {select: {options: [A, B, C, none]}}
      allow_remap:
        name: May be counted on other phases
        description: >-
          If its draw clearly moves other phases of the meters, it is counted on those; that is
          told, and can be undone. Off: it is only told. Default: off.
        example: false
        selector: {boolean: {}}
      phases_entity:
        name: Phases in use
        description: >-
          Optional. How many phases the car uses now: 1, 2 or 3. Without it, that is measured.
        example: sensor.phases
        selector: {entity: {filter: [{domain: [sensor, number, select, input_number]}]}}
      min_current_a:
        name: Minimum current
        description: 'With less than this the car pauses. Cars need at least 6 A. Default: 6 A.'
        example: 6
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
      min_current_entity:
        name: Minimum current from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the minimum current.
        example: input_number.min_current
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      max_current_a:
        name: Maximum current
        description: 'The most that charger, cable and car can take, per phase. Default: 16 A.'
        example: 16
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
      max_current_entity:
        name: Maximum current from an entity
        description: >-
          Optional. As long as this entity has a valid value, it replaces the maximum current.
        example: input_number.max_current
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      setting_unit:
        name: Unit of the setting
        description: >-
          Whether it is a current or a power. A list without units is in A. Default: The entity says
          it.
        example: auto
        selector: {select: {options: [auto, a, w]}}
      setting_step:
        name: Step of the setting
        description: >-
          Optional, in the entity's unit. 1 for a charger that knows only whole amperes; empty: the
          entity says it.
        example: 1
        selector: {number: {min: 0.1, max: 10000, step: 0.1, mode: box}}
      priority:
        name: Priority
        description: >-
          1 goes first, 10 last. It counts among loads whose modes are equally urgent. Default: 5.
        example: 5
        selector: {number: {min: 1, max: 10, step: 1, mode: box}}
      priority_entity:
        name: Priority from an entity
        description: Optional. As long as this entity has a valid value, it replaces the priority.
        example: input_number.priority
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      mode_entity:
        name: Mode from an entity
        description: Optional. As long as this entity has a valid value, it replaces the mode.
        example: input_select.mode
        selector: {entity: {filter: [{domain: [input_select, select, input_text, sensor]}]}}
      fallback_current_a:
        name: Fallback current
        description: >-
          The most it takes while a meter above it has been silent for a minute; 0: it pauses.
          Default: 6 A.
        example: 6
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
      solar_grace_min:
        name: Grace
        description: >-
          How long it goes on at its minimum, from the grid if need be, before lack of sun stops it.
          Default: 5 min.
        example: 5
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      solar_pause_min:
        name: Pause
        description: >-
          How long it stays off at least after it had to stop. It starts again when its minimum has
          been free for as long. Default: 3 min.
        example: 3
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      solar_stops:
        name: Most stops
        description: >-
          So often in a session it may be stopped for lack of sun: some cars give up when that
          happens often. 0: as often as it takes. Default: 6.
        example: 6
        selector: {number: {min: 0, max: 100, step: 1, mode: box}}
      after_stops:
        name: After the last stop
        description: >-
          What it does when it was stopped that often. Default: It stays off until the next day.
        example: stay_off
        selector: {select: {options: [stay_off, hold]}}
      excess_threshold_w:
        name: Export threshold of its own
        description: >-
          Optional, for mode Excess. It runs on what would be exported above this; empty: the
          site's.
        example: 3000
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      boost_min:
        name: Boost lasts
        description: >-
          After this time in mode Boost the mode before it holds again. Default: 60 min.
        example: 60
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      phase_switch_entity:
        name: Switch for phases
        description: >-
          Optional. A switch that is on for three phases, or a select. The car is paused, switched,
          and goes on.
        example: switch.phase_switch
        selector: {entity: {filter: [{domain: [switch, input_boolean, select, input_select]}]}}
      phase_one_option:
        name: Option for one phase
        description: 'Of a select only. Default: 1.'
        example: '1'
        selector: {text: {}}
      phase_three_option:
        name: Option for three phases
        description: 'Of a select only. Default: 3.'
        example: '3'
        selector: {text: {}}
      phase_apart_min:
        name: Time between switches
        description: 'At least so long it stays on as many phases as it has. Default: 10 min.'
        example: 10
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      status_entity:
        name: Status
        description: >-
          Optional. Whether a car is there and charges: a text, or a sensor that is on with a car.
        example: sensor.status
        selector: {entity: {filter: [{domain: [sensor, binary_sensor, input_select]}]}}
      status_charging:
        name: Texts for charging
        description: Optional, with commas between them. Common ones are known already.
        example: Laden
        selector: {text: {}}
      status_connected:
        name: Texts for connected
        description: Optional. A car is there and could charge.
        example: Bereit, Verbunden
        selector: {text: {}}
      status_idle:
        name: Texts for not connected
        description: Optional. No car is there, or it may not charge.
        example: Frei
        selector: {text: {}}
      status_fault:
        name: Texts for a fault
        description: Optional. It takes no part.
        example: Defekt
        selector: {text: {}}
      without_status:
        name: Without a status
        description: 'When it takes part in the sharing, if there is no status. Default: Always.'
        example: always
        selector: {select: {options: [always, drawing]}}
      current_entity:
        name: Current
        description: Optional. The current that the car takes, in all or with attributes L1, L2, L3.
        example: sensor.current
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      current_l1_entity:
        name: Current L1
        description: Optional. The current of leg L1 alone, if each leg has its own sensor.
        example: sensor.current_l1
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      current_l2_entity:
        name: Current L2
        description: Optional. The current of leg L2 alone, if each leg has its own sensor.
        example: sensor.current_l2
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      current_l3_entity:
        name: Current L3
        description: Optional. The current of leg L3 alone, if each leg has its own sensor.
        example: sensor.current_l3
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      power_entity:
        name: Power
        description: 'Optional. The power that the car takes; used if there is no current.'
        example: sensor.power
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
    """
    return _register("number_charger", data)


@service("pyscript.loadjuggler_register_plug", supports_response="optional")
def loadjuggler_register_plug(**data):
    """yaml
    name: Load Juggler, register a plug
    description: >-
      Wires a plug, or changes it. The blueprint 'Load Juggler plug' calls this. Answers ok, or all
      that is wrong, as sentences (errors).
    fields:
      contract:
        name: Version of the form
        description: Always 1.
        example: 1
        selector: {text: {}}
      node:
        name: Node
        description: 'Names this plug for good: with the same one it is changed, not added.'
        example: '1700000000000'
        selector: {text: {}}
      automation:
        name: Automation
        description: Optional. The plug is there as long as this automation is.
        example: automation.load_juggler_plug
        selector: {entity: {filter: [{domain: [automation]}]}}
      name:
        name: Name
        description: What you call this plug, e.g. Boiler. Its sensors are named after it. Needed.
        example: Boiler
        selector: {text: {}}
      switch:
        name: Switch
        description: The switch that turns it on and off. Needed.
        example: switch.switch
        selector: {entity: {filter: [{domain: [switch, input_boolean]}]}}
      power_w:
        name: Power
        description: >-
          What it takes while it is on, all phases together. A power sensor corrects it. Needed.
        example: 2000
        selector: {number: {min: 1, max: 100000, step: 1, unit_of_measurement: W, mode: box}}
      circuit:
        name: Breaker
        description: >-
          Name of the circuit that feeds it, as you wrote it in that circuit's form. Leave it empty
          for the main breaker.
        example: Garage
        selector: {text: {}}
      mode:
        name: Mode
        description: >-
          How it runs. An entity or an automation of yours can change it at any time. Default:
          Continuous.
        example: continuous
        selector: {select: {options: [continuous, solar_only, excess, boost, 'off']}}
      leg_l1:
        name: Leg L1
        description: 'Phase of the house that its own terminal L1 is wired to. Default: Phase A.'
        example: A
        selector: {select: {options: [A, B, C, none]}}
      leg_l2:
        name: Leg L2
        description: >-
          Phase of the house that its own terminal L2 is wired to. Default: not connected.
        example: none
        selector: {select: {options: [A, B, C, none]}}
      leg_l3:
        name: Leg L3
        description: >-
          Phase of the house that its own terminal L3 is wired to. Default: not connected.
        example: none
        selector: {select: {options: [A, B, C, none]}}
      essential:
        name: Essential
        description: >-
          Never switched off by Load Juggler. While it is on, it comes before everything else.
          Default: off.
        example: false
        selector: {boolean: {}}
      priority:
        name: Priority
        description: >-
          1 goes first, 10 last. It counts among loads whose modes are equally urgent. Default: 5.
        example: 5
        selector: {number: {min: 1, max: 10, step: 1, mode: box}}
      priority_entity:
        name: Priority from an entity
        description: Optional. As long as this entity has a valid value, it replaces the priority.
        example: input_number.priority
        selector: {entity: {filter: [{domain: [input_number, number, sensor]}]}}
      mode_entity:
        name: Mode from an entity
        description: Optional. As long as this entity has a valid value, it replaces the mode.
        example: input_select.mode
        selector: {entity: {filter: [{domain: [input_select, select, input_text, sensor]}]}}
      power_entity:
        name: Power sensor
        description: Optional. The power that it takes now, e.g. from the smart plug itself.
        example: sensor.power
        selector: {entity: {filter: [{domain: [sensor, input_number, number]}]}}
      solar_grace_min:
        name: Grace
        description: >-
          How long it goes on at its minimum, from the grid if need be, before lack of sun stops it.
          Default: 5 min.
        example: 5
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      min_on_min:
        name: Shortest time on
        description: >-
          Once it is on, lack of sun does not switch it off before this time is over. Default: 5
          min.
        example: 5
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      min_off_min:
        name: Shortest time off
        description: 'Once it is switched off, it stays off for this time at least. Default: 5 min.'
        example: 5
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
      excess_threshold_w:
        name: Export threshold of its own
        description: >-
          Optional, for mode Excess. It runs on what would be exported above this; empty: the
          site's.
        example: 3000
        selector: {number: {min: 0, max: 1000000, step: 1, unit_of_measurement: W, mode: box}}
      boost_min:
        name: Boost lasts
        description: >-
          After this time in mode Boost the mode before it holds again. Default: 60 min.
        example: 60
        selector: {number: {min: 0, max: 1440, step: 0.5, unit_of_measurement: min, mode: box}}
    """
    return _register("plug", data)


# --- end of generated part ---


@service("pyscript.loadjuggler_recalculate", supports_response="optional")
def loadjuggler_recalculate(**kwargs):
    """yaml
    name: Load Juggler, recalculate
    description: Calculates and sends everything anew, now. Answers what each load gets, and why.
    """
    run()
    return desk().answer()


@service("pyscript.loadjuggler_suggest", supports_response="only")
def loadjuggler_suggest(**kwargs):
    """yaml
    name: Load Juggler, suggest
    description: >-
      Looks at all entities and proposes what to wire: fields of the site (site), plugs and
      chargers, each with how sure it is (confidence) and why (reason), and what to see to (notes).
      Nothing is changed.
    """
    return suggest_from_all()


@service("pyscript.loadjuggler_set_mode", supports_response="optional")
def loadjuggler_set_mode(load=None, mode=None, minutes=None, **kwargs):
    """yaml
    name: Load Juggler, set mode
    description: Sets the mode of a load. An entity that is wired as its mode is written, too.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        example: Left car
        selector: {text: {}}
      mode:
        name: Mode
        description: What the load may take.
        example: standard
        selector:
          select:
            options:
              - standard
              - continuous
              - solar_priority
              - solar_only
              - excess
              - boost
              - "off"
      minutes:
        name: Minutes
        description: How long a boost lasts; without it, as long as the form says.
        example: 90
        selector: {number: {min: 1, max: 1440, unit_of_measurement: min, mode: box}}
    """
    return _set(desk().set_mode(load, mode, minutes))


@service("pyscript.loadjuggler_check_wiring", supports_response="optional")
def loadjuggler_check_wiring(load=None, **kwargs):
    """yaml
    name: Load Juggler, check wiring
    description: >-
      Lets a charger that charges go down and up by a few amperes for a minute, and looks which
      phases of the meters answer. Answers for each leg the phase, the sign and how sure it is.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        example: Left car
        selector: {text: {}}
    """
    return check_wiring(load)


@pyscript_compile
async def check_wiring(load):
    """Begin a check, wait until it has ended, and answer what came of it."""
    import asyncio
    import time

    answer = desk().check_wiring(load, time.time())
    ends_at = time.monotonic() + 5 * house.keeper.options.check_stage_s + CHECK_LOOK_S
    while answer["ok"] and house.on and time.monotonic() < ends_at:
        house.wake.set()
        await asyncio.sleep(CHECK_LOOK_S)
        found = desk().checked(load)
        if found is not None:
            return found
    return answer


@service("pyscript.loadjuggler_undo_remap", supports_response="optional")
def loadjuggler_undo_remap(load=None, **kwargs):
    """yaml
    name: Load Juggler, undo remap
    description: >-
      Counts a load on the phases that its form says again, after it was found on others. It stays
      so until its form is changed.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        example: Left car
        selector: {text: {}}
    """
    return _set(desk().undo_remap(load))


@service("pyscript.loadjuggler_set_distribution", supports_response="optional")
def loadjuggler_set_distribution(distribution=None, **kwargs):
    """yaml
    name: Load Juggler, set sharing
    description: Sets how loads of the same urgency share. An entity that is wired is written, too.
    fields:
      distribution:
        name: Sharing
        description: The way of sharing.
        example: shared
        selector: {select: {options: [priority, shared, strict, optimized]}}
    """
    return _set(desk().set_distribution(distribution))


# What was told, and why.


@service("pyscript.loadjuggler_history", supports_response="optional")
def loadjuggler_history(load=None, count=None, **kwargs):
    """yaml
    name: Load Juggler, history
    description: >-
      Answers what a load was told lately and why, the newest first: up to 50 changes of its
      current, mode or status, with the sentences as they were said then.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        example: Left car
        selector: {text: {}}
      count:
        name: Count
        description: How many changes at most; without it, all that are kept.
        example: 10
        selector: {number: {min: 1, max: 50, mode: box}}
    """
    return desk().history(load, count)


@service("pyscript.loadjuggler_explain", supports_response="optional")
def loadjuggler_explain(load=None, **kwargs):
    """yaml
    name: Load Juggler, explain
    description: >-
      Answers the full account of a load: its mode, every limit with its numbers and which of them
      binds, timers, and what comes next. As text (Markdown) and as data.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        example: Left car
        selector: {text: {}}
    """
    return desk().explain(load)


# --- services: boost, pause, resume, priority, limits ---------------------------------------------


@service("pyscript.loadjuggler_boost", supports_response="optional")
def loadjuggler_boost(load=None, minutes=None, **kwargs):
    """yaml
    name: Load Juggler, boost
    description: >-
      Lets a load run at once, with all that the wires allow, for a while; then its mode holds
      again. It ends a pause. An entity that is wired as its mode is written, too.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        required: true
        example: Left car
        selector: {text: {}}
      minutes:
        name: Minutes
        description: How long; without it, as long as the form says (60 min).
        example: 90
        selector: {number: {min: 1, max: 1440, unit_of_measurement: min, mode: box}}
    """
    return _set(desk().set_mode(load, "boost", minutes))


@service("pyscript.loadjuggler_pause", supports_response="optional")
def loadjuggler_pause(load=None, minutes=None, **kwargs):
    """yaml
    name: Load Juggler, pause
    description: >-
      Lets a load rest for a while, whatever its mode; then it goes on in its mode. It takes
      nothing meanwhile, but a boost ends the pause.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        required: true
        example: Left car
        selector: {text: {}}
      minutes:
        name: Minutes
        description: How long; 60 without it.
        example: 60
        selector: {number: {min: 1, max: 1440, unit_of_measurement: min, mode: box}}
    """
    return _set(pause_load(load, minutes))


@pyscript_compile
def pause_load(load, minutes):
    """Begin a pause now."""
    import time

    return desk().pause(load, minutes, time.time())


@service("pyscript.loadjuggler_resume", supports_response="optional")
def loadjuggler_resume(load=None, **kwargs):
    """yaml
    name: Load Juggler, resume
    description: Ends a pause or a boost of a load before its time; its mode holds again.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        required: true
        example: Left car
        selector: {text: {}}
    """
    return _set(desk().resume(load))


@service("pyscript.loadjuggler_set_priority", supports_response="optional")
def loadjuggler_set_priority(load=None, priority=None, **kwargs):
    """yaml
    name: Load Juggler, set priority
    description: >-
      Sets who goes first among loads of the same urgency. An entity that is wired as its priority
      is written; without one it holds until another priority is chosen in the form.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        required: true
        example: Left car
        selector: {text: {}}
      priority:
        name: Priority
        description: 1 goes before 2.
        required: true
        example: 1
        selector: {number: {min: 1, max: 10, mode: box}}
    """
    return _set(desk().set_priority(load, priority))


@service("pyscript.loadjuggler_set_limits", supports_response="optional")
def loadjuggler_set_limits(load=None, min_current_a=None, max_current_a=None, **kwargs):
    """yaml
    name: Load Juggler, set limits
    description: >-
      Sets the least and the most that a charger may be told, or one of both. Entities that are
      wired for them are written; without, they hold until the form's value is changed.
    fields:
      load:
        name: Load
        description: Its name in the form, or its id.
        required: true
        example: Left car
        selector: {text: {}}
      min_current_a:
        name: Minimum current
        description: Below this it is paused.
        example: 6
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
      max_current_a:
        name: Maximum current
        description: The most that it may take, per phase.
        example: 16
        selector: {number: {min: 0, max: 250, step: 0.1, unit_of_measurement: A, mode: box}}
    """
    return _set(desk().set_limits(load, min_current_a, max_current_a))


def _set(answer):
    """Do what the Keeper answered to a setting: write it to the entities that are wired for it."""
    calls = answer.pop("calls", [])
    call = answer.pop("call", None)
    if call:
        calls = [*calls, call]
    for call in calls:
        error, _ = make_call(call["domain"], call["service"], call["data"])
        if error:
            answer = {"ok": False, "message": error}
    if not answer["ok"]:
        log.warning(answer["message"])
    house.wake.set()
    if house.keeper.must_store():
        store()  # before it is answered: what a user set must not be lost
    return answer


# --- the dashboard --------------------------------------------------------------------------------


@service("pyscript.loadjuggler_dashboard", supports_response="only")
def loadjuggler_dashboard(**kwargs):
    """yaml
    name: Load Juggler, dashboard
    description: >-
      Makes a dashboard of what is wired now. Answers its text (yaml) and where to paste it (note).
    """
    return make_dashboard()


@pyscript_compile
def make_dashboard():
    """The dashboard, for the Home Assistant that this is, in its language."""
    from homeassistant.const import __version__
    from homeassistant.core import async_get_hass

    return desk().dashboard(__version__, async_get_hass().config.language)
