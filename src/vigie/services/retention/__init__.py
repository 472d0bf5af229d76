"""How long each noun is kept, what that means today, and the job that removes what is over."""
