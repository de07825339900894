"""A small charge point on the package ocpp: one car, one connector, obeys the newest profile."""

import argparse
import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

import websockets
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell(**event: Any) -> None:
    print(json.dumps({"t": time.time(), **event}, default=float), flush=True)  # noqa: T201


class Point(ChargePoint):
    limit_a = 16.0
    started = False
    interval_s = 1.0

    @on("GetConfiguration")
    def get_configuration(self, key=None, **_):
        have = {
            "NumberOfConnectors": "1",
            "SupportedFeatureProfiles": "Core,SmartCharging,RemoteTrigger",
            "MeterValuesSampledData": "Current.Import,Energy.Active.Import.Register",
            "MeterValueSampleInterval": "1",
            "ChargingScheduleAllowedChargingRateUnit": "Current,Power",
            "HeartbeatInterval": "10",
            "ClockAlignedDataInterval": "0",
        }
        known = [{"key": k, "value": have[k], "readonly": False} for k in key or have if k in have]
        unknown = [k for k in key or () if k not in have]
        return call_result.GetConfiguration(
            configuration_key=known or None, unknown_key=unknown or None
        )

    @on("ChangeConfiguration")
    def change_configuration(self, **_):
        return call_result.ChangeConfiguration(status="Accepted")

    @on("ChangeAvailability")
    def change_availability(self, **_):
        return call_result.ChangeAvailability(status="Accepted")

    @on("TriggerMessage")
    def trigger(self, **_):
        return call_result.TriggerMessage(status="Accepted")

    @on("ClearChargingProfile")
    def clear(self, **_):
        self.limit_a = 16.0
        return call_result.ClearChargingProfile(status="Accepted")

    @on("SetChargingProfile")
    def set_profile(self, connector_id, cs_charging_profiles, **_):
        tell(event="profile", connector=connector_id, profile=cs_charging_profiles)
        schedule = cs_charging_profiles["charging_schedule"]
        limit_a = float(schedule["charging_schedule_period"][0]["limit"])
        if cs_charging_profiles["charging_profile_purpose"] == "TxProfile" or not self.started:
            self.limit_a = limit_a
        return call_result.SetChargingProfile(status="Accepted")

    async def charge(self) -> None:
        await self.call(call.BootNotification(charge_point_model="small", charge_point_vendor="LJ"))
        await self.say("Preparing")
        await asyncio.sleep(3)
        self.started = True
        started = await self.call(
            call.StartTransaction(connector_id=1, id_tag="x", meter_start=0, timestamp=now())
        )
        await self.say("Charging")
        while True:
            draw_a = self.limit_a if self.limit_a >= 6 else 0.0
            value = [
                {"value": str(draw_a), "measurand": "Current.Import", "phase": leg, "unit": "A"}
                for leg in ("L1", "L2", "L3")
            ]
            await self.call(
                call.MeterValues(
                    connector_id=1,
                    transaction_id=started.transaction_id,
                    meter_value=[{"timestamp": now(), "sampledValue": value}],
                )
            )
            tell(event="sample", connector=1, a=[draw_a] * 3, limit=self.limit_a)
            await asyncio.sleep(self.interval_s)

    async def say(self, status: str) -> None:
        await self.call(
            call.StatusNotification(connector_id=1, error_code="NoError", status=status)
        )


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url")
    parser.add_argument("--id")
    arguments = parser.parse_args()
    while True:
        try:
            async with websockets.connect(
                f"{arguments.url}/{arguments.id}", subprotocols=["ocpp1.6"]
            ) as socket:
                point = Point(arguments.id, socket)
                await asyncio.gather(point.start(), point.charge())
        except OSError:
            await asyncio.sleep(0.2)


asyncio.run(main())
