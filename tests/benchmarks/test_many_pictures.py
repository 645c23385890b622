"""What the many pictures are made of; how long they take is no test's business."""

import os

from benchmarks import many_pictures
from cxr_models import archive, imaging


def test_every_picture_is_another_one_at_the_samples_full_size(samples):
    sources = archive.sources([("k", "many.zip", lambda: many_pictures.pack(12))])
    pictures = [imaging.decode(source.load()) for source in sources]
    assert len({picture.sha256 for picture in pictures}) == 12
    sizes = {(it.width, it.height) for it in (imaging.decode(data) for data in samples.values())}
    assert {(it.width, it.height) for it in pictures} == sizes


SLACK_MB = 5


def test_a_peak_of_memory_never_falls():
    before = many_pictures.peak(os.getpid())
    held = bytearray(300_000_000)
    during = many_pictures.peak(os.getpid())
    del held
    # Linux counts pages a handful of processors late.
    assert during > before - SLACK_MB and many_pictures.peak(os.getpid()) > during - SLACK_MB and during > 300
