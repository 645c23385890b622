"""Tar archives, plain or compressed, read in memory: nothing is written to a disk, and a name is a label only."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from typing import BinaryIO

from cxr_models.errors import PictureRefused

ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz")
READERS = {b"\x1f\x8b": gzip.GzipFile, b"BZh": bz2.BZ2File, b"\xfd7zXZ": lzma.LZMAFile}
MAGIC_PLACE, MAGIC = 257, b"ustar"
# An xz archive says how much memory it takes to unpack; the largest usual one takes 64 MB.
MAX_MEMORY = 128_000_000
DAMAGE = (tarfile.TarError, EOFError, OSError, ValueError, zlib.error, lzma.LZMAError)
DAMAGED = "This archive is damaged. Please pack it again."


class _Limited(io.RawIOBase):
    """An unpacked stream that refuses to go beyond `most` bytes, and to be asked for more than `most_at_once`."""

    def __init__(self, stream: BinaryIO, most: int, most_at_once: int):
        self.stream, self.most, self.most_at_once = stream, most, most_at_once

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self.most_at_once or self.stream.tell() + size > self.most:
            self._refuse()
        return self.stream.read(size)

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        if place > self.most:
            self._refuse()
        return self.stream.seek(place, whence)

    def tell(self) -> int:
        return self.stream.tell()

    def _refuse(self) -> None:
        raise PictureRefused("This archive is packed more tightly than X-rays can be, so it was not unpacked.")


def recognised(data: bytes) -> bool:
    """Whether this is a tar archive, or compressed as one may be."""
    return data[MAGIC_PLACE:].startswith(MAGIC) or data.startswith(tuple(READERS))


def open_tar(
    data: bytes, *, most: int, most_at_once: int, most_listed: int
) -> list[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """The regular files of an archive, each with the archive that it is read from; links and devices are left out.

    most: bytes of the whole archive unpacked. Raises PictureRefused for a damaged archive, and beyond the limits.
    """
    try:
        stream = io.BytesIO(data)
        if data.startswith(b"\xfd7zXZ"):
            lzma.LZMADecompressor(memlimit=MAX_MEMORY).decompress(data[:65536], max_length=1)
        reader = next((reader for magic, reader in READERS.items() if data.startswith(magic)), None)
        if reader:
            stream = reader(fileobj=stream) if reader is gzip.GzipFile else reader(stream)
        opened = tarfile.TarFile(fileobj=_Limited(stream, most, most_at_once), mode="r")
        held = []
        for number, member in enumerate(opened, start=1):
            if number > most_listed:
                raise PictureRefused(f"This archive lists more than {most_listed} files. Please split it.")
            if member.isreg():
                held.append((opened, member))
        return held
    except DAMAGE:
        raise PictureRefused(DAMAGED) from None


def read(opened: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """The bytes of one file. Raises PictureRefused where they are damaged."""
    try:
        content = opened.extractfile(member).read(member.size)
    except DAMAGE:
        content = b""
    if len(content) < member.size:
        raise PictureRefused("This file is damaged inside its archive. Please pack it again.")
    return content
