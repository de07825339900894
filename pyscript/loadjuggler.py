"""Load Juggler in Home Assistant: the only file that knows pyscript.

It parses nothing and decides nothing. It imports the engine (modules/loadjuggler), gives the
engine's Host the functions with which it reads and acts in Home Assistant (its hands), and runs it
when a wired state changes, when a service is called, and at least every few seconds.

Functions marked @pyscript_compile or @pyscript_executor are ordinary Python. The others are
interpreted by pyscript, which is a hundred times slower and lacks much of the language. So they
only pass things on, with few and small arguments, because pyscript formats all of them for its
debug log. Nothing here needs allow_all_imports or hass_is_global.
"""

LOGGER = "custom_components.pyscript.file.loadjuggler"
ENGINE_MODULES = {
    "answers": "runtime.answers",
    "host": "runtime.host",
    "services": "runtime.services",
    "slug": "site.slug",
}
RELOAD_S = 1.0

# --- the engine -----------------------------------------------------------------------------------


@pyscript_compile
def only_one():
    """A lock that is shared each time this file is loaded.

    pyscript's watchdog and its reload service may load it twice at once. The lock is kept in
    sys.modules, which outlives the file.
    """
    import sys
    import threading
    import types

    shared = sys.modules.setdefault("loadjuggler_shared", types.ModuleType("loadjuggler_shared"))
    return vars(shared).setdefault("lock", threading.Lock())


@pyscript_executor
def import_engine():
    """Import the engine from the folder next to this file, as edited by now.

    It is imported by its path, so sys.path is not changed. If that fails, the old engine stays. Its
    ids are made of names as Home Assistant does it.
    """
    import importlib
    import importlib.util
    import sys

    from homeassistant.util import slugify

    file = in_folder("pyscript", "modules", "loadjuggler", "__init__.py")
    with only_one():
        known = list(sys.modules)  # another thread may import something meanwhile
        names = [name for name in known if name.split(".")[0] == "loadjuggler"]
        old = {name: sys.modules.pop(name) for name in names}
        try:
            importlib.invalidate_caches()
            spec = importlib.util.spec_from_file_location("loadjuggler", file)
            sys.modules["loadjuggler"] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules["loadjuggler"])
            found = {
                name: importlib.import_module(f"loadjuggler.{module}")
                for name, module in ENGINE_MODULES.items()
            }
            found["slug"].use(slugify)
            return found
        except Exception:
            sys.modules.update(old)
            raise


@pyscript_compile
def in_folder(*names):
    """The path of a file in Home Assistant's configuration folder, two levels above this file."""
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
def state_of(hass, ours, entity_id):
    """(state, attributes, when last reported in epoch s, by us); None: there is no such entity."""
    found = hass.states.get(entity_id)
    if found is None:
        return None
    by_us = found.context.id in ours or found.context.parent_id in ours
    return (found.state, found.attributes, found.last_reported.timestamp(), by_us)


@pyscript_compile
def registered(hass, integration):
    """(id, unique id, entry, name of the device) of each entity of an integration."""
    from homeassistant.helpers import device_registry, entity_registry

    devices = device_registry.async_get(hass)
    found = []
    for one in entity_registry.async_get(hass).entities.values():
        if one.platform == integration:
            device = devices.async_get(one.device_id) if one.device_id else None
            name = device and (device.name_by_user or device.name)
            found.append((one.entity_id, one.unique_id, one.config_entry_id or "", name or ""))
    return found


@pyscript_compile
def answers(hass, domain, service):
    """The entry whose object answers a service; "": a function for all entries; None: not known.

    Two entries of the OCPP integration have the same services. Up to v0.11.1 they are methods of
    the central system of the entry that was set up last; from then on they are functions, which
    find the central system of the charger that a call names.
    """
    from types import FunctionType

    job = getattr(hass.services.async_services_for_domain(domain).get(service), "job", None)
    target = getattr(job, "target", None)
    if isinstance(target, FunctionType):
        return ""
    owner = getattr(target, "__self__", None)
    return getattr(getattr(owner, "entry", None), "entry_id", None)


@pyscript_compile
async def call_service(hass, ours, domain, service, data, asks):
    """Call a service; returns its response if asked for, or if the service requires that.

    ours has the ids of the contexts of the last 500 calls: by these it is known what they changed.
    """
    from homeassistant.core import Context, SupportsResponse

    context = Context()
    ours[context.id] = True
    if len(ours) > 500:
        del ours[next(iter(ours))]
    only = hass.services.supports_response(domain, service) is SupportsResponse.ONLY
    more = {"blocking": True, "context": context, "return_response": asks or only}
    return await hass.services.async_call(domain, service, dict(data), **more)


@pyscript_compile
async def may(hass, context, right):
    """Whether who made a call with this context has a right: read, control or administer.

    A call without a user comes from an automation or from Home Assistant itself. Data with a field
    `context` hide the true one from pyscript, so what is none has no rights.
    """
    from homeassistant.core import Context

    if not isinstance(context, Context):
        return False
    if context.user_id is None:
        return True
    user = await hass.auth.async_get_user(context.user_id)
    if user is None or not user.is_active:
        return False
    if right == "control":
        return user.is_admin or user.permissions.access_all_entities("control")
    return user.is_admin or right == "read"


