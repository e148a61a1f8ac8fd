"""The REST API: thin views over the services, each registered with the scope that it needs."""
