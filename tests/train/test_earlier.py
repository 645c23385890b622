"""Networks of former days, out of versions of the table of scores."""

import numpy as np
import pandas as pd
import pytest

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.paths import RESULTS
from train import earlier
from train.readme import results


def version(seed: int, **other: int) -> pd.DataFrame:
    """A table of scores in which each network answers by its own seed."""
    label = np.tile([0, 1], 20)
    rows = pd.DataFrame({"split": np.repeat(["val", "stressed", "test"], 40), "label": np.tile(label, 3)})
    rows["file"] = [f"{number}.jpeg" for number in range(120)]
    for place, name in enumerate(zoo.SPECS):
        noise = np.random.default_rng([other.get(name, seed), place]).normal(size=120)
        rows[name] = rows["label"] + noise
    return rows


def test_each_former_network_is_one_row_where_it_is_first_found():
    first, second, present = version(1), version(1, student=2), version(3, student=2)
    dropped = version(3, student=4)
    others = version(5).replace({"file": {"119.jpeg": "another.jpeg"}})
    history = [
        ("d0", "z", others),
        ("d1", "a", first),
        ("d2", "b", second),
        ("d3", "c", dropped),
        ("d4", "d", second),
        ("d5", "e", present),
    ]
    found = earlier.earlier(history, present)
    assert list(zip(found["model"], found["commit"], strict=True)) == [
        ("base_cnn", "a"), ("teacher", "a"), ("student", "a"), ("student", "c"), ("resnet50", "a"),
    ]  # fmt: skip
    assert found.set_index(["model", "commit"]).loc[("student", "c"), "test_accuracy"] == pytest.approx(
        ((dropped["student"] >= 0) == dropped["label"])[dropped["split"] == "test"].mean()
    )


def test_the_history_of_the_shipped_table_is_what_the_committed_one_holds():
    """As far back as the clone at hand goes."""
    date, commit, table = next(earlier.versions(earlier.SCORES))
    committed = pd.read_csv(earlier.TABLE, dtype={"commit": str})
    known = committed[(committed["commit"] == commit[:7]) & (committed["model"] == "base_cnn")]
    if known.empty:
        pytest.skip("this clone holds a part of the history")
    for measure, value in earlier.measured(table, "base_cnn").items():
        assert known[measure].item() == pytest.approx(value, abs=1e-5)
    assert date == known["date"].item()


def test_a_folder_without_history_is_told():
    with pytest.raises(TableRefused, match="does not hold assets/results/never.csv"):
        next(earlier.versions(RESULTS / "never.csv"))


def test_the_readme_closes_each_kind_with_the_shipped_one_and_counts_what_agreed():
    table = pd.DataFrame(
        [["student", "d", "a", 0.9, 0.8, 0.9, 0.7], ["student", "d", "b", 0.9, 0.9, 0.8, 0.7]],
        columns=["model", "date", "commit", "val_auc", "stressed_auc", "test_auc", "test_accuracy"],
    )
    tidy = pd.DataFrame(
        [
            [results.AT_HALF, name, split, measure, 0.95]
            for name in zoo.SPECS
            for split, measure in results.ROW_OF_EARLIER
        ],
        columns=["point", "model", "split", "measure", "value"],
    )
    said = results.earlier_text(table, tidy)
    student = [line for line in said.splitlines() if line.startswith(f"| {zoo.spec('student').title}")]
    assert [line.split("|")[-2].strip() for line in student] == ["a", "b", "shipped"]
    assert "Of 2 steps" in said and "2 raised the AUC on stressed" in said and "in 1 of the 2" in said
