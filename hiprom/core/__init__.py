"""What an angle is. Pure: numpy and scipy only; no files, clock, camera or printing."""
