"""Tests of the register of methods."""
