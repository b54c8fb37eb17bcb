"""Import of unions and people from Excel: checked row by row, shown first, then taken over whole or not at all."""
