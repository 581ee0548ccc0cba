"""The register of methods: how observations were measured. A row of a file names one by its code."""
