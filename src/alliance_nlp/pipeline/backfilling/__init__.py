"""Years of archives sieved for what bears on the alliance."""
