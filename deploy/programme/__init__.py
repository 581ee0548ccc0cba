"""The programme document as data, and the loader that posts it to the services' own commands."""
