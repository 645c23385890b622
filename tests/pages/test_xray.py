"""A picture in, three verdicts out, and never a score beside another picture."""

import csv
import re
from dataclasses import replace
from io import BytesIO, StringIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cxr_models import checkpoints, imaging, inference, zoo
from cxr_models.archive import Source
from cxr_models.batch import to_csv
from cxr_models.evaluation.operating_point import Threshold
from cxr_models.evaluation.probability import Line
from cxr_models.verdict import NOT_SUSPECTED, SUSPECTED, judge
from tests.pages.xray_page import text, upload
from ui import batch_table, cached, picture, verdicts, viewer
from ui.state import balanced
from ui.words import literal


def test_before_a_picture_there_is_an_invitation_and_no_verdict(open_page):
    page = open_page("xray")
    assert "choose a sample" in page.info[0].value
    assert SUSPECTED not in text(page)


def test_a_sample_gives_three_verdicts_with_truth_and_split(open_page, samples):
    page = open_page("xray")
    name = next(reversed(samples))
    page.button(key=name).click().run()
    assert not page.exception
    pixels = imaging.pixels(imaging.decode(samples[name]))
    for model in zoo.COMPARED:
        said = judge(inference.read(pixels, model).score, balanced(model))
        assert f"**{zoo.spec(model).title}**" in text(page)
        assert f"S{said.numbers[1:]}" in text(page) and f"**{said.headline}**" in text(page)
    assert name in text(page) and "published as" in text(page) and "validation split" in text(page)


def test_a_picture_is_read_before_its_name_is_drawn(open_page, samples, monkeypatch):
    """Else the new name stood beside the old verdicts for as long as the models read."""
    page, steps, read, named = open_page("xray"), [], cached.reading, picture.provenance
    monkeypatch.setattr(cached, "reading", lambda *given: steps.append("read") or read(*given))
    monkeypatch.setattr(picture, "provenance", lambda *given, **how: steps.append("named") or named(*given, **how))
    page.button(key=next(iter(samples))).click().run()
    assert steps.index("named") == len(zoo.COMPARED)


@pytest.mark.parametrize(("threshold", "headline"), [("0", SUSPECTED), ("1", NOT_SUSPECTED)])
def test_the_threshold_decides_the_verdict(open_page, samples, threshold, headline):
    page = open_page("xray", rule="free", **{f"t_{name}": threshold for name in zoo.COMPARED})
    page.button(key=next(iter(samples))).click().run()
    assert len(re.findall(rf"\*\*{headline}", text(page))) == len(zoo.COMPARED)


def test_moving_a_threshold_turns_one_verdict(open_page, samples):
    page = open_page("xray", rule="free", **{f"t_{name}": "0" for name in zoo.COMPARED})
    page.button(key=next(iter(samples))).click().run()
    assert "All 3 models suspect pneumonia" in text(page)
    page.sidebar.slider(key="t_student").set_value(1.0).run()
    assert "The models disagree" in text(page)


def test_a_broken_upload_gets_its_sentence_and_what_was_on_screen_stays(open_page, samples):
    page = open_page("xray")
    name = next(iter(samples))
    page.button(key=name).click().run()
    before = text(page)
    upload(page, ("broken.jpeg", samples[name][:2000]))
    assert "broken.jpeg" in page.error[0].value and "damaged" in page.error[0].value
    assert text(page) == before


def test_several_files_are_a_table_with_refused_ones_in_place(open_page, samples):
    (first, one), (second, two), *_ = samples.items()
    page = upload(open_page("xray"), (first, one), ("empty.png", b""), (second, two))
    table = page.dataframe[0].value
    assert list(table["File"]) == [first, "empty.png", second]
    assert "empty" in table["Remark"][1] and set(table["Remark"]) - {table["Remark"][1]} == {""}
    assert (table.loc[1, [zoo.spec(name).title for name in zoo.COMPARED]] == "not read").all()
    assert f"Your file {literal(first)}" in text(page)


def added_to(data: bytes):
    import streamlit as st

    from ui import batch

    given = [("1", "first.jpeg", lambda: data), ("2", "broken.png", lambda: b""), ("3", "second.jpeg", lambda: data)]
    for count in (1, 2, 3):
        batch.take(given[:count])
        waiting = batch._current().waiting()
        batch._current().rows.update({source.key: batch.reading.read(number, source) for number, source in waiting})
        st.text(" ".join(source.key for _, source in waiting))


def test_a_file_opened_alone_is_read_for_the_table_when_others_join_it(samples):
    page = AppTest.from_function(added_to, args=(next(iter(samples.values())),), default_timeout=240).run()
    assert not page.exception
    assert [element.value for element in page.text] == ["", "1 2", "3"]


