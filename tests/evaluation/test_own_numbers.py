"""Numbers written in every way people write them; what can be read two ways is never guessed."""

import numpy as np
import pandas as pd
import pytest

from cxr_models.evaluation import own_numbers


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["0.5", "-1.25", "1e-3", "1.5E+2", ".5", "+2"], [0.5, -1.25, 0.001, 150, 0.5, 2]),
        (["0,5", "-1,25", "1,5E+2", "1.079,20", "1.000.485,6"], [0.5, -1.25, 150, 1079.2, 1000485.6]),
        (["1,079.5", "950", "1,000,485.6"], [1079.5, 950, 1000485.6]),
        (["1 079,5", "1\u00a0079,5", "1\u202f079,5"], [1079.5] * 3),
        (["1’079.5", "1'079.5", "950"], [1079.5, 1079.5, 950]),
        (["50 %", "2%", "12.5%"], [0.5, 0.02, 0.125]),
        (["−0.5", "0.25"], [-0.5, 0.25]),
        (["0.5", "", "NA", "n/a", "NaN", "high", "inf", "=A1"], [0.5] + [np.nan] * 7),
    ],
    ids=["point", "comma", "English", "spaces", "Swiss", "percent", "minus sign", "no numbers"],
)
def test_numbers_as_people_write_them(cells, values):
    column = pd.Series(cells)
    np.testing.assert_allclose(own_numbers.numbers(column, own_numbers.decimal_signs(column)[0]), values)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["950", "1,079"], ("1,079", 1079, 1.079)),
        (["950", "1.079"], ("1.079", 1079, 1.079)),
        (["1.234", "2.345"], ("1.234", 1234, 1.234)),
        (["950", "1,079", "0,5"], None),
        (["950", "1.079", "1.1"], None),
        (["950", "1,079", "1,000,485"], None),
        (["0,539", "0,881"], None),
        (["950", "1079"], None),
    ],
)
def test_a_number_that_can_be_read_two_ways_is_found(cells, found):
    assert own_numbers.readings(pd.Series(cells)) == found
