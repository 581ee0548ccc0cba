"""Charts as geometry: what goes where, for a template to draw as SVG. Nothing here knows of HTML or of the database."""
