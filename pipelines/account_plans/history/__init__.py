"""What each quarter planned, remembered in the state, and what came of it."""
