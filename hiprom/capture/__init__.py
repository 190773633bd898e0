"""Pixels in, landmarks out: video files, cameras and the pose model."""
