"""The question bank: questions with every version, their review and retirement."""
