"""What a person before the camera sees: pictures drawn, and a window to show them."""
