"""A station's end of an OCPP 1.6J connection: the central system's calls, answered by a Station."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ocpp import exceptions
from ocpp.charge_point import snake_to_camel_case
from ocpp.routing import after, on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.enums import Action

from simulator import ocpp as profiles

from .settings import Settings
from .station import Station

TRIGGERS = ("BootNotification", "Heartbeat", "MeterValues", "StatusNotification")

UNFIT = (
    exceptions.OCPPError,
    exceptions.ValidationError,
    exceptions.UnknownCallErrorCodeError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)
"""What the package raises for answers that are errors, or damaged."""


SETS, CLEARS = "SetChargingProfile", "ClearChargingProfile"
ANSWERED_FIRST = 10
"""So many turns of the loop are enough for an answer to reach who waits for it."""


class Refused(Exception):
    """The central system answered with an error, or with something that is no answer."""


class Wire(ChargePoint):
    """One connection of a station; `now` is the station's own clock, `sleep` lets it pass.

    What needs a call of the station's own is put into `wanted`: ("reset", "Soft") or
    ("trigger", "Heartbeat", connector).
    """

    def __init__(
        self,
        station: Station,
        settings: Settings,
        connection: Any,
        now: Callable[[], float],
        response_timeout_s: float = 30.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(station.name, connection, response_timeout=response_timeout_s)
        self.station = station
        self.settings = settings
        self.now = now
        self.wanted: asyncio.Queue[tuple[str, ...]] = asyncio.Queue()
        self._sleep = sleep
        self._put_off: asyncio.Queue[str] = asyncio.Queue()

    async def start(self) -> None:
        """Answer calls until the connection ends; a message that can't be read is left alone.

        Whoever waits for an answer goes on before the next message is read: the profile for a
        session may follow its number at once.
        """
        while True:
            message = await self._connection.recv()
            self.station.record.counts.received += 1
            if self._puts_off(message):
                self._put_off.put_nowait(message)
                continue
            await self._take_in(message)
            for _ in range(ANSWERED_FIRST):
                await asyncio.sleep(0)

    def _puts_off(self, message: str) -> bool:
        """Whether a message is about profiles, and this station is slow with these."""
        faults = self.station.kind.faults
        slow = bool(faults.slow_s or faults.late_s or faults.clear_s)
        return slow and any(f'"{action}"' in message for action in (SETS, CLEARS))

    async def carry_out(self) -> None:
        """Carry out what a slow station has put off, one after the other.

        Meanwhile it reads on: its meter values are still answered.
        """
        faults = self.station.kind.faults
        while True:
            message = await self._put_off.get()
            await self._sleep(faults.slow_s + (faults.clear_s if f'"{CLEARS}"' in message else 0.0))
            await self._take_in(message)

    async def _take_in(self, message: str) -> None:
        try:
            await self.route_message(message)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            self.station.record.say(self.now(), f"unreadable message: {error}")

    @on(Action.set_charging_profile, skip_schema_validation=True)
    async def on_set_charging_profile(self, **message: Any) -> Any:
        """SetChargingProfile, with the engine's own judgement of what is valid."""
        data = snake_to_camel_case(message)
        connector, profile = data.get("connectorId"), data.get("csChargingProfiles")
        if not isinstance(profile, dict) or type(connector) is not int:
            raise exceptions.ProtocolError("connectorId and csChargingProfiles are needed")
        try:
            answer = self.station.set_profile(connector, profile, self.now())
        except profiles.Invalid as invalid:
            self.station.record.counts.profiles_rejected += 1
            self.station.record.say(self.now(), f"connector {connector}: profile: {invalid}")
            raise error_of(invalid) from invalid
        await self._sleep(self.station.kind.faults.late_s)
        return call_result.SetChargingProfile(answer)

    @on(Action.clear_charging_profile)
    async def on_clear_charging_profile(self, **which: Any) -> Any:
        """ClearChargingProfile."""
        names = {"charging_profile_purpose": "purpose", "stack_level": "level"}
        names |= {"connector_id": "connector", "id": "id"}
        chosen = {names[key]: value for key, value in which.items()}
        answer = self.station.clear_profiles(self.now(), **chosen)
        await self._sleep(self.station.kind.faults.late_s)
        return call_result.ClearChargingProfile(answer)

    @on(Action.get_composite_schedule)
    def on_get_composite_schedule(
        self, connector_id: int, duration: int, charging_rate_unit: str | None = None
    ) -> Any:
        """GetCompositeSchedule."""
        try:
            found = self.station.composite(connector_id, self.now(), duration, charging_rate_unit)
        except profiles.Invalid as invalid:
            raise error_of(invalid) from invalid
        if found is None:
            return call_result.GetCompositeSchedule("Rejected")
        return call_result.GetCompositeSchedule(
            "Accepted",
            connector_id,
            found.get("scheduleStart"),
            found.get("chargingSchedule"),
        )

    @on(Action.remote_start_transaction)
    def on_remote_start(
        self,
        id_tag: str,
        connector_id: int | None = None,
        charging_profile: dict[str, Any] | None = None,
    ) -> Any:
        """RemoteStartTransaction; a profile that comes along must be a valid TxProfile (5.16.2)."""
        profile = None
        if charging_profile is not None:
            profile = plain_numbers(snake_to_camel_case(charging_profile))
            try:
                answer = profiles.remote_start(
                    self.station.stack.can, profiles.parse(profile), self.now()
                )
            except profiles.Invalid as invalid:
                raise error_of(invalid) from invalid
            if answer != "Accepted":
                self.station.record.say(self.now(), f"remote start: {answer.reason}")
                return call_result.RemoteStartTransaction("Rejected")
        began = self.station.remote_start(connector_id, id_tag, profile, self.now())
        return call_result.RemoteStartTransaction("Accepted" if began else "Rejected")

    @on(Action.remote_stop_transaction)
    def on_remote_stop(self, transaction_id: int) -> Any:
        """RemoteStopTransaction."""
        ended = self.station.remote_stop(transaction_id, self.now())
        return call_result.RemoteStopTransaction("Accepted" if ended else "Rejected")

    @on(Action.change_availability)
    def on_change_availability(self, connector_id: int, type: str) -> Any:  # noqa: A002  # OCPP's
        """ChangeAvailability."""
        if connector_id not in (0, *self.station.connectors):
            return call_result.ChangeAvailability("Rejected")
        answer = self.station.set_operative(connector_id, type == "Operative", self.now())
        return call_result.ChangeAvailability(answer)

    @on(Action.get_configuration)
    def on_get_configuration(self, key: list[str] | None = None) -> Any:
        """GetConfiguration."""
        known, unknown = self.settings.get(key)
        rows = [{"key": k.key, "readonly": k.readonly, "value": k.value} for k in known]
        return call_result.GetConfiguration(rows, unknown)

    @on(Action.change_configuration)
    def on_change_configuration(self, key: str, value: str) -> Any:
        """ChangeConfiguration."""
        answer = self.settings.change(key, value)
        self.station.record.say(self.now(), f"setting {key}={value}: {answer}")
        return call_result.ChangeConfiguration(answer)

    @on(Action.trigger_message)
    def on_trigger_message(self, requested_message: str, connector_id: int | None = None) -> Any:
        """TriggerMessage."""
        if requested_message not in TRIGGERS:
            return call_result.TriggerMessage("NotImplemented")
        if connector_id is not None and connector_id not in (0, *self.station.connectors):
            return call_result.TriggerMessage("Rejected")
        return call_result.TriggerMessage("Accepted")

    @after(Action.trigger_message)
    def after_trigger_message(
        self, requested_message: str, connector_id: int | None = None
    ) -> None:
        """The answer has gone out; now what was asked for."""
        self.wanted.put_nowait(("trigger", requested_message, str(connector_id or 0)))

    @on(Action.reset)
    def on_reset(self, type: str) -> Any:  # noqa: A002  # OCPP's name
        """Reset."""
        return call_result.Reset("Accepted" if type in ("Soft", "Hard") else "Rejected")

    @after(Action.reset)
    def after_reset(self, type: str) -> None:  # noqa: A002  # OCPP's name
        """The answer has gone out; now the station starts anew."""
        self.wanted.put_nowait(("reset", type))

    @on(Action.unlock_connector)
    def on_unlock_connector(self, connector_id: int) -> Any:
        """UnlockConnector: a session there ends."""
        if connector_id not in self.station.connectors:
            return call_result.UnlockConnector("NotSupported")
        self.station.stop(connector_id, "UnlockCommand", self.now())
        return call_result.UnlockConnector("Unlocked")

    @on(Action.data_transfer)
    def on_data_transfer(self, **_message: Any) -> Any:
        """DataTransfer: no vendor is known."""
        return call_result.DataTransfer("UnknownVendorId")

    @on(Action.clear_cache)
    def on_clear_cache(self) -> Any:
        """ClearCache: there is none, so it is empty."""
        return call_result.ClearCache("Accepted")

    async def request(self, message: Any) -> Any:
        """Call the central system; its answer.

        Raises TimeoutError without one, and Refused for an error or for what is no answer.
        """
        self.station.record.counts.sent += 1
        try:
            return await self.call(message, suppress=False)
        except TimeoutError:
            self.station.record.counts.unanswered += 1
            raise
        except UNFIT as error:
            raise Refused(f"{type(message).__name__}: {error!r}") from error

    async def boot(self) -> Any:
        """BootNotification; its answer."""
        kind = self.station.kind
        return await self.request(
            call.BootNotification(
                charge_point_model=f"Virtual {kind.name}"[:20],
                charge_point_vendor="Load Juggler",
                charge_point_serial_number=self.station.name[:25],
                firmware_version="1",
            )
        )

    async def beat(self) -> Any:
        """Heartbeat; its answer."""
        return await self.request(call.Heartbeat())


def error_of(invalid: profiles.Invalid) -> exceptions.OCPPError:
    """The CALLERROR for what the engine calls invalid."""
    for kind in vars(exceptions).values():
        if isinstance(kind, type) and getattr(kind, "code", None) == invalid.code:
            return kind(str(invalid))
    return exceptions.GenericError(str(invalid))


def plain_numbers(value: Any) -> Any:
    """Numbers as they were written: the package reads some of them as decimals."""
    if isinstance(value, dict):
        return {key: plain_numbers(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain_numbers(entry) for entry in value]
    return value if value is None or isinstance(value, (int, str, bool)) else float(value)
