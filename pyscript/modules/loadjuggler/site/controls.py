"""How a load is controlled: over OCPP, by a number or select entity, by a switch.

Everything outside `loads/` asks a control what `Control` has, whatever its class: a new way of
controlling a load is a new subclass, which may live in the folder of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class Control:
    """What sets a load: two that are equal set the same thing."""

    __slots__ = ()

    @property
    def mark(self) -> str:
        """Text that says which device it is: the same for as long as it is the same device."""
        raise NotImplementedError

    @property
    def entities(self) -> tuple[str, ...]:
        """Ids of the entities that it writes to, or may have to."""
        return ()

    @property
    def told_by(self) -> str | None:
        """Id of the entity whose state is what the load is told; `None`: there is none."""
        return None

    @property
    def charge_point(self) -> str | None:
        """What the form calls the charge point that it is a connector of; `None`: of none."""
        return None

    @property
    def station(self) -> str | None:
        """What calls name that charge point by; two controls of one station have the same."""
        return None

    @property
    def alone(self) -> bool:
        """Whether what is cleared on its device is its own alone."""
        return True

    @property
    def report_s(self) -> float | None:
        """How often it is asked for a report, s; `None`: it reports by itself."""
        return None


@dataclass(frozen=True, slots=True)
class Telling:
    """How a charger wants to be told: what the standard leaves open, and firmware does otherwise.

    `version` is that of OCPP, "1.6" or "2.0.1". `unit` is "A", "W" or "auto": what it says that it
    knows. `kind` is "Absolute", "Relative" or "auto": what runs out by itself by the clock, all
    else from the start of the session, so that no safe limit depends on a clock. `purpose` is
    "auto", "TxDefaultProfile" or "ChargePointMaxProfile". `stack_level` is that of the safe layer,
    or of the only one; with 2 `layers` commands are one level above it, unless it says that it has
    none (`asks_levels`). It is paused by "zero", "minimum", "switch" or "availability", the last
    two through `switches`, of which the first there is used. W count with `voltage_v`;
    `count_phases`: profiles in W say how many phases the car uses. It is asked for a report every
    `report_s`, and is offline `offline_s` after its last sign of life (`None`: not).
    `clear_first`: what others left on it is cleared once; not where a station has more connectors
    than this one (`alone`), as the integration clears those of all of them.
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
    voltage_v: float = 230.0
    count_phases: bool = True
    report_s: float | None = None
    offline_s: float | None = None
    clear_first: bool = True
    alone: bool = True

    @property
    def falls_back(self) -> bool:
        """Whether a command runs out by itself, and the safe current below it then holds."""
        return self.layers > 1 and self.kind != "Relative" and self.purpose == "auto"


@dataclass(frozen=True, slots=True)
class OcppControl(Control):
    """A charger behind Home Assistant's OCPP integration: charge point id and connector.

    These two say which one it is; how it is told makes it no other, nor does what the integration
    knows it by for certain (`identity`, `None` until it was found).
    """

    devid: str
    connector: int
    telling: Telling = field(default=Telling(), compare=False)
    identity: str | None = field(default=None, compare=False)

    @property
    def called(self) -> str:
        """What calls name it by: the integration gives what it does not know to another one."""
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
        """What calls name it by."""
        return self.called

    @property
    def alone(self) -> bool:
        """Whether no other connector of its station is in use."""
        return self.telling.alone

    @property
    def report_s(self) -> float | None:
        """How often its form wants it to be asked for a report, s."""
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
    """A charger whose current or power is set by a number or select entity; that names it.

    `unit` is "A", "W" or "" (the entity's own), `step` what its values are multiples of, in that
    unit (`None`: the entity's own). `switch` turns it on and off, where there is one. `words` are
    the texts of its status and what they mean. `always`: without a status it always takes part.
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

    `one` and `three` are the states, in small letters, that mean so; an option of a select is
    written as `one_option` and `three_option`. Between two switches there are `apart_s` at least.
    """

    entity: str | None
    one_option: str = "off"
    three_option: str = "on"
    apart_s: float = 600.0

    @property
    def one(self) -> str:
        """The state that means one phase."""
        return self.one_option.lower()

    @property
    def three(self) -> str:
        """The state that means three phases."""
        return self.three_option.lower()
