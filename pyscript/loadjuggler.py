"""Load Juggler in Home Assistant: the only file that knows pyscript.

It parses nothing and decides nothing. It imports the engine (modules/loadjuggler), gives the
engine's Host the hands with which it sees and does things in Home Assistant, and lets it run: when
a wired state changes, when a service is called, and at least every few seconds.

Functions marked @pyscript_compile or @pyscript_executor are ordinary Python; the others are
interpreted by pyscript, which is a hundred times slower and lacks much of the language. So these
only pass things on, with few and small arguments (pyscript prints them all for its debug log).
Nothing here needs allow_all_imports or hass_is_global.
"""

LOGGER = "custom_components.pyscript.file.loadjuggler"
ENGINE_MODULES = {
    "answers": "runtime.answers",
    "host": "runtime.host",
    "services": "runtime.services",
}
RELOAD_S = 1.0

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

    file = in_folder("pyscript", "modules", "loadjuggler", "__init__.py")
    with only_one():
        names = [name for name in sys.modules if name.split(".")[0] == "loadjuggler"]
        old = {name: sys.modules.pop(name) for name in names}
        try:
            importlib.invalidate_caches()
            spec = importlib.util.spec_from_file_location("loadjuggler", file)
            sys.modules["loadjuggler"] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules["loadjuggler"])
            return {
                name: importlib.import_module(f"loadjuggler.{module}")
                for name, module in ENGINE_MODULES.items()
            }
        except Exception:
            sys.modules.update(old)
            raise


@pyscript_compile
def in_folder(*names):
    """The path of a file in Home Assistant's configuration folder, which this file is in, too."""
    import sys
    from pathlib import Path

    return str(Path(sys._getframe().f_code.co_filename).parent.parent.joinpath(*names))


# --- the engine's hands ---------------------------------------------------------------------------


@pyscript_compile
def home():
    """Home Assistant."""
    from homeassistant.core import async_get_hass

    return async_get_hass()


@pyscript_compile
def state_of(hass, entity_id):
    """State, attributes, and when it was last reported (epoch s); None: no such entity."""
    found = hass.states.get(entity_id)
    return found and (found.state, found.attributes, found.last_reported.timestamp())


@pyscript_compile
async def call_service(hass, domain, service, data, asks):
    """Call a service; its response if it asks for that, or the service can't be called without."""
    from homeassistant.core import SupportsResponse

    only = hass.services.supports_response(domain, service) is SupportsResponse.ONLY
    return await hass.services.async_call(
        domain, service, dict(data), blocking=True, return_response=asks or only
    )


@pyscript_compile
async def serve_picture(hass):
    """Serve the folder of the picture if Home Assistant does not.

    It serves www only if that folder was there when it started (frontend, 2025.4), and the picture
    may be the first that is in it.
    """
    http = getattr(hass, "http", None)
    if http is None:  # it serves nothing at all
        return
    served = {resource.canonical for resource in http.app.router.resources()}
    if not served & {"/local", "/local/loadjuggler"}:
        from homeassistant.components.http import StaticPathConfig

        path = StaticPathConfig("/local/loadjuggler", in_folder("www", "loadjuggler"), False)
        await http.async_register_static_paths([path])


@pyscript_compile
def make_hands():
    """What the engine sees and does in Home Assistant: runtime/hands.py says what each is for."""
    import logging
    import time
    from functools import partial
    from types import SimpleNamespace

    from homeassistant.const import __version__
    from homeassistant.util import dt

    hass = home()
    return SimpleNamespace(
        log=logging.getLogger(LOGGER),
        store_path=in_folder(".storage", "loadjuggler"),
        picture_path=in_folder("www", "loadjuggler", "wiring.svg"),
        lock=only_one(),
        now=time.time,
        monotonic=time.monotonic,
        utc_offset_s=lambda: dt.now().utcoffset().total_seconds(),
        language=lambda: hass.config.language,
        version=lambda: __version__,
        state=partial(state_of, hass),
        entity_ids=hass.states.async_entity_ids,
        set_entity=lambda entity, value, more: hass.states.async_set(entity, value, dict(more)),
        remove_entity=hass.states.async_remove,
        fire=lambda kind, data: hass.bus.async_fire(kind, dict(data)),
        call=partial(call_service, hass),
        serve_picture=partial(serve_picture, hass),
        in_thread=hass.async_add_executor_job,
    )


