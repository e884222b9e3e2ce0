"""The predicates that rules name with `check`, one module for each family."""
