"""Load Juggler in Home Assistant: the only file that knows pyscript.

It parses nothing and decides nothing. Forms, states and the time go into the engine's Keeper
(modules/loadjuggler), and what the Keeper answers is done. Services are answered at its Desk.

Functions marked @pyscript_compile or @pyscript_executor are ordinary Python; the others are
interpreted by pyscript, which is a hundred times slower and lacks much of the language. So these
only pass things on, with few and small arguments (pyscript prints them all for its debug log).
Nothing here needs allow_all_imports or hass_is_global.
"""

LOGGER = "custom_components.pyscript.file.loadjuggler"
ENGINE_ROOMS = {
    "desk": "runtime.api",
    "discovery": "discovery",
    "keeper": "runtime.controller",
    "services": "runtime.services",
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
    """A lock that all loads of this file share.

    pyscript's watchdog and its reload service may load it twice at once. The lock is kept where
    modules are, for lack of another place.
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
        described=False,
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
    """Serve the picture if Home Assistant does not.

    It serves www only if that folder was there when it started (frontend, 2025.4), and the picture
    may be the first that is in it.
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
            if not house.described:
                describe_services()
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
        house.described = False
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


def take_in(kind):
    """The service that takes in the forms of a kind, for as long as what is returned is kept."""

    @service(f"pyscript.loadjuggler_register_{kind}", supports_response="optional")
    def register(**data):
        """Take in a form."""
        return register_form(kind, data)

    return register


takers = [take_in(kind) for kind in engine["services"].KINDS]


@pyscript_compile
def describe_services():
    """Tell Home Assistant what the services are for, and what their fields are.

    Not before all of them are there: pyscript says what it knows of a service when it registers it,
    and Home Assistant looks then whether the service answers.
    """
    from homeassistant.core import async_get_hass
    from homeassistant.helpers.service import async_set_service_schema

    home, told = async_get_hass(), engine["services"].SERVICES
    if all(home.services.has_service("pyscript", f"loadjuggler_{name}") for name in told):
        for name, one in told.items():
            async_set_service_schema(home, "pyscript", f"loadjuggler_{name}", one.description())
        house.described = True


@service("pyscript.loadjuggler_recalculate", supports_response="optional")
def loadjuggler_recalculate(**kwargs):
    """Run now."""
    run()
    return desk().answer()


@service("pyscript.loadjuggler_suggest", supports_response="only")
def loadjuggler_suggest(**kwargs):
    """Propose what to wire."""
    return suggest_from_all()


@service("pyscript.loadjuggler_set_mode", supports_response="optional")
def loadjuggler_set_mode(load=None, mode=None, minutes=None, **kwargs):
    """Set the mode of a load."""
    return _set(desk().set_mode(load, mode, minutes))


@service("pyscript.loadjuggler_check_wiring", supports_response="optional")
def loadjuggler_check_wiring(load=None, **kwargs):
    """Check the wiring of a load."""
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
    """Count a load as its form says."""
    return _set(desk().undo_remap(load))


@service("pyscript.loadjuggler_set_distribution", supports_response="optional")
def loadjuggler_set_distribution(distribution=None, **kwargs):
    """Set how the site shares."""
    return _set(desk().set_distribution(distribution))


# What was told, and why.


@service("pyscript.loadjuggler_history", supports_response="optional")
def loadjuggler_history(load=None, count=None, **kwargs):
    """What a load was told lately."""
    return desk().history(load, count)


@service("pyscript.loadjuggler_explain", supports_response="optional")
def loadjuggler_explain(load=None, **kwargs):
    """The account of a load."""
    return desk().explain(load)


# --- services: boost, pause, resume, priority, limits ---------------------------------------------


@service("pyscript.loadjuggler_boost", supports_response="optional")
def loadjuggler_boost(load=None, minutes=None, **kwargs):
    """Boost a load."""
    return _set(desk().set_mode(load, "boost", minutes))


@service("pyscript.loadjuggler_pause", supports_response="optional")
def loadjuggler_pause(load=None, minutes=None, **kwargs):
    """Pause a load."""
    return _set(pause_load(load, minutes))


@pyscript_compile
def pause_load(load, minutes):
    """Begin a pause now."""
    import time

    return desk().pause(load, minutes, time.time())


@service("pyscript.loadjuggler_resume", supports_response="optional")
def loadjuggler_resume(load=None, **kwargs):
    """End a pause or a boost."""
    return _set(desk().resume(load))


@service("pyscript.loadjuggler_set_priority", supports_response="optional")
def loadjuggler_set_priority(load=None, priority=None, **kwargs):
    """Set the order of a load."""
    return _set(desk().set_priority(load, priority))


@service("pyscript.loadjuggler_set_limits", supports_response="optional")
def loadjuggler_set_limits(load=None, min_current_a=None, max_current_a=None, **kwargs):
    """Set the limits of a charger."""
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
    """Make a dashboard."""
    return make_dashboard()


@pyscript_compile
def make_dashboard():
    """The dashboard, for the Home Assistant that this is, in its language."""
    from homeassistant.const import __version__
    from homeassistant.core import async_get_hass

    return desk().dashboard(__version__, async_get_hass().config.language)
