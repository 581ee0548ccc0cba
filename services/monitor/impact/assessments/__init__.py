"""Assessments: what a body answers to the two questions, on evidence."""
