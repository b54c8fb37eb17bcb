"""Sign-in sheets on paper: taken down from a workbook, each name looked for among the people of the system."""
