"""What is made of a photo: pixels, what the camera wrote, the pictures that are shown, and links to them."""