@pyscript_compile
async def serve_picture(hass):
    """Serve the folder of the picture if Home Assistant does not.

    It serves www only if that folder existed when it started (frontend, 2025.4), and the picture
    may be the first file in it.
    """
    http = getattr(hass, "http", None)
    if http is None:  # this Home Assistant has no web server
        return
    served = {resource.canonical for resource in http.app.router.resources()}
    if not served & {"/local", "/local/loadjuggler"}:
        from homeassistant.components.http import StaticPathConfig

        path = StaticPathConfig("/local/loadjuggler", in_folder("www", "loadjuggler"), False)
        await http.async_register_static_paths([path])


@pyscript_compile
def make_hands():
    """The functions with which the engine reads and acts; runtime/hands.py describes each."""
    import logging
    import time
    from functools import partial
    from types import SimpleNamespace

    from homeassistant.const import __version__
    from homeassistant.util import dt

    hass, ours = home(), {}
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
        state=partial(state_of, hass, ours),
        entity_ids=hass.states.async_entity_ids,
        registered=partial(registered, hass),
        answers=partial(answers, hass),
        actions=lambda domain: list(hass.services.async_services_for_domain(domain)),
        set_entity=lambda entity, value, more: hass.states.async_set(entity, value, dict(more)),
        remove_entity=hass.states.async_remove,
        fire=lambda kind, data: hass.bus.async_fire(kind, dict(data)),
        call=partial(call_service, hass, ours),
        may=partial(may, hass),
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
    """A host that goes on from the stored file."""
    return await engine["host"].Host.opened(make_hands(), settings)


@pyscript_compile
async def renew_host(fresh, settings):
    """A host of a freshly imported engine that goes on where the old host is."""
    return await fresh["host"].Host.renewed(host, settings)


engine = import_engine()
host = open_host(settings())


# --- services -------------------------------------------------------------------------------------


@pyscript_compile
def wanted_services():
    """Name and kind of response of each service that the engine has."""
    return [(one.name, one.response) for one in engine["services"].SERVICES.values()]


@pyscript_compile
async def answer(name, data, context):
    """The engine's response to the call of a service."""
    sent = {key: data[key] for key in data if key != "trigger_type"}  # that is pyscript's
    return await engine["answers"].answer(host, name, sent, context)


def provide(name, response):
    """Register a service of the engine; it exists for as long as the result is kept."""

    @service(f"pyscript.loadjuggler_{name}", supports_response=response)
    def asked(context=None, **data):
        """A service of Load Juggler."""
        return answer(name, data, context)

    return asked


def provide_services():
    """Register all services of the engine; those that exist already are left as they are."""
    global services
    wanted = wanted_services()
    services = {
        one: services[one] if one in services else provide(one[0], one[1]) for one in wanted
    }


@pyscript_compile
def describe_services():
    """Give Home Assistant the descriptions of all services; returns whether all are registered.

    They must be registered before: pyscript sets its own description when it registers a service,
    and Home Assistant looks at that moment whether the service has a response.
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
    """The expression of the state triggers: notes a change, and is never true.

    A trigger that is true would start a task and fire an event for every reading of every meter,
    and each event goes into the logbook and the database.
    """
    host.wake.set()
    return False


def follow(names):
    """A state trigger on exactly these names; it exists for as long as the result is kept."""

    @state_trigger("note_change()", watch=names)
    def wired_state(**kwargs):
        pass

    return wired_state


def follow_wiring():
    """Make the state triggers fit the wiring; the old ones end when the new ones exist."""
    global followed, triggers
    names = host.followed()
    if names != followed:
        followed = names
        triggers = [follow(group) for group in names.values()]
        host.wake.set()  # a change in between was not noticed


@time_trigger("startup")
def work(**kwargs):
    """Run, until pyscript or Home Assistant stops."""
    global described
    task.unique("loadjuggler")  # ends the task of an earlier load of this file
    while host.on:
        try:
            host.cycle()
            follow_wiring()
            described = described or describe_services()
        except Exception as error:
            host.complain_once(error)
        host.next_run()


@time_trigger("shutdown")
def end(**kwargs):
    """End the work, and store once more."""
    host.finish()


@event_trigger("automation_reloaded")
def ask_all(**kwargs):
    """Ask all blueprints to announce themselves."""
    host.discover = True
    host.wake.set()


@event_trigger("call_service", "domain == 'pyscript' and service == 'reload'")
def reload_engine(**kwargs):
    """Reload the engine with pyscript.reload, which by itself reloads only this file, if edited."""
    task.sleep(RELOAD_S)  # if this file is reloaded, this task has been ended by then
    if host.on:
        renew()


def renew():
    """Go on with a freshly imported engine and the present settings."""
    global engine, host, described
    try:
        fresh = import_engine()
        host = renew_host(fresh, settings())
        engine = fresh
        provide_services()
        described = False
    except Exception as error:
        log.error(f"The edited engine can't be used, the old one goes on: {error}")
