"""Tables as people really have them: one made-up cohort, written in every way that spreadsheets and programs do."""

import io

import numpy as np
import pandas as pd

N = 60
TRUTH = np.arange(N) % 2
SCORE = np.round(0.3 * TRUTH + np.random.default_rng(0).uniform(0.05, 0.65, N), 4)
PLAIN = pd.DataFrame({"patient": [f"p{place:03d}" for place in range(N)], "truth": TRUTH, "score": SCORE})


def text(table: pd.DataFrame = PLAIN, *, sep: str = ",", decimal: str = ".", **more) -> str:
    return table.to_csv(index=False, sep=sep, decimal=decimal, lineterminator="\n", **more)


def changed(**columns) -> pd.DataFrame:
    """The plain table with other columns, in its order."""
    return PLAIN.assign(**columns)


def german(table: pd.DataFrame = PLAIN) -> str:
    return text(table, sep=";", decimal=",")


def workbook(sheets: dict[str, pd.DataFrame], engine: str = "openpyxl", **more) -> bytes:
    file = io.BytesIO()
    with pd.ExcelWriter(file, engine=engine) as writer:
        for name, table in sheets.items():
            table.to_excel(writer, sheet_name=name, index=False, **more)
    return file.getvalue()
