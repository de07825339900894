"""Records made quickly are the same as those that `dataclasses` makes."""

from __future__ import annotations

import dataclasses
import inspect
from dataclasses import FrozenInstanceError, dataclass, field

import pytest
from loadjuggler.records import quick, replace


@dataclass(frozen=True, slots=True)
class Plain:
    amps: float
    name: str = "car"
    legs: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """As Plain."""

    amps: float
    name: str = "car"
    legs: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Positive:
    amps: float

    def __post_init__(self) -> None:
        if self.amps < 0:
            raise ValueError(f"{self.amps} A")


@dataclass(frozen=True, slots=True)
class Longer(Plain):
    """It has slots of its own beside those of its base, so it has no twin."""

    at: float = 0.0


@dataclass(frozen=True)
class Open:
    """It has no slots."""

    amps: float
    name: str = "car"


@quick
@dataclass(frozen=True, slots=True)
class Fresh:
    name: str
    found: dict[str, float] = field(default_factory=dict)
    amps: float = 6.0


@pytest.mark.parametrize("kind", [Plain, Quick, Longer, Open])
def test_fields_that_are_not_named_are_kept(kind: type) -> None:
    old = kind(6.0, "left")
    new = replace(old, amps=8.0)
    assert (new.amps, new.name) == (8.0, "left")
    assert type(new) is kind
    assert new == dataclasses.replace(old, amps=8.0)
    assert (old.amps, old.name) == (6.0, "left"), "the old record stays as it was"
    assert replace(old) == old


@pytest.mark.parametrize("kind", [Plain, Quick, Longer, Open])
def test_a_new_value_may_be_none(kind: type) -> None:
    assert replace(kind(6.0, "left"), name=None).name is None


@pytest.mark.parametrize("kind", [Plain, Quick, Longer, Open])
def test_a_name_that_is_no_field_is_an_error(kind: type) -> None:
    with pytest.raises(TypeError):
        replace(kind(6.0), volts=230.0)


@pytest.mark.parametrize("kind", [Plain, Quick, Longer, Open])
def test_what_is_made_can_not_be_changed(kind: type) -> None:
    for record in (kind(6.0), replace(kind(6.0), amps=8.0)):
        with pytest.raises(FrozenInstanceError):
            record.amps = 10.0


def test_a_quick_constructor_takes_what_the_plain_one_takes() -> None:
    assert Quick(6.0) == Quick(6.0, "car", ()) == Quick(legs=(), name="car", amps=6.0)
    assert hash(Quick(6.0)) == hash(Quick(6.0, "car"))
    assert Quick(6.0) != Quick(8.0)
    assert repr(Quick(6.0)) == repr(Plain(6.0)).replace("Plain", "Quick")
    assert inspect.signature(Quick) == inspect.signature(Plain)
    with pytest.raises(TypeError):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Quick(6.0, amp=8.0)  # type: ignore[call-arg]


def test_a_record_refuses_bad_values_however_it_is_made() -> None:
    assert Positive(6.0).amps == 6.0
    with pytest.raises(ValueError, match="-1"):
        Positive(-1.0)
    with pytest.raises(ValueError, match="-2"):
        replace(Positive(6.0), amps=-2.0)


def test_a_default_that_is_made_anew_is_another_one_each_time() -> None:
    one, two = Fresh("left"), Fresh(name="right", amps=8.0)
    assert (one.found, one.amps, two.found, two.amps) == ({}, 6.0, {}, 8.0)
    assert one.found is not two.found
    assert Fresh("left", {"L1": 6.0}).found == {"L1": 6.0}
    assert replace(one, amps=8.0).found is one.found


@pytest.mark.parametrize("kind", [Longer, Open])
def test_a_class_that_can_not_be_made_quickly_is_refused(kind: type) -> None:
    with pytest.raises(TypeError, match=kind.__name__):
        quick(kind)
