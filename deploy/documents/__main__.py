"""Writes it all: `make docs`."""

from .generated import ROOT, files

if __name__ == "__main__":
    for name, text in files().items():
        (ROOT / name).write_text(text, encoding="utf-8")
