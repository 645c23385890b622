"""Every check has its picture and sentence; a missing table names its command and takes nothing else away."""

import numpy as np
import pandas as pd
import pytest

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import evidence as evaluation
from cxr_models.evaluation import heat_maps
from cxr_models.evaluation import properties as swapped_properties
from cxr_models.evaluation import styles as acquisition_styles
from ui import cached, evidence, performance, properties, recalibration, shortcuts, state, styles, trainings
from ui.words import number_interval


@pytest.fixture
def made_up(monkeypatch, tmp_path):
    """The tables that only a training or a folder of pictures gives, made up."""
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"file": [f"{place}.jpeg" for place in range(40)], "split": "test", "label": [0, 1] * 20})
    rows["subtype"] = np.where(rows["label"] == 1, "virus", "normal")
    rows["patient"] = rows["file"]
    for name in zoo.SPECS:
        rows[name] = rows["label"] * 2.0 + rng.normal(size=40)
    blackout = pd.concat([rows.assign(change=change) for change in shortcuts.BLACKED])
    robustness = pd.concat(
        [rows.assign(change=change, grade=grade) for change, grade in (("none", 0), ("blur", 1), ("blur", 2))]
    )
    maps = pd.concat(
        [
            rows[["file", "split", "label", "patient"]].assign(
                model=name, method=spec.heat_map_method, layer=spec.heat_map_layer, side=28, inside=0.6,
                **{gain: 1 + rng.normal(size=40) for gain in heat_maps.GAINS},
            )
            for name, spec in zoo.SPECS.items()
        ]
    )  # fmt: skip
    aucs = {"val_auc": 0.99, "stressed_auc": 0.95, "core_hours": 0.2, "epochs": 4, "seed": 0}
    ablations = pd.DataFrame([{"change": change, "size": 96, **aucs} for change in ("none: the recipe", "mixup")])
    softened = {"none": {"temperature": 1, "alpha": 0}, "base_cnn": {"temperature": 2, "alpha": 0.9}}
    students = pd.DataFrame([{"taught_by": taught_by, **how, **aucs} for taught_by, how in softened.items()])
    for module, name, table in (
        (shortcuts, "BLACKOUT", blackout),
        (shortcuts, "ROBUSTNESS", robustness),
        (heat_maps, "TABLE", maps),
        (trainings, "ABLATIONS", ablations),
        (trainings, "DISTILLATION", students),
    ):
        path = tmp_path / f"{name.lower()}.csv"
        table.to_csv(path, index=False)
        monkeypatch.setattr(module, name, path)
    rows.to_csv(tmp_path / "scores_seed_0.csv", index=False)
    rows.assign(student=-rows["student"], resnet50="").to_csv(tmp_path / "scores_seed_1.csv", index=False)
    monkeypatch.setattr(evidence, "RESULTS", tmp_path)


def commands(page) -> str:
    return " ".join(info.value for info in page.info)


def test_what_blacking_out_changes_is_counted_from_the_scores_as_they_are(made_up, monkeypatch, tmp_path):
    scores = tmp_path / "scores.csv"
    table = pd.read_csv(cached.SCORES)
    table.to_csv(scores, index=False)
    monkeypatch.setattr(cached, "SCORES", scores)
    before = shortcuts.blackout().series["student"]["Unchanged"].value
    table.assign(student=-table["student"]).to_csv(scores, index=False)
    assert shortcuts.blackout().series["student"]["Unchanged"].value == pytest.approx(1 - before)


def test_with_all_tables_every_section_has_its_picture(open_page, made_up):
    page = open_page("evidence")
    assert not page.exception
    for command in (
        "blackout",
        "robustness",
        "heat_maps",
        "ablations",
        "distillation",
        "shortcut",
        "plausibility",
        "seeds",
    ):
        assert f"train.{command}" not in commands(page)
    assert len(page.get("plotly_chart")) >= 12


def test_heat_maps_are_told_of_validation_until_the_test_set_is_measured(made_up):
    found = shortcuts.maps()
    assert "(test set): Custom CNN 60.0 %" in found["inside"].sentence
    assert len(found["deletion"].series["student"]) == 9 and len(found["insertion"].series["student"]) == 6
    assert found["deletion"].sentence.endswith("Custom CNN, Distilled student, ResNet-50 (test set).")
    table = pd.read_csv(heat_maps.TABLE).assign(split="val")
    table.loc[table["model"] == "student", "deletion_mean"] = -1.0
    table.to_csv(heat_maps.TABLE, index=False)
    found = shortcuts.maps()["deletion"].sentence
    assert "Custom CNN, ResNet-50 (validation set, used to choose the maps; test set not measured yet)" in found
    table.assign(layer="another").to_csv(heat_maps.TABLE, index=False)
    with pytest.raises(TableRefused, match="no released heat map"):
        shortcuts.maps()


