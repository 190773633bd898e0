"""hiprom: range of motion of the hip from an ordinary video.

Importing this does nothing else: each public name is fetched when it is first used.
"""
