"""What `diagnostics/plausibility` remembers. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..reason_table import is_known
from ..records import replace
from .times import At


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a form, e.g. that a meter's sign is wrong, and whether people were `told`.

    `score` grows with evidence for it and shrinks with evidence against it. It is in s for a doubt
    that has to last, else in the unit of its check. `code` and `numbers` are those of its sentence.
    """

    code: str
    score: float
    told: bool = False
    numbers: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Charge:
    """A stretch of the battery's charge: W·s given and taken since its charge was `from_pct`.

    `last_pct` is its charge at the last look.
    """

    from_pct: float
    last_pct: float
    given_ws: float = 0.0
    taken_ws: float = 0.0


@dataclass(frozen=True, slots=True)
class Sum:
    """The phases and the total power of the grid connection, smoothed, in W.

    `agreed`: they have agreed while the site imported. `wiring` names the sensors; with others it
    starts from nothing.
    """

    phases_w: tuple[float, ...]
    total_w: float
    agreed: bool = False
    wiring: str = ""


@dataclass(frozen=True, slots=True)
class MovesWithSun:
    """Sums of how the main meter moves when the sun does, in A²; old moves fade.

    Each by phase, and for all phases together at last. Nothing yet: ().

    - `count`: how many moves they have.
    - `sun2`, `meter2`: the squared moves of the sun, and of the meter.
    - `both`: the meter's moves times the sun's, of the same minute and of each of some minutes
      before it.
    """

    count: tuple[float, ...] = ()
    sun2: tuple[float, ...] = ()
    meter2: tuple[float, ...] = ()
    both: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sunward:
    """How the main meter moves when the sun does: one sample a minute, currents in A.

    - `wiring`: the sensors; with others it starts from nothing.
    - `at`, `sun_a`, `meter_a`, `ours_a`: the last sample: the sun as if spread evenly, the meter,
      and what managed loads draw, each per phase.
    - `moves_a`: by how much the sun moved in the last samples, the newest first.
    - `feeding`: moves while the house may be feeding in; `taking`: while it surely is not.
    - `import_a`: what the meter shows over all phases, smoothed.
    """

    wiring: str
    at: At
    sun_a: float
    meter_a: tuple[float, ...]
    ours_a: tuple[float, ...]
    moves_a: tuple[float, ...] = ()
    feeding: MovesWithSun = MovesWithSun()
    taking: MovesWithSun = MovesWithSun()
    import_a: float = 0.0


@dataclass(frozen=True, slots=True)
class Netting:
    """Whether the sensor `total` of the total power nets the phases: `nets`.

    `score` is in s: it grows with each look at which it does, and shrinks otherwise.
    """

    total: str
    score: float = 0.0
    nets: bool = False


@dataclass(frozen=True, slots=True)
class BatteryMoves:
    """On which phases the meter moves with the battery: `on`, a phase or "all"; "": not known.

    - `wiring`: the battery's sensors; with others it starts from nothing.
    - `at`, `power_w`: the look with which the next ones are compared, and the battery's power then.
    - `rest_a`: what was not managed at the main meter then, A by phase in the order of the site.
    - `scores`: by phase, and "all", how often it explained what moved, and the others did not.
    """

    wiring: str
    at: At
    power_w: float
    rest_a: tuple[float, ...]
    scores: Mapping[str, float] = field(default_factory=dict)
    on: str = ""


@dataclass(frozen=True, slots=True)
class Doubts:
    """All doubts by key, as of the last look at `looked_at`, and what the checks need from it.

    - `dark_at`: since when the solar sensor shows at most 30 W; `None`: it shows more.
    - `charge`, `sum`, `sunward`, `netting`, `battery`: see there; `None`: nothing was seen yet.
    - `room_w`: what the import limit leaves, smoothed.
    - `shown_a`: by entity of a meter, or "load.ID", the A that it showed at the last look.
    - `lit_s`: for how long much was left over by the sun while a sensor of it gave nothing, s.
    """

    by_key: Mapping[str, Doubt] = field(default_factory=dict)
    looked_at: At | None = None
    dark_at: At | None = None
    charge: Charge | None = None
    sum: Sum | None = None
    room_w: float | None = None
    sunward: Sunward | None = None
    lit_s: float = 0.0
    netting: Netting | None = None
    battery: BatteryMoves | None = None
    shown_a: Mapping[str, float] = field(default_factory=dict)

    def of_this_version(self) -> Doubts:
        """The same without doubts that another version told in a sentence that this one lacks."""
        by_key = {key: doubt for key, doubt in self.by_key.items() if is_known(doubt.code)}
        return self if len(by_key) == len(self.by_key) else replace(self, by_key=by_key)


NO_DOUBTS = Doubts()
