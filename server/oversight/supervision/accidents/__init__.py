"""The register of accidents that enterprises had: they weigh in draws."""
