"""Archives, documents and CDs as people hand them over."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import numpy as np
import pytest
from pydicom import Dataset, FileMetaDataset, dcmread, uid

from cxr_models import __main__ as command
from cxr_models import archive, imaging, tarball
from cxr_models.errors import NotAnXray, PictureRefused
from tests.cxr_models.dicom_files import made, saved

MB = 1_000_000


def sources(name: str, data: bytes) -> list[archive.Source]:
    return archive.sources([("0", name, lambda: data)])


def refusal(name: str, data: bytes) -> str:
    (only,) = sources(name, data)
    with pytest.raises(PictureRefused) as refused:
        imaging.decode(only.load())
    return str(refused.value)


def zipped(members: dict[str, bytes], **info) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, data in members.items():
            member = zipfile.ZipInfo(name)
            for key, value in info.items():
                setattr(member, key, value)
            opened.writestr(member, data)
    return buffer.getvalue()


def tarred(members: dict[str, bytes], **options) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", **options) as opened:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def test_powershell_writes_backslashes_and_folder_entries():
    data = zipped({"ward\\": b"", "ward\\NORMAL\\": b"", "ward\\NORMAL\\a.png": b"1", "ward\\Thumbs.db": b"2"})
    assert [source.name for source in sources("a.zip", data)] == ["a.zip/ward/NORMAL/a.png"]


@pytest.mark.parametrize("code", ["utf-8", "cp850"])
def test_names_without_the_flag_are_legible(code):
    """As a Mac writes them, and as the Explorer of Western Europe does."""
    name, place = "Röntgen/Müller_Ø.png", b"R?ntgen/M?ller_?.png"
    raw = name.encode(code)
    data = zipped({"x" * len(raw): b"1"}).replace(b"x" * len(raw), raw)
    assert place and [source.name for source in sources("a.zip", data)] == [f"a.zip/{name}"]


def test_a_mac_s_accents_are_letters_again():
    data = zipped({"Mu\u0308ller.png": b"1"})
    assert sources("a.zip", data)[0].name == "a.zip/Müller.png"


@pytest.mark.parametrize(("number", "words"), [(9, "Deflate64"), (93, "zstd"), (97, "a method that is rarely used")])
def test_a_packing_that_is_not_read_is_named(number, words):
    data = bytearray(zipped({"a.png": b"0123456789"}))
    data[8:10] = number.to_bytes(2, "little")
    listed = data.index(b"PK\x01\x02")
    data[listed + 10 : listed + 12] = number.to_bytes(2, "little")
    assert refusal("a.zip", bytes(data)).startswith(f"This file is packed with {words}, which is not read.")


CONTENTS = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>"}
OTHERS = {
    "docx": (zipped({**CONTENTS, "word/media/image1.jpeg": b"1"}), "a Word document"),
    "pptx": (zipped({**CONTENTS, "ppt/media/image1.jpeg": b"1"}), "a PowerPoint presentation"),
    "xlsx": (zipped({**CONTENTS, "xl/workbook.xml": b"1"}), "an Excel workbook"),
    "odt": (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "a": b"1"}), "an OpenDocument text"),
    "odp": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.presentation"}),
        "an OpenDocument presentation",
    ),
    "doc": (b"\xd0\xcf\x11\xe0" + bytes(600), "an office document"),
    "rtf": (b"{\\rtf1 X-ray}", "a text document"),
    "iso": (bytes(32769) + b"CD001" + bytes(100), "an image of a CD (ISO)"),
    "dmg": (b"\x78\x01" + bytes(900) + b"koly" + bytes(508), "a Mac disk image (DMG)"),
    "tar": (tarred({"a.png": b"1"}), "a tar archive"),
    "gz": (gzip.compress(b"1"), "a compressed archive (gzip)"),
    "zst": (b"\x28\xb5\x2f\xfd" + bytes(20), "a compressed archive (zstd)"),
    "txt": (b"Read me first.\r\n", "a text"),
}


@pytest.mark.parametrize("ending", OTHERS)
def test_what_is_no_picture_is_named_for_what_it_is(ending):
    data, words = OTHERS[ending]
    with pytest.raises(NotAnXray, match="^This file is " + words.replace("(", r"\(").replace(")", r"\)")):
        imaging.decode(data)


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_a_document_is_no_archive_by_any_name(ending):
    data, words = OTHERS[ending]
    assert words in refusal("a.zip", data)
    assert words in refusal("b.zip", zipped({f"letter.{ending}": data}))


def test_an_archive_that_holds_a_document_is_still_one(samples):
    (name, picture), *_ = samples.items()
    found = sources("ward.zip", zipped({"letter.docx": OTHERS["docx"][0], name: picture}))
    assert [source.name for source in found] == ["ward.zip/letter.docx", f"ward.zip/{name}"]


PACKED = {
    "a.tar": bytes,
    "a.tar.gz": gzip.compress,
    "a.tgz": gzip.compress,
    "a.tar.bz2": bz2.compress,
    "a.TAR.XZ": lzma.compress,
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_a_tar_archive_is_read_like_a_zip(name, form, samples):
    (first, picture), *_ = samples.items()
    data = tarred({"../Röntgen/b.png": b"2", first: picture, "._a.png": b"3", "c.zip": zipped({})}, format=form)
    found = sources(name, PACKED[name](data))
    assert [source.name for source in found] == [f"{name}/Röntgen/b.png", f"{name}/{first}", f"{name}/c.zip"]
    assert found[1].load() == picture and found[0].load() == b"2", "in any order"
    with pytest.raises(PictureRefused, match="archive inside an archive"):
        found[2].load()


def linked(kind: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as opened:
        member = tarfile.TarInfo("a.png")
        member.type, member.linkname = kind, "/etc/passwd"
        opened.addfile(member)
    return buffer.getvalue()


def promising(size: int) -> bytes:
    """A header of a file of that size, and nothing behind it."""
    member = tarfile.TarInfo("a.png")
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT)


HOSTILE = {
    "a link": (linked(tarfile.SYMTYPE), "no file in this archive"),
    "a hard link": (linked(tarfile.LNKTYPE), "no file in this archive"),
    "a device": (linked(tarfile.CHRTYPE), "no file in this archive"),
    "cut off": (gzip.compress(tarred({"a.png": np.random.default_rng(0).bytes(5000)}))[:3000], "archive is damaged"),
    "no tar": (gzip.compress(b"a picture" * 200), "archive is damaged"),
    "a bomb": (gzip.compress(tarred({"a.png": bytes(2 * MB)})), "packed more tightly"),
    "a promise": (gzip.compress(promising(50_000 * MB)), "packed more tightly"),
    "a false size": (promising(100) + b"short", "damaged"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_tar_archive_is_one_sentence(case):
    data, words = HOSTILE[case]
    assert words in refusal("a.tar.gz", data)


def test_a_tar_archive_keeps_the_limits(monkeypatch):
    monkeypatch.setattr(archive, "MAX_LISTED", 2)
    assert "lists more than 2 files" in refusal("a.tar", tarred({f"{place}": b"1" for place in range(4)}))
    monkeypatch.setattr(archive, "MAX_MEGABYTES", 0.001)
    (only,) = archive.opened("0", "a.tar", lambda: tarred({"a": b"1"}))
    with pytest.raises(PictureRefused, match="Please split it"):
        only.load()


def test_an_xz_archive_that_takes_much_memory_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(tarball, "MAX_MEMORY", 1000)
    assert "archive is damaged" in refusal("a.tar.xz", lzma.compress(tarred({"a": b"1"})))


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", "ehthumbs.db", "Icon\r", ".DS_Store", "__MACOSX/._a.png"])
def test_system_files_are_left_out_everywhere(name, tmp_path):
    assert [source.name for source in sources("a.zip", zipped({name: b"1", "a.png": b"2"}))] == ["a.zip/a.png"]
    uploaded = archive.sources([(str(place), it, lambda: b"1") for place, it in enumerate((name, "b.png"))])
    assert [source.name for source in uploaded] == ["b.png"]
    for file in (name, "c.png"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(b"1")
    read, left = command.files_of([tmp_path])
    assert read == [tmp_path / "c.png"] and left == [tmp_path / name]


def record(kind: str, name: str = "") -> Dataset:
    made_record = Dataset()
    made_record.DirectoryRecordType = kind
    if name:
        made_record.ReferencedFileID = ["PT000000", name]
    return made_record


@pytest.fixture
def cd(tmp_path):
    """A CD copied to a folder: two X-rays, their list, a viewer and a logo."""
    folder = tmp_path / "cd" / "PT000000"
    folder.mkdir(parents=True)
    records = [
        record("PATIENT"),
        record("IMAGE", "IM000001"),
        record("IMAGE", "IM000002"),
        record("PRESENTATION", "PR000001"),
    ]
    for name in ("IM000001", "IM000002"):
        (folder / name.lower()).write_bytes(saved(made(np.zeros((60, 80), np.uint8))))
    listed = Dataset()
    listed.file_meta = FileMetaDataset()
    listed.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    listed.SOPClassUID, listed.SOPInstanceUID = uid.MediaStorageDirectoryStorage, "1.2.3"
    listed.DirectoryRecordSequence = records
    (tmp_path / "cd" / "DICOMDIR").write_bytes(saved(listed))
    for name, data in {
        "AUTORUN.INF": b"[autorun]",
        "VIEWER.EXE": b"MZ",
        "LOGO.JPG": b"\xff\xd8",
        "x.htm": b"<html>",
    }.items():
        (tmp_path / "cd" / name).write_bytes(data)
    return tmp_path / "cd"


def test_the_list_of_a_cd_says_what_is_read(cd):
    read, left = command.files_of([cd.parent])
    assert len(read) == 2 and all(dcmread(path).Modality == "CR" for path in read)
    assert {path.name for path in left} == {"AUTORUN.INF", "VIEWER.EXE", "LOGO.JPG", "x.htm", "DICOMDIR"}


@pytest.mark.parametrize("spoil", ["a file is missing", "the list is damaged"])
def test_without_its_files_the_list_is_left_out_alone(cd, spoil):
    images, _ = command.files_of([cd])
    if spoil == "a file is missing":
        images.pop().unlink()
    else:
        (cd / "DICOMDIR").write_bytes(b"nothing")
    read, left = command.files_of([cd])
    assert {*images} <= {*read} and cd / "LOGO.JPG" in read
    assert {path.name for path in left} == {"AUTORUN.INF", "DICOMDIR"}


def test_the_list_itself_is_named(cd):
    with pytest.raises(NotAnXray, match=r"the list of a CD \(DICOMDIR\), not an X-ray"):
        imaging.decode((cd / "DICOMDIR").read_bytes())


OTHER = saved(made(np.zeros((60, 80), np.uint8), Modality="MR", SOPClassUID=uid.MRImageStorage))
STATUS = {
    "a document": ({"letter.docx": OTHERS["docx"][0]}, 0),
    "a program and a text": ({"VIEWER.EXE": b"MZ", "README.TXT": b"Read me."}, 0),
    "another modality": ({"IM000001": OTHER}, 0),
    "a damaged picture": ({"a.png": b"no picture"}, 1),
    "damaged DICOM": ({"IM000001": bytes(128) + b"DICM" + bytes(50)}, 1),
}


@pytest.mark.parametrize("case", STATUS)
def test_the_exit_status_counts_x_rays_alone(case, tmp_path, monkeypatch, capsys):
    files, status = STATUS[case]
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setattr("sys.argv", ["cxr_models", str(tmp_path)])
    assert command.main() == status
    assert len(capsys.readouterr().out.splitlines()) == len(files), "each is answered"
    monkeypatch.setattr("sys.argv", ["cxr_models", str(tmp_path / next(iter(files)))])
    assert command.main() == 1, "a file that is named was meant to be one"