def taken_out(one: bytes, two: bytes):
    import streamlit as st

    from ui import batch, picture

    given = [("1", "first.jpeg", lambda: one), ("2", "second.jpeg", lambda: two), ("3", "third.jpeg", lambda: one)]
    batch.take(given)
    picture.open_source(2, batch._current().sources[1])
    batch.take(given[1:])
    st.text(f"{picture.shown().name} {picture.shown().number}")
    picture.take_away()
    batch.take(given[2:])
    st.text(picture.shown().name)


def test_the_picture_on_screen_keeps_its_row_and_one_left_alone_is_opened(samples):
    one, two, *_ = samples.values()
    page = AppTest.from_function(taken_out, args=(one, two), default_timeout=240).run()
    assert not page.exception
    assert [element.value for element in page.text] == ["second.jpeg 1", "third.jpeg"]


def test_files_are_read_also_while_one_that_is_no_x_ray_is_on_screen(open_page, samples):
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    page = upload(open_page("xray"), ("noise.png", buffer.getvalue()))
    assert page.warning and not any("Score" in element.value for element in page.markdown)
    (first, one), *_ = samples.items()
    # The uploader of a test gives every file anew; a browser's adds one to those that are there.
    joined = page.session_state["batch"]
    joined.sources.append(Source("another", first, lambda: one))
    joined.running, joined.wanted = True, {"another"}
    page.run()
    assert not page.exception
    assert f"Your file {literal(first)}" in text(page)
    assert list(page.dataframe[0].value["File"]) == ["noise.png", first]


def test_the_file_chosen_in_the_table_is_the_one_that_is_read(open_page, samples):
    (first, one), (second, two), *_ = samples.items()
    page = upload(open_page("xray"), (first, one), (second, two))
    page.selectbox(key="picked").set_value(2).run()
    assert not page.exception
    assert f"Your file {literal(second)}" in text(page)
    table = page.dataframe[0].value
    shown = re.findall(r"Score (\d\.\d+) ·", text(page))
    assert shown == [re.search(r"\d\.\d+", table.loc[1, zoo.spec(name).title])[0] for name in zoo.COMPARED]


def test_the_picture_stays_while_one_looks_at_another_page(open_page, samples):
    page = open_page("xray")
    page.button(key=next(iter(samples))).click().run()
    before = text(page)
    page.switch_page("pages/about.py").run()
    page.switch_page("pages/xray.py").run()
    assert text(page) == before


def test_a_model_without_weights_is_named_and_the_others_answer(open_page, samples, monkeypatch, tmp_path):
    monkeypatch.setitem(zoo.SPECS, "student", replace(zoo.spec("student"), checkpoint=tmp_path / "student.safetensors"))
    cached._metadata.clear()
    page = open_page("xray")
    page.button(key=next(iter(samples))).click().run()
    assert not page.exception
    assert page.error[0].value.startswith(
        "Distilled student is left out. The checkpoint student.safetensors is missing"
    )
    assert text(page).count("Score") == len(zoo.COMPARED) - 1


def test_the_reader_calls_first_and_then_the_models_speak(open_page, samples):
    page = open_page("xray")
    page.toggle(key="read_first").set_value(True).run()
    page.button(key=next(iter(samples))).click().run()
    assert not page.exception
    assert "What do you see?" in text(page) and "Score" not in text(page)
    page.button(key="call_suspected").click().run()
    assert "Your call: **pneumonia suspected**" in text(page) and "What do you see?" not in text(page)
    assert text(page).count("Score") == len(zoo.COMPARED)


def test_nobody_is_asked_for_a_call_once_the_models_have_spoken(open_page, samples):
    """Else the report would call it the reader's own, before the models spoke."""
    (first, one), (second, two), (third, _), *_ = samples.items()
    page = open_page("xray")
    page.button(key=third).click().run()
    page.toggle(key="read_first").set_value(True).run()
    assert "What do you see?" not in text(page) and "Score" in text(page)
    page.toggle(key="read_first").set_value(False).run()
    upload(page, (first, one), (second, two))
    page.toggle(key="read_first").set_value(True).run()
    page.selectbox(key="picked").set_value(2).run()
    assert "What do you see?" not in text(page), "its verdicts stood in the table"
    assert "covered" not in page.dataframe[0].value.to_string()


def test_before_the_reader_s_call_neither_label_nor_table_nor_csv_tells_anything(open_page, samples, monkeypatch):
    csvs = []
    monkeypatch.setattr(batch_table.batch, "to_csv", lambda *given, **more: csvs.append(to_csv(*given, **more)) or "")
    page = open_page("xray")
    page.toggle(key="read_first").set_value(True).run()
    (first, one), (second, two), *_ = samples.items()
    upload(page, (first, one), ("empty.png", b""), (second, two))
    page.button(key="call_unsure").click().run()
    titles = [zoo.spec(name).title for name in zoo.COMPARED]
    told, refused, silent = page.dataframe[0].value[titles].to_numpy().tolist()
    assert set(silent) == {"covered"} and set(refused) == {"not read"} and "covered" not in told
    lines = list(csv.DictReader(StringIO(csvs[-1])))
    assert [bool(line["student_score"]) for line in lines] == [True, False, False]
    assert [line["status"] for line in lines] == ["read", "refused", "read"]

    page.button(key=first).click().run()
    page.button(key=next(reversed(samples))).click().run()
    assert "What do you see?" in text(page) and "published" not in text(page).replace("What it was published as", "")
    assert not re.search("(vir|bacteri)al pneumonia", text(page), re.IGNORECASE)
    page.button(key="call_unsure").click().run()
    assert re.search("published as (vir|bacteri)al pneumonia", text(page))


