"""Subjects, sessions, trials and reps in a database, landmarks in files beside it."""
