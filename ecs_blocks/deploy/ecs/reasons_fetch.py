"""What a task could not fetch before its containers start: image, secrets, place for its logs.

The texts are those of "Amazon ECS stopped task error messages" in the ECS Developer
Guide, and of real reports.
"""

from __future__ import annotations

from typing import Final

from ecs_blocks.deploy.ecs.rules import DENIED, UNREACHED, group, rule, way_out
from ecs_blocks.deploy.progress import FailureKind as Kind

_ECR_ENDPOINTS: Final = "ecr.api, ecr.dkr and s3"

_PULL: Final = group(
    r"CannotPull|failed to pull",
    rule(
        r"(?:descriptor (?:matching|for) platform|no matching manifest for|no match for platform)"
        r"[ '{]*(?P<platform>\w+/\w+)?",
        Kind.ARCHITECTURE,
        "{image} has no build for {platform}",
        "build it with docker buildx build --platform {platform}, or give the task the "
        "architecture that the image has",
    ),
    rule(
        r"no space left on device",
        Kind.STORAGE,
        "no disk space is left for {image}",
        "make the image smaller, or give more ephemeral storage (Fargate) or a larger root volume "
        "(EC2)",
    ),
    rule(
        r"toomanyrequests|too many requests|pull rate limit",
        Kind.IMAGE_PULL,
        "the registry limits how often {image} may be pulled",
        "pull it through ECR (a pull-through cache rule), or copy it into a repository of your own",
    ),
    rule(
        r"manifest unknown|name unknown|not found|does not exist or no pull access",
        Kind.IMAGE_PULL,
        "{image} is not in its registry",
        "push it, or deploy a tag that is there; a lifecycle policy may have removed it, and a "
        "repository without access looks the same",
    ),
    rule(
        rf"{DENIED}|no basic auth|pull access denied",
        Kind.IMAGE_PULL,
        "{image} may not be pulled",
        "{role} needs ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer, "
        "and the policy of another account's repository has to allow this account; a digest that "
        "is gone looks the same",
    ),
    rule(
        UNREACHED,
        Kind.IMAGE_PULL,
        "the registry of {image} cannot be reached",
        way_out(_ECR_ENDPOINTS),
    ),
    rule(
        r"invalid reference|must be lowercase",
        Kind.IMAGE_PULL,
        "{image} is not an image's name",
        "correct the repository and the tag: registry/name:tag",
    ),
    rule("", Kind.IMAGE_PULL, "{image} cannot be pulled: {text}", "pull it by hand to see more"),
)

_SECRETS: Final = group(
    r"secrets? from|pull secrets|registry auth|invalid ssm parameters|staging label",
    rule(
        r"did not contain json key (?P<key>[\w.-]*\w)",
        Kind.SECRET,
        "{secret} has no key {key}",
        "add the key {key} to the secret, or correct its name in the stack",
    ),
    rule(
        r"invalid character .* looking for beginning of value|not valid json",
        Kind.SECRET,
        "{secret} is not JSON, but a key of it is asked for",
        "store it as a JSON object, or take the whole secret",
    ),
    rule(
        r"staging label|secret value for versionid",
        Kind.SECRET,
        "{secret} has no value yet",
        "put a value into it in Secrets Manager",
    ),
    rule(
        r"kms",
        Kind.SECRET,
        "{role} may not decrypt {secret}",
        "give {role} kms:Decrypt on the secret's key, and let the key's policy allow it",
    ),
    rule(
        r"(?P<action>ecr:\w+)",
        Kind.IMAGE_PULL,
        "{role} may not {action}",
        "give {role} {action} on * (the policy AmazonECSTaskExecutionRolePolicy has it)",
    ),
    rule(
        r"not authorized to perform: (?P<action>\w+:\w+)",
        Kind.SECRET,
        "{role} may not {action} on {secret}",
        "give it {action} on {secret}: it is the execution role that reads secrets, not the task "
        "role",
    ),
    rule(
        r"resourcenotfound|can't find the specified secret|invalid (?:ssm )?parameters",
        Kind.SECRET,
        "{secret} does not exist",
        "create it in this account and region, or correct its name in the stack or "
        "environment.yaml",
    ),
    rule(
        DENIED,
        Kind.SECRET,
        "{role} may not read {secret}",
        "give it secretsmanager:GetSecretValue or ssm:GetParameters on {secret}: it is the "
        "execution role that reads secrets, not the task role",
    ),
    rule(
        r"ecr registry auth|auth from (?:amazon )?ecr|api\.ecr",
        Kind.IMAGE_PULL,
        "ECR cannot be reached for {image}",
        way_out(_ECR_ENDPOINTS),
    ),
    rule(
        UNREACHED,
        Kind.SECRET,
        "{secret} cannot be reached over the network",
        way_out("secretsmanager, ssm and kms"),
    ),
    rule(
        "", Kind.SECRET, "a secret cannot be read: {text}", "check the secrets that the task names"
    ),
)

_LOGGING: Final = group(
    r"logging driver|logger args|cloudwatch log|log group",
    rule(
        r"not authorized to perform: (?P<action>logs:\w+)",
        Kind.LOGGING,
        "{role} may not {action} on log group {log_group}",
        "give {role} {action} on the log group; where it is logs:CreateLogGroup, make the group in "
        "the stack instead",
    ),
    rule(
        r"log group does not exist|resourcenotfound",
        Kind.LOGGING,
        "log group {log_group} does not exist",
        "make it in the stack, and let the service depend on it",
    ),
    rule(
        UNREACHED,
        Kind.LOGGING,
        "CloudWatch Logs cannot be reached for log group {log_group}",
        way_out("logs"),
    ),
    rule("", Kind.LOGGING, "logging does not start: {text}", "check the container's log options"),
)

FETCHING: Final = (_PULL, _LOGGING, _SECRETS)
