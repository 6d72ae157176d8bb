# SPDX-License-Identifier: BSD-2-Clause
"""What the tables have in common."""


def cell(value):
    return "-" if value is None else f"{value:g}"
