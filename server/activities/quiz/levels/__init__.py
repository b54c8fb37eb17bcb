"""How a quiz is set up: its levels, what each draws, when each opens."""
