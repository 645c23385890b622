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


def test_a_missing_file_is_a_sentence(run, tmp_path):
    code, (line,) = run(str(tmp_path / "none.png"))
    assert code == 1 and "cannot be opened" in line


def test_an_empty_folder_is_a_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["cxr_models", str(tmp_path)])
    assert command.main() == 2
    assert "no file" in capsys.readouterr().err
