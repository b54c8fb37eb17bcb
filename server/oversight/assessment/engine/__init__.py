"""How values become scores and ranks. Pure: no database, no clock."""
