"""Finds out which version of OCPP a charger speaks, as far as something shows it.

The OCPP integration speaks with each charger in the version that the two have agreed on, and hands
a profile on as it is. So a profile in the form of the other version never arrives:

    charger   form says   what the integration does with a profile
    2.0.1     1.6         the call fails: the profile does not fit the schema of 2.0.1
    1.6       2.0.1       version 0.11 says nothing and drops it; later ones fail, too

What shows the version:

- The id of a session is a number in 1.6 and a text in 2.0.1, mostly with letters.
- A call that fails names fields of the profile's schema, which differ.
- Keys of the configuration are written `Component/Variable` in 2.0.1. A key of 1.6 is answered by
  a charger of 1.6, and refused as no key for one of 2.0.1.

Source: OCPP 1.6, section 7.8; OCPP 2.0.1, K01 and 2.1.52; the integration's `ocppv16`, `ocppv201`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ...measure.numbers import ambiguous, number

V1_6, V2_0_1 = "1.6", "2.0.1"

_SAYS: tuple[tuple[str, str], ...] = (
    ("evseid", V2_0_1),
    ("evse_id", V2_0_1),
    ("invalid ocpp key", V2_0_1),
    ("invalid_ocpp_key", V2_0_1),
    ("cschargingprofiles", V1_6),
    ("cs_charging_profiles", V1_6),
)
"""Words of errors (in small letters) that only one version has, and that version."""


def by_session(text: str) -> str:
    """The version whose sessions have such ids: "2.0.1" for a text; "": it can't be told.

    A sensor that says "nan" or "inf" has no value, so it tells nothing.
    """
    with suppress(ValueError):
        if not math.isfinite(float(text)):
            return ""
    return V2_0_1 if number(text) is None and not ambiguous(text) else ""


def by_error(error: str) -> str:
    """The version that an error of a call names, by its words; "": none."""
    small = error.lower()
    return next((version for word, version in _SAYS if word in small), "")


def by_profile(data: Mapping[str, Any]) -> str:
    """The version that a charger speaks which was sent the `data` of a call without an error.

    A profile in the form of 1.6 does not get past the schema of 2.0.1. One in the form of 2.0.1
    shows nothing: version 0.11 of the integration drops it for a charger of 1.6 without a word.
    """
    return V1_6 if "chargingProfileId" in data.get("custom_profile", {}) else ""
