"""Many videos, one after the other or side by side, on one machine or many."""
