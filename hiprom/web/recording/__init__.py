"""A camera that a browser holds -> a test led by picture and voice, and its film."""
