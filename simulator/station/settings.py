"""The configuration keys of a station (OCPP 1.6, 9): what can be read and what can be changed."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.ocpp.station import configuration

from .station import Station

MEASURANDS = (
    "Current.Import",
    "Current.Offered",
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Power.Offered",
    "SoC",
    "Voltage",
)

CHANGEABLE = {
    "HeartbeatInterval": "number",
    "MeterValueSampleInterval": "number",
    "ClockAlignedDataInterval": "number",
    "ConnectionTimeOut": "number",
    "TransactionMessageAttempts": "number",
    "TransactionMessageRetryInterval": "number",
    "WebSocketPingInterval": "number",
    "StopTransactionOnInvalidId": "switch",
    "MeterValuesSampledData": "measurands",
    "MeterValuesAlignedData": "measurands",
}
"""What may be changed, and what it must look like; the station does what each of them says."""


@dataclass(frozen=True, slots=True)
class Key:
    """A configuration key with its value."""

    key: str
    readonly: bool
    value: str


class Settings:
    """A station's configuration keys."""

    def __init__(self, station: Station, sample_s: float, heartbeat_s: float) -> None:
        can = station.stack.can
        self.values = {
            "HeartbeatInterval": f"{heartbeat_s:g}",
            "MeterValueSampleInterval": f"{sample_s:g}",
            "ConnectionTimeOut": f"{station.wish_s:g}",
            "ClockAlignedDataInterval": "0",
            "ResetRetries": "0",
            "TransactionMessageAttempts": "3",
            "TransactionMessageRetryInterval": "30",
            "WebSocketPingInterval": "20",
            "AuthorizeRemoteTxRequests": "false",
            "LocalAuthorizeOffline": "false",
            "LocalPreAuthorize": "false",
            "StopTransactionOnEVSideDisconnect": "true",
            "StopTransactionOnInvalidId": "true",
            "UnlockConnectorOnEVSideDisconnect": "true",
            "MeterValuesSampledData": ",".join(MEASURANDS),
            "MeterValuesAlignedData": ",".join(MEASURANDS),
            "StopTxnSampledData": "",
            "StopTxnAlignedData": "",
            "ConnectorPhaseRotation": "0.RST"
            + "".join(f",{n}.RST" for n in range(1, can.connectors + 1)),
            "GetConfigurationMaxKeys": "50",
            "NumberOfConnectors": str(can.connectors),
            "SupportedFeatureProfiles": "Core,RemoteTrigger,SmartCharging",
            **configuration(can),
        }

    def get(self, keys: list[str] | None) -> tuple[list[Key], list[str]]:
        """The keys asked for (none: all), and the names that are unknown."""
        wanted = keys or list(self.values)
        known = [Key(k, k not in CHANGEABLE, self.values[k]) for k in wanted if k in self.values]
        return known, [k for k in wanted if k not in self.values]

    def change(self, key: str, value: str) -> str:
        """Set a key: "Accepted", "Rejected" or "NotSupported" (OCPP 1.6, 5.3)."""
        if key not in self.values:
            return "NotSupported"
        form = CHANGEABLE.get(key)
        if form is None or not _fits(form, value):
            return "Rejected"
        self.values[key] = value
        return "Accepted"

    def seconds(self, key: str) -> float:
        """A key whose value is a number of seconds."""
        return float(self.values[key])

    def on(self, key: str) -> bool:
        """A key whose value is true or false."""
        return self.values[key].lower() == "true"

    def measurands(self, context: str) -> tuple[str, ...]:
        """What is to be reported with a sample of this context."""
        key = "MeterValuesAlignedData" if context == "Sample.Clock" else "MeterValuesSampledData"
        return tuple(filter(None, self.values[key].split(",")))


def _fits(form: str, value: str) -> bool:
    if form == "number":
        return value.isascii() and value.isdigit()
    if form == "switch":
        return value.lower() in ("true", "false")
    if form == "measurands":
        return all(part in MEASURANDS for part in value.split(",") if part)
    return True
