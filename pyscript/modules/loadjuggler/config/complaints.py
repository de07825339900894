"""What people are told of forms that are not in force, or that have lost their automation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..report import Notice
from ..site.slug import slug
from ..texts import WORDS
from .kinds import KINDS
from .parse import Parsed
from .trial import House

FORM = "form"
"""The kind of notifications about forms. They need a person, so they are always shown."""


TITLE = "Load Juggler"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about a form that a person has to know.

    - `node`: what names its automation. `kind`: of its form; "": not known. `name`: of its node.
    - `what`: "refused", "waiting" (for a breaker), "gone" (its automation is), or "no_site".
    - `said`: the errors, or the name that is waited for, or the names of what needs it.
    - `field`: the label of the field that names the breaker. `known`: the breakers in force.
    - `stays`: whether the form that it had before stays in force.
    """

    node: str
    kind: str
    name: str
    what: str
    said: tuple[str, ...]
    field: str = ""
    known: tuple[str, ...] = ()
    stays: bool = False

    def text(self, language: str) -> str:
        """The sentence in `language`; the errors of forms are in English, as the forms are."""
        words = WORDS[language]
        kind = words.get(f"form_kind_{self.kind}", self.kind)
        form = f"{kind} '{self.name}'" if self.name else words["form_of"].format(node=self.node)
        joint = " " if self.what == "refused" else ", "
        text = words[f"form_{self.what}"].format(
            form=form, said=joint.join(self.said), field=self.field, known=", ".join(self.known)
        )
        return f"{text} {words['form_stays']}" if self.stays else text


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the forms that are not in force, all by node.

    - `called`: kind and name of each form that was announced.
    - `refused`: errors. `pending`: forms that were read, and can't be in force yet.
    - `orphaned`: the names of loads for which a breaker, or the site, is kept without automation.
    - `settled`: whether all forms had time to arrive.
    """

    called: Mapping[str, tuple[str, str]]
    refused: Mapping[str, tuple[str, ...]]
    pending: Mapping[str, Parsed]
    orphaned: Mapping[str, Sequence[str]]
    settled: bool


def troubles(house: House, told: Told) -> Iterator[Trouble]:
    """What people must know of the forms: what is refused, waits, or has no automation."""

    def trouble(key: str, what: str, said: tuple[str, ...] = ()) -> Trouble:
        node, (kind, name) = house.nodes.get(key), told.called.get(key, ("", ""))
        if node is not None:
            kind, name = kind or node.form.kind, name or node.name
        stays = what != "gone" and house.in_force(key)
        if what != "waiting":
            return Trouble(key, kind, name, what, said, stays=stays)
        form = told.pending[key] if node is None or stays else node.form
        field = KINDS[kind].field("parent" if kind == "circuit" else "circuit")
        said = (str(form.values[field.name]),)
        known = tuple(circuit.name for circuit in site.circuits.values()) if site else ()
        return Trouble(key, kind, name, what, said, field.label, known, stays)

    site = house.wired.site
    refused = {**house.wired.refused, **told.refused}
    for key, errors in refused.items():
        yield trouble(key, "refused", errors)
    waits = [*house.wired.waiting, *(key for key in told.pending if key not in refused)]
    if waits and told.settled and site is None:
        names = tuple(house.nodes[key].name for key in waits if key in house.nodes)
        yield Trouble("site", "site", "", "no_site", names)
    elif told.settled:
        for key in waits:
            yield trouble(key, "waiting")
    for key, loads in told.orphaned.items():
        yield trouble(key, "gone", tuple(loads))


def notices(troubles: Iterable[Trouble], language: str) -> tuple[Notice, ...]:
    """A notification for each of `troubles`."""
    return tuple(
        Notice(f"loadjuggler_form_{slug(one.node)}", FORM, TITLE, one.text(language))
        for one in troubles
    )
