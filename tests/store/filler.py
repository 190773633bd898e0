"""A program that saves trials until the disk is full, frees some space, and goes on.

Usage: python filler.py WORDS-OF-LANDMARKS FOLDER. It writes what happened as JSON.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from recordings import NOON, Video, trial

from hiprom.errors import StoreError
from hiprom.store.store import Store

size, disk = int(sys.argv[1]), Path(sys.argv[2])
ballast = disk / "ballast"
ballast.write_bytes(bytes(300_000))
kept, message = [], None
with Store.open(None, disk / "home") as store:
    for number in range(2000):
        new = trial(
            recorded_at=NOON + timedelta(hours=number),
            video=Video(f"{number}.mp4", sha256=f"{number:064}"),
        )
        landmarks = f"{number} ".encode() * size

        def write(path, landmarks=landmarks):
            path.write_bytes(landmarks)

        try:
            saved = store.save_trial("P01", new, write)
        except StoreError as error:
            message = str(error)
            break
        kept.append(saved.trial.trial_id)
    there = [each.trial_id for each in store.trials("P01")]
    faults = [fault.kind for fault in store.fsck()]
    ballast.unlink()
    again = store.save_trial("P01", new, write).is_new
    after = [fault.kind for fault in store.fsck()]
sys.stdout.write(json.dumps([kept, message, there, faults, again, after]))
