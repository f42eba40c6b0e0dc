"""Is it alive, is it ready, how is it doing: for load balancers, operators and Prometheus."""
