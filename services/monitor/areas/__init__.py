"""Areas through time: municipalities, regions and provinces, and which of them became which others."""
