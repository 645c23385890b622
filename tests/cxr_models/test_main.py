import json

import pytest

from cxr_models import __main__ as command
from cxr_models import imaging, inference, zoo
from cxr_models.paths import SAMPLES


@pytest.fixture
def run(monkeypatch, capsys):
    def _run(*arguments: str) -> tuple[int, list[str]]:
        monkeypatch.setattr("sys.argv", ["cxr_models", *arguments])
        code = command.main()
        return code, capsys.readouterr().out.splitlines()

    return _run


def test_json_has_the_contract_and_the_apps_numbers(run, tmp_path):
    sample = next(SAMPLES.glob("person*.jpeg"))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    code, lines = run(str(sample), str(tmp_path), "--json")
    read, refused = (json.loads(line) for line in lines)
    assert code == 1
    assert read["file"] == str(sample) and read["status"] == "read" and read["warnings"] == []
    assert list(read["models"]) == list(zoo.COMPARED)
    pixels = imaging.pixels(imaging.decode(sample.read_bytes()))
    for name, said in read["models"].items():
        reading = inference.read(pixels, name)
        assert said["logit"] == pytest.approx(reading.logit, abs=1e-5)
        assert said["score"] == pytest.approx(reading.score, abs=1e-6)
        assert said["threshold"] == float(zoo.metadata(name)["threshold"])
        assert said["positive"] == (said["score"] >= said["threshold"])
    assert refused["status"] == "refused" and refused["reason"].endswith(".") and refused["models"] == {}


def test_words_name_each_model(run):
    code, (line,) = run(str(next(SAMPLES.glob("IM-*.jpeg"))))
    assert code == 0 and all(zoo.spec(name).title in line for name in zoo.COMPARED)
    assert line.count("nothing else was looked for") == len(zoo.COMPARED)


def test_a_score_inside_the_thresholds_interval_is_too_close_to_call():
    value, low, high = zoo.calibration("student", "threshold", "threshold_low", "threshold_high")
    said = {"file": "a", "status": "read", "reason": None, "warnings": [], "models": {"student": {"score": value}}}
    assert low < value < high and "Too close to call" in command.line(said)
    said["models"]["student"]["score"] = high + 0.01
    assert "Too close to call" not in command.line(said)


def test_a_missing_file_is_a_sentence(run, tmp_path):
    code, (line,) = run(str(tmp_path / "none.png"))
    assert code == 1 and "cannot be opened" in line


def test_an_empty_folder_is_a_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["cxr_models", str(tmp_path)])
    assert command.main() == 2
    assert "no file" in capsys.readouterr().err


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    for name in (".DS_Store", ".ipynb_checkpoints/a.png", "__MACOSX/._a.png", "b/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    read, left = command.files_of([tmp_path])
    assert read == [tmp_path / "b" / "a.png"] and len(left) == 3
    assert command.files_of([tmp_path / ".DS_Store"]) == ([tmp_path / ".DS_Store"], [])


@pytest.mark.parametrize("name", ["a\nb: no pneumonia suspected.png", "scan\u202egnp.exe", "\udcff.png", "Å 胸部.png"])
def test_a_name_stays_one_line_and_one_object(run, tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    (words,) = run(str(tmp_path / name))[1]
    assert words.isprintable() and words.endswith("(0 bytes). Please export the X-ray again.")
    (line,) = run(str(tmp_path / name), "--json")[1]
    assert json.loads(line)["file"] == str(tmp_path / name)


def test_no_more_of_a_file_is_read_than_may_be(run, monkeypatch):
    """A device has no end."""
    monkeypatch.setattr("cxr_models.imaging.limits.MAX_BYTES", 1000)
    code, (line,) = run("/dev/zero", "--json")
    assert code == 1 and "too large" in json.loads(line)["reason"]


def test_a_warning_comes_before_the_scores(monkeypatch):
    judged = {"logit": 1.0, "score": 0.99, "threshold": 0.5, "positive": True}
    said = {"file": "a", "status": "read", "reason": None, "warnings": ["Odd."], "models": {"student": judged}}
    words = command.line(said)
    assert 0 < words.index("Warning: Odd.") < words.index("Pneumonia suspected")
