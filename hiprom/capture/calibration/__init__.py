"""Pictures of a printed board -> a camera's profile, and how the camera stands."""
