"""What the demo's people did in the last weeks: hazards at every stage, suggestions, an award scheme."""
