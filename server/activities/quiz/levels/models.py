"""Tables of the quiz's levels."""
