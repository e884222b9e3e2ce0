"""Tables and lists that should be complete: their missing rows, lost values and odd cells."""
