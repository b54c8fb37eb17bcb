"""The questions that come with the software, and how they are proofread."""
