"""The facts of resource types, from the schemas that cfn-lint bundles; `python -m` writes them."""
