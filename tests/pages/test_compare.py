"""The summary table is the fact table's."""

from cxr_models import zoo
from cxr_models.evaluation import scores, summary
from cxr_models.paths import RESULTS


def test_the_brief_s_table_is_computed_at_one_half(open_page):
    page = open_page("compare")
    points = {name: summary.Point(float(zoo.metadata(name)["temperature"]), 0.5) for name in zoo.COMPARED}
    tidy = summary.measures(scores.load(RESULTS / "scores.csv"), points, split="test")
    shown = page.dataframe[0].value
    for name in zoo.COMPARED:
        for measure, title in (("accuracy", "Accuracy"), ("recall", "Recall"), ("f1", "F1"), ("auc", "AUC-ROC")):
            row = tidy[(tidy["model"] == name) & (tidy["measure"] == measure)].iloc[0]
            value = f"{row['value']:.3f}".removeprefix("0")
            assert shown.loc[zoo.spec(name).title, title].startswith(value)


def test_a_sentence_for_every_model(open_page):
    page = open_page("compare")
    sentences = [element.value for element in page.markdown if element.value.startswith("- ")]
    for sentence, name in zip(sentences, zoo.COMPARED, strict=True):
        assert sentence.startswith(f"- {zoo.spec(name).title} ")


def test_the_second_table_moves_with_the_operating_point(open_page):
    page = open_page("compare", rule="free", t_resnet50="0.999")
    first, second = (table.value for table in page.dataframe)
    assert (first["AUC-ROC"] == second["AUC-ROC"]).all()
    assert first.loc["ResNet-50", "Recall"] != second.loc["ResNet-50", "Recall"]


def test_without_scores_there_is_no_number(open_page, no_scores):
    page = open_page("compare")
    assert not page.dataframe and not page.get("plotly_chart")
