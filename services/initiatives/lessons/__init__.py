"""Lessons: what initiatives teach, whether it worked or not."""
