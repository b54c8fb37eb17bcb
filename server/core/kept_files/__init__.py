"""Files that came with a form that was refused: browsers do not choose a file again by themselves."""
