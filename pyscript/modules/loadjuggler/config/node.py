"""A registered form with the id and the names of its node.

Forms name each other by names: a load its breaker, a service its load. A name that a node had
before is known until another node takes it:

```
    Garage  20 A ──▶ renamed ──▶ Workshop  20 A        a load that says "Garage" still hangs on it
    a new breaker is called Garage                     now "Garage" is that one
```

Source: docs/decisions/0039.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..loads.kind import KindOfLoad
from ..loads.kinds import KINDS_OF_LOADS
from ..site.model import MAIN
from ..site.slug import slug
from .parse import Parsed

MOST_NAMES = 20
"""So many earlier names of a node are known; the oldest ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Node:
    """A registered form, and the id that its node got at the first registration.

    `earlier` are the keys of names that the node had before, the newest first.
    """

    form: Parsed
    id: str
    earlier: tuple[str, ...] = ()

    @property
    def of_load(self) -> KindOfLoad | None:
        """The kind of load of the form; `None`: it is the form of the site or of a breaker."""
        return KINDS_OF_LOADS.get(self.form.kind)

    @property
    def name(self) -> str:
        """The name of the node, as the form says it."""
        return str(self.form.values["name"])

    @property
    def title(self) -> str:
        """The node in an error: its kind and its name."""
        return f"{self.form.kind} '{self.name}'"

    @property
    def key(self) -> str:
        """The key of its name."""
        return same_name(self.name)

    def changed(self, form: Parsed, ident: str) -> Node:
        """The same node with a new `form` and the id `ident`; its name of before stays known."""
        new = Node(form, ident)
        known = [name for name in (self.key, *self.earlier) if name != new.key]
        return replace(new, earlier=tuple(dict.fromkeys(known))[:MOST_NAMES])

    def without(self, name: str) -> Node:
        """The same node without the earlier name `name` (a key): another node has it now."""
        if name not in self.earlier:
            return self
        return replace(self, earlier=tuple(one for one in self.earlier if one != name))


_OURS = frozenset((MAIN, "site", "grid_available", "surplus", "battery_available"))
"""Ids that no node may have, because entities of ours have them."""


_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


LONGEST_ID = 200
"""No id of a node is longer: entities have words of ours beside it, and 255 signs at most."""


def is_id(given: object) -> bool:
    """Whether this can be the id of a node."""
    plain = isinstance(given, str) and len(given) <= LONGEST_ID and _ID.fullmatch(given)
    return bool(plain) and given not in _OURS


def new_id(name: str, taken: Iterable[str]) -> str:
    """A new id for a node called `name`: its slug, with _2, _3 and so on if that is `taken`."""
    used = {*taken, *_OURS}
    base = number = slug(name)
    count = 2
    while number in used:
        number, count = f"{base}_{count}", count + 1
    return number


def same_name(name: str | None) -> str:
    """The key of a name: without blanks too many, in small letters.

    That of a circuit may be "", which means the main breaker.
    """
    return " ".join((name or "").split()).casefold()


def earlier_names(nodes: Iterable[Node]) -> Mapping[str, str]:
    """By each earlier name of one of `nodes` that none has now, the name that it has now (keys)."""
    nodes = list(nodes)
    taken = {node.key for node in nodes}
    return {name: node.key for node in nodes for name in node.earlier if name not in taken}
