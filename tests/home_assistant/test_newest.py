"""What a newer Home Assistant has taken away from pyscript is given back, and nothing else."""

import importlib

import pytest
from homeassistant.helpers import restore_state, template
from homeassistant.helpers.restore_state import RestoreStateData

from simulator.trial import newest


def test_a_text_that_is_no_number_raises_unless_a_default_is_given() -> None:
    """As pyscript calls them: with the mark of `helpers.template` where no default is given."""
    newest.support()
    found = vars(importlib.import_module(template.__name__))
    none = found["_SENTINEL"]
    assert found["forgiving_float"]("2.5", default=none) == 2.5
    assert found["forgiving_int"]("12", default=none, base=10) == 12
    assert found["forgiving_round"]("2.46", precision=1, method="common", default=none) == 2.5
    assert found["forgiving_boolean"]("on", default=none) is True
    for name in ("forgiving_float", "forgiving_int", "forgiving_boolean", "forgiving_round"):
        assert found[name]("six", default=None) is None
        with pytest.raises(ValueError, match="six"):
            found[name]("six", default=none)
    with pytest.raises(ValueError, match="as_datetime"):
        found["raise_no_default"]("as_datetime", "six")


def test_nothing_is_replaced_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    own = object()
    monkeypatch.setattr(template, "forgiving_float", own, raising=False)
    newest.support()
    assert vars(template)["forgiving_float"] is own


def test_what_was_stored_is_found_by_its_old_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 2026.11 on it is called last_states_by_entity_id."""

    class Renamed(RestoreStateData):
        def __init__(self) -> None:
            self.last_states_by_entity_id = {"sensor.a": 1}  # type: ignore[assignment]

    monkeypatch.setattr(restore_state, "RestoreStateData", Renamed)
    newest.support()
    assert Renamed().last_states == {"sensor.a": 1}
