"""Every picture that a model gets wrong can be found, whatever link leads there."""

from dataclasses import replace

import pytest

from cxr_models import zoo
from cxr_models.evaluation import mistakes, scores, styles
from cxr_models.evaluation.distillation import SeedBySeed
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.summary import Point
from cxr_models.paths import RESULTS, TEST_PICTURES
from ui import gallery, ledger, state, trainings


@pytest.fixture(scope="module")
def judged() -> mistakes.Judged:
    points = {name: Point(*zoo.calibration(name, "temperature", "threshold")) for name in zoo.COMPARED}
    return mistakes.judge(scores.load(RESULTS / "scores.csv"), points, split="test")


def files(page) -> list[str]:
    return [button.key.removeprefix("open_") for button in page.button if str(button.key).startswith("open_")]


def test_a_link_from_a_matrix_shows_that_model_s_false_alarms_the_worst_first(open_page, judged):
    page = open_page("mistakes", model="student", kind="false_alarm")
    assert not page.exception
    rows = mistakes.of_kind(judged, "student", "false_alarm")[: gallery.A_PAGE]
    assert files(page) == judged.rows["file"][rows].tolist()
    assert any(heading.value == "False alarms: Distilled student" for heading in page.subheader)


def test_a_stranger_s_link_gets_a_sentence_that_does_not_repeat_it(open_page):
    page = open_page("mistakes", model="<script>", split="train")
    sentences = [warning.value for warning in page.warning if "address" in warning.value]
    assert len(sentences) == 2 and not any("script" in sentence for sentence in sentences)


def test_disagreement_comes_first_and_every_picture_is_in_one_cell(open_page, judged):
    page = open_page("mistakes")
    cells = [button for button in page.button if str(button.key).startswith("cell_")]
    assert sum(int(button.label.split()[0]) for button in cells) == len(judged.rows)
    apart = judged.positive.nunique(axis=1) > 1
    assert set(files(page)) <= set(judged.rows["file"][apart])


def test_a_cell_shows_its_pictures_first_those_the_models_lie_farthest_apart_on(open_page, judged):
    page = open_page("mistakes")
    page.button(key="cell_000_pneumonia").click().run()
    missed_by_all = ~judged.positive.any(axis=1) & (judged.rows["label"] == 1)
    margins = judged.score[missed_by_all] - {name: point.threshold for name, point in judged.points.items()}
    spread = (margins.max(axis=1) - margins.min(axis=1)).sort_values(ascending=False)
    assert files(page) == judged.rows["file"][spread.index].tolist()[: gallery.A_PAGE]


def test_a_subtype_is_a_filter(open_page, judged):
    page = open_page("mistakes", model="base_cnn", kind="found", subtype="virus")
    shown = judged.rows.set_index("file").loc[files(page)]
    assert len(shown) and set(shown["subtype"]) == {"virus"}


def test_pictures_that_are_not_shipped_are_listed_by_name(open_page):
    page = open_page("mistakes", kind="missed", split="val")
    assert not files(page)
    assert any("not in this copy" in info.value for info in page.info)


def test_opening_a_picture_reads_it_as_the_table_says(open_page, judged):
    page = open_page("mistakes", model="student", kind="missed")
    file = files(page)[0]
    page.button(key=f"open_{file}").click().run()
    assert not page.exception
    assert any("Published as" in element.value and file in element.value for element in page.markdown)
    assert sum(
        element.value.startswith(("Score 0.", "Score above", "Score below")) for element in page.markdown
    ) == len(zoo.COMPARED)


def test_every_test_picture_of_the_table_is_shipped(judged):
    assert {path.name for path in TEST_PICTURES.glob("*.jpeg")} == set(judged.rows["file"])


def test_the_ledger_names_the_command_where_the_student_alone_is_missing(open_page, monkeypatch, tmp_path):
    monkeypatch.setattr(ledger, "ALONE", tmp_path / "student_alone.csv")
    page = open_page("mistakes", view="ledger")
    assert not page.exception
    assert any("train.distillation" in warning.value for warning in page.warning)
    assert page.table and files(page)


def test_the_ledger_opens_a_picture_at_the_point_that_it_counts_at(open_page, monkeypatch):
    points = []
    monkeypatch.setattr(gallery, "show", lambda seen, rows, point, *, key: points.append(point))
    page = open_page("mistakes", view="ledger", rule="sensitive")
    assert not page.exception
    (point,) = points
    assert point.thresholds == {name: state.balanced(name) for name in zoo.COMPARED}


def test_a_link_to_a_model_that_is_not_there_shows_another_one(open_page, monkeypatch, tmp_path):
    gone = replace(zoo.spec("base_cnn"), checkpoint=tmp_path / "base_cnn.safetensors")
    monkeypatch.setitem(zoo.SPECS, "base_cnn", gone)
    page = open_page("mistakes", model="base_cnn", kind="missed")
    assert not page.exception and files(page)
    assert any(heading.value == "Missed pneumonias: Distilled student" for heading in page.subheader)


def test_errors_are_counted_by_style(open_page, judged, monkeypatch, tmp_path):
    page = open_page("mistakes")
    alarms, missed = (table.value for table in page.table[:2])
    wanted = styles.errors(styles.load(), judged)
    wanted = wanted[(wanted["model"] == "student") & (wanted["kind"] == "missed")]
    title = zoo.spec("student").title
    assert [cell.split(":")[0] for cell in missed[title]] == [
        f"{row.errors} of {row.images}" for row in wanted.itertuples()
    ]
    assert alarms.index[0] == "Style 1"
    monkeypatch.setattr(styles, "TABLE", tmp_path / "styles_missing.csv")
    page = open_page("mistakes")
    assert not page.exception and any("train.styles" in info.value for info in page.info)


def test_without_scores_there_is_no_picture(open_page, no_scores):
    page = open_page("mistakes")
    assert not page.exception and not files(page)
    assert any("train.score" in element.value for element in page.markdown)


def test_the_ledger_tells_every_seed_and_their_mean(open_page):
    page = open_page("mistakes", view="ledger")
    assert not page.exception
    assert any(element.value == trainings.seed_by_seed() for element in page.markdown)


@pytest.mark.parametrize(
    ("mean", "sentence"),
    [
        (
            Interval(0.001, -0.002, 0.004),
            "Mean 0.001 (95 % CI −0.002 to 0.004, patient-level bootstrap). No significant",
        ),
        (Interval(0.003, 0.001, 0.005), "Mean 0.003 (95 % CI 0.001 to 0.005, patient-level bootstrap)."),
    ],
)
def test_the_mean_over_seeds_is_that_of_the_test_set_where_it_was_scored(monkeypatch, mean, sentence):
    monkeypatch.setattr(trainings, "_on_test", lambda stamps: SeedBySeed({0: 0.004, 2: -0.002}, mean))
    said = trainings.seed_by_seed()
    assert "on the test set: 0.004 (seed 0) and −0.002 (seed 2)." in said and sentence in said
    assert ("No significant" in said) == (mean.low < 0)


def test_without_logits_of_untaught_students_the_validation_figures_are_compared(monkeypatch):
    monkeypatch.setattr(trainings, "_on_test", lambda stamps: None)
    said = trainings.seed_by_seed()
    assert "on stress-tested validation: " in said and "(seed 0)" in said and "t interval over the seeds" in said


def test_without_any_figures_their_command_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(trainings, "_on_test", lambda stamps: None)
    monkeypatch.setattr(trainings, "DISTILLATION", tmp_path / "distillation.csv")
    assert "`make fit DATA=FOLDER`" in trainings.seed_by_seed()
