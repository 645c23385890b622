"""Zip archives: limits before memory, names that are labels and never paths."""

import io
import tomllib
import traceback
import zipfile

import pytest

from cxr_models import archive, imaging
from cxr_models.__main__ import answers
from cxr_models.errors import PictureRefused
from cxr_models.paths import ROOT


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return buffer.getvalue()


def sources(*files: tuple[str, bytes]) -> list[archive.Source]:
    return archive.sources([(str(place), name, lambda data=data: data) for place, (name, data) in enumerate(files)])


MANY = packed({f"{place}.png": b"1" for place in range(4)})


def test_an_archive_gives_way_to_its_files_in_place():
    found = sources(("a.png", b"1"), ("b.zip", packed({"x/one.png": b"2", "two.png": b"3"})), ("c.png", b"4"))
    assert [source.name for source in found] == ["a.png", "b.zip/x/one.png", "b.zip/two.png", "c.png"]
    assert [source.load() for source in found] == [b"1", b"2", b"3", b"4"]
    assert len({source.key for source in found}) == 4


@pytest.mark.parametrize("name", ["scan.png", "scan.dcm", "scan", "zip"])
def test_an_archive_by_another_name_is_no_picture_in_the_app_and_none_from_a_terminal(name, samples, tmp_path):
    data = packed(samples)
    (only,) = sources((name, data))
    with pytest.raises(PictureRefused, match="a zip archive, not a picture") as refused:
        imaging.decode(only.load())
    (tmp_path / name).write_bytes(data)
    (answer,) = answers(tmp_path / name)
    assert answer["reason"] == str(refused.value)


def test_a_zip_is_opened_from_a_terminal_as_in_the_app(samples, tmp_path):
    """An archive of a good and a broken file: a row each, and the app's answers."""
    (name, data), *_ = samples.items()
    path = tmp_path / "ward.zip"
    path.write_bytes(packed({name: data, "broken.png": b"no picture", ".hidden/a.png": data}))
    read, refused = answers(path)
    assert [read["file"], refused["file"]] == [f"{path}/{name}", f"{path}/broken.png"]
    (path.parent / name).write_bytes(data)
    (alone,) = answers(path.parent / name)
    assert read["status"] == "read" and read["models"] == alone["models"]
    assert refused["status"] == "refused" and "not a picture" in refused["reason"]


def test_an_archive_that_cannot_be_opened_from_a_terminal_is_one_sentence(tmp_path):
    (missing,) = answers(tmp_path / "none.zip")
    assert missing["reason"] == "This file cannot be opened."
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04 and nothing else")
    (damaged,) = answers(tmp_path / "damaged.zip")
    assert "archive is damaged" in damaged["reason"]


def test_a_picture_called_a_zip_is_read_as_the_picture_it_is(samples):
    (name, data), *_ = samples.items()
    (only,) = sources(("scan.ZIP", data))
    assert only.name == "scan.ZIP" and imaging.decode(only.load()).sha256 == imaging.decode(data).sha256


def test_folders_and_hidden_files_are_left_out():
    (only,) = sources(("a.zip", packed({"f/": b"", ".DS_Store": b"x", "__MACOSX/._a.png": b"x", "a.png": b"1"})))
    assert only.name == "a.zip/a.png"


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "/etc/passwd.png", "C:\\etc\\passwd.png"])
def test_a_name_never_points_outside(name):
    (only,) = sources(("a.zip", packed({name: b"1"})))
    assert only.name == "a.zip/etc/passwd.png" and only.load() == b"1"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 and nothing else", "damaged"),
        (packed({"f/": b""}), "no file in this archive"),
        (packed({}), "no file in this archive"),
        (packed({"bomb.bmp": bytes(20_000_000)}, zipfile.ZIP_DEFLATED), "packed more tightly"),
        (packed({"inner.zip": packed({"a.png": b"1"})}), "archive inside an archive"),
    ],
)
def test_what_cannot_be_unpacked_is_one_refused_file(data, sentence):
    (only,) = sources(("a.zip", data))
    with pytest.raises(PictureRefused, match=sentence):
        only.load()


def test_what_is_said_of_a_damaged_archive_quotes_no_name():
    data = bytearray(packed({"DOE^JANE.png": b"0123456789" * 50}))
    data[30:34] = b"XXXX"  # the name inside is another one than the list says
    (only,) = sources(("a.zip", bytes(data)))
    with pytest.raises(PictureRefused) as refusal:
        only.load()
    assert "DOE" not in "".join(traceback.format_exception(refusal.value))


def test_an_archive_that_lists_too_many_files_is_not_opened(monkeypatch):
    monkeypatch.setattr(archive, "MAX_LISTED", 3)
    monkeypatch.setattr(archive.zipfile, "ZipFile", lambda _: pytest.fail("It was opened."))
    (only,) = sources(("a.zip", MANY))
    with pytest.raises(PictureRefused, match="lists more than 3 files"):
        only.load()


def test_the_files_together_have_a_limit_that_is_told(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEGABYTES", 1)
    found = sources(*((f"{place}.png", bytes(400_000)) for place in range(4)))
    assert [source.name for source in found] == ["0.png", "1.png", "2 more files"]
    with pytest.raises(PictureRefused, match="at most 1000 files and 1 MB are read at once"):
        found[-1].load()
    sizes = sources(*((f"{size}.png", bytes(size)) for size in (600_000, 500_000, 100_000)))
    assert [source.name for source in sizes] == ["600000.png", "100000.png", "1 more file"], "what still fits is read"


def test_an_archive_has_the_same_limit(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEGABYTES", 1)
    (only,) = archive.opened("0", "a.zip", lambda: packed({"a.png": bytes(1_000_001)}))
    with pytest.raises(PictureRefused, match="more than 1 MB"):
        only.load()


def test_the_server_lets_no_larger_file_in():
    limit = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]["maxUploadSize"]
    assert limit == archive.MAX_MEGABYTES


def test_a_member_that_lost_bytes_is_refused():
    data = bytearray(packed({"a.png": b"0123456789" * 50}))
    data[60:80] = b"x" * 20
    with pytest.raises(PictureRefused, match="damaged inside"):
        sources(("a.zip", bytes(data)))[0].load()


def test_beyond_the_limit_one_line_says_how_many_were_left_out(monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    found = sources(*((f"{place}.png", b"1") for place in range(5)))
    assert [source.name for source in found] == ["0.png", "1.png", "3 more files"]
    with pytest.raises(PictureRefused, match="at most 2 files and 300 MB"):
        found[-1].load()