def test_seeds_show_each_run_and_the_widest_spread(made_up, tmp_path):
    found = evidence.seeds()
    assert list(found.series["student"]) == ["Seed 0", "Seed 1"] and list(found.series["resnet50"]) == ["Seed 0"]
    first, second = (it.value for it in found.series["student"].values())
    assert first + second == pytest.approx(1) and f"up to {abs(first - second):.3f}" in found.sentence
    (tmp_path / "scores_seed_1.csv").unlink()
    with pytest.raises(TableRefused, match="second seed"):
        evidence.seeds()


def test_seeds_are_resampled_once_until_a_table_changes(made_up, monkeypatch, tmp_path):
    asked = []
    resampled = evaluation.aucs
    monkeypatch.setattr(evaluation, "aucs", lambda *given, **more: asked.append(given) or resampled(*given, **more))
    before = [evidence.seeds().table for _ in range(2)][0]
    assert len(asked) == 2  # a table a seed
    pd.read_csv(tmp_path / "scores_seed_0.csv").to_csv(tmp_path / "scores_seed_2.csv", index=False)
    assert len(evidence.seeds().table) == len(before) + 1


def test_ablations_are_told_against_the_recipe_without_a_change(made_up, tmp_path):
    table = pd.read_csv(trainings.ABLATIONS)
    rows = pd.concat([table, table.iloc[1:].assign(change="proportions kept")])
    rows.assign(stressed_auc=[0.9, 0.93, 0.92]).to_csv(trainings.ABLATIONS, index=False)
    said = trainings.ablations()[2]
    assert "is 0.900; with one it lies between 0.920 (proportions kept) and 0.930 (mixup)." in said
    table.iloc[:1].to_csv(trainings.ABLATIONS, index=False)
    with pytest.raises(TableRefused, match="no change yet"):
        trainings.ablations()


def test_a_student_of_its_own_kind_or_seed_is_not_called_apart_from_others(made_up):
    table = pd.read_csv(trainings.DISTILLATION)
    table.iloc[:1].to_csv(trainings.DISTILLATION, index=False)
    assert "Only one kind of student was trained" in trainings.distillation()[2]
    one_seed = table[table["seed"] == table["seed"].min()]
    one_seed.to_csv(trainings.DISTILLATION, index=False)
    said = trainings.distillation()[2]
    assert "With one seed each, it is not known how far chance moves them." in said
    assert "seeds of one row" not in said


def test_changed_pictures_are_told_at_the_operating_point_too(made_up):
    table = pd.read_csv(shortcuts.ROBUSTNESS)
    strongest = (table["change"] == "blur") & (table["grade"] == 2)
    for name in zoo.COMPARED:
        table[name] = np.where(table["label"] == 1, 20.0, -20.0)
    table.loc[strongest, "student"] = 20.0
    table.loc[strongest & (table["label"] == 1), "resnet50"] = -20.0
    table.to_csv(shortcuts.ROBUSTNESS, index=False)
    ill, normals = ((strongest & (table["label"] == label)).sum() for label in (1, 0))
    panels, numbers, said = shortcuts.robustness(state.shipped(), "specificity")
    assert panels["Blur"]["student"][0.0].value == 1 and panels["Blur"]["student"][2.0].value == 0
    assert numbers.loc["Blur, grade 2", zoo.spec("student").title].startswith("0.000")
    assert said.startswith("Distilled student falls most, under blur: its specificity loses 1.00.")
    for lowest in (
        f"the lowest specificity is that of Distilled student under blur: 0.0 % of {normals} normals",
        f"the lowest sensitivity is that of ResNet-50 under blur: 0.0 % of {ill} pneumonias",
    ):
        assert f"{lowest} (unchanged 100.0 %)" in said


def test_students_stand_by_teacher_and_their_seeds_make_one_mark(made_up):
    table = pd.read_csv(trainings.DISTILLATION)
    mean = table.tail(1).assign(taught_by="mean")
    trained = pd.concat([table.assign(seed=1), table.assign(seed=0, stressed_auc=0.93), mean])
    trained.to_csv(trainings.DISTILLATION, index=False)
    series, shown, _ = trainings.distillation()
    assert list(shown.index)[:2] == ["No teacher, seed 0", "No teacher, seed 1"]
    assert list(shown.index)[-2:] == ["Custom CNN, seed 0", "Custom CNN, seed 1"]
    assert list(series["stressed_auc"]) == ["No teacher", "Mean of three teachers", "Custom CNN"]
    mark = series["stressed_auc"]["Custom CNN"]
    assert [mark.value, mark.low, mark.high] == pytest.approx([0.94, 0.93, 0.95])

    pd.concat([trained, mean.assign(temperature=4)]).to_csv(trainings.DISTILLATION, index=False)
    shown = trainings.distillation()[1]
    told = {"Mean of three teachers (T\xa04, α\xa00.9), seed 0", "Custom CNN (T\xa02, α\xa00.9), seed 0"}
    assert told <= set(shown.index)
    pd.concat([trained, trained.assign(epochs=999)]).to_csv(trainings.DISTILLATION, index=False)
    series, shown, _ = trainings.distillation()
    assert shown.index.is_unique and shown.index[0] == "No teacher, 999\xa0epochs, seed 0"
    assert list(series["stressed_auc"])[0] == "No teacher, 999\xa0epochs" and len(series["stressed_auc"]) == 6


