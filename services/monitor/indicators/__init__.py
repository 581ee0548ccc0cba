"""Indicators: what each measures, who answers for it, and from when it is measured otherwise."""
