"""Zip archives: limits before memory, names that are labels and never paths."""

import io
import zipfile

import pytest

from cxr_models import archive, imaging
from cxr_models.__main__ import record
from cxr_models.errors import PictureRefused


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return buffer.getvalue()


def sources(*files: tuple[str, bytes]) -> list[archive.Source]:
    return archive.sources([(str(place), name, lambda data=data: data) for place, (name, data) in enumerate(files)])


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
    assert record(tmp_path / name)["reason"] == str(refused.value)


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


def test_a_member_that_lost_bytes_is_refused():
    data = bytearray(packed({"a.png": b"0123456789" * 50}))
    data[60:80] = b"x" * 20
    with pytest.raises(PictureRefused, match="damaged inside"):
        sources(("a.zip", bytes(data)))[0].load()


def test_beyond_the_limit_one_line_says_how_many_were_left_out(monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    found = sources(*((f"{place}.png", b"1") for place in range(5)))
    assert [source.name for source in found] == ["0.png", "1.png", "3 more files"]
    with pytest.raises(PictureRefused, match="at most 2"):
        found[-1].load()
