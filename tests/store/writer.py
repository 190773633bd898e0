"""A program that saves trials without end, and says of each when it is kept.

Usage: python writer.py URL-or-nothing FOLDER NAME. Each line it writes is the id of a
trial and the sha256 of its video.
"""

import hashlib
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from recordings import NOON, Video, trial

from hiprom.store.store import Store

url, folder, name = sys.argv[1:]
with Store.open(url or None, Path(folder)) as store:
    for number in count():
        word = f"{name} {number}".encode()
        sha256 = hashlib.sha256(word).hexdigest()
        new = trial(
            recorded_at=NOON + timedelta(hours=number),
            video=Video(f"{number}.mp4", sha256=sha256),
        )
        landmarks = word * 4000
        saved = store.save_trial(
            "P01", new, lambda path, landmarks=landmarks: path.write_bytes(landmarks)
        )
        sys.stdout.write(f"{saved.trial.trial_id} {sha256}\n")
        sys.stdout.flush()
