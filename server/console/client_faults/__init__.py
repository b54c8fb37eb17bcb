"""What went wrong in the phone's program: which fault, where, how often. Nothing of whose phone it was."""
