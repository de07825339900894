"""What makes a kind of load: its form, its capabilities, and the functions that differ.

Each kind is one `KindOfLoad`, in the `__init__` of its folder; `kinds` lists them. Nothing outside
`loads/` asks which kind a load is: it asks for a capability (`site.capabilities`), or calls one of
these functions. A function that a kind does not need has a default here that does nothing.
docs/design.md says how to add a kind.

Currents are A per leg, times epoch s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..calls import ServiceCall
from ..discovery.charger import ChargerEntities
from ..forms.field import Kind
from ..measure.lookup import Sensing
from ..measure.readings import LoadReading
from ..memory.load import LoadMemory
from ..options import Options
from ..reasons import Reason
from ..site.capabilities import Capabilities
from ..site.controls import Control
from ..site.model import Load, LoadSensors
from ..snapshot import Snapshot

Calls = tuple[ServiceCall, ...]
"""Service calls in the order in which they are to be made."""


Values = Mapping[str, Any]
"""The values of a form: every field of its kind by name; `None`: not filled in."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a form says of a load beside what all forms have (legs, priority, limits).

    - `control`: how it is controlled.
    - `sensors`: the entities that tell what it does.
    - `step_a`: it is told multiples of this, A.
    - `claims`: what no other load may use beside the entities of its form (`config.uses`), each by
      all the names that it goes by. A name is the beginning of a sentence: "Charge point id:
      connector 1 of left" becomes "Charge point id: connector 1 of left is used by 'Left' already."
    - `errors`: sentences about what is wrong with the form.
    - `reset_button`: the button that restarts it; `None`: it has none, or it must not be restarted.
    """

    control: Control
    sensors: LoadSensors
    step_a: float
    claims: tuple[tuple[str, ...], ...]
    errors: tuple[str, ...] = ()
    reset_button: str | None = None


Amounts = tuple[float, ...]
"""Amounts in A per leg."""


Wire = Callable[[Values, ChargerEntities, float], Wiring]
"""From the values of a form, what was found of its entities, and the nominal voltage (V)."""


Read = Callable[[Sensing, Load, LoadMemory], tuple[LoadReading, LoadMemory]]
"""From a load and its memory to its reading now, and its memory with what was seen."""


@dataclass(frozen=True, slots=True)
class Driver:
    """From an amount to service calls. `loads.drive` has the same functions for any load.

    - `command`: the calls that make it take an amount (A per leg; 0: pause), as far as any are
      needed; all of them if it is to be told again.
    - `safe_level`: the call that leaves it safe while it has no car.
    - `release`: the calls for a load that is not managed any more; without any it stays as it is.
    - `remedy`: the calls that are tried with a load that does not follow, before its command.
    - `takes_over`: whether profiles that others left on it have yet to be cleared.
    - `ask`: the calls that ask it for what has to be known of it.
    - `own_levels_a`: what holds on it, A per leg, if what it is told does not; none: not known.
    - `otherwise`: the memory of being told in the next other way, if there is one; with whether it
      draws more than it was told, and now.
    - `falls_back`: whether it goes to a safe current by itself when nobody tells it anything.
    """

    command: Callable[
        [Load, LoadReading, LoadMemory, float, float, Options, bool], tuple[Calls, LoadMemory]
    ]
    safe_level: Callable[[Load, LoadReading, LoadMemory], tuple[ServiceCall | None, LoadMemory]] = (
        lambda _load, _reading, memory: (None, memory)
    )
    release: Callable[[Load, LoadReading, LoadMemory], Calls] = lambda *_: ()
    remedy: Callable[[Load, LoadReading, LoadMemory, str], tuple[Calls, LoadMemory]] = (
        lambda _load, _reading, memory, _step: ((), memory)
    )
    takes_over: Callable[[Load, LoadReading, LoadMemory], bool] = lambda *_: False
    ask: Callable[[Load, LoadReading, LoadMemory, float, Options], tuple[Calls, LoadMemory]] = (
        lambda _load, _reading, memory, _now, _options: ((), memory)
    )
    own_levels_a: Callable[[Load, LoadReading], Amounts] = lambda *_: ()
    otherwise: Callable[[Load, LoadMemory, bool, float], LoadMemory] = (
        lambda _load, memory, _over, _now: memory
    )
    falls_back: Callable[[Load, LoadMemory], bool] = lambda *_: False


@dataclass(frozen=True, slots=True)
class Account:
    """What people are told of a load beside what the sharing decided.

    - `differs`: whether its entity shows something else than it was told.
    - `not_taken`: the reason for that: what it shows, and what it was told.
    - `cures`: what people should change, by what it was seen to do; mostly nothing.
    - `unreached`: the reason why nothing that it is told can arrive, although calls do not fail.
    - `paused_by`: the reason of a load that was told 0, from the sentence so far: how it was
      paused, and the A that it goes on with if it can't be paused. `None`: there is nothing to add.
    """

    differs: Callable[[Load, LoadReading, LoadMemory], bool] = lambda *_: False
    not_taken: Callable[[Load, LoadReading], Reason | None] = lambda *_: None
    paused_by: Callable[[Load, LoadReading, str], Reason | None] = lambda *_: None
    unreached: Callable[[Load, LoadMemory], Reason | None] = lambda *_: None
    cures: Callable[[Load, LoadMemory], tuple[Reason, ...]] = lambda *_: ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """How the entities of a kind are found that its form need not name (`searched_for`).

    - `finder`: from the states of all entities to a function from a form's values to what is found.
    - `identities`: the entities of a form that show the device's identity.
    """

    finder: Callable[[Snapshot], Callable[[Values], ChargerEntities]]
    identities: Callable[[Values, ChargerEntities], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind is shown.

    - `icon`: of its status, a Material Design icon.
    - `heading`: of its section of the dashboard, the same.
    - `drawing`: in the picture of the wiring, an SVG path of 16 by 16.
    """

    icon: str
    heading: str
    drawing: str


CHARGING_STATION = Look("mdi:ev-station", "mdi:ev-station", "M9 1 3.5 9H8l-1 6 5.5-8H8z")
"""All chargers look alike, however they are controlled: the drawing is a flash."""


@dataclass(frozen=True, slots=True)
class KindOfLoad:
    """A kind of load. Only the first six fields are needed.

    `neighbours` takes all loads of a site by id, and returns them with what loads of this kind have
    to know of each other, such as that two are connectors of one station.
    """

    form: Kind
    capabilities: Capabilities
    look: Look
    wire: Wire
    read: Read
    driver: Driver
    account: Account = Account()
    discovery: Discovery | None = None
    neighbours: Callable[[Mapping[str, Load]], Mapping[str, Load]] = lambda loads: loads
