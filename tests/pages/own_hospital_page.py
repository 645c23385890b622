"""What the page of the own hospital says and shows, and how a table is given and analysed there."""

import pandas as pd


def said(page) -> str:
    parts = (page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(element.value for part in parts for element in part)


def given(open_page, table: pd.DataFrame | bytes, name: str = "own.csv"):
    """The page with the table uploaded: its proposal, and nothing computed."""
    page = open_page("own_hospital")
    data = table if isinstance(table, bytes) else table.to_csv(index=False).encode()
    page.file_uploader(key="own_table").upload(name, data, "text/csv").run()
    assert not results(page)
    return page


def widget(page, label: str):
    """The one whose label begins so, of selectboxes, multiselects and radios."""
    return next(box for kind in (page.selectbox, page.multiselect, page.radio) for box in kind
                if box.label.startswith(label))  # fmt: skip


def analysed(page):
    """The page after a press on the button, which must be free to press."""
    button = page.button(key="own_analyse")
    assert not button.disabled, said(page)
    return button.click().run()


def results(page) -> list[pd.DataFrame]:
    """The tables of results: neither the proposal nor a list of files."""
    return [table.value for table in page.table if not {"Reason", "File"} & set(table.value)]


def analysis(page) -> pd.DataFrame:
    """The table of measures."""
    return results(page)[0]
