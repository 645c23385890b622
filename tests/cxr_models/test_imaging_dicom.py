"""DICOM samples to grey; pydicom's own steps are the witness where it has them."""

import numpy as np
import pytest
from pydicom import Dataset, Sequence, uid
from pydicom.pixels import apply_windowing, compress

from cxr_models import imaging
from cxr_models.imaging import dicom, greyscale
from tests.cxr_models.dicom_files import COLUMNS, LEVEL, ROWS, expect, made, notes, saved, seen


def lut(values: np.ndarray, first: int, bits: int) -> Sequence:
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [len(values), first, bits], values.astype("<u2").tobytes()
    return Sequence([item])


def depths(grey: np.ndarray) -> dict[str, Dataset]:
    wide = grey * 4095 // 255
    return {
        "8 bits": made(grey.astype(np.uint8)),
        "8 bits signed": made((grey - 128).astype(np.int8)),
        "12 bits": made(wide.astype(np.uint16), BitsStored=12),
        "12 bits said to be 16": made(wide.astype(np.uint16)),
        "12 bits signed": made((wide - 2048).astype(np.int16), BitsStored=12),
        "12 bits signed, sign not extended": made(((wide - 2048) & 0x0FFF).astype(np.uint16), BitsStored=12,
                                                   PixelRepresentation=1),
        "12 bits in the high end of 16": made((wide << 4).astype(np.uint16), BitsStored=12, HighBit=15),
        "16 bits": made((grey * 257).astype(np.uint16)),
        "32 bits": made((grey * 16843009).astype(np.uint32)),
        "rubbish in the high bits": made((wide | 0x5000).astype(np.uint16), BitsStored=12),
        "half of the range": made((500 + grey * 6).astype(np.uint16)),
        "falling rescale": made((4095 - wide).astype(np.uint16), BitsStored=12, RescaleSlope=-1, RescaleIntercept=4095),
        "rescaled": made(wide.astype(np.uint16), BitsStored=12, RescaleSlope="2.5", RescaleIntercept=-100),
        "white is zero": made((4095 - wide).astype(np.uint16), BitsStored=12, PhotometricInterpretation="MONOCHROME1",
                              PresentationLUTShape="INVERSE"),
        "padding left and right": made(np.where(np.arange(COLUMNS) < 10, 65000, 500 + grey * 8).astype(np.uint16),
                                       PixelPaddingValue=65000),
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(depths(np.zeros((ROWS, COLUMNS), np.int64))))
def test_every_depth_gives_the_same_grey(grey, kind):
    padded = np.where(np.arange(COLUMNS) < 10, 0, grey) if "padding" in kind else grey
    dataset = depths(grey)[kind]
    found = seen(dataset)
    if "padding" in kind:
        inside = grey[:, 10:]
        expect(found[:, 10:] * 255, (inside - inside.min()) / np.ptp(inside) * 255 * 255, 255 * LEVEL)
        assert found[:, :10].max() == 0
    else:
        expect(found, padded)
    assert notes(dataset) == ()


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID", None])
@pytest.mark.parametrize("white_first", [False, True])
def test_a_window_is_pydicoms_window_inverted_once(grey, function, white_first):
    stored = (grey * 4095 // 255).astype(np.uint16)
    dataset = made(stored, BitsStored=12, WindowCenter=2000, WindowWidth=1500, VOILUTFunction=function,
                   PhotometricInterpretation="MONOCHROME1" if white_first else "MONOCHROME2")  # fmt: skip
    witness = apply_windowing(stored, dataset) / 4095
    assert np.abs(seen(dataset) - (1 - witness if white_first else witness)).max() < 1e-4
    assert notes(dataset) == ()


def test_a_window_is_in_rescaled_units(grey):
    stored = (grey * 2 - 300).astype(np.int16)
    window = {"WindowCenter": 255 * 0.5 + 512.5, "WindowWidth": 256}
    expect(seen(made(stored, RescaleSlope="0.5", RescaleIntercept="662", **window)), grey, LEVEL)


def test_the_first_of_several_windows_and_a_table_before_a_window(grey):
    stored = grey.astype(np.uint16)
    both = {"WindowCenter": [128, 10], "WindowWidth": [256, 5]}
    expect(seen(made(stored, **both)), grey, LEVEL)
    table = lut(np.arange(256)[::-1] * 16, 0, 12)
    found = seen(made(stored, VOILUTSequence=table, **both))
    assert np.abs(found - (255 - grey) * 16 / 4095).max() < 1e-6


@pytest.mark.parametrize("bits, filled", [(16, 4095), (12, 4095), (16, 65535), (10, 1023)])
def test_tables_of_any_depth(grey, bits, filled):
    table = lut(np.linspace(0, filled, 256).round(), 0, bits)
    stored = grey.astype(np.uint16)
    expect(seen(made(stored, VOILUTSequence=table)), grey, LEVEL)
    expect(seen(made(stored, ModalityLUTSequence=table)), grey, LEVEL)


def test_a_table_filled_beyond_its_bits_stays_grey(grey):
    table = lut(np.linspace(0, 4095, 256).round(), 0, 10)
    expect(seen(made(grey.astype(np.uint16), VOILUTSequence=table)), grey, LEVEL)


def test_a_table_of_8_bits_whose_entries_take_16(grey):
    """As some machines write it; PS3.3 C.11.1.1.1 tells how to know."""
    expect(seen(made(grey.astype(np.uint16), VOILUTSequence=lut(np.arange(256), 0, 8))), grey)
    expect(seen(made(grey.astype(np.uint16), ModalityLUTSequence=lut(np.arange(256), 0, 8))), grey)


def test_white_is_zero_with_a_table(grey):
    table = lut(np.arange(256) * 257, 0, 16)
    stored = (255 - grey).astype(np.uint16)
    expect(seen(made(stored, VOILUTSequence=table, PhotometricInterpretation="MONOCHROME1")), grey)


@pytest.mark.parametrize("width, center, function", [(0, 100, None), (-5, 100, None), (0.5, 100, "LINEAR"),
                                                     (100, "", None), ("", 100, None), (0, 9, "SIGMOID"),
                                                     (50, 100, "CUBIC"), (50, -900, None),
                                                     (50, 9000, None)])  # fmt: skip
def test_a_window_that_cannot_be_used_is_left_out_and_told(grey, width, center, function):
    dataset = made(grey.astype(np.uint8), WindowWidth=width, WindowCenter=center, VOILUTFunction=function)
    expect(seen(dataset), grey)
    assert notes(dataset) == (greyscale.BAD_WINDOW,)


def test_a_rescale_by_nothing_is_left_out_and_told(grey):
    dataset = made(grey.astype(np.uint8), RescaleSlope=0, RescaleIntercept=7)
    expect(seen(dataset), grey)
    assert notes(dataset) == (greyscale.BAD_RESCALE,)


def test_a_file_that_contradicts_itself_on_black_and_white_is_told(grey):
    dataset = made(grey.astype(np.uint8), PresentationLUTShape="INVERSE")
    expect(seen(dataset), grey)
    assert notes(dataset) == (greyscale.BAD_SHAPE,)


@pytest.mark.parametrize("padding", [{"PixelPaddingValue": 0}, {"PixelPaddingValue": 7, "PixelPaddingRangeLimit": 0}])
def test_padding_is_black_also_where_white_is_zero(grey, padding):
    stored = np.where(grey < 60, 0, 300 - grey).astype(np.uint16)
    found = seen(made(stored, PhotometricInterpretation="MONOCHROME1", **padding))
    assert found[grey < 60].max() == 0 and found[grey == 255].min() > 0.8


def test_a_picture_of_padding_alone_is_black_and_no_error():
    assert seen(made(np.full((ROWS, COLUMNS), 9, np.uint16), PixelPaddingValue=9)).max() == 0


SYNTAXES = {
    uid.RLELossless: 0, uid.JPEG2000Lossless: 0, uid.JPEGLSLossless: 0, uid.JPEGLSNearLossless: 3, uid.JPEG2000: 3,
    uid.DeflatedExplicitVRLittleEndian: 0, uid.ImplicitVRLittleEndian: 0, uid.ExplicitVRBigEndian: 0,
}  # fmt: skip


@pytest.mark.parametrize("depth", ["8 bits", "12 bits", "16 bits"])
@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda it: it.name)
def test_transfer_syntaxes(grey, syntax, depth):
    dataset = depths(grey)[depth]
    options = {uid.JPEGLSNearLossless: {"jls_error": 2}, uid.JPEG2000: {"j2k_cr": [4]}}.get(syntax, {})
    if syntax == uid.ExplicitVRBigEndian:
        dataset.PixelData = np.frombuffer(dataset.PixelData, f"u{dataset.BitsAllocated // 8}").byteswap().tobytes()
    if syntax in dicom.COMPRESSIONS:
        compress(dataset, syntax, encoding_plugin="", generate_instance_uid=False, **options)
    else:
        dataset.file_meta.TransferSyntaxUID = syntax
    expect(seen(dataset), grey, (SYNTAXES[syntax] + 0.5) * LEVEL)
    assert notes(dataset) == ()


