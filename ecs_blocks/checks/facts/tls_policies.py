"""The security policies of Elastic Load Balancing, by the oldest TLS version that they allow.

Source: "Security policies for your Application Load Balancer" and "… Network Load Balancer",
Elastic Load Balancing User Guides, as of October 2026.
"""

from __future__ import annotations

from typing import Final

_P: Final = "ELBSecurityPolicy-"

WEAK: Final[dict[str, str]] = {
    f"{_P}2015-05": "1.0",
    f"{_P}2016-08": "1.0",
    f"{_P}TLS-1-0-2015-04": "1.0",
    f"{_P}FS-2018-06": "1.0",
    f"{_P}TLS13-1-0-2021-06": "1.0",
    f"{_P}TLS13-1-0-FIPS-2023-04": "1.0",
    f"{_P}TLS13-1-0-PQ-2025-09": "1.0",
    f"{_P}TLS13-1-0-FIPS-PQ-2025-09": "1.0",
    f"{_P}TLS-1-1-2017-01": "1.1",
    f"{_P}FS-1-1-2019-08": "1.1",
    f"{_P}TLS13-1-1-2021-06": "1.1",
    f"{_P}TLS13-1-1-FIPS-2023-04": "1.1",
}
"""Policies that still allow a TLS version before 1.2: the oldest one."""

STRONG: Final = frozenset(
    f"{_P}{name}"
    for name in (
        "TLS-1-2-2017-01",
        "TLS-1-2-Ext-2018-06",
        "FS-1-2-2019-08",
        "FS-1-2-Res-2019-08",
        "FS-1-2-Res-2020-10",
        "TLS13-1-2-2021-06",
        "TLS13-1-2-Res-2021-06",
        "TLS13-1-2-Ext1-2021-06",
        "TLS13-1-2-Ext2-2021-06",
        "TLS13-1-3-2021-06",
        "TLS13-1-2-FIPS-2023-04",
        "TLS13-1-2-Res-FIPS-2023-04",
        "TLS13-1-2-Ext0-FIPS-2023-04",
        "TLS13-1-2-Ext1-FIPS-2023-04",
        "TLS13-1-2-Ext2-FIPS-2023-04",
        "TLS13-1-3-FIPS-2023-04",
        "TLS13-1-2-RFC9151-FIPS-2023-07",
        "TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07",
        "TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07",
        "TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07",
        "TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07",
        "TLS13-1-2-Ext0-RFC9151-FIPS-2023-07",
        "TLS13-1-3-RFC9151-FIPS-2023-07",
        "TLS13-1-2-PQ-2025-09",
        "TLS13-1-2-Res-PQ-2025-09",
        "TLS13-1-2-Ext1-PQ-2025-09",
        "TLS13-1-2-Ext2-PQ-2025-09",
        "TLS13-1-3-PQ-2025-09",
        "TLS13-1-2-FIPS-PQ-2025-09",
        "TLS13-1-2-Res-FIPS-PQ-2025-09",
        "TLS13-1-2-Ext0-FIPS-PQ-2025-09",
        "TLS13-1-2-Ext1-FIPS-PQ-2025-09",
        "TLS13-1-2-Ext2-FIPS-PQ-2025-09",
        "TLS13-1-3-FIPS-PQ-2025-09",
    )
)
"""Policies that begin at TLS 1.2 or 1.3."""

RECOMMENDED: Final = f"{_P}TLS13-1-2-Res-PQ-2025-09"
"""What the AWS console sets on a new listener."""

DEFAULT: Final = f"{_P}2016-08"
"""What CloudFormation gets where a listener names no policy."""
