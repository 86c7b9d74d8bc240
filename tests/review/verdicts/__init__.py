"""What a change of one property leads to, written by hand from the AWS documentation.

Each row says what the CloudFormation template reference says under the property, "Update requires:
…". Nothing here is computed from the schemas that the review itself reads.
"""
