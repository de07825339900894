"""Encodes a station's messages as OCPP 1.6, with times in its format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ocpp.v16 import call

from .messages import Ask, Message, Metered, Sample, Start, Status, Stop


def moment(at: float) -> str:
    """A time (epoch s) as OCPP wants it, in UTC and ending in Z."""
    text = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def time_of(text: str) -> float | None:
    """Epoch s of a time as the central system wrote it, `None` if it is none."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def values_of(sample: Sample, measurands: tuple[str, ...], context: str) -> list[dict[str, Any]]:
    """A sample as meterValue: current per phase, power, register, and what is offered."""
    watts = sum(sample.current_a) * sample.voltage_v
    offered_w = sample.offer_a * sample.phases * sample.voltage_v
    legs = [f"L{n + 1}" for n in range(sample.legs)]
    rows: dict[str, list[tuple[float, str, dict[str, str]]]] = {
        "Current.Import": [
            (a, "A", {"phase": leg}) for leg, a in zip(legs, sample.current_a, strict=False)
        ],
        "Current.Offered": [(sample.offer_a, "A", {})],
        "Energy.Active.Import.Register": [(sample.register_wh, "Wh", {"location": "Outlet"})],
        "Power.Active.Import": [(watts, "W", {})],
        "Power.Offered": [(offered_w, "W", {})],
        "Voltage": [(sample.voltage_v, "V", {"phase": f"{leg}-N"}) for leg in legs],
    }
    if sample.soc_pct is not None:
        rows["SoC"] = [(sample.soc_pct, "Percent", {"location": "EV"})]
    sampled = [
        {
            "value": f"{value:.2f}",
            "context": context,
            "format": "Raw",
            "measurand": measurand,
            "unit": unit,
            **more,
        }
        for measurand in measurands
        for value, unit, more in rows.get(measurand, [])
    ]
    return [{"timestamp": moment(sample.at), "sampledValue": sampled}]


def payload(message: Message, measurands: Callable[[str], tuple[str, ...]]) -> Any:
    """The OCPP call for a message; `None` if there is nothing to say.

    That is so of a transaction that the central system never gave a number, and of a sample
    without `measurands` for its context.
    """
    match message:
        case Ask(tag=tag):
            return call.Authorize(id_tag=tag)
        case Status(connector, status, at, error):
            return call.StatusNotification(connector, error, status, timestamp=moment(at))
        case Start(connector, session):
            return call.StartTransaction(
                connector, session.tag, round(session.meter_start_wh), moment(session.started_at)
            )
        case Stop(session=session, at=at, meter_wh=meter_wh, reason=reason):
            if session.transaction is None:
                return None
            return call.StopTransaction(
                round(meter_wh), moment(at), session.transaction, reason, session.tag
            )
        case Metered(sample, session, context):
            wanted = measurands(context)
            if not wanted or (session is not None and session.transaction is None):
                return None
            transaction = session.transaction if session else None
            values = values_of(sample, wanted, context)
            return call.MeterValues(sample.connector, values, transaction)
