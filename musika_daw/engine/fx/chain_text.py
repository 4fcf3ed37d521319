"""Chains as one line of text, for logs of what was played."""

from __future__ import annotations

import json
from collections.abc import Sequence

from musika_daw.engine.fx.catalogue import PLUGIN, FxSpec
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.errors import UserError


def chain_text(chain: Sequence[FxSpec]) -> str:
    """JSON of the tables that a preset would have."""
    return json.dumps([_table(spec) for spec in chain], ensure_ascii=False, allow_nan=False)


def read_chain(text: str, where: str) -> tuple[FxSpec, ...]:
    """The chain that `chain_text` wrote.

    Raises:
        UserError: it is damaged, or an effect is not known.
    """
    try:
        tables = json.loads(text)
    except ValueError as error:
        raise UserError(f"{where}: the chain is damaged") from error
    return parse_fx(tables if isinstance(tables, list) else [tables], where)


def _table(spec: FxSpec) -> dict[str, object]:
    if spec.type != PLUGIN:
        return {"type": spec.type, **spec.parameters}
    return {"type": spec.type, "path": spec.path, "plugin": spec.plugin, "parameters": dict(spec.parameters)}
