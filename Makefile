# Each target does all of its own set-up: a virtual environment in .venv, the
# dependencies, the system libraries (as root; otherwise it names them), the pose model.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Keep what was compiled, even where images forbid it: every test that starts a process
# would compile hiprom anew, and every start of pytest its plugins.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: all demo test lint bench accuracy altered cameras protocols live movements setup clean

# What CI runs, and the linters.
all: lint test

# Measure a sample video and say where its report is.
demo: $(READY)
	$(BIN)/hiprom analyze sample_videos/seated_ir_left.mp4 --out hiprom_results

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Wall time against a bare loop, and the core alone; prints ratios, judges nothing.
bench: $(READY)
	$(BIN)/python benchmarks/analyze.py
	$(BIN)/python benchmarks/core.py
	$(BIN)/python benchmarks/record.py

# Measure the public benchmark and write docs/accuracy.md anew.
accuracy: $(READY)
	$(BIN)/python calibration/accuracy.py

# Measure altered copies of the benchmark's films; `make accuracy` then tells of them.
altered: $(READY)
	$(BIN)/python calibration/altered.py

# Calibrate cameras drawn at random, and measure the films with their true cameras.
cameras: $(READY)
	$(BIN)/python calibration/known_cameras.py

# Measure the films of the other movements, and altered copies of them.
movements: $(READY)
	$(BIN)/python calibration/movements.py

# Write docs/protocols.md and its figures from the protocols.
protocols: $(READY)
	$(BIN)/python scripts/protocol_pages.py

# Show the films to the live test, frame by frame.
live: $(READY)
	$(BIN)/python calibration/live.py

setup: $(READY)

$(READY): pyproject.toml scripts/setup.sh
	bash scripts/setup.sh $(VENV)
	touch $@

clean:
	rm -rf $(VENV) hiprom_results
