"""PSI a column in SQL, straight from the files: tenths of the reference, nulls apart, shares of at least 1e-4."""

import drift_common
import duckdb

NUMBERS = ("DOUBLE", "FLOAT", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER")


def compare(reference: str, current: str, columns: list[str]) -> dict[str, float]:
    connection = duckdb.connect(config={"threads": 1})
    before, now = (f"read_parquet('{path}')" for path in (reference, current))
    types = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {before}").fetchall()}
    numbers = [name for name in columns if types[name] in NUMBERS]
    tenths = ", ".join(f'quantile_disc("{name}", [0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9])' for name in numbers)
    cuts = dict(zip(numbers, connection.execute(f"SELECT {tenths} FROM {before}").fetchone() or [], strict=True))
    scores = {}
    for name in columns:
        key = f'"{name}"'
        if name in cuts:
            edges = sorted(set(cuts[name] or []))
            steps = " ".join(f'WHEN "{name}" <= {edge!r} THEN {cell}' for cell, edge in enumerate(edges))
            key = f'CASE WHEN "{name}" IS NULL THEN -1 {steps} ELSE {len(edges)} END'
        scores[name] = connection.execute(f"""
            WITH a AS (SELECT {key} AS k, count(*) AS c FROM {before} GROUP BY 1),
                 b AS (SELECT {key} AS k, count(*) AS c FROM {now} GROUP BY 1),
                 s AS (SELECT greatest(coalesce(a.c, 0) / (SELECT sum(c) FROM a), 1e-4) AS p,
                              greatest(coalesce(b.c, 0) / (SELECT sum(c) FROM b), 1e-4) AS q
                       FROM a FULL JOIN b ON a.k IS NOT DISTINCT FROM b.k)
            SELECT sum((q - p) * ln(q / p)) FROM s""").fetchone()[0]
    return scores


drift_common.run(compare)
