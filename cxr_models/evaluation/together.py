"""Asking all models instead of one: the mean of their calibrated logits, as one more column of a table of scores.

The column works with everything that takes a table and the name of a column: `scores.rows`, `summary.measures`,
`comparison.differences`. Its temperature is 1, since each model's own was divided out before the mean.

>>> import pandas as pd
>>> table = pd.DataFrame({"a": [2.0, -4.0], "b": [3.0, 3.0]})
>>> with_column(table, {"a": 2.0, "b": 1.0})["together"].tolist()
[2.0, 0.5]
"""

from collections.abc import Mapping

import pandas as pd

from cxr_models.errors import TableRefused
from cxr_models.evaluation import scores
from cxr_models.evaluation.operating_point import RESAMPLES, Rule, bootstrap_threshold, youden
from cxr_models.evaluation.summary import Point

NAME = "together"
TEMPERATURE = 1.0


def with_column(table: pd.DataFrame, temperatures: Mapping[str, float]) -> pd.DataFrame:
    """A copy of the table with the column `NAME`: the mean over the models in ``temperatures`` of logit / temperature.

    temperatures: model → its temperature, above 0; at least one. The mean of log-odds is the log of the geometric
    mean of the odds, so no model outvotes another by being louder than it was calibrated to be (logarithmic opinion
    pool: Genest & Zidek 1986). Empty (NaN) for a picture that one of the models was not run on. Raises TableRefused
    for a model that has no column, ValueError for a temperature that is not above 0 and for no models.
    """
    if not temperatures:
        raise ValueError("A mean of models needs at least one model.")
    missing = [model for model in temperatures if model not in table]
    if missing:
        raise TableRefused(f"The table of scores has no column {', '.join(missing)}.")
    if not all(temperature > 0 for temperature in temperatures.values()):
        raise ValueError(f"Temperatures must be above 0, not {dict(temperatures)}.")
    log_odds = table[list(temperatures)] / pd.Series(temperatures)
    return table.assign(**{NAME: log_odds.mean(axis=1, skipna=False)})


def point(table: pd.DataFrame, *, rule: Rule = youden, resamples: int = RESAMPLES) -> Point:
    """What `summary` and `comparison` need to read the column: `TEMPERATURE`, and its own threshold, chosen by the rule
    as every model's is.

    table: from `with_column`. Raises TableRefused as `scores.choosing_rows` does.
    """
    rows = scores.choosing_rows(table, NAME)
    score = scores.score(rows.logit, TEMPERATURE)
    return Point(TEMPERATURE, bootstrap_threshold(rows.label, score, rows.patient, rule, resamples=resamples).value)
