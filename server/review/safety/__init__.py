"""What WeChat's content check says of workers' words and photos, and what is held back until a reviewer has looked."""
