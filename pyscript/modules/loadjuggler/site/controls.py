"""How a load is controlled: over OCPP, by a number or select entity, or by a switch.

Code outside of `loads/` uses only what `Control` has, whatever the subclass. A new way of
controlling a load is a new subclass, which may live in the folder of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..records import quick
from .words import key


class Control:
    """What sets a load. Two controls are equal if they set the same device."""

    __slots__ = ()

    @property
    def mark(self) -> str:
        """A text that identifies the device; it changes only when the device is another one."""
        raise NotImplementedError

    @property
    def entities(self) -> tuple[str, ...]:
        """Ids of the entities that it writes to, or may write to."""
        return ()

    @property
    def told_by(self) -> str | None:
        """Id of the entity whose state shows what the load is told; `None`: there is none."""
        return None

    @property
    def charge_point(self) -> str | None:
        """The form's name of the charge point that it is a connector of; `None`: it is of none."""
        return None

    @property
    def station(self) -> str | None:
        """The name of that charge point in calls; all controls of one station have the same."""
        return None

    @property
    def alone(self) -> bool:
        """Whether clearing its device affects no other load."""
        return True

    @property
    def report_s(self) -> float | None:
        """How often it is asked for a report, s; `None`: it reports by itself."""
        return None


@quick
@dataclass(frozen=True, slots=True)
class Telling:
    """How an OCPP charger is told: where the standard leaves a choice, or firmware differs from it.

    - `version`: of OCPP, "1.6" or "2.0.1".
    - `unit`: "A", "W", or "auto": the unit that the charger answers it knows.
    - `kind`: "Absolute", "Relative", or "auto": the command Absolute, everything else Relative, so
      that no safe limit depends on the charger's clock (docs/decisions/0017).
    - `purpose`: "auto" (TxProfile), "TxDefaultProfile" or "ChargePointMaxProfile".
    - `stack_level`, `layers`: the level of the safe layer, or of the only one. With 2 layers the
      command is one level above it; `asks_levels`: unless the charger answers that it has none.
    - `pause`: it is paused by "zero" (0 A), "minimum", "switch" or "availability"; the last two use
      the first of `switches` that exists.
    - `never_zero`: its make must not be told 0; without such a switch it is told its minimum.
    - `session_id`: profiles of a session name it; without, they are of the one that runs.
    - `voltage_v`: with which W are worked out. `count_phases`: profiles in W have the number of
      phases that the car uses.
    - `report_s`: how often it is asked for a report; `None`: only after a cut.
    - `offline_s`: it is offline so long after its last sign of life; `None`: never by silence.
    - `clear_first`: profiles of others are cleared once, if the connector is `alone` on its
      station:
      the integration clears those of all connectors.
    """

    version: str = "1.6"
    unit: str = "A"
    kind: str = "auto"
    purpose: str = "auto"
    stack_level: int = 0
    layers: int = 2
    asks_levels: bool = False
    pause: str = "zero"
    switches: tuple[str, ...] = ()
    never_zero: bool = False
    session_id: bool = True
    voltage_v: float = 230.0
    count_phases: bool = True
    report_s: float | None = None
    offline_s: float | None = None
    clear_first: bool = True
    alone: bool = True

    @property
    def falls_back(self) -> bool:
        """Whether a command runs out by itself, so that the safe layer below it then holds."""
        return self.layers > 1 and self.kind != "Relative" and self.purpose == "auto"


@dataclass(frozen=True, slots=True)
class OcppControl(Control):
    """A charger of Home Assistant's OCPP integration.

    Charge point id and connector identify it. `telling` is how it is told, `identity` the name by
    which calls name it (`None`: not found yet), `mistaken_for` another charger that a
    call for it might reach ("": none), `astray` whether calls go to another central system than
    its own; none of them makes it another charger.
    """

    devid: str
    connector: int
    telling: Telling = field(default=Telling(), compare=False)
    identity: str | None = field(default=None, compare=False)
    mistaken_for: str = field(default="", compare=False)
    astray: bool = field(default=False, compare=False)

    @property
    def called(self) -> str:
        """Its name in calls. A call with an unknown name would go to the first charger there is."""
        return self.identity or self.devid

    @property
    def mark(self) -> str:
        """Charge point and connector."""
        return f"{self.devid} {self.connector}"

    @property
    def entities(self) -> tuple[str, ...]:
        """The switches by which it may be paused."""
        return self.telling.switches

    @property
    def charge_point(self) -> str | None:
        """Its id, as the form has it."""
        return self.devid

    @property
    def station(self) -> str | None:
        """Its name in calls."""
        return self.called

    @property
    def alone(self) -> bool:
        """Whether no other connector of its station is in use."""
        return self.telling.alone

    @property
    def report_s(self) -> float | None:
        """How often it is asked for a report by its form, s."""
        return self.telling.report_s


@dataclass(frozen=True, slots=True)
class SwitchControl(Control):
    """A load behind a `switch` entity."""

    entity: str

    @property
    def mark(self) -> str:
        """Its switch."""
        return self.entity

    @property
    def entities(self) -> tuple[str, ...]:
        """Its switch."""
        return (self.entity,)

    @property
    def told_by(self) -> str | None:
        """Its switch."""
        return self.entity


@dataclass(frozen=True, slots=True)
class NumberControl(Control):
    """A charger whose current or power is set by a number or select entity, which identifies it.

    - `unit`: "A", "W" or "" (that of the entity). `step`: its values are multiples of that, in this
      unit; `None`: the step of the entity.
    - `switch`: turns it on and off; `None`: there is none.
    - `words`: the texts of its status, and what each means. `always`: without a status it always
      takes part.
    """

    entity: str
    switch: str | None = field(default=None, compare=False)
    unit: str = field(default="", compare=False)
    step: float | None = field(default=None, compare=False)
    words: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    always: bool = field(default=True, compare=False)

    @property
    def mark(self) -> str:
        """The entity that sets it."""
        return self.entity

    @property
    def entities(self) -> tuple[str, ...]:
        """The entity that sets it, and its switch."""
        return (self.entity, self.switch) if self.switch else (self.entity,)

    @property
    def told_by(self) -> str | None:
        """The entity that sets it."""
        return self.entity


@dataclass(frozen=True, slots=True)
class PhaseSwitch:
    """What switches a charger between one phase and three: an entity, or its profiles (`None`).

    `one_option` and `three_option` are the states, or options of a select, for one phase and for
    three. Two changes are at least `apart_s` apart.
    """

    entity: str | None
    one_option: str = "off"
    three_option: str = "on"
    apart_s: float = 600.0

    @property
    def one(self) -> str:
        """The key of the state for one phase."""
        return key(self.one_option)

    @property
    def three(self) -> str:
        """The key of the state for three phases."""
        return key(self.three_option)
