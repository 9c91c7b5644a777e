"""Runs dpslens over the parts of a fleet on Spark: what a record says, only dpslens decides."""
