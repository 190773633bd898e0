"""How the tables came to be: append-only steps, one file each in `versions`.

A new step is written by hand: a file with the next number, `revision` its number,
`down_revision` the one before, `upgrade` what to do. Then raise
`hiprom.store.schema.NEWEST` and change `hiprom.store.tables` alike; the tests compare
the two and bring the oldest database up to date. A step never imports `tables`, and a
step that was released never changes. There is no way back but the backup.
"""
