"""Assessment (考核): schemes as data, computed indicators, a run from self-assessment to the archive."""
