"""A test before a running camera: seen, led, filmed, measured and kept."""
