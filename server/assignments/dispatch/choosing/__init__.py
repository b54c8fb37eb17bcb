"""Who is asked: from the rule to the unions."""