SHOWN = r"Probability of pneumonia at a prevalence of 20 %: (above|below)? ?\d+ %"
NOT_SHOWN = (
    r"No probability at a prevalence of 20 %: its 95 % interval is wider than 30 percentage points, \d+ % "
    r"\(\d+–\d+ %\)\."
)


def test_a_card_tells_probability_and_what_small_changes_do(open_page, samples, calibrated):
    page = open_page("xray", prevalence="0.2")
    page.button(key=next(iter(samples))).click().run()
    assert len(re.findall(f"{SHOWN}|{NOT_SHOWN}", text(page))) == len(zoo.COMPARED)
    assert len(re.findall(r"(Stays in all 8|Turns in \d of 8)", text(page))) == len(zoo.COMPARED)


def test_a_checkpoint_without_a_line_has_no_probability_and_says_so(open_page, samples, without_line):
    page = open_page("xray")
    page.button(key=next(iter(samples))).click().run()
    assert not page.exception
    assert text(page).count(verdicts.NO_LINE) == len(zoo.COMPARED) and "Probability of pneumonia" not in text(page)


@pytest.mark.parametrize(
    ("score", "sentence"),
    [
        (0.5, "Probability of pneumonia at a prevalence of 50 %: 50 % (40–60 %)"),
        (0.001, "Probability of pneumonia at a prevalence of 50 %: below 1 %"),
        (1.0, "Probability of pneumonia at a prevalence of 50 %: –"),
    ],
)
def test_a_probability_is_told_with_an_interval_that_helps(monkeypatch, score, sentence):
    monkeypatch.setattr(cached, "line", lambda name: Line(1.0, 0.0, 0.5, 0.0, 0.2069**2, 0.0))
    monkeypatch.setattr(cached, "calibration", lambda name: {"temperature": 1.0})
    verdict = judge(score, Threshold(0.5, 0.5, 0.5))
    assert verdicts.probability_words("student", verdict, 0.5) == sentence


def test_a_probability_whose_interval_is_too_wide_is_not_told(monkeypatch):
    monkeypatch.setattr(cached, "line", lambda name: Line(1.0, 0.0, 0.5, 0.0, 1.0, 0.0))
    monkeypatch.setattr(cached, "calibration", lambda name: {"temperature": 1.0})
    assert verdicts.probability_words("student", judge(0.5, Threshold(0.5, 0.5, 0.5)), 0.5) == (
        "No probability at a prevalence of 50 %: its 95 % interval is wider than 30 percentage points, 50 % (12–88 %)."
    )


def test_a_network_replaced_under_a_running_app_reads_again(open_page, samples, monkeypatch, tmp_path):
    """Its threshold follows its file, and must never judge what another network said."""
    csvs, keys, shipped = [], [], zoo.spec("student")
    monkeypatch.setattr(viewer, "_component", lambda key, data: keys.append(data["key"]))
    checkpoint = tmp_path / "student.safetensors"
    checkpoint.write_bytes(shipped.checkpoint.read_bytes())
    monkeypatch.setitem(zoo.SPECS, "student", replace(shipped, checkpoint=checkpoint))
    monkeypatch.setattr(batch_table.batch, "to_csv", lambda *of, **more: csvs.append(to_csv(*of, **more)) or "")
    (first, one), (second, two), *_ = samples.items()
    page = upload(open_page("xray"), (first, one), (second, two))
    before = [float(row["student_logit"]) for row in csv.DictReader(StringIO(csvs[-1]))]
    page.button(key="make_report").click().run()
    page.run()
    assert "report" in [button.key for button in page.get("download_button")]

    state = zoo.load("student").state_dict()
    *_, bias = (name for name in state if name.endswith("bias"))
    state[bias] += 1
    checkpoints.save(checkpoint, state, zoo.metadata("student"))
    page.run()
    after = [float(row["student_logit"]) for row in csv.DictReader(StringIO(csvs[-1]))]
    assert after == pytest.approx([logit + 1 for logit in before], abs=0.01)
    assert judge(inference.score_of(after[0], "student"), balanced("student")).score_words in text(page)
    assert keys[-1] != keys[0] == keys[1], "the viewer draws its panes anew"
    assert "report" not in [button.key for button in page.get("download_button")], "it is the former network's"