def test_every_compression_has_its_decoder():
    for syntax, (_, plugin) in dicom.COMPRESSIONS.items():
        assert plugin in (dicom.get_decoder(syntax).available_plugins)


def colours(grey: np.ndarray) -> dict[str, Dataset]:
    rgb = np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)
    rng = np.random.default_rng(0).permutation(256)
    index = np.argsort(rng)[grey].astype(np.uint8)
    palette = {}
    for colour in ("Red", "Green", "Blue"):
        palette[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        palette[f"{colour}PaletteColorLookupTableData"] = (rng * 257).astype(np.uint16).tobytes()
    ybr = np.dstack([rgb[..., 0], np.full_like(rgb[..., 0], 128), np.full_like(rgb[..., 0], 128)])
    return {
        "RGB": made(rgb),
        "RGB by plane": made(rgb, PlanarConfiguration=1, PixelData=rgb.transpose(2, 0, 1).tobytes()),
        "YBR_FULL": made(ybr, PhotometricInterpretation="YBR_FULL"),
        "RGB of 16 bits": made(rgb.astype(np.uint16) * 257),
        "palette": made(index, PhotometricInterpretation="PALETTE COLOR", **palette),
    }


@pytest.mark.parametrize("kind", list(colours(np.zeros((ROWS, COLUMNS), np.int64))))
def test_grey_pictures_stored_in_colours(grey, kind):
    picture = imaging.decode(saved(colours(grey)[kind]))
    expect(picture.grey, grey, 1.5 * LEVEL)
    assert not picture.coloured


def test_colours_of_a_dicom_are_noticed(grey):
    red = np.dstack([grey, grey // 3, grey // 4]).astype(np.uint8)
    assert imaging.decode(saved(made(red))).coloured


@pytest.mark.parametrize("implicit, little", [(False, False), (False, True), (True, True)])
def test_a_data_set_without_preamble_and_meta(grey, implicit, little):
    dataset = made(grey.astype(np.uint8))
    del dataset.file_meta
    data = saved(dataset, enforce_file_format=False, implicit_vr=implicit, little_endian=little)
    assert data[128:132] != b"DICM"
    expect(imaging.decode(data).grey, grey)
