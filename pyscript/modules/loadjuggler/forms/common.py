"""Fields of all loads: breaker, mode, legs, priority, delays for lack of sun."""

from __future__ import annotations

from ..site.modes import MODES
from ..units import LEGS, PHASES
from .field import TEXTS, Choices, Field, flag, minutes, override, watts

NOT_WIRED = "none"
"""The choice for a leg that is not connected."""


CIRCUIT = Field(
    "circuit",
    "text",
    "Breaker",
    "Name of the circuit that feeds it, as you wrote it in that circuit's form. Leave it empty "
    "for the main breaker.",
    "main",
)


PRIORITY = (
    Field(
        "priority",
        "number",
        "Priority",
        "1 goes first, 10 last. It counts among loads whose modes are equally urgent.",
        "sharing",
        default=5,
        low=1,
        high=10,
        whole=True,
    ),
    override("priority_entity", "Priority", "sharing"),
)


def mode_entity(names: tuple[str, ...]) -> Field:
    """The entity that says the mode, one of `names`."""
    return override("mode_entity", "Mode", "sharing", TEXTS, _choices(names))


def _choices(names: tuple[str, ...]) -> Choices:
    return tuple((name, MODES[name].label) for name in names)


def mode(names: tuple[str, ...], more: str = "") -> Field:
    """The mode, one of `names`; the first is the default, aliases of all are understood.

    `more` is said of it before what is true of all loads.
    """
    choices = _choices(names)
    others = tuple((other, name) for name in names for other in MODES[name].aliases)
    return Field(
        "mode",
        "choice",
        "Mode",
        f"How it runs. {more}An entity or an automation of yours can change it at any time.",
        "main",
        default=choices[0][0],
        choices=choices,
        aliases=tuple(pair for pair in others if pair[0] not in names),
    )


def legs(defaults: tuple[str, str, str]) -> tuple[Field, ...]:
    """A field for the phase of each leg L1, L2, L3, with these `defaults`."""
    choices = (*((phase, f"Phase {phase}") for phase in PHASES), (NOT_WIRED, "not connected"))
    return tuple(
        Field(
            f"leg_{leg.lower()}",
            "choice",
            f"Leg {leg}",
            f"Phase of the house that its own terminal {leg} is wired to.",
            "wiring",
            default=default,
            choices=choices,
        )
        for leg, default in zip(LEGS, defaults, strict=True)
    )


ALLOW_REMAP = flag(
    "allow_remap",
    "May be counted on other phases",
    "If its draw clearly moves other phases of the meters, it is counted on those; that is told, "
    "and can be undone. Off: it is only told.",
    "wiring",
    default=False,
)


GRACE = minutes(
    "solar_grace_min",
    "Grace",
    "How long it goes on at its minimum, from the grid if need be, before lack of sun stops it.",
    "sun",
    5,
)


BOOST_LENGTH = minutes(
    "boost_min",
    "Boost lasts",
    "After this time in mode Boost the mode before it holds again.",
    "sun",
    60,
)


EXCESS_THRESHOLD = watts(
    "excess_threshold_w",
    "Export threshold of its own",
    "Optional, for mode Excess. It runs on what would be exported above this; empty: the site's.",
    "sun",
    None,
)
