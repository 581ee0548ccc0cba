"""Editions: frozen publications, whose files are made again from the log and must be the same to the byte."""
