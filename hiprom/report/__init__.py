"""A Measurement in, things to read out: tables, figures, a page and a video."""
