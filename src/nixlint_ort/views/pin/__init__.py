"""What nixpkgs has at a pin: a row for the table of pins, and how two of them differ for the variants."""
