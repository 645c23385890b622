import pytest

from train import inputs


def test_the_page_is_what_the_readers_tables_say():
    assert inputs.PAGE.read_text() == inputs.page()


def test_a_stale_page_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(inputs, "PAGE", tmp_path / "inputs.md")
    monkeypatch.setattr("sys.argv", ["train.inputs", "--check"])
    with pytest.raises(SystemExit) as stopped:
        inputs.main()
    assert stopped.value.code == 1
    monkeypatch.setattr("sys.argv", ["train.inputs"])
    inputs.main()
    assert inputs.PAGE.read_text() == inputs.page()
