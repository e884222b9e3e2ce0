"""What documents claim: mentions of what the tables hold, the rows that they name together, and what is wrong."""
