import pytest

from cxr_models.evaluation.change import carried_over, sentence
from cxr_models.evaluation.confusion import Confusion

BEFORE = Confusion(tp=80, fp=5, fn=20, tn=45)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (BEFORE, "ResNet-50 gives the same verdicts on all 150 pictures."),
        (
            Confusion(84, 16, 16, 34),
            "ResNet-50 finds 4 more pneumonias of 100 and raises 11 more false alarms on 50 normals.",
        ),
        (
            Confusion(79, 4, 21, 46),
            "ResNet-50 misses 1 more pneumonia of 100 and raises 1 fewer false alarm on 50 normals.",
        ),
        (Confusion(81, 5, 19, 45), "ResNet-50 finds 1 more pneumonia of 100 and raises the same false alarms."),
        (Confusion(80, 7, 20, 43), "ResNet-50 finds the same pneumonias and raises 2 more false alarms on 50 normals."),
    ],
)
def test_the_change_is_named(now, said):
    assert sentence("ResNet-50", BEFORE, now) == said


@pytest.mark.parametrize(
    ("here", "said"),
    [
        (Confusion(160, 10, 40, 90), "finds as many pneumonias and raises as many false alarms"),
        (Confusion(171, 21, 29, 79), "finds 5.5 more pneumonias of 100 and raises 11 more false alarms on 100 normals"),
        (Confusion(79, 9, 21, 91), "misses 1 more pneumonia of 100 and raises 1 fewer false alarm on 100 normals"),
        (Confusion(5, 0, 5, 0), "cannot be compared: that takes pneumonias and normals"),
    ],
)
def test_what_a_threshold_does_elsewhere_is_told_per_hundred(here, said):
    assert carried_over(BEFORE, here) == said
