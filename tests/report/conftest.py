"""What the tests of this room share: `reading` is found from the folders below too."""
