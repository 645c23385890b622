"""What the page of the own hospital says and shows."""

import pandas as pd


def said(page) -> str:
    parts = (page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(element.value for part in parts for element in part)


def analysis(page) -> pd.DataFrame:
    """The first table that lists no files."""
    return next(table.value for table in page.table if "File" not in table.value)
