"""Monthly reports and bulletins (月报、简报): figures with words, on paper, frozen as they were told."""
