"""What makes a kind of load: its form and its facts, and the functions that do what differs.

One object for each kind, in the `__init__` of its folder; `kinds` lists them. Nothing outside
`loads/` asks which kind a load is: it asks for one of its capabilities, or calls one of these
functions. What a kind has nothing to say to has a default here that says nothing.

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


Values = Mapping[str, Any]
"""What a form that was read says: every field of its kind by name (`None`: not given)."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a form makes of a load beside what all forms have (legs, priority, limits).

    `step_a` is what currents it can be told are multiples of, A. `claims` are the things that no
    other load may have, each by all the names it goes by, as the beginning of the sentence that
    says so: "Switch: switch.boiler" is used by 'Boiler' already. `errors` are sentences about what
    is wrong with the form itself.
    """

    control: Control
    sensors: LoadSensors
    step_a: float
    claims: tuple[tuple[str, ...], ...]
    errors: tuple[str, ...] = ()
    reset_button: str | None = None


Wire = Callable[[Values, ChargerEntities, float], Wiring]
"""From a form's values, what was found of its entities, and the site's nominal voltage (V)."""


Read = Callable[[Sensing, Load, LoadMemory], tuple[LoadReading, LoadMemory]]
"""What a load tells of itself now, and its memory with what was seen."""


@dataclass(frozen=True, slots=True)
class Driver:
    """From an amount to service calls; `drive` says more of each, and has it for any load.

    `command`: the calls that make it take so many A now (0: pause), as far as any are needed, or
    all of them `again`. `safe_level`: the call that leaves it safe when it does not take part.
    `release`: the calls with which it leaves the plan; without any it stays as it is. `remedy`:
    what is tried with one that does not follow, before it is told again. `takes_over`: whether what
    others left on it has yet to be cleared. `ask`: the calls that ask it what has to be known of
    it. `falls_back`: whether it goes to a safe current by itself once nobody tells it anything.
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
    falls_back: Callable[[Load, LoadMemory], bool] = lambda *_: False


@dataclass(frozen=True, slots=True)
class Account:
    """What people are told of a load beside what the sharing decided.

    `differs`: whether it shows something else than it was told. `not_taken`: what it shows then,
    and what it was told. `paused_by`: the sentence `text` of one that was told 0, with how it was
    paused, and the A that it goes on with if it can't be; `None`: 0 A, and nothing to say.
    """

    differs: Callable[[Load, LoadReading, LoadMemory], bool] = lambda *_: False
    not_taken: Callable[[Load, LoadReading], Reason | None] = lambda *_: None
    paused_by: Callable[[Load, LoadReading, str], Reason | None] = lambda *_: None


@dataclass(frozen=True, slots=True)
class Finding:
    """How the entities of a kind are found that its form need not name (`searched_for`).

    `finder`: from the states of all entities to what finds those of one form. `identities`: the
    entities of a form that say what the device is known by for certain.
    """

    finder: Callable[[Snapshot], Callable[[Values], ChargerEntities]]
    identities: Callable[[Values, ChargerEntities], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind is shown: `icon` of its status, `heading` of its section of the dashboard.

    Both are Material Design Icons; `drawing` is a path of 16 by 16 in the picture of the wiring.
    """

    icon: str
    heading: str
    drawing: str


CHARGING_STATION = Look("mdi:ev-station", "mdi:ev-station", "M9 1 3.5 9H8l-1 6 5.5-8H8z")
"""Chargers look alike, however they are controlled: the drawing is a flash."""


@dataclass(frozen=True, slots=True)
class KindOfLoad:
    """A kind of load.

    `neighbours` gives all loads of a site what those of this kind have to know of each other.
    """

    form: Kind
    capabilities: Capabilities
    look: Look
    wire: Wire
    read: Read
    driver: Driver
    account: Account = Account()
    finding: Finding | None = None
    neighbours: Callable[[Mapping[str, Load]], Mapping[str, Load]] = lambda loads: loads
