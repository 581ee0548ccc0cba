"""What a figure is, apart from any database: its sums, its period, its cell, and how it is written."""
