"""The law quiz in levels: questions, levels, attempts, practice, standings."""
