"""What AWS has and takes: names, attributes, metrics. Tables, and what is asked of them."""
