"""A photo's print as it is kept: up to 32 striking spots of 16 bytes. NumPy alone: workers search them, children of
theirs find them (`fingerprints`)."""

from typing import Any

import numpy as np

SPOTS = 32
SPOT = np.dtype([("sketch", "<u8"), ("x", "<u2"), ("y", "<u2"), ("size", "<u2"), ("angle", "<u2")])
UNITS = 32.0  # of a pixel, in which x, y and size are kept
DEGREES = 100.0  # units of an angle

Spots = np.ndarray[Any, np.dtype[np.void]]  # of SPOT


def pack(spots: Spots) -> bytes:
    """Spots as they are kept in the database."""
    return spots.tobytes()


def unpack(content: bytes) -> Spots:
    """What `pack` made."""
    return np.frombuffer(content, SPOT)
