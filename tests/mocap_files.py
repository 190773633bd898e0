"""Files of a motion capture laboratory -> markers in metres, angles in degrees.

OpenSim's two text formats: .trc holds the markers, .mot the joint angles that inverse
kinematics found for them. Both say in their header which unit they use, and both
units occur in the wild, so the header is always read.
"""

import numpy as np

METRES = {"m": 1.0, "mm": 0.001}
TRC_HEADER_LINES = 5
# The columns of a .mot file that are no angles, by the end of their name.
NOT_ANGLES = ("time", "_tx", "_ty", "_tz")


def read_markers(path):
    """Return the times (n,) in seconds and each marker (n, 3) in metres, by name.

    A marker the cameras lost, an empty cell, is NaN in that frame.
    """
    lines = path.read_text().splitlines()
    settings = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    names = [name for name in lines[3].split("\t")[2:] if name.strip()]
    columns = np.genfromtxt(
        [line for line in lines[TRC_HEADER_LINES:] if line.strip()],
        delimiter="\t",
        usecols=range(2 + 3 * len(names)),
        ndmin=2,
    )
    positions = columns[:, 2:].reshape(len(columns), len(names), 3)
    positions *= METRES[settings["Units"]]
    return columns[:, 1], dict(zip(names, np.moveaxis(positions, 1, 0), strict=True))


def read_joint_angles(path):
    """Return the times (n,) in seconds and each joint angle (n,) in degrees, by name.

    The pelvis's translations are left out: they are no angles, whatever the header
    says of the unit.
    """
    lines = path.read_text().splitlines()
    end = lines.index("endheader")
    settings = dict(line.split("=", 1) for line in lines[:end] if line.count("=") == 1)
    names = lines[end + 1].split()
    columns = dict(zip(names, np.loadtxt(lines[end + 2 :], ndmin=2).T, strict=True))
    in_degrees = {"yes": True, "no": False}[settings["inDegrees"].strip()]
    angles_deg = {
        name: values if in_degrees else np.degrees(values)
        for name, values in columns.items()
        if not name.endswith(NOT_ANGLES)
    }
    return columns["time"], angles_deg
