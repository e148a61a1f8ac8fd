"""The sample company: Aurelia Electronics, its people, its customers' answers, and a quarter calculated from them."""
