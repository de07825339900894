"""What evidence adds up to: weight min(|A|, 15) / 5, 70 % of the score, 6 to tell, 15 to remap."""

from __future__ import annotations

import pytest
from loadjuggler.diagnostics.wiring.judge import Verdict
from loadjuggler.diagnostics.wiring.scores import added, against, concluded, signed, weight
from loadjuggler.memory.wiring import Score

from ..house import charger_form, site_form, wire_forms

ABC = ("A", "B", "C")


def load(legs: str) -> object:
    wired = wire_forms(site_form(), charger_form("car", legs))
    assert wired.site is not None
    return wired.site.loads["car"]


def one(leg: str, phase: str, amps: float = 10.0) -> Verdict:
    return Verdict((leg,), amps, ((phase, 1),))


def after(*verdicts: Verdict, legs: str = "ABC", score: Score | None = None) -> Score:
    score = score or Score()
    for verdict in verdicts:
        score = added(score, verdict, load(legs), ABC)  # type: ignore[arg-type]
    return score


def test_weights() -> None:
    assert [weight(a) for a in (0.5, 5.0, -10.0, 15.0, 30.0)] == [0.1, 1.0, 2.0, 3.0, 3.0]


def test_two_changes_of_15_a_are_believed_five_are_enough_to_remap() -> None:
    assert concluded(after(one("L1", "B", 15))) == {}
    assert concluded(after(*[one("L1", "B", 15)] * 2)) == {"L1": "B"}
    assert concluded(after(*[one("L1", "B", 15)] * 4), 15.0) == {}
    assert concluded(after(*[one("L1", "B", 15)] * 5), 15.0) == {"L1": "B"}


def test_seven_of_ten_are_enough_and_less_is_not() -> None:
    assert concluded(after(*[one("L1", "B", 5)] * 7, *[one("L1", "A", 5)] * 3)) == {"L1": "B"}
    assert concluded(after(*[one("L1", "B", 5)] * 6, *[one("L1", "A", 5)] * 3)) == {}


def test_a_score_that_says_nothing_above_ten_is_halved() -> None:
    """5 + 5 = 10 stays, the 11th makes it 5 + 6, halved: 2.5 + 3."""
    score = after(*[one("L1", "B", 5)] * 5, *[one("L1", "A", 5)] * 5)
    assert score.legs["L1"] == {"B": 5.0, "A": 5.0}
    assert after(one("L1", "A", 5), score=score).legs["L1"] == {"B": 2.5, "A": 3.0}


def test_changes_that_no_phase_follows_are_doubts() -> None:
    nothing = Verdict(("L1",), 10.0, ())
    assert concluded(after(*[one("L1", "B")] * 4, nothing)) == {"L1": "B"}
    assert concluded(after(*[one("L1", "B")] * 4, *[nothing] * 2)) == {}


def test_what_was_seen_for_years_does_not_outweigh_the_electrician() -> None:
    """However often A was right: after ten changes of 15 A on B, that is believed."""
    score = after(*[one("L1", "A", 15)] * 1000)
    score = after(*[one("L1", "B", 15)] * 20, score=score)
    assert concluded(score) == {"L1": "B"}


@pytest.mark.parametrize(
    ("legs", "verdict", "leg", "phase"),
    [
        # of a two-phase car the phase that stays is that of the leg that stays
        ("ABC", Verdict(("L1", "L2"), 9.0, (("B", 1), ("C", 1))), "L3", "A"),
        # a charger of two legs on A and B: what moves B and C leaves A free, not C
        ("AB", Verdict(("L1", "L2"), 9.0, (("B", 1), ("C", 1))), "L3", "A"),
    ],
)
def test_the_idle_leg_of_a_two_phase_car(legs: str, verdict: Verdict, leg: str, phase: str) -> None:
    assert after(verdict, legs=legs).legs == {leg: {phase: pytest.approx(1.8)}}


def test_three_legs_alike_tell_nothing_of_each() -> None:
    verdict = Verdict(("L1", "L2", "L3"), 9.0, (("A", 1), ("B", 1), ("C", 1)))
    assert after(verdict).legs == {}
    assert after(verdict).changes == 1


def test_ten_of_the_last_fifteen_are_against() -> None:
    signs: dict[tuple[str, str], str] = {}
    for number in range(15):
        sign = -1 if number < 10 else 1
        signs = signed(signs, "main", Verdict(("L1",), 2.0, (("A", sign),)))
        assert against(signs, "main", ABC) == (["A"] if number >= 9 else [])
    signs = signed(signs, "main", Verdict(("L1",), 2.0, (("A", 1),)))
    assert against(signs, "main", ABC) == []  # the first of them is the 16th last


def test_less_than_an_ampere_says_nothing_of_the_sign() -> None:
    assert signed({}, "main", Verdict(("L1",), 0.9, (("A", -1),))) == {}
    assert signed({}, "main", Verdict(("L1",), -1.0, (("A", -1),))) == {("main", "A"): "-"}