@pytest.mark.parametrize(("better", "luck"), [(0.001, True), (0.03, False)])
def test_what_a_teacher_adds_is_held_against_the_seeds(made_up, better, luck):
    alone, taught = (pd.read_csv(trainings.DISTILLATION).iloc[[row]] for row in (0, -1))
    taught = taught.assign(stressed_auc=0.95 + better)
    long = [alone.assign(stressed_auc=0.95), alone.assign(stressed_auc=0.952, seed=1), taught, taught.assign(seed=1)]
    short = taught.assign(epochs=1, stressed_auc=0.5)
    pd.concat([*long, short]).to_csv(trainings.DISTILLATION, index=False)
    sentence = trainings.distillation()[2]
    assert "After 4 epochs" in sentence and "seeds of one row lie up to 0.0020 apart" in sentence
    assert ("chance alone" in sentence) == luck and ("highest that of Custom CNN" in sentence) != luck


def test_one_missing_table_names_its_command_and_the_rest_is_there(open_page, made_up, monkeypatch, tmp_path):
    monkeypatch.setattr(shortcuts, "BLACKOUT", tmp_path / "missing.csv")
    page = open_page("evidence")
    assert not page.exception
    assert "python -m train.blackout --data FOLDER" in commands(page) and "train.robustness" not in commands(page)
    assert [it.value for it in page.subheader][-1] == "Who looked at the test pictures"


def test_a_damaged_table_gets_a_sentence(open_page, made_up, monkeypatch, tmp_path):
    damaged = tmp_path / "robustness_damaged.csv"
    damaged.write_text("change,grade\nblur,strong\n")
    monkeypatch.setattr(shortcuts, "ROBUSTNESS", damaged)
    page = open_page("evidence")
    assert not page.exception
    assert "robustness_damaged.csv lacks the columns file, split" in commands(page)


def test_without_scores_the_other_checks_stay(open_page, no_scores):
    page = open_page("evidence")
    assert not page.exception
    assert "train.score" in commands(page)
    assert any("Nine numbers" in element.value for element in page.markdown)


def test_the_journey_ends_at_the_other_hospital(open_page):
    page = open_page("evidence")
    tables = [table.value for table in page.table]
    assert tables[0].index.tolist() == list(performance.SPLITS.values())
    alone = number_interval(cached.external_view_alone(), decimals=3)
    assert any(f"has an AUC of {alone}" in element.value for element in page.markdown)


def test_each_section_ends_with_the_command_that_makes_its_table(open_page):
    page = open_page("evidence")
    made = [element.value for element in page.caption if element.value.startswith("Made by")]
    assert len(made) == len(page.subheader)


def test_styles_and_properties_name_their_commands_where_their_tables_are_missing(open_page, monkeypatch, tmp_path):
    monkeypatch.setattr(acquisition_styles, "TABLE", tmp_path / "styles_missing.csv")
    monkeypatch.setattr(swapped_properties, "TABLE", tmp_path / "properties_missing.csv")
    page = open_page("evidence")
    assert not page.exception
    assert styles.COMMAND in commands(page) and properties.COMMAND in commands(page)


def test_styles_are_told_by_their_extremes_and_counted_by_split():
    series, table, said = styles.by_class()
    training = acquisition_styles.by_class(acquisition_styles.load(), split="train")
    assert list(series) == list(styles.SPLITS) and "The machine is not recorded, but it shows." in said
    assert f"{training['value'].min():.1%}".replace("%", "") in said
    assert len(table) == len(training) + len(styles.MARKERS)


def test_only_flagged_properties_are_said_to_move_a_model(monkeypatch, tmp_path):
    table = swapped_properties.load().assign(change=0.0)
    table.loc[(table["property"] == "spectrum") & (table["network"] == "student"), "change"] = -0.02
    table.to_csv(tmp_path / "properties_made_up.csv", index=False)
    monkeypatch.setattr(swapped_properties, "TABLE", tmp_path / "properties_made_up.csv")
    shown, said = properties.swapped()
    title = swapped_properties.TITLES["spectrum"]
    assert f"Distilled student: {title[0].lower()}{title[1:]}. Read:" in said
    assert shown.map(lambda cell: properties.FLAG in cell).to_numpy().sum() == 1


def test_recalibration_says_that_no_threshold_helps_below_chance():
    point = state.shipped()
    found = recalibration._recalibrated(tuple(point.points.items()), 0)
    said = recalibration._sentence(found, {"base_cnn": 0.6, "student": 0.471, "resnet50": 0.5})
    assert "At an AUC below .5 no threshold helps: Distilled student (0.471)." in said
    assert "no threshold helps" not in recalibration._sentence(found, dict.fromkeys(found, 0.6))
