"""What a visit found: it becomes rectifications, and is followed until it is done."""
