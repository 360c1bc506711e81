"""What tests share: a tiny configuration, and the folder of other people's weights where there is one."""
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from config.realtime import Configuration  # noqa: E402

TINY = Configuration(name="tiny", side=64, keypoints=5, query_size=8, extra_keys=4, widths=(16, 8, 8), detector_widths=(8, 8), attention_widths=(8, 8))
SHARED = Path(os.environ.get("PANTOGRAPH_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture
def tiny():
    """A configuration small enough for a test."""
    return TINY


@pytest.fixture
def lpips():
    """Path of LPIPS's backbones; skips the test without them."""
    return existing("lpips.safetensors")


@pytest.fixture
def mtcnn():
    """Path of MTCNN's weights; skips the test without them."""
    return existing("mtcnn.safetensors")


def existing(name: str) -> str:
    """Path of a file of weights; skips the test where it is not at hand."""
    path = SHARED / "models" / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand (set PANTOGRAPH_SHARED)")
    return str(path)
