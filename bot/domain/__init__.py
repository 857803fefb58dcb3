"""The rules of the product as plain data and functions: no I/O, no clock, no framework."""
