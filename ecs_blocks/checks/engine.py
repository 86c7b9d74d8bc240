"""AWS's own validator, offline: its rules on a template, and Guard rules of the user's own.

Its rules see the template as it is written, with the parameters' values beside it; Guard rules see
the template with the values put in, so that ``RetentionInDays >= 365`` can be asked. What is an
intrinsic function even then, Guard compares as the mapping that it is written as: what it finds
there is nothing, and the property counts as not checked.
"""

from __future__ import annotations

import json
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Severity, Template, Unknown
from ecs_blocks.checks.run import Finding, NotChecked, Verdict, suppressions
from ecs_blocks.environment.credentials import is_name
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.templates.resolve import is_intrinsic
from ecs_blocks.values import parameter_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PACKAGE: Final = "cloudformation-validate"
_SHOWN: Final = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARN": Severity.WARNING,
}
"""Its INFO is about every property that replaces a resource, and every resource without tags."""


class Engine:
    """The validator, loaded once (half a second) and asked often (milliseconds).

    Raises:
        InputError: a Guard file cannot be parsed, or the package is not installed.
    """

    def __init__(self, guard_files: Sequence[Path] = ()) -> None:
        try:
            import cloudformation_validate as validate  # noqa: PLC0415 - half a second
        except ImportError as error:
            message = "check needs more than a render: pip install 'ecs-blocks[check]'"
            raise InputError([Problem(PACKAGE, 0, 0, "", message)]) from error
        self._validate: Any = validate
        try:
            sources = [
                validate.ExternalRuleSource(name=path.name, content=path.read_text("utf-8"))
                for path in guard_files
            ]
            self._engine: Any = validate.CompositeEngine(
                validate.CompositeEngineConfig(guard_rules=sources)
            )
        except (validate.ValidationError, ValueError) as error:
            names = ", ".join(str(path) for path in guard_files)
            raise InputError([Problem(names, 0, 0, "", " ".join(str(error).split()))]) from error
        self._has_guard = bool(sources)

    def judge(
        self,
        template: Mapping[str, Any],
        resolved: Mapping[str, Any],
        parameters: Mapping[str, Any],
        pseudo: Mapping[str, str],
    ) -> Verdict:
        """What the rules, and then the Guard rules, say of *template*."""
        findings = list(self._by_rules(template, resolved, parameters, pseudo))
        not_checked: list[NotChecked] = []
        for finding in self._by_guard(resolved):
            unknown = _unknown(finding, resolved)
            if unknown is None:
                findings.append(finding)
            else:
                not_checked.append(unknown)
        return Verdict(tuple(findings), tuple(dict.fromkeys(not_checked)), judged=0)

    def _by_rules(
        self,
        template: Mapping[str, Any],
        resolved: Mapping[str, Any],
        parameters: Mapping[str, Any],
        pseudo: Mapping[str, str],
    ) -> Iterator[Finding]:
        guard = self._validate.RuleOrigin.GUARD
        values = {name: parameter_value(value) for name, value in parameters.items()}
        config = self._validate.ValidateConfig(
            parameter_overrides=values, pseudo_parameter_overrides=self._pseudo(pseudo)
        )
        for diagnostic in self._diagnostics(template, config):
            if diagnostic.source == guard or _only_a_name(diagnostic, values):
                continue
            if not _from_elsewhere(diagnostic, template):
                yield from _finding(diagnostic, resolved)

    def _by_guard(self, resolved: Mapping[str, Any]) -> Iterator[Finding]:
        if self._has_guard:
            config = self._validate.ValidateConfig(disable_builtin_rules=True)
            for diagnostic in self._diagnostics(resolved, config):
                yield from _finding(diagnostic, resolved)

    def _diagnostics(self, template: Mapping[str, Any], config: Any) -> Any:
        content = self._validate.TemplateContent(json.dumps(template), "template.json")
        return self._engine.validate_template(content, config).diagnostics

    def _pseudo(self, pseudo: Mapping[str, str]) -> Any:
        return self._validate.PseudoParameterOverrides(
            account_id=pseudo.get("AWS::AccountId") or None,
            partition=pseudo.get("AWS::Partition") or None,
            region=pseudo.get("AWS::Region") or None,
            stack_name=pseudo.get("AWS::StackName") or None,
            url_suffix=pseudo.get("AWS::URLSuffix") or None,
        )


def version() -> str:
    """The validator's version: its rules change with it."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "none"


def _only_a_name(diagnostic: Any, values: Mapping[str, str]) -> bool:
    """Whether W2509 ("should have NoEcho") is about a parameter that only names a secret."""
    name = diagnostic.entity.logical_id if diagnostic.entity else ""
    value = values.get(name, "")
    return diagnostic.rule_id == "W2509" and bool(value) and is_name(value)


def _from_elsewhere(diagnostic: Any, template: Mapping[str, Any]) -> bool:
    """Whether W9002 ("hardcoded ARN") is about a value that the template itself does not hold."""
    if diagnostic.rule_id != "W9002" or not diagnostic.entity:
        return False
    value: Any = (template.get("Resources") or {}).get(diagnostic.entity.logical_id)
    for step in (diagnostic.property_path or "").replace("/", ".").split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
        if is_intrinsic(value):
            return True
    return False


def _property(path: str, name: str) -> str:
    """The property below the resource (or parameter, or output) *name*, with dots."""
    dotted = path.replace("/", ".").removeprefix("Properties.")
    return "" if dotted.endswith(f".{name}") else dotted


def _unknown(finding: Finding, resolved: Mapping[str, Any]) -> NotChecked | None:
    """*finding* as not checked, where its property is decided only when CloudFormation runs."""
    resource = Template(resolved).resources.get(finding.resource)
    try:
        if resource is not None:
            resource.get(finding.property)
    except Unknown as unknown:
        return NotChecked(finding.id, finding.resource, unknown.property)
    return None


def _finding(diagnostic: Any, template: Mapping[str, Any]) -> Iterator[Finding]:
    severity = _SHOWN.get(diagnostic.severity.name)
    if severity is None:
        return
    name = diagnostic.entity.logical_id if diagnostic.entity else ""
    body = (template.get("Resources") or {}).get(name)
    reasons = suppressions(body) if isinstance(body, dict) else {}
    yield Finding(
        diagnostic.rule_id,
        severity,
        name,
        _property(diagnostic.property_path or "", name),
        " ".join(diagnostic.message.split()),
        diagnostic.suggested_fix or "",
        reasons.get(diagnostic.rule_id, "").strip() or None,
    )
