"""The kinds of stations, as data: how many plugs, who comes when, what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .policy import Policy


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong with a station.

    Times are means in s between two of a kind (`None`: never), shares are of all messages (0 to 1).
    """

    disconnect_s: float | None = None
    timeout: float = 0.0  # share of the central system's calls that are never answered
    drop: float = 0.0  # share of messages that are lost on their way out
    corrupt: float = 0.0  # share of messages that arrive mangled, in both directions
    forget_s: float | None = None  # all profiles are gone
    ignore: bool = False  # profiles are accepted and do nothing
    watts_only: bool = False  # profiles in A are rejected
    drift: float = 0.0  # s that the clock gains in 1 s
    slow_s: float = 0.0  # until a profile is set or cleared, and that is answered
    late_s: float = 0.0  # from when a profile was set or cleared until that is answered
    clear_s: float = 0.0  # until profiles are cleared, beside `slow_s`


FAULTS: dict[str, float | bool] = {
    "disconnect_s": 300.0,
    "timeout": 0.05,
    "drop": 0.05,
    "corrupt": 0.05,
    "forget_s": 600.0,
    "ignore": True,
    "watts_only": True,
    "drift": 0.01,
    "slow_s": 5.0,
    "late_s": 5.0,
    "clear_s": 40.0,
}
"""Every fault by its name, with the value that is taken if none is given."""


def faults_of(text: str, base: Faults) -> Faults:
    """Faults as written by hand: `drop,forget=60,drift=0.001`. Raises ValueError for others."""
    values: dict[str, float | bool] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        name = name.replace("-", "_")
        known = next((key for key in FAULTS if name in (key, key.removesuffix("_s"))), None)
        if known is None:
            names = ", ".join(key.removesuffix("_s").replace("_", "-") for key in FAULTS)
            raise ValueError(f"no fault {name!r}; there are: {names}")
        usual = FAULTS[known]
        if isinstance(usual, bool):
            values[known] = True
        else:
            values[known] = float(value) if value else usual
    return replace(base, **values)  # type: ignore[arg-type]  # the names come from the table


@dataclass(frozen=True, slots=True)
class StationKind:
    """A station: its plugs and wires, its habits, and when cars come to it.

    `visits` cars come, each (least, most) `away_s` after the start or the last one, and stays
    `stay_s`; `None`: it stays. Without `transactions` it charges without opening one, as a free
    station does. `presents_tag`: the driver presents a card; otherwise a session waits for the
    central system's remote start.
    """

    name: str
    connectors: int = 1
    phases: int = 3
    voltage_v: float = 230.0
    max_a: float = 32.0
    min_a: float = 6.0
    sample_s: int = 60
    heartbeat_s: int = 300
    transactions: bool = True
    presents_tag: bool = True
    switches_phases: bool = False
    visits: int | None = None
    away_s: tuple[float, float] = (1.0, 5.0)
    stay_s: tuple[float, float] | None = None
    faults: Faults = field(default_factory=Faults)
    policy: Policy = field(default_factory=Policy)


STATIONS = {
    kind.name: kind
    for kind in (
        StationKind("default", visits=1),
        StationKind("busy", away_s=(10.0, 120.0), stay_s=(120.0, 1200.0)),
        StationKind("idle", visits=0),
        StationKind(
            "flaky",
            visits=1,
            faults=Faults(disconnect_s=60.0, timeout=0.03, drop=0.03, corrupt=0.03),
        ),
        StationKind("no-transactions", visits=1, transactions=False),
    )
}
"""Every kind of station by its name."""
