"""Whether Home Assistant has what the form of the site names under *Send to*."""

from __future__ import annotations

from ..site.model import NOTIFY, is_notify
from .host import Host

MOST = 8
"""So many actions are named that there are."""


def missing(host: Host) -> str:
    """The sentence that the target of notifications is not there; "": it is, or none is named.

    It is no error of the form: at a start of Home Assistant the action of a phone may come later.
    """
    site, hands = host.keeper.site, host.hands
    target = site.notify.target if site else None
    if target is None or hands.state(target) is not None:
        return ""
    domain, _, action = target.partition(".")
    if action in hands.actions(domain):
        return ""
    there = [f"{NOTIFY}.{one}" for one in sorted(hands.actions(NOTIFY))]
    there += [one for one in hands.entity_ids() if is_notify(one)]
    known = f"it has {', '.join(there[:MOST])}" if there else "it has none yet"
    return f"Send to: Home Assistant has no {target} at this moment; {known}."
