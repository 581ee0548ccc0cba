"""The register: every initiative, in which phase it is and was."""
