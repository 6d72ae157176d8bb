# SPDX-License-Identifier: BSD-2-Clause
"""A number as it stands in the tables."""


def cell(value):
    return "-" if value is None else f"{value:g}"
