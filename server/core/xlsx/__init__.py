"""Reading .xlsx files that anybody may have made, as whoever made them sees them."""
