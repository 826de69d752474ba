"""What a customer's use of the product says: findings of `insight.habits`, each with the need that it suggests."""
