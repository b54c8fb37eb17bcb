"""Short tests after a training, on the phone, from the question bank: set up by the organiser, taken by who came."""
