"""What a payout is: the rule of pay, its data and the operations on them."""
