"""The three letters of a union's right (提示函, 意见书, 建议书), and what was answered."""