# --- when this file is loaded ---------------------------------------------------------------------


def settings():
    """Options that the user has set in configuration.yaml, pyscript: global: loadjuggler:."""
    config = pyscript.config
    shared = config.get("global")
    return shared.get("loadjuggler") if isinstance(shared, dict) else None


@pyscript_compile
async def open_host(settings):
    """A host that goes on from what is stored."""
    return await engine["host"].Host.opened(make_hands(), settings)


@pyscript_compile
async def renew_host(fresh, settings):
    """A host of a fresh engine that goes on where the old one is."""
    return await fresh["host"].Host.renewed(host, settings)


engine = import_engine()
host = open_host(settings())


# --- services -------------------------------------------------------------------------------------


@pyscript_compile
def wanted_services():
    """Name and kind of response of each service that the engine has."""
    return [(one.name, one.response) for one in engine["services"].SERVICES.values()]


@pyscript_compile
async def answer(name, data):
    """What the engine answers to the call of a service."""
    sent = {key: data[key] for key in data if key not in ("context", "trigger_type")}  # pyscript's
    return await engine["answers"].answer(host, name, sent)


def provide(name, response):
    """A service of the engine, for as long as what is returned is kept."""

    @service(f"pyscript.loadjuggler_{name}", supports_response=response)
    def asked(**data):
        """A service of Load Juggler."""
        return answer(name, data)

    return asked


def provide_services():
    """Have the services that the engine has; those that stay are left alone."""
    global services
    wanted = wanted_services()
    services = {
        one: services[one] if one in services else provide(one[0], one[1]) for one in wanted
    }


@pyscript_compile
def describe_services():
    """Tell Home Assistant what the services say of themselves; whether all of them are there.

    They must be: pyscript says what it knows of a service when it registers it, and Home Assistant
    looks then whether the service answers.
    """
    from homeassistant.helpers.service import async_set_service_schema

    told = {f"loadjuggler_{one.name}": one for one in engine["services"].SERVICES.values()}
    there = all(home().services.has_service("pyscript", name) for name in told)
    if there:
        for name, one in told.items():
            async_set_service_schema(home(), "pyscript", name, one.description())
    return there


services = {}
described = False
provide_services()


# --- triggers -------------------------------------------------------------------------------------

followed, triggers = {}, []


@pyscript_compile
def note_change():
    """Expression of the state triggers: notes a change, and is never true.

    A trigger that is true would start a task and fire an event that lands in the logbook and in
    the database, for every reading of every meter.
    """
    host.wake.set()
    return False


def follow(names):
    """A state trigger on exactly these names, for as long as what is returned is kept."""

    @state_trigger("note_change()", watch=names)
    def wired_state(**kwargs):
        pass

    return wired_state


def follow_wiring():
    """Make the state triggers fit the wiring; the old ones go when the new ones are there."""
    global followed, triggers
    names = host.followed()
    if names != followed:
        followed = names
        triggers = [follow(group) for group in names.values()]
        host.wake.set()  # what changed in between went unnoticed


@time_trigger("startup")
def work(**kwargs):
    """Run, until pyscript or Home Assistant stops."""
    global described
    task.unique("loadjuggler")  # ends the work of an earlier load of this file, if it goes on
    while host.on:
        try:
            host.turn()
            follow_wiring()
            described = described or describe_services()
        except Exception as error:
            host.complain_once(error)
        host.next_run()


@time_trigger("shutdown")
def end(**kwargs):
    """Let the work end, and store once more."""
    host.finish()


@event_trigger("automation_reloaded")
def ask_all(**kwargs):
    """Ask all blueprints to announce themselves."""
    host.discover = True
    host.wake.set()


@event_trigger("call_service", "domain == 'pyscript' and service == 'reload'")
def reload_engine(**kwargs):
    """Follow pyscript.reload, which by itself reloads no file but this one, if it was edited."""
    task.sleep(RELOAD_S)  # if this file is being reloaded, it has ended by then
    if host.on:
        renew()


def renew():
    """Go on with a fresh engine and the settings as they are now."""
    global engine, host, described
    try:
        fresh = import_engine()
        host = renew_host(fresh, settings())
        engine = fresh
        provide_services()
        described = False
    except Exception as error:
        log.error(f"The edited engine can't be used, the old one goes on: {error}")
