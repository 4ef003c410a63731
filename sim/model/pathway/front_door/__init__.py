"""The front door: contacts are screened, referrals decided, and closed children may come back."""
