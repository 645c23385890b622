"""An address is a stranger's input."""

import pytest

from ui import address
from ui.address import Choice


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice("sensitive"),
        Choice("sensitivity", 0.905),
        Choice("specificity", 0.99),
        Choice("free", free={"base_cnn": 0.3, "student": 0.0, "resnet50": 1.0}),
        Choice("costs", cost=25, prevalence=0.3),
        Choice("costs"),
        Choice(prevalence=0.02),
    ],
)
def test_an_address_restores_the_choice_it_was_written_for(choice):
    assert address.parse(address.write(choice)) == (choice, [])


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e9", "-0.1", "1.01", "", "0,5", "<b>", "١"])
def test_a_threshold_that_is_no_number_in_range_is_left_out_with_a_sentence(text):
    choice, notes = address.parse({"rule": "free", "t_student": text})
    if text == "١":  # Python reads other scripts' digits; this one is 1, and in range
        assert choice.free == {"student": 1.0}
    else:
        assert choice.free == {}
        assert notes == [
            "The threshold of Distilled student in the address is not a number between 0 and 1; "
            "its balanced threshold is used."
        ]


@pytest.mark.parametrize("text", ["nan", "97", "0.2", "ninety"])
def test_a_wish_out_of_range_becomes_the_default(text):
    choice, (note,) = address.parse({"rule": "sensitivity", "value": text})
    assert choice.value == address.DEFAULT_WISH
    assert "not a number between 0.5 and 1" in note


@pytest.mark.parametrize("text", ["nan", "0", "101", "-3", "ten", "1e-9"])
def test_a_cost_out_of_range_becomes_the_default(text):
    choice, notes = address.parse({"rule": "costs", "cost": text})
    assert choice == Choice("costs")
    assert notes == ["The cost of a miss in the address is not a number between 1 and 100; 10 is used."]


@pytest.mark.parametrize("text", ["nan", "0", "1", "10%", "-0.1"])
def test_a_prevalence_out_of_range_becomes_the_default(text):
    choice, notes = address.parse({"prevalence": text})
    assert choice == Choice()
    assert notes == ["The prevalence in the address is not a number between 0.01 and 0.8; 0.1 is used."]


def test_what_lies_between_two_steps_of_a_dial_is_taken_to_the_nearest():
    choice, notes = address.parse({"rule": "costs", "cost": "2.6", "prevalence": "0.123"})
    assert (choice.cost, choice.prevalence, notes) == (3, 0.12, [])


def test_the_default_leaves_the_address_clean():
    assert address.write(Choice(free={"student": 0.3})) == {}
