"""Who may do what by services.

Home Assistant lets every user call every service that is not about an entity. So the answer to a
call says first whether its user may do that:

    right         who has it                       services
    READ          everybody with a login           explain, history, dashboard, suggest
    CONTROL       users who may control devices    set_mode, boost, pause, ...
    ADMINISTER    administrators                   register_..., undo_remap

What calls without a user has all rights: automations, and Home Assistant itself. Only
administrators can edit automations.
"""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What a user may do."""

    READ = "read"
    CONTROL = "control"
    ADMINISTER = "administer"


REGISTER = "register_"
"""A service that takes in forms is called this and the kind of form: "register_charger"."""


_READS = frozenset({"explain", "history", "dashboard", "suggest"})


_WIRES = frozenset({"undo_remap"})


REFUSED = {
    Right.READ: "You may not use Load Juggler.",
    Right.CONTROL: "You may look at Load Juggler, but not control it: ask an administrator.",
    Right.ADMINISTER: "Only administrators may change what is wired.",
}
"""What is answered to who lacks a right."""


def needed(service: str) -> Right:
    """The right that the service of this name needs. One that is not listed needs CONTROL."""
    if service.startswith(REGISTER) or service in _WIRES:
        return Right.ADMINISTER
    return Right.READ if service in _READS else Right.CONTROL
