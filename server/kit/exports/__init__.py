"""Lists as Excel sheets (台账): while one waits, or by a job where they are long."""
