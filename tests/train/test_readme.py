"""The README's generated tables: right values from small tables."""

import numpy as np
import pandas as pd
import pytest

from cxr_models import zoo
from train import report
from train.readme import proof, results, trainings


@pytest.fixture
def table() -> pd.DataFrame:
    """Twelve test pictures; the student alone ranks them at random, every other column by the label."""
    label = np.array([0, 1] * 6)
    columns = {name: label * 4.0 - 2 + np.linspace(0, 1, 12) for name in zoo.SPECS}
    rows = {"file": [f"{i}.jpeg" for i in range(12)], "split": "test", "label": label, "subtype": "normal"}
    return pd.DataFrame({**rows, "patient": [f"p{i}" for i in range(12)], **columns})


def test_the_sentence_on_distillation_follows_the_interval(table):
    students = pd.DataFrame(
        [
            ["none", 1.0, 0.0, 0, 9, 6, 0.9, 0.8, 0.3],
            ["teacher", 2.0, 0.9, 1, 9, 6, 0.95, 0.8, 0.4],
            ["teacher", 2.0, 0.9, 0, 9, 6, 0.93, 0.9, 0.2],
            ["mean", 2.0, 0.9, 0, 3, 6, 0.99, 0.99, 0.1],
        ],
        columns=["taught_by", "temperature", "alpha", "seed", "epochs", "views", "val_auc"]
        + ["stressed_auc", "stressed_log_loss"],
    )
    worse = table[["file", "split"]].assign(student_alone=-table["student"])
    said = trainings.distillation_text(students, table, worse)
    assert "distillation helped: AUC" in said and "+1.000" in said
    kinds = [line for line in said.splitlines() if line.startswith(("| teacher", "| none", "| mean"))]
    assert kinds == [
        "| teacher | 2 | 0.9 | 9 | 6 | 0: .9000, 1: .8000 | .8500 | 0.300 | .9400 |",
        "| none | – | – | 9 | 6 | 0: .8000 | .8000 | 0.300 | .9000 |",
        "| mean | 2 | 0.9 | 3 | 6 | 0: .9900 | .9900 | 0.100 | .9900 |",
    ], "longest first, then the best mean"
    same = table[["file", "split"]].assign(student_alone=table["student"])
    assert "neither helped nor hurt beyond chance" in trainings.distillation_text(students, table, same)


def test_blackout_is_read_by_its_change(table):
    both = pd.concat(
        [
            table.assign(change="lungs_black", **{name: 0.0 for name in zoo.SPECS}),
            table.assign(change="all_but_lungs_black"),
        ]
    )
    line = next(line for line in proof.blackout_text(both).splitlines() if line.startswith("| ResNet-50"))
    assert line.index(".500") < line.index("1.000")


def test_seeds_stand_beside_the_shipped_one_and_their_spread_is_told(table):
    other = table.assign(student=-table["student"], resnet50=np.nan)
    shipped = int(zoo.metadata("student")["seed"])
    tables = {
        seed: pd.concat([it.assign(split=split) for split in results.SPLITS])
        for seed, it in {shipped: table, shipped + 1: other}.items()
    }
    said = trainings.seeds_text(tables)
    student = [line for line in said.splitlines() if line.startswith(f"| {zoo.spec('student').title} |")]
    assert ["shipped" in line for line in student] == [True, False] and "| .000 |" in student[1]
    assert len([line for line in said.splitlines() if line.startswith("| ResNet-50 |")]) == 1, "no row without a run"
    assert "Distilled student 1.000" in said and "ResNet-50 ." not in said
    assert "One seed a network" in trainings.seeds_text({shipped: tables[shipped]})


def test_an_aim_that_is_missed_is_told_with_its_distance():
    reached = {"auc": 0.99, "accuracy": 0.941, "sensitivity": 0.97, "specificity": 0.9}
    tidy = pd.DataFrame(
        [
            {"point": point, "split": split, "model": name, "measure": measure, "low": 0.9, "high": 1.0}
            | {"value": value if (split, results.MEASURED_AT[measure]) == ("test", point) else 0.5}
            for point in (results.AT_HALF, results.BALANCED)
            for split in results.SPLITS
            for name in zoo.SPECS
            for measure, value in reached.items()
        ]
    )
    lines = results.aims_text(tidy).splitlines()
    assert "| Custom CNN | accuracy, score .5 | .950 | .941 (.900–1.000) | .009 | yes |" in lines
    assert "| Custom CNN | AUC | .989 | .990 (.900–1.000) |  |  |" in lines
    assert "| Reference teacher | AUC | .984 | .990 (.900–1.000) |  |  |" in lines


def test_a_block_is_replaced_and_one_that_nothing_writes_is_refused():
    text = "before <!-- a: written by python -m train.report -->\nold<!-- end of a --> after"
    assert report.with_blocks(text, {"a": "new"}) == text.replace("old", "new")
    with pytest.raises(KeyError):
        report.with_blocks(text, {"b": "new"})
