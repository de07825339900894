"""What a newer Home Assistant has taken away from pyscript is given back, and nothing else."""

import importlib
import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from homeassistant.helpers import restore_state, service, template
from homeassistant.helpers.restore_state import DATA_RESTORE_STATE, RestoreStateData

from simulator.trial import newest
from tests import early
from tests.conftest import CACHE
from tests.home_assistant.harness import PROJECT, Home, forget_modules


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


# --- the package for tests, which lags one Home Assistant behind -------------------------------


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> object:
    """A function that the package imports, where Home Assistant 2026.11 has it."""
    here, there = (importlib.import_module(name) for name in (early.LOGGER, LOGGER_HELPERS))
    function = object()
    monkeypatch.delattr(here, early.CLEARS, raising=False)
    monkeypatch.setattr(there, early.CLEARS, function, raising=False)
    return function


LOGGER_HELPERS = f"{early.LOGGER}.helpers"


def test_what_the_package_for_tests_imports_is_put_back(
    moved: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "meta_path", [early.BeforePackage, *sys.meta_path])
    logger = importlib.import_module(early.LOGGER)
    assert early.BeforePackage.find_spec("json") is None
    assert not hasattr(logger, early.CLEARS), "it waits for the package"
    assert early.BeforePackage.find_spec(early.PACKAGE) is None
    assert early.BeforePackage not in sys.meta_path, "once is enough"
    assert vars(importlib.import_module(early.LOGGER)).get(early.CLEARS) is moved
    delattr(logger, early.CLEARS)


def test_what_the_package_for_tests_finds_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    logger, own = importlib.import_module(early.LOGGER), object()
    monkeypatch.setattr(logger, early.CLEARS, own, raising=False)
    early.make_ready()
    assert vars(logger)[early.CLEARS] is own


# --- what script/setup installs ---------------------------------------------------------------

COMPILED = {"pymicro-vad", "pyspeex-noise"}
"""What must be compiled, so it may be missing: nothing of it is used."""


def shell_of_setup(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with the functions of script/setup."""
    text = (PROJECT / "script" / "setup").read_text(encoding="utf-8")
    functions = text[text.index("INTEGRATIONS=(") : text.index("make_environment() {")]
    whole = f"set -euo pipefail\nsource '{PROJECT}/script/lib.sh'\n{functions}\n{command}"
    return subprocess.run(
        ["bash", "-c", whole, "bash", *arguments], capture_output=True, text=True, check=True
    )


def test_what_home_assistant_always_sets_up_is_there() -> None:
    """It describes no service, and pyscript sets no trigger, without all of that.

    2026.2 imports ai_task for that, and so hassil; since 2026.4 all of its bootstrap is set up.
    """
    said = shell_of_setup('integration_requirements "$1"', sys.prefix).stdout.split()
    needed = dict(line.split("==") for line in said)
    assert {"home-assistant-frontend", "sqlalchemy"} <= {name.lower() for name in needed}
    assert {"hassil", "PyTurboJPEG", "ha-ffmpeg"} <= set(needed)
    for name, version in needed.items():
        if name not in COMPILED:
            assert importlib.metadata.version(name) == version, name
    assert "notify" in service._base_components()


def test_a_package_that_can_not_be_compiled_stops_nothing(tmp_path: Path) -> None:
    wanted = tmp_path / "integration-requirements.txt"
    wanted.write_text("one==1\npymicro-vad==1.0.1\ntwo==2\n", encoding="utf-8")
    done = shell_of_setup(
        'install() { [[ $2 != pymicro-vad* ]] && echo "$2"; }\ninstall_each "$1"', str(tmp_path)
    )
    assert done.stdout.split() == ["one==1", "two==2"]
    (line,) = done.stderr.splitlines()
    assert line.startswith("MISSING: pymicro-vad==1.0.1; some of the tests")


# --- what people see without it ---------------------------------------------------------------


def lines_of_the_log() -> list[str]:
    """What the log says of a pyscript that is too old, as docs/troubleshooting.md quotes it."""
    text = (PROJECT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    return re.findall(r"\| `((?:Setup failed|Error during setup)[^|]*pyscript[^|]*)` \|", text)


async def said_by(home: Home, take_away: Callable[[Home], None]) -> list[str]:
    """The errors of a start with pyscript 1.7.0 and without what is taken away before that."""
    pyscript = CACHE / "pyscript-1.7.0" / "custom_components"
    sys.modules["custom_components"].__path__ = [str(pyscript)]
    forget_modules("custom_components.pyscript")
    with pytest.raises(AssertionError, match="pyscript"):
        await home.start(boot=lambda: take_away(home))
    return home.errors()


def without_functions(_home: Home) -> None:
    """As Home Assistant is from 2026.5 on."""
    del vars(importlib.import_module(template.__name__))["forgiving_boolean"]


def without_last_states(home: Home) -> None:
    """As Home Assistant is from 2026.11 on."""
    data = home.hass.data[DATA_RESTORE_STATE]
    del (data if "last_states" in vars(data) else RestoreStateData).last_states  # type: ignore[attr-defined]


@pytest.mark.any_pyscript
@pytest.mark.pyscript
@pytest.mark.parametrize(("take_away", "place"), [(without_functions, 0), (without_last_states, 1)])
async def test_the_docs_quote_what_the_log_says(
    home: Home, take_away: Callable[[Home], None], place: int
) -> None:
    quoted = lines_of_the_log()
    assert len(quoted) == 2
    errors = await said_by(home, take_away)
    assert any(quoted[place] in error for error in errors), errors
