"""Tests of quality findings."""
